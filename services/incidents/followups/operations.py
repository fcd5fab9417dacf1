"""Taking one more report of a known accident: new figures, and what they change."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentRegraded, AccidentUpdated
from kernel import audit, calendar
from kernel.access import Principal
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from reference import units
from reference.national.rows import Content
from reference.terms import Grade, Level
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures, Verdict
from services.incidents.accidents.tables import Accident
from services.incidents.contents import operations as contents
from services.incidents.followups import operations_facts as facts
from services.incidents.followups import queries as following
from services.incidents.followups import rules
from services.incidents.investigations import operations as investigations
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import operations as relays
from services.incidents.relays import queries as relay_queries
from services.incidents.relays import rules as relaying
from services.incidents.relays.tables import Relay
from services.incidents.reports.operations import refusing_taken_id, said, slight, toll
from services.incidents.reports.schemas import NewReport
from services.incidents.rescues import operations_followups as rescues


@dataclass(frozen=True, kw_only=True)
class Followed:
    """An accident after a follow-up."""

    accident: Accident
    before: Grade
    """As which it stood until then."""
    verdict: Verdict
    """What its counted figures say."""
    hops: list[Relay]
    owed: tuple[Content, ...] = ()
    """What its reports must still say."""


async def _inside(
    session: AsyncSession, accident: Accident, report: NewReport, *, received_at: datetime
) -> bool:
    """Whether what it says happened inside the window, however late it is told."""
    if grading.counts(at=received_at, closes_at=accident.window_closes_at):
        return True
    return rules.inside(
        first_known_at=await following.first_known_at(session, accident),
        known_at=report.known_at,
        received_at=received_at,
        closes_at=accident.window_closes_at,
    )


async def add_report(
    session: AsyncSession,
    *,
    report: NewReport,
    by: Principal,
    received_at: datetime,
    now: datetime,
    in_time: bool = False,
) -> Followed:
    """Keep what it says; what changed inside the window counts, and may move the grade.

    What is `in_time` was counted before and is only restated, so it counts whenever it is.
    """
    assert report.accident_id is not None
    accident = await queries.standing(
        session, report.accident_id, enterprise=report.enterprise_uscc, lock=True
    )
    POLICIES.require(by, Act.REPORT, on=accident, seen_by=Act.READ)
    _refuse_other_enterprise(report, accident)
    owed = await contents.refuse_incomplete(session, report, accident=accident, now=received_at)
    hops = list(await relay_queries.of_accident(session, accident.id))
    known, before = accident.figures, accident.current_grade
    stated = report.figures(before=known)
    rescues.refuse_unfinished(report, stated, accident=accident, by=by)
    inside = in_time or await _inside(session, accident, report, received_at=received_at)
    newest = await following.last_counted_at(session, accident.id)
    counted = inside and not rules.outdated(received_at=received_at, newest_at=newest)
    accident.statements += 1
    trade_learnt = facts.learn(accident, report)
    session.add(
        said(
            report,
            accident=accident,
            figures=stated,
            by=by,
            now=now,
            received_at=received_at,
            counted=counted,
        )
    )
    if counted:
        verdict = _count(session, accident, stated, hops, report=report, at=received_at)
    elif inside:
        verdict = _record_outdated(session, accident, report=report, at=received_at)
    else:
        verdict = _record_late(session, accident, stated, report=report, at=received_at)
    if trade_learnt:
        facts.settle(session, accident, now=received_at)
        facts.tell(session, accident, report_id=report.report_id, now=received_at, industry=True)
    accidents.record_change(session, accident=accident, now=received_at)
    audit.note(session, by=by, act=Act.REPORT, entity="report", entity_id=report.report_id)
    with refusing_taken_id(report.report_id):
        await session.flush()
    if counted or not inside:  # one that waited while a later one was stored decides nothing
        await rescues.heed(session, report, accident=accident, before=known, by=by, now=received_at)
    return Followed(accident=accident, before=before, verdict=verdict, hops=hops, owed=owed)


def _refuse_other_enterprise(report: NewReport, accident: Accident) -> None:
    if report.enterprise_uscc not in (None, accident.enterprise_uscc):
        zh, en = "不是该事故的单位", "expected the enterprise of the accident, or nothing"
        raise InvalidPayload(
            FieldFault(pointer="/enterprise_uscc", code="other_enterprise", zh=zh, en=en)
        )


def _count(
    session: AsyncSession,
    accident: Accident,
    stated: Figures,
    hops: list[Relay],
    *,
    report: NewReport,
    at: datetime,
) -> Verdict:
    """Take the figures over and grade anew; a moved grade moves authority and ways with it."""
    before = accident.current_grade
    known = judge(accident)
    dead = accident.figures.counted_deaths + accident.late_deaths
    accident.figures = stated
    if accident.late_deaths:  # some of those who were told too late may have died in time
        accident.late_deaths = rules.late_among(dead, counted=stated)
    contents.keep_risks(accident, report, now=at)
    verdict = judge(accident)
    if verdict != known:
        accidents.keep_grade(
            session, accident=accident, verdict=verdict, report_id=report.report_id, now=at
        )
    if verdict.grade is before:
        tell_updated(
            session, accident, stated, report_id=report.report_id, at=at, after_window=False
        )
    else:
        regrade(session, accident, before, hops, report_id=report.report_id, at=at)
    return verdict


def judge(accident: Accident) -> Verdict:
    """The grade that an accident's counted figures have, by the law of its day."""
    return grading.grade(
        accident.figures,
        on=calendar.day_of(accident.occurred_at),
        scale=grading.scale_of(accident.accident_type),
    )


def regrade(
    session: AsyncSession,
    accident: Accident,
    before: Grade,
    hops: list[Relay],
    *,
    report_id: UUID,
    at: datetime,
) -> None:
    """Give a case whose grade moved to whom it belongs now, and tell it on up to there."""
    investigations.settle(session, accident=accident, reason=AssignmentReason.REGRADED, now=at)
    beyond = _further(accident, hops, at=at)
    further = relays.add_hops(session, accident=accident, hops=beyond, now=at)
    hops += further
    publish(
        session,
        AccidentRegraded(
            occurred_at=at,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            report_id=report_id,
            industry=accident.industry,
            from_grade=before,
            grade=accident.current_grade,
            estimated_grade=Grade(accident.estimated_grade),
            toll=toll(accident.figures),
            counted_deaths=accident.figures.counted_deaths,
            investigating_level=Level(accident.investigating_level),
            investigating_unit=accident.investigating_unit,
            relays=tuple(relays.told(hop) for hop in further),
            left_out=slight(accident),
        ),
    )


def _further(
    accident: Accident, known: list[Relay], *, at: datetime
) -> tuple[relaying.PlannedHop, ...]:
    """The hops above those there are. A level that waits for the report starts once it has it."""
    today = calendar.day_of(at)
    last = known[-1] if known else None
    waiting = last is not None and last.forwarded_at is None
    hops = relaying.plan(
        region=accident.region_code,
        receiver=units.unit(last.to_unit if last else accident.receiving_unit, on=today),
        grade=accident.current_grade,
        received_at=max(at, last.due_at) if last and waiting else at,
        on=today,
    )
    return tuple(replace(hop, received_at=None) for hop in hops) if waiting else hops


def _record_outdated(
    session: AsyncSession, accident: Accident, *, report: NewReport, at: datetime
) -> Verdict:
    """It waited while a later one was stored: kept on record, the later figures stand."""
    tell_updated(
        session,
        accident,
        accident.figures,
        report_id=report.report_id,
        at=at,
        after_window=False,
    )
    return judge(accident)


def _record_late(
    session: AsyncSession, accident: Accident, stated: Figures, *, report: NewReport, at: datetime
) -> Verdict:
    """After the window: kept on record, without effect on grade and statistics."""
    if report.casualties is not None or report.missing_presumed_dead is not None:
        accident.late_deaths = rules.late_deaths(stated=stated, counted=accident.figures)
    tell_updated(session, accident, stated, report_id=report.report_id, at=at, after_window=True)
    return judge(accident)


def tell_updated(
    session: AsyncSession,
    accident: Accident,
    stated: Figures,
    *,
    report_id: UUID,
    at: datetime,
    after_window: bool,
) -> None:
    """Tell figures that moved no grade, or that came too late to move one."""
    publish(
        session,
        AccidentUpdated(
            occurred_at=at,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            report_id=report_id,
            grade=accident.current_grade,
            estimated_grade=Grade(accident.estimated_grade),
            toll=toll(stated),
            counted_deaths=stated.counted_deaths,
            after_window=after_window,
            left_out=slight(accident),
        ),
    )
