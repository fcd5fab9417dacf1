"""Finding answers, requests for more time and commitments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.tasks.supervisionanswers.tables import (
    SupervisionAnswer,
    SupervisionCommitment,
    SupervisionExtension,
)


async def answers(session: AsyncSession, supervision_id: UUID) -> Sequence[SupervisionAnswer]:
    """Every answer to an order, oldest first."""
    chosen = select(SupervisionAnswer).where(SupervisionAnswer.supervision_id == supervision_id)
    return (await session.scalars(chosen.order_by(SupervisionAnswer.round))).all()


async def last_answer(session: AsyncSession, supervision_id: UUID) -> SupervisionAnswer:
    """The newest answer to an order that has one."""
    return (await answers(session, supervision_id))[-1]


async def extensions(session: AsyncSession, supervision_id: UUID) -> Sequence[SupervisionExtension]:
    """Every request for more time about an order, oldest first."""
    chosen = select(SupervisionExtension).where(
        SupervisionExtension.supervision_id == supervision_id
    )
    return (await session.scalars(chosen.order_by(SupervisionExtension.id))).all()


async def extension(session: AsyncSession, extension_id: UUID) -> SupervisionExtension:
    """One request. Whoever decides on it locks its order before."""
    found = await session.get(SupervisionExtension, extension_id, populate_existing=True)
    if found is None:
        raise NotFound(
            f"没有延期申请 {extension_id}。", f"There is no request for time {extension_id}."
        )
    return found


async def commitments(
    session: AsyncSession, supervision_id: UUID
) -> Sequence[SupervisionCommitment]:
    """What was promised, what is due first coming first."""
    chosen = select(SupervisionCommitment).where(
        SupervisionCommitment.supervision_id == supervision_id
    )
    ordered = chosen.order_by(SupervisionCommitment.due_at, SupervisionCommitment.id)
    return (await session.scalars(ordered)).all()
