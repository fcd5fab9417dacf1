"""Reads issued plans. Without a version, the newest of the year is meant."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.tasks.plans.tables import Article, Duty, Plan


async def plans(session: AsyncSession) -> Sequence[Plan]:
    """The newest version of every issued plan, the newest year first."""
    newest = select(Plan.year, func.max(Plan.version).label("version")).group_by(Plan.year)
    chosen = newest.subquery()
    same = (Plan.year == chosen.c.year) & (Plan.version == chosen.c.version)
    found = select(Plan).join(chosen, same).order_by(Plan.year.desc())
    return (await session.scalars(found)).all()


async def versions(session: AsyncSession, year: int) -> Sequence[Plan]:
    """Every version of a year's plan, the newest first."""
    found = select(Plan).where(Plan.year == year).order_by(Plan.version.desc())
    return (await session.scalars(found)).all()


async def plan(session: AsyncSession, year: int, version: int | None = None) -> Plan:
    """The plan of a year."""
    for found in await versions(session, year):
        if version is None or found.version == version:
            return found
    if version is None:
        raise NotFound(f"没有 {year} 年的工作要点。", f"There is no plan of {year}.")
    raise NotFound(
        f"{year} 年的工作要点没有第 {version} 版。", f"The plan of {year} has no version {version}."
    )


async def duty_of_version(session: AsyncSession, year: int, version: int, code: str) -> Duty | None:
    """One duty of one version."""
    return await session.get(Duty, (year, version, code))


async def articles(session: AsyncSession, of: Plan) -> Sequence[Article]:
    """The articles of a plan in order."""
    found = select(Article).where(Article.year == of.year, Article.version == of.version)
    return (await session.scalars(found.order_by(Article.number))).all()


async def duties(session: AsyncSession, of: Plan, *, triggered: bool = False) -> Sequence[Duty]:
    """The duties of a plan in order; with `triggered`, only those that an event sets off."""
    found = select(Duty).where(Duty.year == of.year, Duty.version == of.version)
    if triggered:
        found = found.where(Duty.trigger.is_not(None))
    ordered = found.order_by(Duty.article, Duty.position)
    return (await session.scalars(ordered)).all()
