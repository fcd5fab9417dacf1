"""Telling the desks of further places, and keeping that they were told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentReported, AccidentShared
from kernel import audit, calendar
from kernel.access import SYSTEM, Place, Principal
from kernel.db import Scope, set_scope
from kernel.outbox import publish
from reference import units
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.sharing import operations_placing, queries
from services.incidents.sharing.tables import Share

DESK = "emergency"


def tell_further_places(session: AsyncSession, *, reported: AccidentReported) -> None:
    """The first report named further places: each desk is told of its own."""
    for place in reported.also_in:
        publish(
            session,
            AccidentShared(
                occurred_at=reported.occurred_at,
                accident_id=reported.accident_id,
                region_code=reported.region_code,
                enterprise_uscc=reported.enterprise_uscc,
                unit=_desk(place, now=reported.occurred_at),
                place=place,
                grade=reported.grade,
            ),
        )


def _desk(place: str, *, now: datetime) -> str:
    return units.governing(place, DESK, on=calendar.day_of(now)).code


async def keep_share(session: AsyncSession, *, shared: AccidentShared) -> None:
    """From now on the further place reads along. Named twice, it is kept once."""
    known = await session.get(Share, (shared.accident_id, shared.place))
    if known is None:
        session.add(
            Share.new(
                region_code=shared.place,
                enterprise_uscc=shared.enterprise_uscc,
                accident_id=shared.accident_id,
                lead_region=shared.region_code,
                unit=shared.unit,
                grade=str(shared.grade),
                shared_at=shared.occurred_at,
            )
        )


async def name_place(
    session: AsyncSession, *, accident_id: UUID, place: str, by: Principal, now: datetime
) -> Accident:
    """A desk says where an accident lies, or into which further place it reaches.

    One that had come without a known place moves to where it lies, if that is in the desk's own
    area. Who took the report keeps the lead: its clocks do not begin anew with another desk.
    """
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.PLACE, on=accident, seen_by=Act.READ)
    lead = accident.region_code
    if accident.unplaced and POLICIES.allows(by, Act.PLACE, Place(place)):
        await operations_placing.move(session, accident=accident, to=place, now=now)
    accident.unplaced = False
    if place != lead:
        publish(
            session,
            AccidentShared(
                occurred_at=now,
                accident_id=accident.id,
                region_code=lead,
                enterprise_uscc=accident.enterprise_uscc,
                unit=_desk(place, now=now),
                place=place,
                grade=accident.current_grade,
            ),
        )
    accidents.record_change(session, accident=accident, now=now)
    audit.note(
        session,
        by=by,
        act=Act.PLACE,
        entity=accidents.ENTITY,
        entity_id=accident.id,
        detail={"place": place},
    )
    return accident


async def read_along(session: AsyncSession, *, accident_id: UUID, by: Principal) -> Accident:
    """The whole accident, for an office of a place that shares it."""
    shares = await queries.of_accident(session, accident_id)
    if not any(POLICIES.allows(by, Act.READ, share) for share in shares):
        POLICIES.require(by, Act.READ, on=shares[0], seen_by=Act.READ)
    await set_scope(session, Scope.of(SYSTEM))  # the row itself stands in the leading place
    return await accident_queries.get(session, accident_id)
