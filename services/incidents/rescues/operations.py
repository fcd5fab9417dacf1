"""Beginning and ending rescues, and turning their days."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import FollowUpMissed, RescueEnded
from kernel import audit, calendar, timers
from kernel.access import SYSTEM, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference.terms import Grade
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.rescues import domain, queries, rules
from services.incidents.rescues.domain import DayAction, DayStatus, RescueAction, RescueStatus
from services.incidents.rescues.rules import Owed
from services.incidents.rescues.tables import FollowUpDay, Rescue, RescueStep

FOLLOW_UP_DUE = "follow_up_due"


async def begin(session: AsyncSession, *, accident_id: UUID) -> None:
    """A rescue begins with the first report, once; from the next day on follow-ups are owed."""
    accident = await accident_queries.get(session, accident_id)
    if await queries.find(session, accident_id, lock=True) is not None:
        return
    rescue = Rescue(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        status=str(RescueStatus.ONGOING),
        unit=accident.receiving_unit,
        began_at=accident.received_at,
    )
    session.add(rescue)
    await _open_day(session, rescue, rules.first_day(known_at=rescue.began_at))


async def _open_day(session: AsyncSession, rescue: Rescue, day: date) -> FollowUpDay:
    versions = await accident_queries.grades(session, rescue.accident_id)
    grades = [(version.decided_at, Grade(version.grade)) for version in versions]
    grade = rules.grade_of_day(day, grades=grades)
    row = _day(rescue, rules.owed(day, grade=grade), grade)
    session.add(row)
    clock = timers.new(kind=FOLLOW_UP_DUE, entity_id=str(row.id), due_at=row.due_at, rule=row.rule)
    timers.begin(session, clock)
    return row


def _day(rescue: Rescue, owed: Owed, grade: Grade) -> FollowUpDay:
    return FollowUpDay(
        region_code=rescue.region_code,
        enterprise_uscc=rescue.enterprise_uscc,
        id=uuid7(),
        accident_id=rescue.accident_id,
        day=owed.day,
        unit=rescue.unit,
        grade=str(grade),
        needed=owed.needed,
        received=0,
        due_at=owed.due_at,
        rule=owed.rule,
        status=str(DayStatus.OPEN),
    )


async def count(session: AsyncSession, *, accident_id: UUID, received_at: datetime) -> None:
    """A report came in: its day may have what it needs, be it over or not."""
    rescue = await queries.find(session, accident_id, lock=True)
    if rescue is None:
        return
    day = await queries.day(session, accident_id, calendar.day_of(received_at))
    if day is not None:
        await _judge(session, day, over=False)


async def turn(session: AsyncSession, *, day_id: UUID, now: datetime) -> None:
    """A day of a rescue is over: it is judged, and the next one opens while the rescue goes on."""
    day = await session.get_one(FollowUpDay, day_id)
    rescue = await queries.get(session, day.accident_id, lock=True)
    await session.refresh(day)
    await _turn(session, rescue, day, now)


async def _turn(
    session: AsyncSession, rescue: Rescue, day: FollowUpDay, now: datetime
) -> FollowUpDay | None:
    await _judge(session, day, over=True)
    if day.stands is DayStatus.MISSED and day.missed_at is None:
        day.missed_at = now
        publish(session, _missed(day, now))
    following = day.day + timedelta(days=1)
    if rescue.stands is RescueStatus.ENDED or await queries.day(
        session, day.accident_id, following
    ):
        return None
    return await _open_day(session, rescue, following)


async def _judge(session: AsyncSession, day: FollowUpDay, *, over: bool) -> None:
    day.received = await queries.received_between(
        session, day.accident_id, start=rules.begins_at(day.day), end=day.due_at
    )
    stands = domain.judged(day.stands, received=day.received, needed=day.needed, over=over)
    day.status = str(stands)


def _missed(day: FollowUpDay, now: datetime) -> FollowUpMissed:
    return FollowUpMissed(
        occurred_at=now,
        accident_id=day.accident_id,
        region_code=day.region_code,
        enterprise_uscc=day.enterprise_uscc,
        day=day.day,
        unit=day.unit,
        due_at=day.due_at,
        needed=day.needed,
        received=day.received,
        grade=Grade(day.grade),
    )


async def end(
    session: AsyncSession, *, accident_id: UUID, reason: str, by: Principal, now: datetime
) -> Rescue:
    """The rescue has ended: the rest of the day and what comes after it need no follow-up.

    Days that are over by then are judged first, however late the timers are.
    """
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.END_RESCUE, on=accident, seen_by=Act.READ)
    rescue = await queries.get(session, accident_id, lock=True)
    await declare_ended(session, accident, rescue, reason, by=by, now=now)
    return rescue


async def end_with_merger(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """The accident goes on as another one, whose rescue its follow-ups are about from now on."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    rescue = await queries.find(session, accident_id, lock=True)
    if rescue is not None and rescue.stands is RescueStatus.ONGOING:
        await declare_ended(session, accident, rescue, domain.MERGED, by=SYSTEM, now=now)


async def declare_ended(
    session: AsyncSession,
    accident: Accident,
    rescue: Rescue,
    reason: str,
    *,
    by: Principal,
    now: datetime,
    report_id: UUID | None = None,
) -> None:
    """End a rescue that goes on, once the caller may: judge, lift, note and tell."""
    status = domain.after(rescue.stands, RescueAction.END)
    day = await queries.latest_day(session, accident.id)
    while day is not None and day.due_at <= now:
        day = await _turn(session, rescue, day, now)
    if day is not None:
        await _lift(session, day, now)
    rescue.status, rescue.ended_at = str(status), now
    _note(session, accident, RescueAction.END, reason, by=by, now=now, report_id=report_id)
    publish(
        session,
        RescueEnded(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            ended_at=now,
        ),
    )


async def _lift(session: AsyncSession, day: FollowUpDay, now: datetime) -> None:
    await _judge(session, day, over=False)
    day.status = str(domain.DAY_TRANSITIONS.get((day.stands, DayAction.LIFT), day.stands))
    await timers.cancel(session, kind=FOLLOW_UP_DUE, entity_id=str(day.id), now=now)


async def resume(
    session: AsyncSession, *, accident_id: UUID, reason: str, by: Principal, now: datetime
) -> Rescue:
    """The rescue goes on after all; follow-ups are owed again from the next day on."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.END_RESCUE, on=accident, seen_by=Act.READ)
    rescue = await queries.get(session, accident_id, lock=True)
    await declare_resumed(session, accident, rescue, reason, by=by, now=now)
    return rescue


async def declare_resumed(
    session: AsyncSession,
    accident: Accident,
    rescue: Rescue,
    reason: str,
    *,
    by: Principal,
    now: datetime,
    report_id: UUID | None = None,
) -> None:
    """Let a rescue that has ended go on, once the caller may."""
    rescue.status = str(domain.after(rescue.stands, RescueAction.RESUME))
    rescue.ended_at = None
    await _open_again(session, rescue, rules.first_day(known_at=now))
    _note(session, accident, RescueAction.RESUME, reason, by=by, now=now, report_id=report_id)


async def _open_again(session: AsyncSession, rescue: Rescue, on: date) -> None:
    """Open a day, or one that was lifted, with a further generation of its clock."""
    day = await queries.day(session, rescue.accident_id, on)
    if day is None:
        await _open_day(session, rescue, on)
        return
    day.status = str(domain.DAY_TRANSITIONS[day.stands, DayAction.REOPEN])
    await timers.arm(
        session,
        kind=FOLLOW_UP_DUE,
        entity_id=str(day.id),
        due_at=day.due_at,
        rule=day.rule,
        reason="the rescue goes on",
    )


def _note(
    session: AsyncSession,
    accident: Accident,
    action: RescueAction,
    reason: str,
    *,
    by: Principal,
    now: datetime,
    report_id: UUID | None,
) -> None:
    session.add(
        RescueStep(
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            id=uuid7(),
            accident_id=accident.id,
            action=str(action),
            at=now,
            by=by.subject,
            unit=by.unit,
            reason=reason,
            report_id=report_id,
        )
    )
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=f"rescue.{action}", entity="rescue", entity_id=accident.id)
