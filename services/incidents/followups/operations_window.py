"""Running the rule of the window again on what is known, once the day of an accident moved."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import operations as accidents
from services.incidents.accidents.rules import Figures, Verdict
from services.incidents.accidents.tables import FIGURES, Accident
from services.incidents.followups import operations as followups
from services.incidents.followups import queries, rules
from services.incidents.followups.rules import Standing, Statement
from services.incidents.relays import queries as relays
from services.incidents.reports.tables import Report


@dataclass(frozen=True, kw_only=True)
class Stood:
    """What followed from the day that an accident was held to have."""

    closed_at: datetime
    verdict: Verdict


def stands(accident: Accident) -> Stood:
    """What is kept of an accident before its day is corrected."""
    return Stood(closed_at=accident.window_closes_at, verdict=followups.judge(accident))


async def judge_anew(
    session: AsyncSession, *, accident: Accident, stood: Stood, report_id: UUID, now: datetime
) -> None:
    """Say of every statement whether it counts by the corrected day, and grade by those that do.

    A change counts by when it was known, not by when the day was put right. The grades and the
    statements before stay on record.
    """
    reports = await queries.statements(session, accident.id)
    there = [_statement(report) for report in reports]
    standings = rules.judged_anew(
        there,
        first_known_at=await queries.first_known_at(session, accident),
        closed_at=stood.closed_at,
        closes_at=accident.window_closes_at,
    )
    counted = [standing is Standing.COUNTED for standing in standings]
    changed = counted != [report.counted for report in reports]
    if changed:
        for report, counts in zip(reports, counted, strict=True):
            report.counted = counts
        accident.figures, accident.late_deaths = rules.settled(there, standings)
    await _grade_anew(session, accident, stood, changed=changed, report_id=report_id, now=now)


def _statement(report: Report) -> Statement:
    return Statement(
        received_at=report.received_at,
        known_at=report.known_at,
        counted=report.counted,
        said=frozenset(report.stated),
        figures=Figures(**{name: getattr(report, name) for name in FIGURES}),
    )


async def _grade_anew(
    session: AsyncSession,
    accident: Accident,
    stood: Stood,
    *,
    changed: bool,
    report_id: UUID,
    now: datetime,
) -> None:
    before = accident.current_grade
    verdict = followups.judge(accident)
    if verdict != stood.verdict:
        accidents.keep_grade(
            session, accident=accident, verdict=verdict, report_id=report_id, now=now
        )
    if verdict.grade is not before:
        hops = list(await relays.of_accident(session, accident.id))
        followups.regrade(session, accident, before, hops, report_id=report_id, at=now)
    elif changed:
        figures = accident.figures
        followups.tell_updated(
            session, accident, figures, report_id=report_id, at=now, after_window=False
        )
