"""Listed supervision: putting a case on a higher list, its consent, lifting it, its limit."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import InvestigationListed, InvestigationOverdue
from kernel import calendar, timers
from kernel.access import Principal
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from reference import regions
from reference.national.rows import ListedSupervision
from reference.terms import Level
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.climbs import queries, rules
from services.incidents.climbs.domain import (
    SUPERVISION_DUE,
    ListingRefused,
    NotListable,
    NotTheList,
)
from services.incidents.climbs.tables import Listing
from services.incidents.investigations import domain as life
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations import queries as cases
from services.incidents.investigations.domain import InvestigationAction, InvestigationStatus
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act

_DONE = frozenset(
    {
        InvestigationStatus.APPROVED,
        InvestigationStatus.PUBLISHED,
        InvestigationStatus.CLOSED,
    }
)


async def put_on_list(
    session: AsyncSession,
    *,
    accident_id: UUID,
    notice: str,
    matters: str,
    notified_on: date,
    by: Principal,
    now: datetime,
) -> Listing:
    """A higher level supervises the case; its limit runs from the notice."""
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.SUPERVISE, by=by, now=now
    )
    row = _row(accident)
    _refuse_other_levels(accident, row.level, by=by)
    case.status = str(life.after(case.stands, InvestigationAction.LIST))
    if await queries.listing(session, case) is not None:
        raise ListingRefused
    _refuse_other_days(notified_on, first=case.starts_on, last=calendar.day_of(now))
    listing = _listing(accident, case, row, notice, matters, notified_on, by=by, now=now)
    session.add(listing)
    await timers.arm(
        session,
        kind=SUPERVISION_DUE,
        entity_id=life.case_of(case.accident_id, case.generation),
        due_at=listing.due_at,
        rule=row.rule,
    )
    publish(session, _listed(accident, listing, now))
    _changed(session, accident, case, by=by, now=now)
    return listing


def _row(accident: Accident) -> ListedSupervision:
    row = rules.listing(accident.current_grade, on=calendar.day_of(accident.occurred_at))
    if row is None:
        raise NotListable(grade=accident.grade)
    return row


def _refuse_other_levels(accident: Accident, level: Level, *, by: Principal) -> None:
    """Refuse whoever is not of the place whose list it is."""
    place = regions.at_level(accident.region_code, level).code
    if by.unit is None or by.unit.partition(".")[0] != place:
        raise NotTheList(level=str(level), place=place)


def _refuse_other_days(day: date, *, first: date, last: date) -> None:
    if not first <= day <= last:
        zh, en = f"应在 {first} 至 {last} 之间", f"expected a day from {first} to {last}"
        fault = FieldFault(pointer="/notified_on", code="out_of_range", zh=zh, en=en)
        raise InvalidPayload(fault)


def _listing(
    accident: Accident,
    case: Investigation,
    row: ListedSupervision,
    notice: str,
    matters: str,
    notified_on: date,
    *,
    by: Principal,
    now: datetime,
) -> Listing:
    return Listing(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        level=str(row.level),
        unit=by.unit,
        notice=notice,
        matters=matters,
        notified_on=notified_on,
        due_at=calendar.window_closes_at(notified_on, row.days),
        rule=row.rule,
        listed_at=now,
        listed_by=by.subject,
    )


def _listed(accident: Accident, listing: Listing, now: datetime) -> InvestigationListed:
    return InvestigationListed(
        occurred_at=now,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        generation=listing.generation,
        level=Level(listing.level),
        unit=listing.unit,
        due_at=listing.due_at,
        grade=accident.current_grade,
    )


def _changed(
    session: AsyncSession, accident: Accident, case: Investigation, *, by: Principal, now: datetime
) -> None:
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.LIST,
        by=by,
        now=now,
    )


async def consent(
    session: AsyncSession, *, accident_id: UUID, opinion: str, by: Principal, now: datetime
) -> Listing:
    """The list's level agrees to the report as it was handed in, which is not approved without.

    One that was returned and comes again is another report, and asks for another agreement.
    """
    accident, case, listing = await _listed_case(session, accident_id, by=by, now=now)
    draft = await cases.undecided(session, case)
    if draft is None or listing.lifted_at is not None or listing.agrees_to(draft.number):
        raise ListingRefused(investigation_status=case.status)
    listing.consented_at, listing.consented_by, listing.opinion = now, by.subject, opinion
    listing.consented_to = draft.number
    _changed(session, accident, case, by=by, now=now)
    return listing


async def lift(
    session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime
) -> Listing:
    """Take the case off the list, once its report has been approved."""
    accident, case, listing = await _listed_case(session, accident_id, by=by, now=now)
    if listing.lifted_at is not None or case.stands not in _DONE:
        raise ListingRefused(investigation_status=case.status)
    listing.lifted_at, listing.lifted_by = now, by.subject
    thing = life.case_of(case.accident_id, case.generation)
    await timers.cancel(session, kind=SUPERVISION_DUE, entity_id=thing, now=now)
    _changed(session, accident, case, by=by, now=now)
    return listing


async def _listed_case(
    session: AsyncSession, accident_id: UUID, *, by: Principal, now: datetime
) -> tuple[Accident, Investigation, Listing]:
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.SUPERVISE, by=by, now=now
    )
    listing = await queries.listing(session, case)
    if listing is None:
        raise ListingRefused
    _refuse_other_levels(accident, Level(listing.level), by=by)
    return accident, case, listing


async def mark_overdue(session: AsyncSession, *, thing: str, now: datetime) -> None:
    """The list's limit has run out and the case is still on it: both levels are told."""
    accident_id, _, generation = thing.partition(":")
    accident = await accident_queries.get(session, UUID(accident_id), lock=True)
    case = await session.get_one(Investigation, (accident.id, int(generation)))
    listing = await queries.listing(session, case)
    if listing is None or listing.lifted_at is not None:
        return
    listing.overdue_at = now
    publish(
        session,
        InvestigationOverdue(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            stage="supervision",
            level=case.held_at,
            unit=case.unit,
            due_at=listing.due_at,
            grade=accident.current_grade,
        ),
    )
