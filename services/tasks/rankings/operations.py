"""Drafting a ranking from the sums, publishing it once, and correcting it by a further version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import RankingPublished
from kernel import audit, calendar
from kernel.access import SYSTEM, Place, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import city, holidays, scoring
from services.tasks.indicators import rules as marks
from services.tasks.indicators.domain import Period
from services.tasks.orders import operations as orders
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.tables import Unit
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings import domain, queries, rules
from services.tasks.rankings.domain import (
    CorrectionWithoutReason,
    DraftedTooEarly,
    NothingComputed,
    PeriodNotOver,
    RankingAction,
    RankingStatus,
)
from services.tasks.rankings.tables import Ranking, RankingRow
from services.tasks.scores import operations as ledger
from services.tasks.scores import queries as scores
from services.tasks.scores.domain import Sums

ENTITY = "ranking"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7318)")
"""Two who draft the same would give it one version number twice.

It is taken before any row is locked: who held a row would wait for who waits for the row.
"""


async def draft(
    session: AsyncSession,
    *,
    group: str,
    period: Period,
    reason: str | None,
    by: Principal,
    now: datetime,
) -> Ranking:
    """Draft the ranking of a group as an office orders it."""
    _require(by, ScoreAct.DRAFT_RANKING)
    return await freeze(session, group=group, period=period, reason=reason, by=by, now=now)


async def freeze(
    session: AsyncSession,
    *,
    group: str,
    period: Period,
    reason: str | None,
    by: Principal,
    now: datetime,
) -> Ranking:
    """Freeze how the units of a group stand into a draft; an older draft is discarded."""
    await hold(session, period)
    known = await queries.versions(session, group=group, period=period, lock=True)
    if reason is None and any(row.status == RankingStatus.PUBLISHED for row in known):
        raise CorrectionWithoutReason
    sums = await scores.sums(session, group=group, period=period)
    if not sums:
        raise NothingComputed
    for row in known:
        if row.status == RankingStatus.DRAFT:
            row.status = str(domain.after(RankingStatus.DRAFT, RankingAction.DISCARD))
    ranking = _drafted(group, period, known, sums, reason=reason, by=by, now=now)
    session.add(ranking)
    await session.flush()
    session.add_all(await _rows(session, ranking, sums))
    _note(session, ranking, ScoreAct.DRAFT_RANKING, by=by)
    return ranking


async def hold(session: AsyncSession, period: Period) -> None:
    """Nobody else drafts, or writes lines of a period, until this transaction ends."""
    await ledger.hold(session, period)
    await session.execute(_ONE_AT_A_TIME)


def _require(by: Principal, act: ScoreAct) -> None:
    here = Place(city.current().code)
    POLICIES.require(by, act, on=here, seen_by=ScoreAct.READ_RANKINGS)


def _drafted(
    group: str,
    period: Period,
    known: Sequence[Ranking],
    sums: Mapping[str, Sums],
    *,
    reason: str | None,
    by: Principal,
    now: datetime,
) -> Ranking:
    return Ranking(
        id=uuid7(),
        region_code=city.current().code,
        cadence=period.cadence,
        first=period.first,
        last=period.last,
        group_code=group,
        version=len(known) + 1,
        year=period.year,
        status=str(RankingStatus.DRAFT),
        as_of=now,
        units=len(sums),
        unmeasured=sum(_score(one) is None for one in sums.values()),
        reason=reason,
        drafted_at=now,
        drafted_by=by.subject,
    )


def _score(sums: Sums) -> object:
    return marks.score(earned=sums.earned, weight=sums.weight, taken_off=sums.taken_off)


async def _rows(
    session: AsyncSession, ranking: Ranking, sums: Mapping[str, Sums]
) -> list[RankingRow]:
    period = ranking.period
    day = min(period.last, calendar.day_of(ranking.as_of))
    units = await organisations.standing(session, list(sums), day=day)
    before = await queries.standing_before(session, group=ranking.group_code, period=period)
    placed = rules.ranked(
        {
            unit: marks.score(earned=one.earned, weight=one.weight, taken_off=one.taken_off)
            for unit, one in sums.items()
        }
    )
    return [
        _row(ranking, one, sums[one.subject], units.get(one.subject), before.get(one.subject))
        for one in placed
    ]


def _row(
    ranking: Ranking,
    placed: rules.Placed,
    sums: Sums,
    unit: Unit | None,
    before: RankingRow | None,
) -> RankingRow:
    return RankingRow(
        ranking_id=ranking.id,
        place=placed.place,
        subject=placed.subject,
        region_code=placed.subject.partition(".")[0],
        name_zh=unit.name_zh if unit else placed.subject,
        name_en=unit.name_en if unit else placed.subject,
        rank=placed.rank,
        tied=placed.tied,
        score=placed.score,
        earned=sums.earned,
        weight=sums.weight,
        taken_off=sums.taken_off,
        unmeasured=sums.unmeasured,
        rank_before=before.rank if before else None,
        score_before=before.score if before else None,
    )


async def draft_all(session: AsyncSession, *, period: Period, now: datetime) -> None:
    """A period was computed: draft the ranking of every group of which none is published yet.

    What is published already stays until somebody drafts a correction, saying why.
    """
    for group in scoring.groups(on=period.last):
        if not await scores.sums(session, group=group.code, period=period):
            continue
        if await queries.published(session, group=group.code, period=period) is None:
            await freeze(session, group=group.code, period=period, reason=None, by=SYSTEM, now=now)


async def publish_ranking(
    session: AsyncSession, *, ranking_id: UUID, by: Principal, now: datetime
) -> Ranking:
    """Publish a draft: numbered, told, open to objections for some working days."""
    _require(by, ScoreAct.PUBLISH_RANKING)
    await session.execute(_ONE_AT_A_TIME)
    ranking = await queries.get(session, ranking_id, lock=True)
    status = domain.after(RankingStatus(ranking.status), RankingAction.PUBLISH)
    period = ranking.period
    if period.ends_at > now:
        raise PeriodNotOver
    if not await scores.is_computed(session, period, by=ranking.as_of):
        raise DraftedTooEarly
    corrected = await queries.published(session, group=ranking.group_code, period=period)
    if corrected is not None:
        corrected.status = str(domain.after(RankingStatus.PUBLISHED, RankingAction.SUPERSEDE))
        await session.flush()
    ranking.number = corrected.number if corrected else await queries.next_number(session, ranking)
    ranking.status = str(status)
    ranking.published_at, ranking.published_by = now, by.subject
    ranking.objections_until = _objections_until(now)
    _note(session, ranking, ScoreAct.PUBLISH_RANKING, by=by)
    publish(session, _told(ranking, now=now))
    return ranking


def _objections_until(now: datetime) -> datetime:
    day = calendar.day_of(now)
    days = scoring.objection_days(on=day)
    with orders.known_days():
        last = calendar.add_working_days(day, days, calendar=holidays.calendar())
    return calendar.closes_at(last)


async def discard(session: AsyncSession, *, ranking_id: UUID, by: Principal) -> Ranking:
    """Give a draft up."""
    _require(by, ScoreAct.DRAFT_RANKING)
    ranking = await queries.get(session, ranking_id, lock=True)
    ranking.status = str(domain.after(RankingStatus(ranking.status), RankingAction.DISCARD))
    _note(session, ranking, ScoreAct.DRAFT_RANKING, by=by)
    return ranking


def _told(ranking: Ranking, *, now: datetime) -> RankingPublished:
    assert ranking.number is not None
    return RankingPublished(
        occurred_at=now,
        ranking_id=ranking.id,
        region_code=ranking.region_code,
        group=ranking.group_code,
        cadence=ranking.period.cadence,
        first=ranking.first,
        last=ranking.last,
        number=ranking.number,
        version=ranking.version,
        units=ranking.units,
        unmeasured=ranking.unmeasured,
    )


def _note(session: AsyncSession, ranking: Ranking, act: ScoreAct, *, by: Principal) -> None:
    detail = {"status": ranking.status, "version": ranking.version}
    audit.note(session, by=by, act=act, entity=ENTITY, entity_id=ranking.id, detail=detail)
