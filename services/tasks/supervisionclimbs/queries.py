"""What follows from an order, and whether it was issued."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reference.terms import SupervisionKind
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions.domain import SupervisionStatus
from services.tasks.supervisions.tables import Supervision

_ENDED = (SupervisionStatus.CLOSED, SupervisionStatus.LIFTED, SupervisionStatus.WITHDRAWN)


async def is_followed(session: AsyncSession, supervision_id: UUID) -> bool:
    """Whether an order that follows, other than a reminder, was issued and still stands."""
    chosen = select(Supervision.id).where(
        Supervision.follows == supervision_id,
        Supervision.kind != SupervisionKind.URGING,
        Supervision.status.not_in((SupervisionStatus.DRAFTED, SupervisionStatus.WITHDRAWN)),
    )
    return await session.scalar(chosen.limit(1)) is not None


async def standing_after(
    session: AsyncSession, row: Supervision, kind: SupervisionKind
) -> Supervision | None:
    """The open order of a kind that follows from an order, or is about the same cause."""
    chosen = select(Supervision).where(
        Supervision.follows == row.id,
        Supervision.kind == kind,
        Supervision.status.not_in(_ENDED),
    )
    found = await session.scalar(chosen.limit(1))
    return found or await orders.standing(
        session, cause=row.about, cause_id=row.cause_id, kind=kind, addressee=row.addressee
    )
