"""Labels for places, units, moments and tolls, in both languages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from contracts.incidents import Hop, Toll
from contracts.incidents_cases import DeadlineKind
from contracts.tasks import ObligationKind
from kernel.calendar import SHANGHAI, day_of
from reference import accidents, national, orders, regions, units
from reference.terms import Level


class Said(NamedTuple):
    """The same thing in both languages."""

    zh: str
    en: str


def place(code: str) -> Said:
    """A place with what is above it: widest first in Chinese, nearest first in English."""
    try:
        line = [above for above in regions.ancestors(code) if above.level is not Level.NATIONAL]
    except LookupError:
        return Said(code, code)
    return Said(
        "".join(above.zh for above in reversed(line)) or "全国",
        ", ".join(above.en for above in line) or "the nation",
    )


def near(code: str) -> Said:
    """A place by its own name only, for a subject line."""
    try:
        region = regions.region(code)
    except LookupError:
        return Said(code, code)
    return Said(region.zh, region.en)


def unit(code: str, *, on: date) -> Said:
    """A unit by its name; an enterprise or an unknown unit by its code."""
    try:
        found = units.unit(code, on=on)
    except LookupError:
        return Said(code, code)
    return Said(found.zh, found.en)


def listed(said: Sequence[Said]) -> Said:
    """Several things in one line."""
    return Said("、".join(one.zh for one in said), ", ".join(one.en for one in said))


def matter(code: str, *, on: date) -> Said:
    """What a hotline order is about; a code that no pack knows stands as it is."""
    known = orders.matter(code, on=on)
    return Said(known.zh, known.en) if known else Said(code, code)


def moment(instant: datetime) -> str:
    """Date and minute in +08:00: 2022-01-08 10:50."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def accident_type(code: str) -> Said:
    """What kind of accident it is."""
    found = accidents.resolve(code)
    return Said(found.zh, found.en) if found else Said(code, code)


_TOLL = (
    ("deaths", "死亡{n}人", "{n} dead"),
    ("missing", "失联{n}人", "{n} missing"),
    ("serious_injuries", "重伤{n}人", "{n} seriously injured"),
    ("minor_injuries", "轻伤{n}人", "{n} slightly injured"),
)


def toll(counts: Toll) -> Said:
    """How many people were harmed; zeros are left out."""
    told = [(zh, en, getattr(counts, name)) for name, zh, en in _TOLL if getattr(counts, name)]
    return Said(
        "、".join(zh.format(n=n) for zh, _, n in told) or "暂无伤亡报告",
        ", ".join(en.format(n=n) for _, en, n in told) or "no casualties reported",
    )


def hops(relays: Iterable[Hop]) -> Said:
    """By when which unit has to pass the report on to which; a line each, or nothing."""
    chinese, english = [], []
    for hop in relays:
        day = day_of(hop.due_at)
        sender, receiver = unit(hop.from_unit, on=day), unit(hop.to_unit, on=day)
        chinese.append(f"上报时限：{moment(hop.due_at)} 前，{sender.zh} → {receiver.zh}\n")
        english.append(f"Relay due: by {moment(hop.due_at)}, {sender.en} → {receiver.en}\n")
    return Said("".join(chinese), "".join(english))


DEADLINES = {
    DeadlineKind.STEP: Said("调查任务", "a step of the investigation"),
    DeadlineKind.RECOMMENDATION: Said(
        "事故调查建议的落实", "a recommendation of the investigation"
    ),
    DeadlineKind.TRANSFER: Said("案件移送", "a transfer to another organ"),
    DeadlineKind.EVALUATION: Said("整改评估及结果公开", "the evaluation and its publication"),
    DeadlineKind.LOOKBACK: Said("事故处理情况回头看", "the look-back"),
}


STAGES = {
    "investigation": Said("提交调查报告", "hand in the report"),
    "approval": Said("批复调查报告", "decide on the report"),
    "supervision": Said("完成挂牌督办事项", "do what the list asks"),
    "entered": Said("录入", "entry in the statistics"),
    "completed": Said("补充完善", "completion of the entry"),
}


DUTIES = {
    ObligationKind.RELAY: Said("信息上报", "relay the report"),
    ObligationKind.ATTENDANCE: Said("赶赴现场", "go to the scene"),
    ObligationKind.INVESTIGATION: Said("事故调查", "investigate the accident"),
    ObligationKind.ACCOUNTABILITY: Said("责任追究", "hold to account"),
    ObligationKind.SPECIAL_MEETING: Said("专题会议", "hold a special meeting"),
    ObligationKind.RECTIFICATION: Said("落实事故调查建议", "carry out what an investigation asks"),
    ObligationKind.PLAN: Said("工作要点规定的事项", "a duty of the yearly plan"),
}


def organs(codes: Iterable[str], *, on: date) -> Said:
    """Organs that have a place on a team, by their names of a day."""
    named = {row.code: row for row in national.TEAM_ORGANS.at(on)}
    known = [named[code] for code in codes if code in named]
    return Said("、".join(row.zh for row in known), ", ".join(row.en for row in known))


def lacking(missing: Iterable[str], *, lead: bool, on: date) -> Said:
    """What a team lacks, or that it lacks nothing."""
    there = organs(missing, on=on)
    zh = "、".join(filter(None, ("" if lead else "组长", there.zh)))
    en = ", ".join(filter(None, ("" if lead else "a lead", there.en)))
    return Said(zh or "无", en or "nothing")


ROLES: Mapping[str, Said] = {
    "lead": Said("牵头", "lead"),
    "joint_lead": Said("共同牵头", "joint lead"),
    "supporting": Said("配合", "supporting"),
}
"""What a unit has to do with an obligation that several share."""
