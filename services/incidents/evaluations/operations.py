"""Planning an evaluation, opening it on its day, concluding and publishing it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind, EvaluationPublished, EvaluationResult
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.incidents.accidents import operations as changes
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.evaluations import domain, queries, rules
from services.incidents.evaluations.domain import (
    ENDED,
    EvaluationAction,
    EvaluationStatus,
    ResultContradicted,
)
from services.incidents.evaluations.rules import EvaluationWindow
from services.incidents.evaluations.schemas import Conclusion, Publication
from services.incidents.evaluations.tables import Evaluation
from services.incidents.periods.operations import tell_missed, touched
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below
from services.incidents.recommendations import operations as recommendations
from services.incidents.recommendations import queries as recommended
from services.incidents.recommendations.domain import RecommendationStatus, day_gone_by

EVALUATION_OPENS = "evaluation_opens"
EVALUATION_DUE = "evaluation_due"


async def plan(
    session: AsyncSession, *, accident_id: UUID, generation: int, approved_on: date, now: datetime
) -> None:
    """Put an evaluation on its clocks, once per investigation (Work Safety Law, 86).

    Of a reopened one the lessons are its own: what was still to evaluate before is superseded.
    """
    accident = await accidents.get(session, accident_id, lock=True)
    window = rules.evaluation_window(approved_on)
    before = await queries.of_accident(session, accident_id)
    if window is None or any(one.generation >= generation for one in before):
        return
    for one in before:
        await _supersede(session, one, now=now)
    evaluation = _planned(accident, generation, window, approved_on)
    session.add(evaluation)
    for kind, at in ((EVALUATION_OPENS, window.opens_at), (EVALUATION_DUE, window.closes_at)):
        clock = timers.new(kind=kind, entity_id=str(evaluation.id), due_at=at, rule=window.rule)
        timers.begin(session, clock)
    changes.record_change(session, accident=accident, now=now)


async def _supersede(session: AsyncSession, evaluation: Evaluation, *, now: datetime) -> None:
    """End what was not published; its clocks stop, and a mark that it was late stays."""
    if evaluation.stands in ENDED:
        return
    evaluation.status = str(domain.after(evaluation.stands, EvaluationAction.SUPERSEDE))
    evaluation.superseded_at = now
    for kind in (EVALUATION_OPENS, EVALUATION_DUE):
        await timers.cancel(session, kind=kind, entity_id=str(evaluation.id), now=now)


def _planned(
    accident: Accident, generation: int, window: EvaluationWindow, approved_on: date
) -> Evaluation:
    return Evaluation(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=generation,
        unit=accident.investigating_unit,
        status=str(EvaluationStatus.WAITING),
        counted_from=approved_on,
        rule=window.rule,
        opens_at=window.opens_at,
        due_at=window.closes_at,
    )


async def open_now(session: AsyncSession, *, evaluation_id: UUID, now: datetime) -> None:
    """The tenth month is over: the evaluation begins."""
    evaluation, accident = await _held(session, evaluation_id)
    evaluation.status = str(domain.after(evaluation.stands, EvaluationAction.OPEN))
    evaluation.opened_at = now
    changes.record_change(session, accident=accident, now=now)


async def conclude(
    session: AsyncSession,
    *,
    evaluation_id: UUID,
    conclusion: Conclusion,
    by: Principal,
    now: datetime,
) -> Evaluation:
    """State what came of it; recommendations found unmet are opened again."""
    evaluation, accident = await _held(session, evaluation_id)
    POLICIES.require(by, Act.EVALUATE, on=evaluation, seen_by=Act.READ)
    refuse_below(by, Act.EVALUATE, unit=evaluation.unit)
    evaluation.status = str(domain.after(evaluation.stands, EvaluationAction.CONCLUDE))
    await _refuse_contradiction(session, accident, conclusion)
    if conclusion.unmet:
        await recommendations.reopen(
            session,
            accident=accident,
            ids=set(conclusion.unmet),
            due_on=_redo_by(conclusion, today=calendar.day_of(now)),
            reason=f"evaluation {evaluation.id}",
            now=now,
        )
    evaluation.result, evaluation.conclusion = str(conclusion.result), conclusion.conclusion
    evaluation.concluded_at, evaluation.concluded_by = now, by.subject
    _touched(session, accident, evaluation, by, now)
    return evaluation


async def _refuse_contradiction(
    session: AsyncSession, accident: Accident, conclusion: Conclusion
) -> None:
    made = await recommended.of_accident(session, accident.id)
    unfinished = sum(one.stands is not RecommendationStatus.CLOSED for one in made)
    unmet = len(set(conclusion.unmet))
    if not domain.agrees(conclusion.result, unmet=unmet, unfinished=unfinished):
        raise ResultContradicted(unmet=unmet, unfinished=unfinished)


def _redo_by(conclusion: Conclusion, *, today: date) -> date:
    if conclusion.redo_by is None or conclusion.redo_by < today:
        raise day_gone_by("redo_by", today=today)
    return conclusion.redo_by


async def publish_result(
    session: AsyncSession,
    *,
    evaluation_id: UUID,
    publication: Publication,
    by: Principal,
    now: datetime,
) -> Evaluation:
    """Record that the result was published; only then is the duty done."""
    evaluation, accident = await _held(session, evaluation_id)
    POLICIES.require(by, Act.EVALUATE, on=evaluation, seen_by=Act.READ)
    refuse_below(by, Act.EVALUATE, unit=evaluation.unit)
    evaluation.status = str(domain.after(evaluation.stands, EvaluationAction.PUBLISH))
    evaluation.published_on, evaluation.published_at = publication.published_on, now
    evaluation.title, evaluation.url = publication.title, publication.url
    await timers.cancel(session, kind=EVALUATION_DUE, entity_id=str(evaluation.id), now=now)
    publish(
        session,
        EvaluationPublished(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            evaluation_id=evaluation.id,
            result=EvaluationResult(str(evaluation.result)),
            published_on=publication.published_on,
        ),
    )
    _touched(session, accident, evaluation, by, now)
    return evaluation


async def mark_overdue(session: AsyncSession, *, evaluation_id: UUID, now: datetime) -> None:
    """The year is over and no result was published."""
    evaluation, accident = await _held(session, evaluation_id)
    done = evaluation.stands in ENDED
    if done or evaluation.overdue_at is not None or now < evaluation.due_at:
        return
    evaluation.overdue_at = now
    tell_missed(
        session,
        accident=accident,
        kind=DeadlineKind.EVALUATION,
        entity_id=evaluation.id,
        unit=evaluation.unit,
        due_at=evaluation.due_at,
        now=now,
    )


async def _held(session: AsyncSession, evaluation_id: UUID) -> tuple[Evaluation, Accident]:
    evaluation = await queries.get(session, evaluation_id)
    accident = await accidents.get(session, evaluation.accident_id, lock=True)
    await session.refresh(evaluation)
    return evaluation, accident


def _touched(
    session: AsyncSession, accident: Accident, evaluation: Evaluation, by: Principal, now: datetime
) -> None:
    touched(
        session,
        accident=accident,
        act=Act.EVALUATE,
        entity="evaluation",
        entity_id=evaluation.id,
        by=by,
        now=now,
    )
