"""Which units stand, and what waits for whose review."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import regions
from reference.terms import UnitKind
from services.tasks.obligations.domain import Status
from services.tasks.obligations.rules import GOVERNING
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations.queries import in_force, units_at
from services.tasks.organisations.tables import Unit


async def some_units(session: AsyncSession, *, day: date, after: str, limit: int) -> Sequence[Unit]:
    """The next units of a day, in order of their codes."""
    found = units_at(day).where(Unit.code > after).order_by(Unit.code).limit(limit)
    return (await session.scalars(found)).all()


async def waiting(session: AsyncSession, units: Collection[str]) -> Mapping[str, int]:
    """How much each of some units has handed in that nobody has reviewed yet."""
    chosen = select(Obligation.unit, func.count()).where(
        Obligation.unit.in_(units), Obligation.status == Status.SUBMITTED
    )
    found = await session.execute(chosen.group_by(Obligation.unit))
    return {str(unit): int(count) for unit, count in found}


async def to_review(
    session: AsyncSession, units: Collection[Unit], *, day: date
) -> Mapping[str, int]:
    """How much waits for the nearest office that may review it, of those among some units.

    That of the place itself for its departments and enterprises, that of the place above for
    those whom an office serves.
    """
    offices = {row.region_code: row.code for row in units if row.kind == UnitKind.COMMITTEE_OFFICE}
    if not offices:
        return {}
    below = [code for code, place in regions.known().items() if place.parent in offices]
    governing = and_(Unit.kind.in_(GOVERNING), Unit.kind.is_not(None))
    chosen = (
        select(Obligation.region_code, Obligation.unit, governing, func.count())
        .outerjoin(Unit, and_(Unit.code == Obligation.unit, in_force(Unit, day)))
        .where(
            Obligation.status == Status.SUBMITTED,
            or_(
                Obligation.region_code.in_(offices),
                and_(Obligation.region_code.in_(below), Unit.kind.in_(GOVERNING)),
            ),
        )
        .group_by(Obligation.region_code, Obligation.unit, governing)
    )
    found: Counter[str] = Counter()
    for region, unit, governs, count in await session.execute(chosen):
        above = regions.known()[region].parent if governs and region in regions.known() else region
        office = offices.get(above or "")
        if office is not None and office != unit:
            found[office] += count
    return found
