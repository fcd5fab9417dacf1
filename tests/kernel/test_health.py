"""A process is ready while its database, its broker and its relay are; each is named.

What it tells of itself in figures is what is there.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import consumer as consuming
from kernel import health, inbox, timers
from kernel.access import SYSTEM
from kernel.broker import Broker, ensure_stream
from kernel.db import Database, connect, unit_of_work
from kernel.health import Health
from kernel.ids import uuid7
from kernel.relay import Relay
from kernel.telemetry import REGISTRY
from kernel.timers import Timer, TimerWorker, when
from tests.eventually import eventually
from tests.kernel import probe
from tests.kernel.test_delivery import at_work, listening_on


async def state(database: Database, broker: Broker) -> tuple[bool, bool, bool, bool]:
    told = await Health(database=database, broker=broker).state()
    return told["ready"], told["database"], told["broker"], told["relay"]


async def test_it_is_ready_when_nothing_waits(publisher: Database, broker: Broker) -> None:
    assert await state(publisher, broker) == (True, True, True, True)


async def test_without_a_broker_it_is_not_ready(publisher: Database) -> None:
    absent = Broker("nats://127.0.0.1:1", name="test")

    assert await state(publisher, absent) == (False, True, False, True)


async def test_without_a_database_it_is_not_ready(broker: Broker) -> None:
    away = connect("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")

    assert await state(away, broker) == (False, False, True, False)
    await away.close()


async def test_a_fact_that_waits_too_long_makes_it_unready(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await probe.tell(publisher, fact())
    assert await state(publisher, broker) == (True, True, True, True)

    monkeypatch.setattr(health, "LAG_ALLOWED_S", 0.0)

    assert await state(publisher, broker) == (False, True, True, False)


async def test_what_is_told_again_keeps_nobody_out_of_service(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a loss of the broker two weeks of facts are queued once more: old, and not late."""
    await probe.tell(publisher, fact())
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("UPDATE outbox SET again = true"))
    monkeypatch.setattr(health, "LAG_ALLOWED_S", 1e-6)

    assert await state(publisher, broker) == (True, True, True, True)
    told = await Health(database=publisher, broker=broker).state()
    assert told["untold"] == 1


def fact() -> probe.ThingMade:
    return probe.ThingMade(occurred_at=probe.NOON, thing_id=uuid7())


def figure(name: str, **labels: str) -> float:
    """What a scrape would read."""
    return REGISTRY.get_sample_value(f"anlian_{name}", labels) or 0.0


@asynccontextmanager
async def measured(
    database: Database, broker: Broker, publishers: Sequence[str] = ()
) -> AsyncIterator[None]:
    """The gauges are kept true for the block."""
    task = asyncio.create_task(
        health.measure(database, broker, service="listener", publishers=publishers)
    )
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MEASURE_S", 0.02)


@pytest.mark.usefixtures("often")
async def test_the_gauges_tell_how_much_waits_to_leave_and_since_when(
    publisher: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    await ensure_stream(stream, service=probe.SERVICE, replicas=1)
    await probe.tell(publisher, fact(), fact())
    await one_that_waits_for(publisher, minutes=5)
    async with measured(publisher, broker):
        await eventually(lambda: figure("outbox_depth") == 3)
        await eventually(lambda: 300 <= figure("relay_lag_seconds") < 360)

        while (await Relay(publisher, broker, service=probe.SERVICE).send(stream)).facts:
            pass
        await eventually(lambda: figure("outbox_depth") == 0)
        await eventually(lambda: figure("relay_lag_seconds") == 0)


async def one_that_waits_for(database: Database, *, minutes: int) -> None:
    """A fact that was told some time ago and has not left."""
    told = {"id": uuid7(), "at": probe.NOON, "minutes": minutes}
    async with unit_of_work(database, SYSTEM) as session:
        await session.execute(
            text(
                "INSERT INTO event_log"
                " (event_id, subject, aggregate_id, version, occurred_at, recorded_at, data)"
                " VALUES (:id, 'probe.thing.made.v1', 'a', 1, :at,"
                " clock_timestamp() - make_interval(mins => :minutes), '{}')"
            ),
            told,
        )
        await session.execute(
            text("INSERT INTO outbox (partition, event_id) VALUES (0, :id)"), {"id": told["id"]}
        )


@pytest.mark.usefixtures("often")
async def test_the_gauges_tell_how_much_of_whom_waits_to_be_handled_here(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    await ensure_stream(stream, service=probe.SERVICE, replicas=1)
    waiting = ConsumerConfig(durable_name="listener", ack_policy=AckPolicy.EXPLICIT)
    await stream.add_consumer("PROBE", waiting)
    await probe.tell(publisher, fact(), fact())
    relay = Relay(publisher, broker, service=probe.SERVICE)
    while (await relay.send(stream)).facts:
        pass
    async with measured(listener, broker, ["absent", probe.SERVICE]):
        await eventually(lambda: figure("consumer_lag", publisher=probe.SERVICE) == 2)
        assert REGISTRY.get_sample_value("anlian_consumer_lag", {"publisher": "absent"}) is None

        taking = await stream.pull_subscribe_bind("listener", "PROBE")
        for message in await taking.fetch(2, timeout=5):
            await message.ack_sync()
        await eventually(lambda: figure("consumer_lag", publisher=probe.SERVICE) == 0)


async def test_a_fact_that_is_set_aside_is_counted_once_however_often_it_was_tried(
    publisher: Database, listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "_BACKOFF_S", (0.01,))
    tried = 0

    async def fail(session: AsyncSession, event: probe.ThingMade) -> None:
        nonlocal tried
        tried += 1
        assert figure("dead_letters_total", publisher=probe.SERVICE) == before
        raise ValueError

    stream = await broker.ready()
    await ensure_stream(stream, service=probe.SERVICE, replicas=1)
    before = figure("dead_letters_total", publisher=probe.SERVICE)
    await probe.tell(publisher, fact())
    async with at_work(
        Relay(publisher, broker, service=probe.SERVICE),
        listening_on(listener, broker, probe.listening(fail)),
    ):
        await eventually(
            lambda: figure("dead_letters_total", publisher=probe.SERVICE) == before + 1, within=20
        )
    assert tried == inbox.ATTEMPTS


async def test_what_cannot_be_read_is_counted_among_what_was_set_aside(
    listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    await ensure_stream(stream, service=probe.SERVICE, replicas=1)
    before = figure("dead_letters_total", publisher=probe.SERVICE)
    await stream.publish(probe.ThingMade.subject, b"not an event")
    async with at_work(listening_on(listener, broker)):
        await eventually(
            lambda: figure("dead_letters_total", publisher=probe.SERVICE) == before + 1, within=20
        )


async def test_how_late_timers_fire_is_told(publisher: Database) -> None:
    async def nothing(session: AsyncSession, timer: Timer, now: object) -> None: ...

    def lateness() -> tuple[float, ...]:
        name = "timer_lateness_seconds"
        buckets = (figure(f"{name}_bucket", le=until) for until in ("60.0", "300.0"))
        return figure(f"{name}_count"), figure(f"{name}_sum"), *buckets

    async with unit_of_work(publisher, SYSTEM) as session:
        await timers.arm(session, kind="due", entity_id="a", due_at=probe.NOON, rule="test 1")
    worker = TimerWorker(publisher, (when("due", nothing),))
    before = lateness()

    assert not await worker.fire_next(probe.NOON - timedelta(seconds=1))
    assert lateness() == before
    assert await worker.fire_next(probe.NOON + timedelta(seconds=90))
    assert [now - then for now, then in zip(lateness(), before, strict=True)] == [1, 90, 0, 1]
