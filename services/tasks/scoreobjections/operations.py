"""Objecting to a score within the limit, and ruling on it: a wrong line is reversed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import ScoreObjected, ScoreRuledOn, ScoreRulingOverdue
from kernel import audit, calendar, timers
from kernel.access import Place, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import city, holidays, scoring
from reference.terms import Formula
from services.tasks.cards import domain as offices
from services.tasks.indicators.domain import Count, Subject
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings import operations as rankings
from services.tasks.rankings import queries as placed
from services.tasks.rankings.domain import RankingStatus
from services.tasks.rankings.tables import Ranking
from services.tasks.scoreobjections import domain, queries, rules
from services.tasks.scoreobjections.domain import (
    FiguresMissing,
    MoreThanAll,
    NotInRanking,
    ObjectedBefore,
    ObjectedTooLate,
    RulerInvolved,
    ScoreObjectionAction,
    ScoreObjectionStatus,
)
from services.tasks.scoreobjections.tables import ScoreObjection
from services.tasks.scores import domain as ledger
from services.tasks.scores import operations as scores
from services.tasks.scores import queries as lines
from services.tasks.scores.domain import LineKind
from services.tasks.scores.operations import Writing
from services.tasks.scores.tables import ScoreLine

ENTITY = "score_objection"
RULING_DUE = "score_ruling_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a figure is, as ruled."""

    numerator: int
    denominator: int


async def make(
    session: AsyncSession,
    *,
    ranking_id: UUID,
    line_id: UUID | None,
    grounds: str,
    by: Principal,
    now: datetime,
) -> ScoreObjection:
    """Say that a line of one's score, or one's rank, is wrong, within the working days for it."""
    await placed.seen(session, ranking_id, by=by)
    ranking = await placed.get(session, ranking_id, lock=True)
    unit = by.unit or ""
    row = await placed.row_of(session, ranking_id, unit)
    if row is None or ranking.status != RankingStatus.PUBLISHED:
        raise NotInRanking
    if ranking.objections_until is None or now >= ranking.objections_until:
        raise ObjectedTooLate
    if line_id is not None:
        await _its_own(session, ranking, line_id, unit=unit)
    if await queries.waits(session, ranking_id=ranking_id, unit=unit, line_id=line_id):
        raise ObjectedBefore
    limit = scoring.ruling_limit(on=calendar.day_of(now))
    due_at = rules.ruling_due(now, working_days=limit.working_days, days_off=holidays.calendar())
    objection = ScoreObjection(
        id=uuid7(),
        ranking_id=ranking_id,
        line_id=line_id,
        region_code=row.region_code,
        unit=unit,
        status=str(ScoreObjectionStatus.MADE),
        grounds=grounds,
        made_by=by.subject,
        made_at=now,
        office=offices.office(),
        due_at=due_at,
    )
    POLICIES.require(by, ScoreAct.OBJECT_TO_SCORE, on=objection, seen_by=ScoreAct.READ_SCORES)
    session.add(objection)
    entity = str(objection.id)
    clock = timers.new(kind=RULING_DUE, entity_id=entity, due_at=due_at, rule=limit.rule)
    timers.begin(session, clock)
    _note(session, objection, ScoreAct.OBJECT_TO_SCORE, by=by)
    office = objection.office
    publish(session, ScoreObjected(occurred_at=now, **_facts(objection), office=office))
    return objection


async def note_unruled(session: AsyncSession, *, objection_id: UUID, now: datetime) -> None:
    """Nobody has ruled on it in time: said once, and it stays so however it is ruled."""
    objection = await queries.get(session, objection_id, lock=True)
    waits = objection.status == ScoreObjectionStatus.MADE and objection.overdue_at is None
    if not waits or now < objection.due_at:
        return
    objection.overdue_at = now
    publish(
        session,
        ScoreRulingOverdue(
            occurred_at=now,
            **_facts(objection),
            office=objection.office,
            due_at=objection.due_at,
        ),
    )


def _facts(objection: ScoreObjection) -> dict[str, Any]:
    return {
        "objection_id": objection.id,
        "ranking_id": objection.ranking_id,
        "unit": objection.unit,
        "region_code": objection.region_code,
    }


async def _its_own(
    session: AsyncSession, ranking: Ranking, line_id: UUID, *, unit: str
) -> ScoreLine:
    """The line, if it is the unit's, in that ranking, and stands."""
    line = await session.get(ScoreLine, line_id)
    if line is None or (line.subject, line.group_code) != (unit, ranking.group_code):
        raise NotInRanking
    known = await lines.of_subjects(session, [_subject(line)], period=ranking.period)
    of_one = known.get(_subject(line), {}).get(line.indicator, [])
    last = lines.standing(of_one)
    if last is None or last.id != line_id:
        raise NotInRanking
    return line


def _subject(line: ScoreLine) -> Subject:
    group = scoring.group(line.group_code, on=line.last)
    return Subject(
        group=line.group_code,
        unit=line.subject,
        region_code=line.region_code,
        territory=group.counts == "territory",
    )


async def rule(
    session: AsyncSession,
    *,
    objection_id: UUID,
    action: ScoreObjectionAction,
    figures: Figures | None,
    ruling: str,
    by: Principal,
    now: datetime,
) -> ScoreObjection:
    """Uphold an objection or dismiss it; upheld, there is a draft of a further version.

    A wrong line is reversed and one with the figures as ruled stands instead: computing the
    period again leaves it alone.
    """
    objection = await queries.get(session, objection_id, lock=True)
    POLICIES.require(by, ScoreAct.RULE_ON_SCORE, on=objection, seen_by=ScoreAct.READ_SCORES)
    here = Place(city.current().code)
    POLICIES.require(by, ScoreAct.RULE_ON_SCORE, on=here, seen_by=ScoreAct.READ_RANKINGS)
    if by.subject == objection.made_by or by.unit == objection.unit:
        raise RulerInvolved
    objection.status = str(domain.after(ScoreObjectionStatus(objection.status), action))
    objection.ruling, objection.decided_by, objection.decided_at = ruling, by.subject, now
    await timers.cancel(session, kind=RULING_DUE, entity_id=str(objection.id), now=now)
    if action is ScoreObjectionAction.UPHOLD:
        await _correct(session, objection, figures, by=by, now=now)
    _note(session, objection, ScoreAct.RULE_ON_SCORE, by=by)
    upheld = action is ScoreObjectionAction.UPHOLD
    publish(session, ScoreRuledOn(occurred_at=now, **_facts(objection), upheld=upheld))
    return objection


async def _correct(
    session: AsyncSession,
    objection: ScoreObjection,
    figures: Figures | None,
    *,
    by: Principal,
    now: datetime,
) -> None:
    ranking = await placed.get(session, objection.ranking_id)
    await rankings.hold(session, ranking.period)
    if objection.line_id is not None:
        if figures is None:
            raise FiguresMissing
        objection.numerator, objection.denominator = figures.numerator, figures.denominator
        writing = Writing(period=ranking.period, as_of=now, run_id=None, by=by.subject, now=now)
        line = await _its_own(session, ranking, objection.line_id, unit=objection.unit)
        objection.new_line_id = await _replace(session, line, objection, figures, writing=writing)
    corrected = await rankings.freeze(
        session,
        group=ranking.group_code,
        period=ranking.period,
        reason=f"{ENTITY} {objection.id}",
        by=by,
        now=now,
    )
    objection.new_ranking_id = corrected.id


async def _replace(
    session: AsyncSession,
    line: ScoreLine,
    objection: ScoreObjection,
    figures: Figures,
    *,
    writing: Writing,
) -> UUID:
    subject = _subject(line)
    indicator = city.current().indicators.one(line.indicator, on=line.last)
    if indicator.formula is Formula.RATE and figures.numerator > figures.denominator:
        raise MoreThanAll
    count = Count(numerator=figures.numerator, denominator=figures.denominator)
    said = ledger.content(indicator, count)
    taken_back = scores.reversal(subject, line, sequence=line.sequence + 1, writing=writing)
    stands = scores.line(
        subject, said, sequence=line.sequence + 2, writing=writing, kind=LineKind.RULED
    )
    stands.evidence = stands.evidence | {"objection": str(objection.id)}
    session.add_all([taken_back, stands])
    await session.flush()
    await scores.add_up(session, [taken_back, stands])
    return stands.id


def _note(
    session: AsyncSession, objection: ScoreObjection, act: ScoreAct, *, by: Principal
) -> None:
    detail = {"status": objection.status, "ranking": str(objection.ranking_id)}
    audit.note(session, by=by, act=act, entity=ENTITY, entity_id=objection.id, detail=detail)
