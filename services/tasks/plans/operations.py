"""Issue a version of a year's plan: from the city's pack, or from a draft. What is issued stays."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import PlanIssued
from kernel.outbox import publish
from kernel.problems import Problem
from reference import city, subjects
from reference import cityrows as pack
from services.tasks.plans import queries
from services.tasks.plans.domain import FIELDS, GOAL_FIELDS, Asked, Changes, changes, paired
from services.tasks.plans.tables import Article, Duty, Goal, Plan

# Two people who issue the same year get two versions, one after the other.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('plan'), :year)")


class NoSuchPlan(Problem):
    """The city's pack has no plan of that year."""

    status = 404
    title_zh = "没有该年度的工作要点"
    title_en = "There is no plan of that year"


async def issue(session: AsyncSession, *, year: int, now: datetime) -> bool:
    """Issue the plan of a year from the pack, unless one is issued; whether it was new."""
    source = city.current().plans.get(year)
    if source is None:
        raise NoSuchPlan(f"资料包中没有 {year} 年的工作要点。", f"The pack has no plan of {year}.")
    if await queries.versions(session, year):
        return False
    await issue_version(
        session,
        year=year,
        title=None,
        articles=[_article(row) for row in source.articles],
        duties=[_duty(row) for row in source.duties],
        goals=queries.goals_of_pack(year),
        now=now,
    )
    return True


async def issue_version(
    session: AsyncSession,
    *,
    year: int,
    title: str | None,
    articles: Sequence[Article],
    duties: Sequence[Duty],
    now: datetime,
    goals: Sequence[Goal] = (),
    draft_id: UUID | None = None,
) -> Plan:
    """Issue the next version of a year's plan. Its rows are never changed again."""
    await session.execute(_ONE_AT_A_TIME, {"year": year})
    earlier = await queries.versions(session, year)
    plan = Plan(
        year=year,
        version=earlier[0].version + 1 if earlier else 1,
        title_zh=title,
        issued_at=now,
        articles=len(articles),
        duties=len(duties),
        goals=len(goals),
        draft_id=draft_id,
    )
    session.add(plan)
    await session.flush()
    rows: Sequence[Article | Duty | Goal] = (*articles, *duties, *goals)
    for row in rows:
        row.year, row.version = plan.year, plan.version
    session.add_all(rows)
    publish(
        session,
        PlanIssued(
            occurred_at=now,
            plan=f"{year}",
            year=year,
            version=plan.version,
            region_code=city.current().code,
            articles=plan.articles,
            duties=plan.duties,
        ),
    )
    return plan


async def compare(session: AsyncSession, *, since: Plan, until: Plan) -> Changes:
    """What a later version of a plan changed: in its goals, which no duty becomes, and duties."""
    before = [_asked(row) for row in await queries.duties(session, since)]
    after = [_asked(row) for row in await queries.duties(session, until)]
    aims = [_aim(row) for row in await queries.goals(session, since)]
    later = [_aim(row) for row in await queries.goals(session, until)]
    # Two plans of the greatest size, wholly reworded, take seconds: outside of the loop.
    return changes(aims, later) + await asyncio.to_thread(changes, before, after)


async def kept(session: AsyncSession, *, since: Plan, until: Plan) -> frozenset[str]:
    """The numbers in a later version of the duties that an earlier one asked for already."""
    before = [_asked(row) for row in await queries.duties(session, since)]
    after = [_asked(row) for row in await queries.duties(session, until)]
    found = await asyncio.to_thread(paired, before, after)
    return frozenset(after[n].code for _, n in found)


def _asked(row: Duty) -> Asked:
    return Asked(
        code=row.code, text=row.text_zh, values={name: getattr(row, name) for name in FIELDS}
    )


def _aim(row: Goal) -> Asked:
    values = {name: getattr(row, name) for name in GOAL_FIELDS}
    return Asked(code=row.code, text=row.text_zh, values=values)


def _article(row: pack.Article) -> Article:
    return Article(
        number=int(row.code),
        section=row.section,
        title_zh=row.zh,
        title_en=row.en,
        allocations=[allocation.model_dump(mode="json") for allocation in row.allocations],
    )


def _duty(row: pack.Duty) -> Duty:
    allocation = subjects.allocation(row, on=_middle(row))
    return Duty(
        code=row.code,
        article=int(row.article),
        position=int(row.code.partition(".")[2]),
        kind=row.kind.value,
        text_zh=row.zh,
        text_en=row.en,
        metric=row.metric,
        subjects=list(row.subjects),
        lead=[_named(name) for name in allocation.lead],
        supporting=[_named(name) for name in allocation.supporting],
        cadence=row.cadence.value if row.cadence else None,
        least=row.least,
        comparator=row.comparator,
        target=str(row.target) if row.target is not None else None,
        unit=row.unit.zh if row.unit else None,
        trigger=row.trigger,
        within_days=row.within_days,
        due_on=row.due,
    )


def _named(name: str) -> str:
    return name if ":" in name else f"{city.current().code}.{name}"


def _middle(row: pack.Duty) -> date:
    return date(row.effective_from.year, 7, 1)
