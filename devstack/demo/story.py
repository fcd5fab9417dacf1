"""The story as a person reads it: what happened, who was told, when it was due, what was late."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from devstack.demo.stage import Stage
from kernel.clock import SHANGHAI
from reference import units
from reference.terms import LeadSource

BOLD, DIM, RED, GREEN, YELLOW, CYAN, PLAIN = (
    "\033[1m",
    "\033[2m",
    "\033[31m",
    "\033[32m",
    "\033[33m",
    "\033[36m",
    "\033[0m",
)
_READERS = (
    "county_duty_desk",
    "city_duty_desk",
    "province_duty_desk",
    "city_leader",
    "committee_office",
)
DUTIES = {
    "relay": ("任务：信息上报", "duty: pass the report on"),
    "attendance": ("任务：赶赴现场", "duty: go to the scene"),
    "investigation": ("任务：组织事故调查", "duty: investigate"),
    "accountability": ("任务：责任追究", "duty: call to account"),
    "special_meeting": ("任务：召开专题会议", "duty: hold a special meeting"),
    "plan": ("任务：工作要点规定事项", "duty: what the plan says"),
}
LEADS = "/api/v1/incidents/leads"
STEPS = {
    "match": ("{source}线索：已有报告", "lead from the {source}: reported already"),
    "check": (
        "{source}反映死亡{dead}人，无人报告，转核查",
        "the {source} alleges {dead} dead, nobody has reported it: to be checked",
    ),
    "first_check": ("初步查证情况上报", "the first check was reported"),
    "confirm": ("线索查实：事故瞒报", "the lead is confirmed: the accident was concealed"),
    "dismiss": ("线索不属实", "the lead is dismissed"),
}
_MOST_NAMED = 4
WHO = 22
TODAY = date(2023, 6, 1)
"""Names are taken as of the demonstration's last days."""


@dataclass(order=True)
class Line:
    """One line of the story."""

    at: datetime
    mark: str = field(compare=False)
    who: str = field(compare=False)
    words: str = field(compare=False)
    due_at: datetime | None = field(default=None, compare=False)
    late: str = field(default="", compare=False)
    colour: str = field(default=PLAIN, compare=False)


async def lines(stage: Stage, accident: str) -> list[Line]:
    """Everything that the services know about one accident, in the order of time."""
    told = [*await _facts(stage, accident), *await _alarms(stage, accident)]
    told += [*await _duties(stage, accident)]
    leads = await stage.ask("province_duty_desk", LEADS, accident=accident)
    for lead in leads["items"]:
        told += [*await _signs(stage, lead["id"]), *await _alarms(stage, lead["id"])]
    return sorted(told)


async def _signs(stage: Stage, lead: str) -> Iterable[Line]:
    """What was done with a sign of the accident, step by step; never who gave it."""
    told = await stage.ask("province_duty_desk", f"{LEADS}/{lead}")
    source = LeadSource(told["source"])
    language = 0 if stage.chinese else 1
    return [
        Line(
            at=_instant(entry["at"]),
            mark="☎",
            who="",
            words=STEPS[entry["action"]][language].format(
                source=(source.zh, source.en)[language], dead=told["deaths_alleged"]
            ),
            due_at=_instant(told["first_check_due_at"]) if entry["action"] == "check" else None,
            colour=YELLOW,
        )
        for entry in told["entries"]
    ]


async def _facts(stage: Stage, accident: str) -> Iterable[Line]:
    path = f"/api/v1/incidents/accidents/{accident}/timeline"
    told = await stage.ask("province_duty_desk", path)
    return [
        Line(
            at=_instant(entry["at"]),
            mark="●",
            who="",
            words=entry["zh" if stage.chinese else "en"],
            due_at=_instant(entry["due_at"]) if entry["due_at"] else None,
            late=_lateness(entry["late_by_seconds"], chinese=stage.chinese),
            colour=_colour(entry),
        )
        for entry in told["entries"]
    ]


def _colour(entry: Any) -> str:
    if entry["late_by_seconds"] or entry["kind"] in {
        "relay_overdue",
        "call_overdue",
        "direct_overdue",
        "follow_up_missed",
        "finding",
        "escalated",
    }:
        return RED
    return {"regraded": YELLOW, "published": CYAN, "relay_forwarded": GREEN}.get(
        entry["kind"], PLAIN
    )


async def _alarms(stage: Stage, accident: str) -> Iterator[Line]:
    """Messages, many recipients of one on one line."""
    seen: dict[str, Any] = {}
    for account in _READERS:
        inbox = await stage.ask(account, "/api/v1/notifications/messages", limit=200)
        seen |= {m["message_id"]: m for m in inbox["items"] if m["origin"] == accident}
    messages = [m for m in seen.values() if m["kind"].startswith("incidents.")]
    messages.sort(key=_minute_and_subject)
    return (
        line
        for (_, subject), group in groupby(messages, _minute_and_subject)
        for line in _told(stage, subject, list(group))
    )


def _minute_and_subject(message: Any) -> tuple[str, str]:
    return message["received_at"][:16], message["subject"]


def _told(stage: Stage, subject: str, group: list[Any]) -> Iterator[Line]:
    deadlines = [_instant(m["acknowledge_by"]) for m in group if m["acknowledge_by"]]
    yield Line(
        at=min(_instant(m["received_at"]) for m in group),
        mark="✉",
        who=_names(sorted(m["recipient"] for m in group), stage),
        words=subject,
        due_at=max(deadlines, default=None),
        colour=DIM,
    )
    for message in group:
        if message["acknowledged_at"]:
            words = "已确认收到" if stage.chinese else "acknowledged"
            yield Line(
                at=_instant(message["acknowledged_at"]),
                mark="✓",
                who=_names([message["recipient"]], stage),
                words=f"{words}：{subject}",
                colour=GREEN,
            )


async def _duties(stage: Stage, accident: str) -> Iterator[Line]:
    """Duties of one kind that opened together, on one line."""
    told: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        path = "/api/v1/tasks/obligations"
        page = await stage.ask("province_duty_desk", path, origin=accident, limit=200, **cursor)
        told += page["items"]
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    told.sort(key=_opened_together)
    return (
        _opened(stage, kind, list(group)) for (_, kind, _), group in groupby(told, _opened_together)
    )


def _opened_together(duty: Any) -> tuple[str, str, str]:
    return duty["opened_at"][:16], duty["kind"], duty["due_at"]


def _opened(stage: Stage, kind: str, group: list[Any]) -> Line:
    who = [duty["unit"] for duty in group if duty["unit"]][:_MOST_NAMED]
    words = DUTIES[kind][0 if stage.chinese else 1]
    count = f" × {len(group)}" if len(group) > len(who) else ""
    return Line(
        at=_instant(group[0]["opened_at"]),
        mark="▸",
        who=_names(who, stage) + (" …" if count else ""),
        words=words + count,
        due_at=_instant(group[0]["due_at"]),
        colour=DIM,
    )


def _names(codes: Iterable[str], stage: Stage) -> str:
    """Units and posts as people call them."""
    names = (_name(code, chinese=stage.chinese) for code in dict.fromkeys(codes))
    return ("、" if stage.chinese else ", ").join(names)


def _name(code: str, *, chinese: bool) -> str:
    is_post = code.count(".") > 1
    known = units.post(code, on=TODAY) if is_post else units.unit(code, on=TODAY)
    return known.zh if chinese else known.en


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def _lateness(seconds: int, *, chinese: bool) -> str:
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "小时", "h"), (minutes, "分", "min"), (rest, "秒", "s"))
    told = [(number, zh, en) for number, zh, en in parts if number]
    if chinese:
        return "迟" + "".join(f"{number}{zh}" for number, zh, _ in told)
    return "late by " + " ".join(f"{number} {en}" for number, _, en in told)


def write(title: str, told: list[Line]) -> str:
    """The story of one accident as text for a terminal."""
    out = [f"\n{BOLD}{title}{PLAIN}", "─" * 78]
    day = ""
    for line in told:
        if f"{line.at:%Y-%m-%d}" != day:
            day = f"{line.at:%Y-%m-%d}"
            out.append(f"{BOLD}{day}{PLAIN}")
        due = f"  {DIM}⏱ {line.due_at:%m-%d %H:%M}{PLAIN}" if line.due_at else ""
        late = f"  {RED}{BOLD}{line.late}{PLAIN}" if line.late else ""
        who = f"{_padded(line.who)} " if line.who else ""
        out.append(
            f"  {line.at:%H:%M:%S} {line.colour}{line.mark} {who}{line.words}{PLAIN}{due}{late}"
        )
    return "\n".join(out)


def _padded(words: str) -> str:
    """Padded by what a terminal shows: a Chinese character is two cells wide."""
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)
    return words + " " * max(0, WHO - width)
