"""Which units and enterprises there are, and what waits for whose review."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import regions
from reference.terms import UnitKind
from services.tasks.appeals.domain import AppealStatus
from services.tasks.appeals.tables import Appeal
from services.tasks.chains.tables import Enterprise
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


async def some_enterprises(session: AsyncSession, *, after: str, limit: int) -> Mapping[str, str]:
    """The next enterprises in order of their codes, and where each is."""
    chosen = select(Enterprise.uscc, Enterprise.region_code).where(Enterprise.uscc > after)
    rows = await session.execute(chosen.order_by(Enterprise.uscc).limit(limit))
    return {uscc: place for uscc, place in rows}  # noqa: C416 -- no pairs to mypy


async def to_review(
    session: AsyncSession, units: Collection[Unit], *, day: date
) -> Mapping[str, int]:
    """How much waits for the nearest office that may review it, of those among some units."""
    return await _above(session, Obligation, Status.SUBMITTED, units, day=day)


async def to_decide(
    session: AsyncSession, units: Collection[Unit], *, day: date
) -> Mapping[str, int]:
    """How many appeals wait for the nearest office that may decide on them, of some units."""
    return await _above(session, Appeal, AppealStatus.MADE, units, day=day)


async def _above(
    session: AsyncSession,
    table: type[Obligation | Appeal],
    waits: str,
    units: Collection[Unit],
    *,
    day: date,
) -> Mapping[str, int]:
    """What waits for which office: it judges both by the same rule.

    That of the place itself for its departments and enterprises, that of the place above for
    those whom an office serves.
    """
    offices = {row.region_code: row.code for row in units if row.kind == UnitKind.COMMITTEE_OFFICE}
    if not offices:
        return {}
    below = [code for code, place in regions.known().items() if place.parent in offices]
    governing = and_(Unit.kind.in_(GOVERNING), Unit.kind.is_not(None))
    chosen = (
        select(table.region_code, table.unit, governing, func.count())
        .outerjoin(Unit, and_(Unit.code == table.unit, in_force(Unit, day)))
        .where(
            table.status == waits,
            or_(
                table.region_code.in_(offices),
                and_(table.region_code.in_(below), Unit.kind.in_(GOVERNING)),
            ),
        )
        .group_by(table.region_code, table.unit, governing)
    )
    found: Counter[str] = Counter()
    for region, unit, governs, count in await session.execute(chosen):
        above = regions.known()[region].parent if governs and region in regions.known() else region
        office = offices.get(above or "")
        if office is not None and office != unit:
            found[office] += count
    return found
