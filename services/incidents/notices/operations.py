"""Opening the notices that a desk owes, receipting them, and finding one that was not given."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import NoticeOverdue
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import units
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.notices import domain, queries, rules
from services.incidents.notices.domain import NoticeAction, NoticeStatus
from services.incidents.notices.rules import Addressee
from services.incidents.notices.tables import Notice
from services.incidents.policies import POLICIES, Act

NOTICE_DUE = "notice_due"


async def open_notices(
    session: AsyncSession, *, accident_id: UUID, desk: str, received_at: datetime
) -> None:
    """A desk that has a report owes its notices; a body that is told already is left alone.

    Of an accident that was merged meanwhile nobody is told under this id.
    """
    accident = await accident_queries.get(session, accident_id, lock=True)
    if accident.merged_into is not None:
        return
    wanted = rules.addressees(
        desk=units.unit(desk, on=calendar.day_of(received_at)), received_at=received_at
    )
    standing = {notice.to_unit for notice in await queries.of_accident(session, accident_id)}
    fresh = [
        _notice(accident, body, desk=desk, at=received_at)
        for body in wanted
        if body.unit not in standing
    ]
    session.add_all(fresh)
    timers.begin(session, *(_clock(notice) for notice in fresh))


def _clock(notice: Notice) -> timers.Timer:
    return timers.new(
        kind=NOTICE_DUE, entity_id=str(notice.id), due_at=notice.due_at, rule=notice.rule
    )


def _notice(accident: Accident, body: Addressee, *, desk: str, at: datetime) -> Notice:
    return Notice(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        body=body.code,
        from_unit=desk,
        to_unit=body.unit,
        status=str(NoticeStatus.OWED),
        opened_at=at,
        due_at=body.due_at,
        rule=body.rule,
        late=False,
    )


async def tell(
    session: AsyncSession, *, notice_id: UUID, receipt: str, by: Principal, now: datetime
) -> Notice:
    """The desk has told the body; late or not, the receipt is kept once."""
    notice = await queries.get(session, notice_id)
    POLICIES.require(by, Act.NOTIFY, on=notice, seen_by=Act.READ)
    accident, notice = await _locked(session, notice)
    notice.status = str(domain.after(notice.stands, NoticeAction.TELL))
    notice.told_at, notice.told_by, notice.receipt = now, by.subject, receipt
    notice.late = now > notice.due_at
    await timers.cancel(session, kind=NOTICE_DUE, entity_id=str(notice.id), now=now)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.NOTIFY, entity="notice", entity_id=notice.id)
    return notice


async def _locked(session: AsyncSession, notice: Notice) -> tuple[Accident, Notice]:
    """The accident first, as whoever merges it does: the other way round they would meet."""
    accident = await accident_queries.get(session, notice.accident_id, lock=True)
    return accident, await queries.get(session, notice.id, lock=True)


async def close(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Nobody has to give an accident's open notices any more; the receipts there are stay."""
    for notice in await queries.of_accident(session, accident_id, lock=True):
        if notice.stands is NoticeStatus.OWED:
            notice.status = str(domain.after(notice.stands, NoticeAction.CLOSE))
            notice.closed_at = now
            await timers.cancel(session, kind=NOTICE_DUE, entity_id=str(notice.id), now=now)


async def mark_overdue(session: AsyncSession, *, notice_id: UUID, now: datetime) -> None:
    """A notice's time is up. If it was not given, the desk that owes it is alarmed.

    Most are due at the same instant: the desk is alarmed once for all that it owes by now.
    """
    accident, notice = await _locked(session, await queries.get(session, notice_id))
    if notice.stands is not NoticeStatus.OWED or notice.overdue_at is not None:
        return
    further = [
        other
        for other in await queries.of_accident(session, accident.id, lock=True)
        if other.id != notice.id and _is_missed(other, desk=notice.from_unit, now=now)
    ]
    for missed in (notice, *further):
        missed.overdue_at = now
    accidents.record_change(session, accident=accident, now=now)
    publish(session, _overdue(accident, notice, further, now=now))


def _is_missed(notice: Notice, *, desk: str, now: datetime) -> bool:
    """Whether a desk owes a notice whose time is up, and nobody has said so yet."""
    owed = notice.stands is NoticeStatus.OWED and notice.from_unit == desk
    return owed and notice.overdue_at is None and notice.due_at <= now


def _overdue(
    accident: Accident, notice: Notice, further: Sequence[Notice], *, now: datetime
) -> NoticeOverdue:
    return NoticeOverdue(
        occurred_at=now,
        accident_id=notice.accident_id,
        region_code=notice.region_code,
        enterprise_uscc=notice.enterprise_uscc,
        notice_id=notice.id,
        body=notice.body,
        from_unit=notice.from_unit,
        to_unit=notice.to_unit,
        due_at=notice.due_at,
        grade=accident.current_grade,
        further_units=tuple(other.to_unit for other in further),
    )
