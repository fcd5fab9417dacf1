"""Issuing a draft: it becomes the next version of the year's plan, once nothing is in doubt."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.tasks.drafts import domain, operations, operations_units, queries
from services.tasks.drafts.domain import (
    TAKEN,
    DraftAction,
    DutiesUndecided,
    DutyStatus,
    FlagsOpen,
    FlagStatus,
    NobodyAnswers,
    NothingToIssue,
)
from services.tasks.drafts.domain_goals import ARTICLE
from services.tasks.drafts.tables import Draft, DraftArticle, DraftDuty, DraftFlag
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Article, Duty, Goal, Plan

_MOST_NAMED = 20
_NOBODY = {"city:involved", "county:involved", "city:lead", "county:lead"}


async def issue(session: AsyncSession, *, draft_id: UUID, by: Principal, now: datetime) -> Plan:
    """Issue a draft. Refused while a doubt is open or a duty undecided; afterwards it is frozen."""
    draft = await operations.correcting(session, draft_id, by=by, action=DraftAction.ISSUE)
    duties = await queries.duties(session, draft_id)
    await _refuse_unfinished(session, draft, duties)
    flags = await queries.flags(session, draft_id)
    articles = await queries.articles(session, draft_id)
    taken = [row for row in duties if row.stands in TAKEN]
    plan = await plans.issue_version(
        session,
        year=draft.year,
        title=draft.title,
        articles=[_article(row, flags) for row in articles],
        duties=_numbered([row for row in taken if row.article != ARTICLE], year=draft.year),
        goals=_goals([row for row in taken if row.article == ARTICLE], year=draft.year),
        draft_id=draft.id,
        now=now,
    )
    draft.closed_at, draft.version = now, plan.version
    operations.noted(
        session, draft, action=DraftAction.ISSUE, by=by, now=now, after={"version": plan.version}
    )
    return plan


async def _refuse_unfinished(
    session: AsyncSession, draft: Draft, duties: Sequence[DraftDuty]
) -> None:
    doubts = await queries.flags(session, draft.id, status=FlagStatus.OPEN)
    if doubts:
        raise FlagsOpen(
            f"还有 {len(doubts)} 处标记未处理",
            f"{len(doubts)} flags are open.",
            open=len(doubts),
            flags=[str(flag.id) for flag in doubts[:_MOST_NAMED]],
        )
    undecided = [duty for duty in duties if duty.stands is DutyStatus.PROPOSED]
    if undecided:
        raise DutiesUndecided(
            f"还有 {len(undecided)} 项职责未核对",
            f"{len(undecided)} duties are undecided.",
            undecided=len(undecided),
            duties=[str(duty.id) for duty in undecided[:_MOST_NAMED]],
        )
    taken = [duty for duty in duties if duty.stands in TAKEN and duty.article != ARTICLE]
    if not taken:
        raise NothingToIssue
    nobodys = [duty for duty in taken if not duty.lead and _NOBODY.issuperset(duty.subjects)]
    if nobodys:
        raise NobodyAnswers(duties=[str(duty.id) for duty in nobodys[:_MOST_NAMED]])


def _article(row: DraftArticle, flags: Sequence[DraftFlag]) -> Article:
    return Article(
        number=row.number,
        section=row.section,
        title_zh=row.title,
        title_en=None,
        allocations=[
            {"part": None, "lead": lead, "supporting": supporting}
            for lead, supporting in operations_units.allocations(row, flags)
        ],
    )


def _numbered(rows: Sequence[DraftDuty], *, year: int) -> list[Duty]:
    codes = domain.renumbered([(n, row.article, row.start) for n, row in enumerate(rows)])
    return [_duty(row, codes[n], year=year) for n, row in enumerate(rows)]


def _goals(rows: Sequence[DraftDuty], *, year: int) -> list[Goal]:
    codes = domain.renumbered([(n, row.article, row.start) for n, row in enumerate(rows)])
    return [_goal(row, codes[n], year=year) for n, row in enumerate(rows)]


def _goal(row: DraftDuty, code: str, *, year: int) -> Goal:
    return Goal(
        code=code,
        position=int(code.partition(".")[2]),
        kind=row.kind,
        text_zh=row.text,
        text_en=row.text_en,
        metric=row.metric or _metric(code, year=year),
        comparator=row.comparator,
        target=row.target,
        unit=row.unit,
        source_start=row.start,
        source_end=row.end,
    )


def _metric(code: str, *, year: int) -> str:
    return f"plan_{year}_{code.replace('.', '_')}"


def _duty(row: DraftDuty, code: str, *, year: int) -> Duty:
    return Duty(
        code=code,
        article=row.article,
        position=int(code.partition(".")[2]),
        kind=row.kind,
        text_zh=row.text,
        text_en=row.text_en,
        metric=row.metric or _metric(code, year=year),
        subjects=list(row.subjects),
        lead=list(row.lead),
        supporting=list(row.supporting),
        cadence=row.cadence,
        least=row.least,
        comparator=row.comparator,
        target=row.target,
        unit=row.unit,
        trigger=row.trigger,
        condition=row.condition,
        within_days=row.within_days,
        due_on=row.due_on,
        source_start=row.start,
        source_end=row.end,
    )
