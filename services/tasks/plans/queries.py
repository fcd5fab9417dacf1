"""Reads issued plans. Without a version, the newest of the year is meant."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from reference import city, cityrows
from reference import triggers as pack
from reference.triggers import Happening
from services.tasks.plans.domain_duties import PlanDuty, of_pack
from services.tasks.plans.tables import Article, Duty, Goal, Plan


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


async def goals(session: AsyncSession, of: Plan) -> Sequence[Goal]:
    """The goals of a plan in order."""
    if of.goals is None:
        return goals_of_pack(of.year)
    found = select(Goal).where(Goal.year == of.year, Goal.version == of.version)
    return (await session.scalars(found.order_by(Goal.position))).all()


def goals_of_pack(year: int) -> list[Goal]:
    """The goals of the plan that came with the city's pack, of no version yet."""
    source = city.current().plans.get(year)
    return [_goal(row) for row in source.goals] if source else []


def _goal(row: cityrows.Goal) -> Goal:
    return Goal(
        code=row.code,
        position=int(row.code.partition(".")[2]),
        kind=row.kind.value,
        text_zh=row.zh,
        text_en=row.en,
        metric=row.metric,
        comparator=row.comparator,
        target=str(row.target) if row.target is not None else None,
    )


async def set_off(session: AsyncSession, what: Happening, *, on: date) -> tuple[PlanDuty, ...]:
    """The duties of that year's plan that something that happened sets off.

    They are the newest version's; until one is issued, those of the pack's plan.
    """
    triggers = pack.pulled(what, on=on)
    if not triggers:
        return ()
    newest = select(func.max(Plan.version)).where(Plan.year == on.year).scalar_subquery()
    found = select(Duty).where(
        Duty.year == on.year, Duty.version == newest, Duty.trigger.in_(triggers)
    )
    rows = (await session.scalars(found.order_by(Duty.article, Duty.position))).all()
    if rows or await versions(session, on.year):
        return tuple(row.asks for row in rows)
    return tuple(of_pack(duty) for duty in pack.duties_set_off(what, on=on))


async def duty(session: AsyncSession, year: int, code: str) -> PlanDuty:
    """One duty of the newest version of a year's plan; of the pack's until one is issued."""
    newest = select(func.max(Plan.version)).where(Plan.year == year).scalar_subquery()
    found = select(Duty).where(Duty.year == year, Duty.version == newest, Duty.code == code)
    row = await session.scalar(found)
    if row is not None:
        return row.asks
    of_year = city.current().plans.get(year)
    issued = await versions(session, year)
    for kept in of_year.duties if of_year and not issued else ():
        if kept.code == code:
            return of_pack(kept)
    raise NotFound(
        f"{year} 年的工作要点没有职责 {code}。", f"The plan of {year} has no duty {code}."
    )


async def as_issued(session: AsyncSession, name: str, *, version: int | None) -> Duty | None:
    """The duty that an obligation names, `2023/4.1`, as its version words it."""
    year, _, code = name.partition("/")
    return await duty_of_version(session, int(year), version, code) if version else None
