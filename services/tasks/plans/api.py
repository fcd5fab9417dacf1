"""The HTTP face of plans. Translates; decides nothing."""

from collections import defaultdict

from kernel.transactions import Session, act
from kernel.web import rooms
from services.tasks.plans import queries
from services.tasks.plans.schemas import ArticleView, DutyView, PlanView
from services.tasks.policies import Act

router = rooms("/tasks/plans", "plans")


@router.get("")
@act(Act.READ_PLANS)
async def list_plans(session: Session) -> list[PlanView]:
    """Every issued plan, newest first."""
    return [PlanView.model_validate(row) for row in await queries.plans(session)]


@router.get("/{year}")
@act(Act.READ_PLANS)
async def read_plan(year: int, session: Session) -> PlanView:
    """The plan of a year."""
    return PlanView.model_validate(await queries.plan(session, year))


@router.get("/{year}/articles")
@act(Act.READ_PLANS)
async def list_articles(year: int, session: Session) -> list[ArticleView]:
    """The articles of a plan, each with its duties."""
    await queries.plan(session, year)
    duties: dict[int, list[DutyView]] = defaultdict(list)
    for duty in await queries.duties(session, year):
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
        for row in await queries.articles(session, year)
    ]


@router.get("/{year}/triggers")
@act(Act.READ_PLANS)
async def list_triggered(year: int, session: Session) -> list[DutyView]:
    """The duties of a plan that an event sets off."""
    await queries.plan(session, year)
    rows = await queries.duties(session, year, triggered=True)
    return [DutyView.model_validate(row) for row in rows]
