"""The HTTP face of plans. Translates; decides nothing."""

from collections import defaultdict
from typing import Annotated

from fastapi import Query

from kernel.transactions import Session, act
from kernel.web import rooms
from services.tasks.plans import operations, queries
from services.tasks.plans.domain import Changed
from services.tasks.plans.schemas import (
    ArticleView,
    AskedView,
    ChangedView,
    ChangesView,
    Difference,
    DutyView,
    PlanView,
)
from services.tasks.policies import Act

router = rooms("/tasks/plans", "plans")

Version = Annotated[int | None, Query(ge=1, description="The newest one where none is given")]


@router.get("")
@act(Act.READ_PLANS)
async def list_plans(session: Session) -> list[PlanView]:
    """Every issued plan in its newest version, the newest year first."""
    return [PlanView.model_validate(row) for row in await queries.plans(session)]


@router.get("/{year}")
@act(Act.READ_PLANS)
async def read_plan(year: int, session: Session, version: Version = None) -> PlanView:
    """The plan of a year."""
    return PlanView.model_validate(await queries.plan(session, year, version))


@router.get("/{year}/versions")
@act(Act.READ_PLANS)
async def list_versions(year: int, session: Session) -> list[PlanView]:
    """Every version of a year's plan, the newest first."""
    await queries.plan(session, year)
    return [PlanView.model_validate(row) for row in await queries.versions(session, year)]


@router.get("/{year}/articles")
@act(Act.READ_PLANS)
async def list_articles(year: int, session: Session, version: Version = None) -> list[ArticleView]:
    """The articles of a plan, each with its duties."""
    plan = await queries.plan(session, year, version)
    duties: dict[int, list[DutyView]] = defaultdict(list)
    for duty in await queries.duties(session, plan):
        duties[duty.article].append(DutyView.model_validate(duty))
    return [
        ArticleView(
            number=row.number,
            section=row.section,
            title_zh=row.title_zh,
            title_en=row.title_en,
            allocations=row.allocations,
            duties=duties[row.number],
        )
        for row in await queries.articles(session, plan)
    ]


@router.get("/{year}/triggers")
@act(Act.READ_PLANS)
async def list_triggered(year: int, session: Session, version: Version = None) -> list[DutyView]:
    """The duties of a plan that an event sets off."""
    plan = await queries.plan(session, year, version)
    rows = await queries.duties(session, plan, triggered=True)
    return [DutyView.model_validate(row) for row in rows]


@router.get("/{year}/versions/{version}/changes")
@act(Act.READ_PLANS)
async def read_changes(
    year: int,
    version: int,
    session: Session,
    since: Annotated[int | None, Query(ge=1, description="The one before where none is given")] = (
        None
    ),
) -> ChangesView:
    """What a version added, removed and changed since an earlier one."""
    later = await queries.plan(session, year, version)
    earlier = await queries.plan(session, year, since or version - 1)
    found = await operations.compare(session, since=earlier, until=later)
    return ChangesView(
        year=year,
        since=earlier.version,
        version=later.version,
        added=[AskedView.model_validate(row) for row in found.added],
        removed=[AskedView.model_validate(row) for row in found.removed],
        changed=[_changed(row) for row in found.changed],
    )


def _changed(row: Changed) -> ChangedView:
    return ChangedView(
        code=row.after.code,
        text=row.after.text,
        differences=[
            Difference(field=name, before=before, after=after)
            for name, (before, after) in row.values.items()
        ],
    )
