"""Finding what is like something, among what was handed in before."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.prints.tables import Mark, Print

MOST_COMPARED = 500


async def marked(session: AsyncSession, marks: Collection[int]) -> Sequence[Print]:
    """The prints that share a mark with something, the newest first.

    Only what the session may see is found: whoever looks for copies looks everywhere.
    """
    sharing = select(Mark.print_id).where(Mark.mark.in_(marks))
    found = select(Print).where(Print.id.in_(sharing))
    newest = found.order_by(Print.taken_at.desc(), Print.id).limit(MOST_COMPARED)
    return (await session.scalars(newest)).all()


async def of(session: AsyncSession, evidence_id: UUID) -> Sequence[Print]:
    """The prints of one piece of evidence."""
    return (await session.scalars(select(Print).where(Print.evidence_id == evidence_id))).all()
