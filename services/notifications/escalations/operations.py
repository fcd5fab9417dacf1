"""Raises alarms, climbs their chains, and stops when somebody answers.

Whoever answers and whoever climbs takes the alarm's row lock first, so one of them wins. An
answer never waits for a timer that is just firing: it leaves that one alone, and the timer
finds the alarm answered. So the two cannot lock each other up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.notifications import AlarmAcknowledged, AlarmExhausted
from kernel import at_commit, timers
from kernel.access import Principal
from kernel.calendar import day_of
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.timers import Timer
from reference import routing as pack
from services.notifications.directory import queries as directory
from services.notifications.escalations import domain
from services.notifications.escalations.domain import AlarmStatus, Move
from services.notifications.escalations.tables import Alarm
from services.notifications.messages import operations as messages
from services.notifications.messages.operations import Call, Cause
from services.notifications.messages.tables import Message
from services.notifications.routing import domain_steps as routing
from services.notifications.routing.domain import Chain
from services.notifications.routing.domain_steps import PlannedStep
from services.notifications.wording import domain as wording
from services.notifications.wording.domain import Words
from services.notifications.wording.domain_labels import Said

log = structlog.get_logger(__name__)

STEP = "alarm-step"
"""The timer that opens an alarm's next step."""


async def raise_alarm(
    session: AsyncSession, *, cause: Cause, words: Words, chain: Chain, now: datetime
) -> UUID:
    """Open an alarm and call its first step."""
    everybody = [code for step in chain.steps for code in step.to] + [pack.dead_end()]
    message_id = messages.write(session, cause=cause, words=words, to=everybody)
    recipients = [routing.recipient(code) for code in everybody]
    alarm = Alarm(
        alarm_id=uuid7(),
        event_id=cause.event_id,
        message_id=message_id,
        route=chain.route,
        kind=cause.kind,
        origin=cause.origin,
        region_code=cause.region_code,
        enterprise_uscc=next((to.uscc for to in recipients if to.uscc), None),
        units=sorted({to.unit for to in recipients if to.unit}),
        grade=cause.grade,
        everyone=chain.everyone,
        chain=[asdict(step) for step in chain.steps],
        called=[],
        answered=[],
        status=AlarmStatus.OPEN,
        told_at=cause.told_at,
    )
    await _open_next(session, alarm, cause, now, words=words)
    at_commit.store(session, alarm)  # only now: written once, with its first step
    return alarm.alarm_id


async def climb(session: AsyncSession, *, alarm_id: UUID, opened: int, now: datetime) -> None:
    """Call the next step, unless the alarm was answered or has climbed already."""
    alarm = await session.get_one(Alarm, alarm_id, with_for_update=True)
    if alarm.status != AlarmStatus.OPEN or len(alarm.called) != opened:
        return
    late = await _heirs_of_the_called(session, alarm, now)
    await _open_next(session, alarm, _cause(alarm), now, late=late)


async def _heirs_of_the_called(session: AsyncSession, alarm: Alarm, now: datetime) -> Sequence[str]:
    """Who follows those who were called and are no more: nobody there can answer."""
    called = _called(alarm)
    planned = [code for step in alarm.chain for code in step["to"]]
    heirs = await directory.heirs(session, codes={*called, *planned}, on=day_of(now))
    return [heirs[code] for code in called if code in heirs]


def _called(alarm: Alarm) -> Sequence[str]:
    return [code for step in alarm.called for code in step]


def _cause(alarm: Alarm) -> Cause:
    return Cause(
        event_id=alarm.event_id,
        kind=alarm.kind,
        origin=alarm.origin,
        region_code=alarm.region_code,
        grade=alarm.grade,
        told_at=alarm.told_at,
    )


async def _open_next(
    session: AsyncSession,
    alarm: Alarm,
    cause: Cause,
    now: datetime,
    *,
    words: Words | None = None,
    late: Sequence[str] = (),
) -> None:
    """Call the next step that has anybody in it; steps without anybody are recorded and passed.

    `words` are the message's, where it is not stored yet; `late` is who is called with the step.
    """
    for number in range(len(alarm.called), len(alarm.chain)):
        step = PlannedStep(**alarm.chain[number])
        due_at = now + timedelta(minutes=step.minutes)
        call = Call(
            to=(*step.to, *late),
            told=_called(alarm),
            placeless=step.placeless,
            channels=step.channels,
            alarm_id=alarm.alarm_id,
            step=number,
            acknowledge_by=due_at,
        )
        reached = await messages.deliver(
            session, message_id=alarm.message_id, cause=cause, call=call, now=now
        )
        alarm.called = [*alarm.called, list(reached)]
        if reached:
            await _show(session, alarm, to=reached)
            _wait_for_answer(session, alarm, due_at)
            return
    words = words or _words(await session.get_one(Message, alarm.message_id))
    await _call_the_dead_end(session, alarm, cause, now, words=words)


async def _show(session: AsyncSession, alarm: Alarm, *, to: Sequence[str]) -> None:
    """Open alarm and message to heirs that nobody knew of when they were written."""
    if _add_units(alarm, to):
        message = await session.get_one(Message, alarm.message_id)
        message.units = alarm.units


def _add_units(alarm: Alarm, codes: Iterable[str]) -> bool:
    """Whether any unit among the codes is new to the alarm."""
    units = {unit for code in codes if (unit := routing.recipient(code).unit)}
    if units <= set(alarm.units):
        return False
    alarm.units = sorted(units.union(alarm.units))
    return True


def _wait_for_answer(session: AsyncSession, alarm: Alarm, due_at: datetime) -> None:
    """One timer a step; its generation is the number of steps opened so far."""
    opened = len(alarm.called)
    rule = f"{alarm.route}#{opened}"
    timer = timers.new(
        kind=STEP, entity_id=str(alarm.alarm_id), due_at=due_at, rule=rule, generation=opened
    )
    timers.begin(session, timer)


async def _call_the_dead_end(
    session: AsyncSession, alarm: Alarm, cause: Cause, now: datetime, *, words: Words
) -> None:
    """Nobody is left: the desk that never sleeps gets it, and the silence is told of."""
    desk = pack.dead_end()
    heirs = await directory.heirs(session, codes=[desk], on=day_of(now))
    desk = heirs.get(desk, desk)
    _add_units(alarm, [desk])
    silence = wording.unanswered(words, minutes=_last_wait(alarm))
    message_id = messages.write(session, cause=cause, words=silence, to=[desk])
    call = Call(to=[desk], certain=True, alarm_id=alarm.alarm_id, step=len(alarm.called))
    await messages.deliver(session, message_id=message_id, cause=cause, call=call, now=now)
    alarm.called = [*alarm.called, [desk]]
    alarm.status = domain.TRANSITIONS[AlarmStatus(alarm.status), Move.EXHAUST]
    log.error("alarm.exhausted", alarm=str(alarm.alarm_id), route=alarm.route)
    publish(
        session,
        AlarmExhausted(
            occurred_at=now,
            alarm_id=alarm.alarm_id,
            origin=alarm.origin,
            dead_end_unit=routing.recipient(desk).unit or desk,
        ),
    )


def _words(message: Message) -> Words:
    return Words(
        subject=Said(message.subject_zh, message.subject_en),
        body=Said(message.body_zh, message.body_en),
    )


def _last_wait(alarm: Alarm) -> int:
    return int(alarm.chain[-1]["minutes"]) if alarm.chain else 0


async def answer(
    session: AsyncSession,
    *,
    alarm_id: UUID,
    recipient: str,
    step: int,
    by: Principal,
    now: datetime,
) -> None:
    """Take one recipient's acknowledgement; stop climbing when that is enough."""
    alarm = await session.get_one(Alarm, alarm_id, with_for_update=True)
    alarm.answered = [*alarm.answered, recipient]
    publish(
        session,
        AlarmAcknowledged(
            occurred_at=now,
            alarm_id=alarm.alarm_id,
            origin=alarm.origin,
            unit=by.unit or routing.recipient(recipient).unit or recipient,
            step=step,
            acknowledged_at=now,
        ),
    )
    if alarm.status == AlarmStatus.ANSWERED or not domain.is_answered(
        everyone=alarm.everyone, called=alarm.called, answered=alarm.answered
    ):
        return
    alarm.status = domain.TRANSITIONS[AlarmStatus(alarm.status), Move.ANSWER]
    alarm.closed_at = now
    await _stop_climbing(session, alarm_id, now)


async def _stop_climbing(session: AsyncSession, alarm_id: UUID, now: datetime) -> None:
    pending = (
        select(Timer)
        .where(
            Timer.kind == STEP,
            Timer.entity_id == str(alarm_id),
            Timer.fired_at.is_(None),
            Timer.cancelled_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
    for timer in await session.scalars(pending):
        timer.cancelled_at = now


async def raise_alarms(
    session: AsyncSession, *, cause: Cause, words: Words, chains: Sequence[Chain], now: datetime
) -> None:
    """Open an alarm for each chain."""
    for chain in chains:
        await raise_alarm(session, cause=cause, words=words, chain=chain, now=now)
