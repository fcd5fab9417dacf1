"""Recording what a report changed of the counts, and why they fell."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import FollowUpMissed
from kernel import audit, calendar
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.rules import Figures
from services.incidents.accidents.tables import FIGURES, Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.reports.tables import Report
from services.incidents.tolls import queries, rules
from services.incidents.tolls.domain import refuse_reason
from services.incidents.tolls.rules import Judged
from services.incidents.tolls.tables import TollChange, counts_of


async def note_change(
    session: AsyncSession, *, accident_id: UUID, report_id: UUID, now: datetime
) -> None:
    """Keep what a report changed of the counts, once; a change that came late alarms."""
    report = await session.get_one(Report, report_id)
    before = await queries.before(session, report)
    if before is None or await session.get(TollChange, report_id) is not None:
        return
    was, states = _figures(before), _figures(report)
    if not rules.changed(was, states):
        return
    judged = _judge(report, before)
    session.add(_change(report, before, judged))
    if judged.late:
        accident = await accident_queries.get(session, accident_id)
        publish(session, _late(accident, judged, now))


def _judge(report: Report, before: Report) -> Judged:
    return rules.judge(
        before=_figures(before),
        after=_figures(report),
        known_at=report.known_at or report.received_at,
        received_at=report.received_at,
        counted=report.counted,
        same_reporter=report.reported_by == before.reported_by,
    )


async def judge_anew(session: AsyncSession, *, accident: Accident, now: datetime) -> None:
    """The day of the accident moved: hold its changes against the window that it has now.

    What is owed only now, and came too late, alarms; what was late and is owed no more is not
    late any longer.
    """
    for change in await queries.of_accident(session, accident.id):
        report = await session.get_one(Report, change.report_id)
        before = await queries.before(session, report)
        if before is None or change.counted == report.counted:
            continue
        judged, was_late = _judge(report, before), change.late
        change.counted, change.due_at, change.late = report.counted, judged.due_at, judged.late
        change.from_version, change.before = before.version, dict(counts_of(before))
        if judged.late and not was_late:
            publish(session, _late(accident, judged, now))


def _figures(report: Report) -> Figures:
    return Figures(**{name: getattr(report, name) for name in FIGURES})


def _change(report: Report, before: Report, judged: Judged) -> TollChange:
    said = report.summary if judged.fell else None
    return TollChange(
        region_code=report.region_code,
        enterprise_uscc=report.enterprise_uscc,
        report_id=report.id,
        accident_id=report.accident_id,
        version=report.version,
        from_version=before.version,
        before=dict(counts_of(before)),
        after=dict(counts_of(report)),
        known_at=report.known_at or report.received_at,
        received_at=report.received_at,
        due_at=judged.due_at,
        late=judged.late,
        counted=report.counted,
        fell=judged.fell,
        contested=judged.contested and not said,
        reason=said,
        reasoned_at=report.received_at if said else None,
        reasoned_by=report.reported_by if said else None,
    )


def _late(accident: Accident, judged: Judged, now: datetime) -> FollowUpMissed:
    assert judged.due_at is not None
    return FollowUpMissed(
        occurred_at=now,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        day=calendar.day_of(judged.known_at),
        unit=accident.receiving_unit,
        due_at=judged.due_at,
        needed=1,
        received=0,
        grade=accident.current_grade,
        change=True,
    )


async def give_reason(
    session: AsyncSession, *, report_id: UUID, reason: str, by: Principal, now: datetime
) -> TollChange:
    """Say why figures fell; the reason is given once, and ends a contest."""
    change = await queries.get(session, report_id, lock=True)
    POLICIES.require(by, Act.REPORT, on=change, seen_by=Act.READ)
    refuse_reason(fell=change.fell, given=change.reason)
    change.reason, change.reasoned_at, change.reasoned_by = reason, now, by.subject
    change.contested = False
    accident = await accident_queries.get(session, change.accident_id, lock=True)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act="toll.reason", entity="report", entity_id=report_id)
    return change
