"""Who looks into an accident or a reported danger on the spot, and by when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel import calendar
from reference import chains, industries, units
from services.inspections.leads.rules import Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How long an ordered visit may take, from a day on, and why."""

    days: int
    effective_from: date
    rule: str
    reason_zh: str
    reason_en: str


# The law asks for inspection at once after an accident and names no number of days, so the
# number is a convention of the platform and stands here as a dated row.
SPECIAL_VISIT = (
    Period(
        days=15,
        effective_from=date(2000, 1, 1),
        rule="platform special-visit@2000-01-01",
        reason_zh="事故发生后对事发单位开展专项检查，平台约定15日内完成",
        reason_en="An enterprise with an accident is inspected within 15 days, by convention",
    ),
)

# What is reported has to be looked into in time and dealt with within sixty days; by when somebody
# goes there the law does not say.
CLUE_VISIT = (
    Period(
        days=7,
        effective_from=date(2000, 1, 1),
        rule="platform clue-visit@2000-01-01",
        reason_zh="群众反映的安全隐患线索应当及时核查，平台约定7日内到现场核查",
        reason_en="A danger that somebody told of is looked into within 7 days, by convention",
    ),
)

OTHER_SECTOR = "other"


def special_visit(*, on: date) -> Period:
    """How long a special inspection after an accident may take (Work Safety Law, 65)."""
    return _in_force(SPECIAL_VISIT, on=on)


def clue_visit(*, on: date) -> Period:
    """How long it may take to look into a danger that somebody told of (Work Safety Law, 73)."""
    return _in_force(CLUE_VISIT, on=on)


def _in_force(rows: Iterable[Period], *, on: date) -> Period:
    return max(
        (row for row in rows if row.effective_from <= on), key=lambda row: row.effective_from
    )


def special_visit_due(*, on: date) -> date:
    """The last day of a special inspection; the order's day does not count (Civil Code, 201)."""
    return calendar.add_days(on, special_visit(on=on).days)


def clue_visit_due(*, on: date) -> date:
    """The last day to look into a clue; the day it came does not count (Civil Code, 201)."""
    return calendar.add_days(on, clue_visit(on=on).days)


def sector_of(industry: str | None) -> str | None:
    """The field of supervision of an industry, if that is known (platform)."""
    known = industries.resolve(industry) if industry else None
    return known.sector if known else None


def visiting_unit(
    *, sector: str | None, region: str, on: date, decided: Decided | None = None
) -> str:
    """Who inspects: whoever was decided to lead, else the nearest department leading the field,
    else the emergency authority (Work Safety Law, 10).
    """
    if decided is not None and decided.lead is not None:
        return decided.lead
    field = chains.field_of(sector or OTHER_SECTOR, on=on)
    if decided is not None:  # a field that has ended since counts as all the rest
        rest = chains.field_of(OTHER_SECTOR, on=on)
        field = next((row for row in chains.fields(on=on) if row.code == decided.field), rest)
    answering = chains.answering_for(field, region=region, on=on)
    if answering.lead:
        return answering.lead[0]
    return units.governing(region, "emergency", on=on).code
