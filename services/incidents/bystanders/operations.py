"""Taking what the public reports, and what a desk makes of it."""

import base64
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_reports import (
    PublicReportOverdue,
    PublicReportReceived,
)
from kernel import audit, calendar, crypto, timers
from kernel.access import Principal
from kernel.outbox import publish
from reference import city
from reference.cityrows import Place
from services.incidents.acceptance import operations as acceptance
from services.incidents.accidents import queries as accidents
from services.incidents.bystanders import domain, queries, rules
from services.incidents.bystanders.domain import WAITING, Action, Status
from services.incidents.bystanders.rules import Word
from services.incidents.bystanders.schemas import NewPublicReport
from services.incidents.bystanders.tables import PublicReport
from services.incidents.policies import POLICIES, Act
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports import rules as placing
from services.incidents.reports.operations import refusing_taken_id
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.schemas_checks import refuse_future

CHECK_DUE = "public_report_due"
ENTITY = "public_report"
_CODE_BYTES = 13
_GROUP = 4


def telephones() -> list[str]:
    """Whom to telephone: the safety hotline, the duty desk, fire and rescue."""
    desk = city.current().cities[0].duty_phone
    return ["12350", *([desk] if desk else []), "119", "120", "110"]


def follow_code(report_id: UUID) -> str:
    """The code that belongs to a report: nobody can work it out without the platform's key.

    It follows from the id, so a report that is sent again gets the code it had.
    """
    drawn = crypto.blind_index(str(report_id), purpose="public_report.code")[:_CODE_BYTES]
    text = base64.b32encode(drawn).decode()[: 5 * _GROUP]
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _index(code: str) -> bytes:
    return crypto.blind_index(code, purpose="public_report.follow")


async def find(session: AsyncSession, *, code: str) -> PublicReport:
    """The report that a follow code belongs to."""
    return await queries.followed(session, follow=_index(code))


async def take(
    session: AsyncSession,
    *,
    report: NewPublicReport,
    within_allowance: bool,
    by: Principal,
    now: datetime,
) -> PublicReport:
    """Keep a report of the public; it waits for a desk, whose clock runs from now.

    Nothing that comes in is dropped: what is doubtful waits with its doubts beside it.
    """
    refuse_future({"seen_at": report.seen_at}, now=now)
    words = crypto.blind_index(report.text.strip(), purpose="public_report.words")
    word = Word(
        text=report.text,
        has_place=bool(report.place or report.region_code),
        point=_point(report),
        seen_at=report.seen_at,
        received_at=now,
        within_allowance=within_allowance,
        said_before=await queries.said_before(session, words=words, now=now),
    )
    doubts = rules.doubts(word)
    due_at, rule = rules.check_due(received_at=now, on=calendar.day_of(now))
    kept = _kept(report, doubts=doubts, words=words, due_at=due_at, now=now)
    session.add(kept)
    clock = timers.new(kind=CHECK_DUE, entity_id=str(kept.id), due_at=due_at, rule=rule)
    timers.begin(session, clock)
    with refusing_taken_id(kept.id):
        await session.flush()
    audit.note(session, by=by, act="public_report", entity=ENTITY, entity_id=kept.id)
    publish(
        session,
        PublicReportReceived(
            occurred_at=now,
            public_report_id=kept.id,
            region_code=kept.region_code,
            doubtful=bool(doubts),
            due_at=due_at,
        ),
    )
    return kept


def _point(report: NewPublicReport) -> Place | None:
    return Place(lon=report.location.lon, lat=report.location.lat) if report.location else None


def _region(report: NewPublicReport, *, now: datetime) -> str:
    """As stated, else where the point lies, else the whole city: a desk then says where."""
    point = _point(report)
    if report.region_code is None and point is not None:
        return placing.placing(point, on=calendar.day_of(now)).region_code
    return report.region_code or city.current().code


def _kept(
    report: NewPublicReport,
    *,
    doubts: tuple[rules.Doubt, ...],
    words: bytes,
    due_at: datetime,
    now: datetime,
) -> PublicReport:
    return PublicReport(
        region_code=_region(report, now=now),
        id=report.public_report_id,
        version=1,
        status=str(Status.TO_CHECK if doubts else Status.AWAITING),
        doubts=[str(doubt) for doubt in doubts],
        text=report.text,
        name=report.name,
        phone=report.phone,
        follow=_index(follow_code(report.public_report_id)),
        words=words,
        enterprise_name=report.enterprise_name,
        place=report.place,
        lon=report.location.lon if report.location else None,
        lat=report.location.lat if report.location else None,
        deaths=report.deaths,
        missing=report.missing,
        injured=report.injured,
        trapped=report.trapped,
        seen_at=report.seen_at,
        received_at=now,
        due_at=due_at,
    )


async def open_accident(
    session: AsyncSession,
    *,
    report_id: UUID,
    report: NewReport,
    by: Principal,
    now: datetime,
    chinese: bool,
) -> Receipt:
    """A desk found it true: an accident is opened, on clocks that run from the first word."""
    found = await _decide(session, report_id, Action.OPEN, by=by, now=now)
    found.accident_id = report.report_id
    received_at = found.received_at
    await session.flush()
    return await acceptance.accept(
        session, report=report, by=by, received_at=received_at, now=now, chinese=chinese
    )


async def join(
    session: AsyncSession, *, report_id: UUID, accident_id: UUID, by: Principal, now: datetime
) -> PublicReport:
    """A desk found that it tells of an accident that is known already."""
    found = await _decide(session, report_id, Action.JOIN, by=by, now=now)
    accident = await accidents.standing(session, accident_id)
    POLICIES.require(by, Act.CHECK_PUBLIC, on=accident, seen_by=Act.READ)
    found.accident_id = accident.id
    return found


async def dismiss(
    session: AsyncSession, *, report_id: UUID, reason: str, by: Principal, now: datetime
) -> PublicReport:
    """A desk found that it is no accident; why stays beside it and is told its reporter."""
    found = await _decide(session, report_id, Action.DISMISS, by=by, now=now)
    found.reason = reason
    return found


async def _decide(
    session: AsyncSession, report_id: UUID, action: Action, *, by: Principal, now: datetime
) -> PublicReport:
    found = await queries.get(session, report_id, lock=True)
    POLICIES.require(by, Act.CHECK_PUBLIC, on=found, seen_by=Act.CHECK_PUBLIC)
    found.status = str(domain.after(found.stands, action))
    found.version += 1
    found.decided_at, found.decided_by, found.unit = now, by.subject, by.unit
    await timers.cancel(session, kind=CHECK_DUE, entity_id=str(found.id), now=now)
    audit.note(session, by=by, act=f"public_report.{action}", entity=ENTITY, entity_id=found.id)
    return found


async def open_reporter(session: AsyncSession, *, report_id: UUID, by: Principal) -> PublicReport:
    """Show who reported to a desk of the place; that it looked stays on record."""
    found = await queries.get(session, report_id)
    POLICIES.require(by, Act.SEE_CALLER, on=found, seen_by=Act.SEE_CALLER)
    audit.note(session, by=by, act=Act.SEE_CALLER, entity=ENTITY, entity_id=found.id)
    return found


async def mark_overdue(session: AsyncSession, *, report_id: UUID, now: datetime) -> None:
    """No desk has looked in time: the chain of the place is alarmed."""
    found = await queries.get(session, report_id, lock=True)
    if found.stands not in WAITING:
        return
    found.overdue_at = found.overdue_at or now
    publish(
        session,
        PublicReportOverdue(
            occurred_at=now,
            public_report_id=found.id,
            region_code=found.region_code,
            due_at=found.due_at,
        ),
    )
