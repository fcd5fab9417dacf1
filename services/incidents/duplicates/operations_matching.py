"""Finding accidents that look like one, after their reports are stored, and offering them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentsLikened
from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import regions, units
from reference.cityrows import Place
from reference.terms import Level
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.duplicates import queries, rules
from services.incidents.duplicates.domain import AlreadyMerged, Status
from services.incidents.duplicates.rules import Seen
from services.incidents.duplicates.tables import Likeness
from services.incidents.policies import POLICIES, Act

ENTITY = "likeness"
DESK = "emergency"
MOST_OFFERED = 3
"""Of how many earlier accidents one is offered as a duplicate."""


async def look_for(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Compare an accident with the others of its city and time; what looks alike is offered."""
    accident = await accident_queries.get(session, accident_id)
    if accident.merged_into is not None:
        return
    on = calendar.day_of(now)
    others = await queries.around(
        session,
        accident,
        within=timedelta(minutes=rules.widest_minutes(on=on)),
        area=_city(accident),
    )
    scored = [(rules.likeness(_seen(accident), _seen(other), on=on), other) for other in others]
    alike = [(found, other) for found, other in scored if found.is_offered]
    alike.sort(key=lambda pair: (-pair[0].score, pair[1].received_at, pair[1].id))
    for found, other in alike[:MOST_OFFERED]:
        await offer(session, accident, other, score=found.score, reasons=found.reasons, now=now)


def _city(accident: Accident) -> str:
    """The code of the city an accident lies in, without the county; wider where it has none."""
    try:
        return regions.prefix(regions.at_level(accident.region_code, Level.CITY).code)
    except regions.UnknownRegion:
        return regions.prefix(accident.region_code)


def _seen(accident: Accident) -> Seen:
    located = accident.lon is not None and accident.lat is not None
    return Seen(
        enterprise=accident.enterprise_uscc,
        occurred_at=accident.occurred_at,
        accident_type=accident.accident_type,
        place=accident.place,
        point=Place(lon=accident.lon or 0, lat=accident.lat or 0) if located else None,
    )


async def offer(
    session: AsyncSession,
    one: Accident,
    other: Accident,
    *,
    score: int,
    reasons: tuple[str, ...],
    now: datetime,
) -> None:
    """Offer a pair once; which of the two is looked at first makes no difference."""
    earlier, later = _in_order(one, other)
    region = one.region_code if one.region_code == other.region_code else _above(one)
    values = {
        "id": uuid7(),
        "region_code": region,
        "enterprise_uscc": None,
        "accident_id": later.id,
        "other_id": earlier.id,
        "score": score,
        "reasons": list(reasons),
        "status": str(Status.OFFERED),
        "found_at": now,
    }
    statement = insert(Likeness).values(values).on_conflict_do_nothing().returning(Likeness.id)
    if await session.scalar(statement) is None:
        return
    publish(
        session,
        AccidentsLikened(
            occurred_at=now,
            accident_id=later.id,
            region_code=later.region_code,
            enterprise_uscc=later.enterprise_uscc,
            likeness_id=values["id"],
            other_id=earlier.id,
            score=score,
            unit=units.governing(region, DESK, on=calendar.day_of(now)).code,
            grade=later.current_grade,
        ),
    )


def _in_order(one: Accident, other: Accident) -> tuple[Accident, Accident]:
    earlier, later = sorted((one, other), key=lambda found: (found.received_at, found.id))
    return earlier, later


def _above(accident: Accident) -> str:
    return _city(accident).ljust(len(accident.region_code), "0")


async def offer_by_hand(
    session: AsyncSession, *, accident_id: UUID, other_id: UUID, by: Principal, now: datetime
) -> Likeness:
    """A person thinks that two are one, however little they look alike; the pair is offered."""
    one = await accident_queries.get(session, accident_id)
    other = await accident_queries.get(session, other_id)
    for accident in (one, other):
        POLICIES.require(by, Act.MATCH, on=accident, seen_by=Act.READ)
    if one.merged_into or other.merged_into or one.id == other.id:
        raise AlreadyMerged
    found = rules.likeness(_seen(one), _seen(other), on=calendar.day_of(now))
    await offer(session, one, other, score=found.score, reasons=found.reasons, now=now)
    earlier, later = _in_order(one, other)
    chosen = select(Likeness).where(
        Likeness.accident_id == later.id, Likeness.other_id == earlier.id
    )
    pair = (await session.scalars(chosen)).one()
    audit.note(session, by=by, act="likeness.offer", entity=ENTITY, entity_id=pair.id)
    return pair
