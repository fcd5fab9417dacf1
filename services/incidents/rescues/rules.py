"""How many follow-ups a day needs, from when until when, and when a changed count is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kernel import calendar
from reference import national
from reference.terms import Grade
from services.incidents.accidents.rules import Figures

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one day needs: so many reports received in it, before it ends."""

    day: date
    needed: int
    due_at: datetime
    """24:00 of the day: what comes at that very instant belongs to the next day."""
    rule: str


def owed(day: date, *, grade: Grade) -> Owed:
    """A follow-up a day, two from a major accident on, until the rescue ends (Order 21, 11)."""
    row = national.FOLLOW_UPS.one(grade, on=day)
    return Owed(day=day, needed=row.per_day, due_at=calendar.closes_at(day), rule=row.rule)


def first_day(*, known_at: datetime) -> date:
    """Follow-ups are owed from the day after the first report, which has its own (Order 21, 11)."""
    return calendar.day_of(known_at) + _DAY


def begins_at(day: date) -> datetime:
    """A statutory day begins at midnight in Shanghai (Civil Code 201)."""
    return datetime.combine(day, time(), tzinfo=calendar.SHANGHAI)


def grade_of_day(day: date, *, grades: Sequence[tuple[datetime, Grade]]) -> Grade:
    """The grade with which a day begins says how many follow-ups it needs (Order 21, 11).

    `grades` are the grades an accident had with the instants since when, oldest first. One
    that comes during the day asks for its own number from the next day on.
    """
    start = begins_at(day)
    before = [grade for since, grade in grades if since <= start]
    return before[-1] if before else grades[0][1]


def sought(figures: Figures) -> int:
    """The missing are looked for until they are presumed dead; no rescue ends before (platform)."""
    return 0 if figures.missing_presumed_dead else figures.missing


def missed_anew(*, before: Figures, stated: Figures) -> bool:
    """Figures with more people to look for than before have the rescue go on (platform)."""
    return sought(stated) > sought(before)


def change_due(*, known_at: datetime) -> datetime:
    """A changed count is reported on the day on which it became known (Order 21, 11)."""
    return calendar.closes_at(calendar.day_of(known_at))


def change_late(*, known_at: datetime, received_at: datetime) -> bool:
    """Whether a changed count came after its day, whose end is too late (Order 21, 11)."""
    return received_at >= change_due(known_at=known_at)
