"""Opening what a unit must tell itself, keeping that it told, and finding that it has not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_enterprises import DirectReportOverdue
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.outbox import publish
from reference.national.rows import Deadline
from reference.terms import Level
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.directreports import domain, queries, rules
from services.incidents.directreports.domain import DirectReportAction, DirectReportStatus
from services.incidents.directreports.rules import Since
from services.incidents.directreports.schemas import NewTelling, refuse_out_of_time
from services.incidents.directreports.tables import DirectReport
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import rules as relaying

DIRECT_REPORT_DUE = "direct_report_due"


async def open_owed(
    session: AsyncSession,
    *,
    accident_id: UUID,
    owed: Sequence[Deadline],
    known_at: datetime | None,
    regraded_at: datetime | None = None,
) -> None:
    """A unit owes levels its own word; what it owes already is left alone.

    Of an accident that was merged meanwhile nobody is told under this id.
    """
    accident = await accident_queries.get(session, accident_id, lock=True)
    if accident.merged_into is not None:
        return
    standing = {report.id for report in await queries.of_accident(session, accident_id)}
    wanted = (_report(accident, row, known_at, regraded_at) for row in owed)
    fresh = [report for report in wanted if report.id not in standing]
    session.add_all(fresh)
    timers.begin(session, *(_clock(report) for report in fresh))


def _report(
    accident: Accident, row: Deadline, known_at: datetime | None, regraded_at: datetime | None
) -> DirectReport:
    assert row.to_level is not None
    level, opened_at = row.to_level, regraded_at or accident.received_at
    since, counted_from = rules.counted(
        known_at=known_at, received_at=accident.received_at, regraded_at=regraded_at
    )
    on = calendar.day_of(opened_at)
    return DirectReport(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=domain.direct_report_id(accident.id, level),
        accident_id=accident.id,
        level=str(level),
        desk=accident.receiving_unit,
        to_unit=relaying.desk_at(accident.region_code, level, on=on),
        status=str(DirectReportStatus.OWED),
        opened_at=opened_at,
        known_at=known_at,
        since=str(since),
        counted_from=counted_from,
        due_at=rules.due(row, counted_from=counted_from),
        rule=row.rule,
        late=False,
    )


def _clock(report: DirectReport) -> timers.Timer:
    return timers.new(
        kind=DIRECT_REPORT_DUE, entity_id=str(report.id), due_at=report.due_at, rule=report.rule
    )


async def tell(
    session: AsyncSession,
    *,
    direct_report_id: UUID,
    said: NewTelling,
    by: Principal,
    now: datetime,
) -> DirectReport:
    """The unit has told the level; late or not, the first who says so is kept."""
    report = await queries.get(session, direct_report_id)
    POLICIES.require(by, Act.TELL_DIRECTLY, on=report, seen_by=Act.READ)
    accident, report = await _locked(session, report)
    status = domain.after(report.stands, DirectReportAction.TELL)
    told_at = said.told_at or now
    refuse_out_of_time(told_at, known_at=report.known_at or accident.occurred_at, now=now)
    report.status, report.receipt = str(status), said.receipt
    report.told_at, report.recorded_at = told_at, now
    report.told_by, report.told_by_unit = by.subject, None if by.uscc else by.unit
    report.late = rules.late(due_at=report.due_at, told_at=told_at)
    await timers.cancel(session, kind=DIRECT_REPORT_DUE, entity_id=str(report.id), now=now)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.TELL_DIRECTLY, entity="direct_report", entity_id=report.id)
    return report


async def _locked(session: AsyncSession, report: DirectReport) -> tuple[Accident, DirectReport]:
    """The accident first, as whoever merges it does: the other way round they would meet."""
    accident = await accident_queries.get(session, report.accident_id, lock=True)
    return accident, await queries.get(session, report.id, lock=True)


async def close(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """No unit has to tell of this accident any more; what was told stays."""
    for report in await queries.of_accident(session, accident_id, lock=True):
        if report.stands is DirectReportStatus.OWED:
            report.status = str(domain.after(report.stands, DirectReportAction.CLOSE))
            report.closed_at = now
            await timers.cancel(session, kind=DIRECT_REPORT_DUE, entity_id=str(report.id), now=now)


async def move_clocks(
    session: AsyncSession, *, accident: Accident, known_at: datetime, reason: str
) -> None:
    """The unit's head knew at another instant: the hour runs from there, and so does lateness.

    What a graver grade asked for runs from that grade, whenever the head knew.
    """
    for report in await queries.of_accident(session, accident.id, lock=True):
        if report.stands is DirectReportStatus.CLOSED:
            continue
        report.known_at = known_at
        if report.counts_since is Since.REGRADED:
            continue
        hours = report.due_at - report.counted_from
        report.since, report.counted_from = str(Since.KNOWN), known_at
        report.due_at = known_at + hours
        if report.told_at is not None:
            report.late = rules.late(due_at=report.due_at, told_at=report.told_at)
        else:
            await _rearm(session, report, reason=reason)


async def _rearm(session: AsyncSession, report: DirectReport, *, reason: str) -> None:
    """It was not overdue if its hour had not passed when it was found to be."""
    if report.overdue_at is not None and report.overdue_at < report.due_at:
        report.overdue_at = None
    if report.overdue_at is None:
        await timers.arm(
            session,
            kind=DIRECT_REPORT_DUE,
            entity_id=str(report.id),
            due_at=report.due_at,
            rule=report.rule,
            reason=reason,
        )


async def mark_overdue(session: AsyncSession, *, direct_report_id: UUID, now: datetime) -> None:
    """The unit's hour is up. If nobody says that it told the level, it is alarmed.

    A clock that was moved while it fired finds that the hour is not up.
    """
    found = await queries.get(session, direct_report_id)
    accident, report = await _locked(session, found)
    owed = report.stands is DirectReportStatus.OWED and report.overdue_at is None
    if not owed or now < report.due_at:
        return
    report.overdue_at = now
    accidents.record_change(session, accident=accident, now=now)
    publish(
        session,
        DirectReportOverdue(
            occurred_at=now,
            accident_id=accident.id,
            region_code=report.region_code,
            enterprise_uscc=report.enterprise_uscc,
            direct_report_id=report.id,
            level=Level(report.level),
            from_unit=report.enterprise_uscc or report.desk,
            unit=report.desk,
            to_unit=report.to_unit,
            due_at=report.due_at,
            grade=accident.current_grade,
        ),
    )
