"""Which duties a person may set off, and whom a fact that this service tells itself concerns."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from kernel import calendar
from reference import regions, units
from services.tasks.obligations.domain import Cause, of_plan, place_of
from services.tasks.obligations.rules import may_review

HEARD = frozenset(
    {
        "incidents.accident.reported",
        "incidents.accident.regraded",
        "incidents.finding.made",
        "incidents.investigation.published",
        "tasks.card.proposed",
        "tasks.obligation.overdue",
        "tasks.units.listed",
    }
)
"""Facts that set duties off by themselves; what else a plan names, a person must tell."""

_OFFICE = "committee_office"
_INSTANT = timedelta(microseconds=1)


def pulls(cause: Cause, duty: str) -> bool:
    """Whether a unit's delay is one that a plan has somebody account for.

    Only tasks of a plan are its targets: a late report of an accident has its own finding. What
    a delay has set off sets nothing off when it is late itself, or it would never end.
    """
    return of_plan(duty) and cause is not Cause.OVERDUE


def missed_on(duty: str, due_at: datetime) -> date:
    """The last day of a late task, in the year of its plan: that plan has it accounted for."""
    year = int(duty.partition("/")[0])
    return calendar.nearest_in(year, calendar.day_of(due_at - _INSTANT))


def occasion(bearer: str, *, found_on: date) -> UUID:
    """What everything that is found late on a day is to whoever answers for it: one occasion.

    When a period ends a unit may miss dozens of tasks at once; it is held to account once.
    """
    return uuid5(NAMESPACE_URL, f"overdue:{found_on.isoformat()}:{bearer}")


def concerned(
    subjects: Collection[str], meant: Collection[str], *, late: str, on: date
) -> set[str]:
    """Whom of those a duty means a unit's delay concerns.

    The unit itself; of committee offices, where the duty names them as such, the nearest one that
    may judge the unit.
    """
    found = {late} & set(meant)
    if any(subject.partition(":")[2] == _OFFICE for subject in subjects):
        office = _over(meant, late=late, on=on)
        found |= {office} if office else set()
    return found


def _over(meant: Collection[str], *, late: str, on: date) -> str | None:
    place = place_of(late)
    kind = units.unit(late, on=on).kind if units.exists(late, on=on) else None
    for above in regions.ancestors(place):
        office, reviews = f"{above.code}.{_OFFICE}", regions.prefix(above.code)
        if office in meant and may_review(
            reviewer_region=reviews, region_code=place, unit_kind=kind
        ):
            return office
    return None
