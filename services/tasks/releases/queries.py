"""Finds what of an accident ends one by one, and what stands again one by one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.obligations.domain import LIVE, Cause, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.tables import Opening


async def live(session: AsyncSession, accident_id: UUID) -> Sequence[Obligation]:
    """What units and single enterprises still owe of what an accident asked, locked."""
    chosen = and_(
        Obligation.status.in_(LIVE),
        Obligation.cause != Cause.RECOMMENDATION,
        or_(Obligation.unit.is_not(None), Obligation.cause != Cause.PUBLICATION),
    )
    return await _locked(session, accident_id, chosen)


async def released(session: AsyncSession, accident_id: UUID) -> Sequence[Obligation]:
    """What of it was released and is no member of a set with one deadline, locked."""
    of_set = (
        select(Opening.id)
        .where(
            Opening.origin == Obligation.origin,
            Opening.year.concat("/").concat(Opening.code) == Obligation.duty,
            Opening.due_at == Obligation.due_at,
        )
        .exists()
    )
    chosen = and_(
        Obligation.status == Status.RELEASED,
        or_(Obligation.unit.is_not(None), ~of_set),
    )
    return await _locked(session, accident_id, chosen)


async def _locked(
    session: AsyncSession, accident_id: UUID, chosen: ColumnElement[bool]
) -> Sequence[Obligation]:
    rows = select(Obligation).where(
        Obligation.origin == accident_id,
        Obligation.status != Status.SUPERSEDED,  # as the index that it is found by says it
        chosen,
    )
    return (await session.scalars(rows.order_by(Obligation.id).with_for_update())).all()
