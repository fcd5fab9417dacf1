"""How an accident became known reads in words: reports, calls, the public, what was corrected.

No entry names a person: who called or saw it is sealed, and texts that tell of people stay with
the reports.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from kernel.calendar import SHANGHAI
from services.incidents.accidents.tables import Accident
from services.incidents.bystanders.domain import Status
from services.incidents.bystanders.tables import PublicReport
from services.incidents.corrections.tables import Correction
from services.incidents.identifications.tables import Identification
from services.incidents.phonecalls.tables import PhoneCall
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.tables import Report
from services.incidents.statistics import domain_labels as labels
from services.incidents.timeline.schemas import (
    Entry,
    EntryKind,
    Words,
    late_by,
    somebody,
    span,
    stamped,
)


def occurred(accident: Accident) -> Iterator[Entry]:
    """The accident itself."""
    yield Entry(
        at=accident.occurred_at,
        kind=EntryKind.OCCURRED,
        zh=f"{accident.place}发生事故",
        en=f"an accident happened at {accident.place}",
    )


def reported(reports: Iterable[Report], *, closes_at: datetime) -> Iterator[Entry]:
    """Each report with the toll it stated, and why that did not count if it did not."""
    for report in reports:
        first = report.version == 1
        late = report.late_by_seconds
        zh = "收到事故报告" if first else "收到续报"
        en = "the accident was reported" if first else "a follow-up was reported"
        if report.kind == ReportKind.WRITTEN:
            zh, en = zh + "（书面）", en + " in writing"
        if not report.counted:
            why = _LATE if report.received_at >= closes_at else _OVERTAKEN
            zh, en = f"{zh}（{why[0]}，不计入）", f"{en} ({why[1]}: not counted)"
        by = span(late)
        yield Entry(
            at=report.received_at,
            kind=EntryKind.REPORTED if first else EntryKind.FOLLOWED_UP,
            late_by_seconds=late,
            unit=report.reporting_unit,
            version=report.version,
            zh=f"{zh}：{_toll(report)[0]}" + (f"，迟报{by[0]}" if late else ""),
            en=f"{en}: {_toll(report)[1]}" + (f", {by[1]} late" if late else ""),
        )


_LATE = ("已过变化期限", "after the window")
_OVERTAKEN = ("晚于其后的续报入库", "stored after a later follow-up")


def _toll(report: Report) -> Words:
    """The counts of a report, in both languages."""
    gone = report.missing and report.missing_presumed_dead
    return (
        f"死亡{report.deaths}人，失联{report.missing}人{'（认定遇难）' if gone else ''}，"
        f"重伤{report.serious_injuries}人",
        f"{report.deaths} dead, {report.missing} missing{' (presumed dead)' if gone else ''},"
        f" {report.serious_injuries} seriously injured",
    )


def called_in(calls: Iterable[PhoneCall]) -> Iterator[Entry]:
    """Each report that came by telephone: its clocks run from the call, not from the typing."""
    for call in calls:
        desk = somebody(call.unit, en="a desk")
        minutes = span(late_by(call.typed_at, call.called_at))
        typed = call.typed_at > call.called_at
        yield Entry(
            at=call.called_at,
            kind=EntryKind.CALL_TAKEN,
            unit=call.unit,
            zh=f"{desk[0]}接到电话报告，各项时限自来电时起算"
            + (f"（{minutes[0]}后录入）" if typed else ""),
            en=f"{desk[1]} took a report by telephone; every clock runs from the call"
            + (f" (typed {minutes[1]} later)" if typed else ""),
        )


def seen(reports: Iterable[PublicReport]) -> Iterator[Entry]:
    """Each report that came without an account, and that a desk found it to be true."""
    for report in reports:
        yield from stamped(
            EntryKind.PUBLIC_REPORT,
            (
                (
                    report.received_at,
                    "收到公众报告，待核实",
                    "the public reported it, unchecked",
                ),
                (report.overdue_at, "公众报告逾期未核实", "nobody checked the report in time"),
            ),
            due_at=report.due_at,
        )
        if report.stands is Status.CONFIRMED and report.decided_at is not None:
            desk = somebody(report.unit, en="a desk")
            yield Entry(
                at=report.decided_at,
                kind=EntryKind.PUBLIC_REPORT,
                due_at=report.due_at,
                late_by_seconds=late_by(report.decided_at, report.due_at),
                unit=report.unit,
                zh=f"{desk[0]}核实公众报告属实，系本起事故",
                en=f"{desk[1]} found the public's report to be true and of this accident",
            )


_PEOPLE = {
    "deaths": ("死亡", "dead"),
    "missing": ("失联", "missing"),
    "serious_injuries": ("重伤", "seriously injured"),
    "minor_injuries": ("轻伤", "slightly injured"),
    "trapped": ("被困", "trapped"),
    "evacuated": ("疏散", "evacuated"),
}
_TIMES = {
    "occurred_at": ("发生时间", "the time it happened"),
    "known_at": ("知悉时间", "the time it was known"),
}
_NAMED = {
    "accident_type": ("事故类型", "the kind", labels.kind),
    "industry": ("行业", "the trade", labels.industry),
    "region_code": ("行政区划", "the division", labels.place),
}
# What these say may tell of people: only that they were put right is told.
_WORDS = {
    "summary": ("事故简要经过", "the account of it"),
    "measures": ("已采取的措施", "the measures taken"),
    "unit_profile": ("单位概况", "the enterprise's profile"),
    "scene": ("现场情况", "the description of the scene"),
}


def identified(one: Identification | None) -> Iterator[Entry]:
    """Whose the accident turned out to be, and how the desk knows."""
    if one is None:
        return
    desk = somebody(one.unit, zh="值班室", en="a desk")
    name = one.enterprise_name
    yield Entry(
        at=one.identified_at,
        kind=EntryKind.IDENTIFIED,
        unit=one.unit,
        zh=f"{desk[0]}补登事故单位{f'（原报“{name}”）' if name else ''}："
        f"统一社会信用代码{one.enterprise_uscc}（{one.why}）",
        en=f"{desk[1]} found whose accident it is{f' (reported as {name})' if name else ''}:"
        f" credit code {one.enterprise_uscc} ({one.why})",
    )


def corrected(corrections: Iterable[Correction]) -> Iterator[Entry]:
    """What each correction put right, from what to what."""
    for one in corrections:
        said = list(_differences(one.before, one.after))
        desk = somebody(one.unit, zh="企业", en="the enterprise")
        yield Entry(
            at=one.corrected_at,
            kind=EntryKind.CORRECTED,
            unit=one.unit,
            version=one.version,
            zh=f"{desk[0]}更正报告：{'；'.join(zh for zh, _ in said)}（{one.why}）",
            en=f"{desk[1]} corrected a report: {'; '.join(en for _, en in said)} ({one.why})",
        )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Words]:
    for name, now in after.items():
        was = before[name]
        if name == "casualties":
            yield from _people(was, now)
        elif name in _WORDS:
            zh, en = _WORDS[name]
            yield f"{zh}已更正", f"{en} was put right"
        else:
            yield _moved(name, was, now)


def _people(was: dict[str, int], now: dict[str, int]) -> Iterator[Words]:
    for name, (zh, en) in _PEOPLE.items():
        if was.get(name, 0) != now.get(name, 0):
            yield (
                f"{zh}由{was.get(name, 0)}人改为{now.get(name, 0)}人",
                f"{en} from {was.get(name, 0)} to {now.get(name, 0)}",
            )


def _moved(name: str, was: Any, now: Any) -> Words:
    if name in _TIMES:
        zh, en = _TIMES[name]
        return f"{zh}由{_time(was)}改为{_time(now)}", f"{en} from {_time(was)} to {_time(now)}"
    if name == "place":
        return f"地点由{was or '未填'}改为{now}", f"the place from {was or 'none'} to {now}"
    if name in _NAMED:
        zh, en, named = _NAMED[name]
        (was_zh, was_en), (now_zh, now_en) = named(was or ""), named(now)
        return f"{zh}由{was_zh}改为{now_zh}", f"{en} from {was_en} to {now_en}"
    if name == "direct_loss_wan":
        zh = f"直接经济损失由{_loss(was)}改为{_loss(now)}"
        return zh, f"the loss in 10,000 yuan from {was or 'none'} to {now}"
    if name == "burnt_area_ha":
        zh = f"受害森林面积由{_area(was)}改为{_area(now)}"
        return zh, f"the burnt forest in hectares from {was or 'none'} to {now}"
    zh = "失联人员改为认定遇难" if now else "失联人员改为不认定遇难"
    return zh, f"the missing are {'now' if now else 'no longer'} presumed dead"


def _time(said: str | None) -> str:
    if said is None:
        return "—"
    return datetime.fromisoformat(said).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _loss(said: str | None) -> str:
    return "未填" if said is None else f"{said}万元"


def _area(said: str | None) -> str:
    return "未填" if said is None else f"{said}公顷"
