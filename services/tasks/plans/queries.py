"""Reads issued plans."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.tasks.plans.tables import Article, Duty, Plan


async def plans(session: AsyncSession) -> Sequence[Plan]:
    """Every issued plan, newest first."""
    return (await session.scalars(select(Plan).order_by(Plan.year.desc()))).all()


async def plan(session: AsyncSession, year: int) -> Plan:
    """The plan of a year."""
    found = await session.scalar(select(Plan).where(Plan.year == year))
    if found is None:
        raise NotFound(f"没有 {year} 年的工作要点。", f"There is no plan of {year}.")
    return found


async def articles(session: AsyncSession, year: int) -> Sequence[Article]:
    """The articles of a plan in order."""
    found = select(Article).where(Article.year == year).order_by(Article.number)
    return (await session.scalars(found)).all()


async def duties(
    session: AsyncSession, year: int, *, article: int | None = None, triggered: bool = False
) -> Sequence[Duty]:
    """The duties of a plan in order; with `triggered`, only those that an event sets off."""
    found = select(Duty).where(Duty.year == year)
    if article is not None:
        found = found.where(Duty.article == article)
    if triggered:
        found = found.where(Duty.trigger.is_not(None))
    ordered = found.order_by(Duty.article, Duty.position)
    return (await session.scalars(ordered)).all()
