"""Issue the plan of a year from the city's pack."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.problems import Problem
from reference import city
from reference import cityrows as pack
from services.tasks.plans.tables import Article, Duty, Plan


class NoSuchPlan(Problem):
    """The city's pack has no plan of that year."""

    status = 404
    title_zh = "没有该年度的工作要点"
    title_en = "There is no plan of that year"


async def issue(session: AsyncSession, *, year: int, now: datetime) -> bool:
    """Issue the plan of a year; whether it was new. An issued plan is frozen."""
    source = city.current().plans.get(year)
    if source is None:
        raise NoSuchPlan(f"资料包中没有 {year} 年的工作要点。", f"The pack has no plan of {year}.")
    if await session.get(Plan, year) is not None:
        return False
    articles, duties = list(source.articles), list(source.duties)
    session.add(Plan(year=year, issued_at=now, articles=len(articles), duties=len(duties)))
    await session.flush()
    session.add_all(_article(year, row) for row in articles)
    session.add_all(_duty(year, row) for row in duties)
    return True


def _article(year: int, row: pack.Article) -> Article:
    return Article(
        year=year,
        number=int(row.code),
        section=row.section,
        title_zh=row.zh,
        title_en=row.en,
        allocations=[allocation.model_dump(mode="json") for allocation in row.allocations],
    )


def _duty(year: int, row: pack.Duty) -> Duty:
    return Duty(
        year=year,
        code=row.code,
        article=int(row.article),
        position=int(row.code.partition(".")[2]),
        kind=row.kind.value,
        text_zh=row.zh,
        text_en=row.en,
        metric=row.metric,
        subjects=list(row.subjects),
        trigger=row.trigger,
        due_on=row.due,
    )
