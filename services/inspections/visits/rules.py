"""Who makes a special inspection after an accident, and by when. Pure."""

from dataclasses import dataclass
from datetime import date

from kernel import calendar
from reference import chains, industries, units


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

OTHER_SECTOR = "other"


def special_visit(*, on: date) -> Period:
    """How long a special inspection after an accident may take (Work Safety Law, 65)."""
    return max(
        (row for row in SPECIAL_VISIT if row.effective_from <= on),
        key=lambda row: row.effective_from,
    )


def special_visit_due(*, on: date) -> date:
    """The last day of a special inspection; the order's day does not count (Civil Code, 201)."""
    return calendar.add_days(on, special_visit(on=on).days)


def visiting_unit(*, industry: str | None, region: str, on: date) -> str:
    """Who inspects after an accident: the nearest department leading the field, else the
    emergency authority (Work Safety Law, 10).
    """
    known = industries.resolve(industry) if industry else None
    sector = known.sector if known else OTHER_SECTOR
    answering = chains.answering(sector=sector, region=region, on=on)
    if answering.lead:
        return answering.lead[0]
    return units.governing(region, "emergency", on=on).code
