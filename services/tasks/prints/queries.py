"""Finding what is like something, among what was handed in before."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, column, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.prints.tables import Mark, Print

MOST_COMPARED = 500


async def marked(session: AsyncSession, marks: Collection[int]) -> Sequence[Print]:
    """The prints that share a mark with something, the newest first.

    Only what the session may see is found: whoever looks for copies looks everywhere. Of each
    mark the newest are looked at: a form that everybody hands in has as many as there are acts.
    """
    asked = func.unnest(literal(list(marks), ARRAY(BigInteger)))
    each = asked.table_valued(column("mark", BigInteger)).render_derived()
    newest_of_each = (
        select(Mark.print_id)
        .where(Mark.mark == each.c.mark)
        .order_by(Mark.print_id.desc())
        .limit(MOST_COMPARED)
        .lateral()
    )
    sharing = select(newest_of_each.c.print_id).select_from(each).join(newest_of_each, true())
    found = select(Print).where(Print.id.in_(sharing))
    newest = found.order_by(Print.taken_at.desc(), Print.id.desc()).limit(MOST_COMPARED)
    return (await session.scalars(newest)).all()


async def of(session: AsyncSession, evidence_id: UUID) -> Sequence[Print]:
    """The prints of one piece of evidence."""
    return (await session.scalars(select(Print).where(Print.evidence_id == evidence_id))).all()
