"""Which accidents are looked back at, and when."""

from dataclasses import dataclass
from datetime import date, datetime

from kernel import calendar
from reference import city
from reference.terms import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class LookbackDue:
    """By when it is looked back at an accident, and by which rule."""

    at: datetime
    rule: str


def lookback_due(grade: Grade, *, published_on: date) -> LookbackDue | None:
    """Larger and graver accidents are looked back at after so many months (the city's plan, 9.6).

    None for those that the pack of the city does not ask about.
    """
    for row in city.current().lookbacks.at(published_on):
        if grade.at_least(row.least_grade):
            day = calendar.add_months(published_on, row.months)
            return LookbackDue(at=calendar.closes_at(day), rule=row.rule)
    return None
