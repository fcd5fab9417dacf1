"""Deadlines fire late but never not, once in effect, and by the clock they are given."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import timers
from kernel.access import SYSTEM
from kernel.db import Database, unit_of_work
from kernel.timers import Timer, TimerWorker, when
from tests.eventually import eventually
from tests.kernel.probe import NOON

HOUR = timedelta(hours=1)


async def mark(session: AsyncSession, timer: Timer, now: object) -> None:
    await session.execute(
        text("INSERT INTO effect (number) VALUES (:generation)"), {"generation": timer.generation}
    )


KINDS = (when("reply_due", mark),)


async def arm(database: Database, *, due_at: object, entity: str = "a", **more: object) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        await timers.arm(
            session, kind="reply_due", entity_id=entity, due_at=due_at, rule="test 1", **more
        )


async def marks(database: Database) -> list[int]:
    async with unit_of_work(database, SYSTEM) as session:
        return list(await session.scalars(text("SELECT number FROM effect ORDER BY n")))


async def test_a_timer_fires_at_its_instant_and_not_a_moment_before(publisher: Database) -> None:
    await arm(publisher, due_at=NOON)
    worker = TimerWorker(publisher, KINDS)

    assert not await worker.fire_next(NOON - timedelta(microseconds=1))
    assert await worker.fire_next(NOON)
    assert not await worker.fire_next(NOON + HOUR)
    assert await marks(publisher) == [1]


async def test_after_a_long_sleep_every_due_timer_fires_once_and_in_order(
    publisher: Database,
) -> None:
    for hours in (3, 1, 2):
        await arm(publisher, due_at=NOON + hours * HOUR, entity=f"e{hours}")
    workers = [TimerWorker(publisher, KINDS) for _ in range(3)]
    late = NOON + timedelta(days=400)

    fired = await asyncio.gather(*(worker.fire_next(late) for worker in workers))
    fired += [await workers[0].fire_next(late)]

    assert fired == [True, True, True, False]
    async with unit_of_work(publisher, SYSTEM) as session:
        lateness = list(await session.scalars(select(Timer.fired_at)))
    assert lateness == [late] * 3


async def test_a_postponement_is_a_new_generation_and_the_old_due_instant_stays(
    publisher: Database,
) -> None:
    await arm(publisher, due_at=NOON)
    await arm(publisher, due_at=NOON + HOUR, reason="extended by the city government")
    worker = TimerWorker(publisher, KINDS)

    assert not await worker.fire_next(NOON)
    assert await worker.fire_next(NOON + HOUR)
    assert await marks(publisher) == [2]
    async with unit_of_work(publisher, SYSTEM) as session:
        first, second = await session.scalars(select(Timer).order_by(Timer.generation))
        assert first.due_at == NOON
        assert first.cancelled_at is not None
        assert second.reason == "extended by the city government"


async def test_a_met_deadline_does_not_fire(publisher: Database) -> None:
    await arm(publisher, due_at=NOON)
    async with unit_of_work(publisher, SYSTEM) as session:
        await timers.cancel(session, kind="reply_due", entity_id="a", now=NOON)

    assert not await TimerWorker(publisher, KINDS).fire_next(NOON + HOUR)


async def test_a_failing_effect_is_tried_again_and_does_not_hold_up_the_others(
    publisher: Database,
) -> None:
    failing = True

    async def fail_for_a(session: AsyncSession, timer: Timer, now: object) -> None:
        if failing and timer.entity_id == "a":
            await mark(session, timer, now)
            raise ValueError("not yet")
        await mark(session, timer, now)

    worker = TimerWorker(publisher, (when("reply_due", fail_for_a),))
    await arm(publisher, due_at=NOON, entity="a")
    await arm(publisher, due_at=NOON + timedelta(seconds=1), entity="b")

    assert await worker.fire_next(NOON + HOUR)  # a fails, its effect is undone
    assert await worker.fire_next(NOON + HOUR)  # b
    assert await marks(publisher) == [1]
    failing = False
    assert await worker.fire_next(NOON + HOUR + timedelta(seconds=2))
    assert await marks(publisher) == [1, 1]


async def test_planted_marking_outside_the_transaction_of_the_effect_loses_a_deadline(
    publisher: Database,
) -> None:
    """What happens to a worker that marks first and works later, when it dies in between."""
    await arm(publisher, due_at=NOON)
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("UPDATE timer SET fired_at = :now"), {"now": NOON})

    assert not await TimerWorker(publisher, KINDS).fire_next(NOON + HOUR)
    assert await marks(publisher) == []


async def test_an_effect_that_dies_with_its_worker_is_done_by_the_next_one(
    publisher: Database,
) -> None:
    async def die(session: AsyncSession, timer: Timer, now: object) -> None:
        await mark(session, timer, now)
        raise asyncio.CancelledError

    await arm(publisher, due_at=NOON)
    with pytest.raises(asyncio.CancelledError):
        await TimerWorker(publisher, (when("reply_due", die),)).fire_next(NOON)

    assert await marks(publisher) == []
    assert await TimerWorker(publisher, KINDS).fire_next(NOON)
    assert await marks(publisher) == [1]


async def test_whoever_waits_finds_what_another_process_set_and_what_falls_due_meanwhile(
    publisher: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOON
    monkeypatch.setattr("kernel.clock.now", lambda: now)
    elsewhere = replace(publisher, timers_nudge=asyncio.Event())
    work = asyncio.create_task(TimerWorker(publisher, KINDS).run())
    try:
        await arm(elsewhere, due_at=NOON, entity="due")
        await arm(elsewhere, due_at=NOON + HOUR, entity="later")
        await eventually(lambda: marked(publisher, 1))
        now = NOON + HOUR
        await eventually(lambda: marked(publisher, 2))
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def marked(database: Database, times: int) -> bool:
    return len(await marks(database)) == times


async def test_meeting_a_deadline_while_it_fires_waits_for_nobody(publisher: Database) -> None:
    firing, met = asyncio.Event(), asyncio.Event()

    async def wait_for_the_meeting(session: AsyncSession, timer: Timer, now: object) -> None:
        firing.set()
        await met.wait()

    await arm(publisher, due_at=NOON)
    worker = TimerWorker(publisher, (when("reply_due", wait_for_the_meeting),))
    fired = asyncio.create_task(worker.fire_next(NOON))
    await firing.wait()
    async with asyncio.timeout(2), unit_of_work(publisher, SYSTEM) as session:
        await timers.cancel(session, kind="reply_due", entity_id="a", now=NOON)
    met.set()

    assert await fired


async def test_of_several_who_set_a_first_deadline_at_once_one_stands(publisher: Database) -> None:
    async def set_it() -> None:
        async with unit_of_work(publisher, SYSTEM) as session:
            one = timers.new(kind="reply_due", entity_id="a", due_at=NOON, rule="test 1")
            timers.arm_once(session, one)

    await asyncio.gather(*(set_it() for _ in range(4)))

    assert await TimerWorker(publisher, KINDS).fire_next(NOON)
    assert not await TimerWorker(publisher, KINDS).fire_next(NOON)
    assert await marks(publisher) == [1]


async def test_first_deadlines_are_set_at_the_end_and_found_before_it(publisher: Database) -> None:
    """What the same transaction calls off, postpones or asks for stands in the table by then."""
    first = {name: timers.new(kind="k", entity_id=name, due_at=NOON, rule="r") for name in "abc"}
    async with unit_of_work(publisher, SYSTEM) as session:
        timers.begin(session, *first.values())
        await timers.cancel(session, kind="k", entity_id="a", now=NOON)
    async with unit_of_work(publisher, SYSTEM) as session:
        timers.begin(session, timers.new(kind="k", entity_id="d", due_at=NOON, rule="r"))
        later = await timers.arm(session, kind="k", entity_id="d", due_at=NOON + HOUR, rule="r")
        assert later.generation == 2
    async with unit_of_work(publisher, SYSTEM) as session:
        timers.begin(session, timers.new(kind="k", entity_id="e", due_at=NOON, rule="r"))
        assert await timers.latest(session, kind="k", entity_id="e") is not None
        rows = (await session.scalars(select(timers.Timer).order_by(timers.Timer.entity_id))).all()

    ended = [(row.entity_id, row.cancelled_at is not None) for row in rows]
    assert ended == [
        ("a", True),
        ("b", False),
        ("c", False),
        ("d", True),
        ("d", False),
        ("e", False),
    ]


async def set_in_vain(database: Database) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        timers.begin(session, timers.new(kind="k", entity_id="a", due_at=NOON, rule="r"))
        raise RuntimeError


async def test_a_deadline_of_what_was_rolled_back_is_not_set(publisher: Database) -> None:
    with pytest.raises(RuntimeError):
        await set_in_vain(publisher)

    assert not await TimerWorker(publisher, (when("k", mark),)).fire_next(NOON)
