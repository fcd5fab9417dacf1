"""Finding who held an investigation and what was published."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.investigations.tables import (
    Assignment,
    Investigation,
    Publication,
    Submission,
)


async def assignments(session: AsyncSession, accident_id: UUID) -> Sequence[Assignment]:
    """Every holder the investigation had, oldest first."""
    chosen = select(Assignment).where(Assignment.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Assignment.version))).all()


async def publication(session: AsyncSession, accident_id: UUID) -> Publication | None:
    """What was published last, if anything was."""
    chosen = select(Publication).where(Publication.accident_id == accident_id)
    newest_first = chosen.order_by(Publication.generation.desc()).limit(1)
    return (await session.scalars(newest_first)).one_or_none()


async def newest(session: AsyncSession, accident_id: UUID) -> Investigation | None:
    """The newest generation of an accident's investigation."""
    chosen = select(Investigation).where(Investigation.accident_id == accident_id)
    newest_first = chosen.order_by(Investigation.generation.desc()).limit(1)
    return (await session.scalars(newest_first)).one_or_none()


async def generations(session: AsyncSession, accident_id: UUID) -> Sequence[Investigation]:
    """Every generation, oldest first."""
    chosen = select(Investigation).where(Investigation.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Investigation.generation))).all()


async def submissions(session: AsyncSession, case: Investigation) -> Sequence[Submission]:
    """Every time the report of a generation was handed in, in order."""
    chosen = select(Submission).where(
        Submission.accident_id == case.accident_id, Submission.generation == case.generation
    )
    return (await session.scalars(chosen.order_by(Submission.number))).all()


async def undecided(session: AsyncSession, case: Investigation) -> Submission | None:
    """The report that lies with the government, if one does."""
    handed_in = await submissions(session, case)
    return next((one for one in handed_in if one.decided_at is None), None)
