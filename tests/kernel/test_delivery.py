"""Facts leave in order, arrive once in effect, and survive the loss of the broker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar
from uuid import UUID

import pytest
from nats.js.errors import NotFoundError
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import consumer as consuming
from kernel import inbox, outbox, relay
from kernel.access import SYSTEM
from kernel.broker import Broker, ensure_stream
from kernel.consumer import Consumer
from kernel.db import Database, unit_of_work
from kernel.envelope import Envelope
from kernel.events import Event
from kernel.ids import uuid7
from kernel.inbox import AppliedVersion, DeadLetter, LetterStatus, Subscription, Turn, on
from kernel.relay import BATCH, LEASES, Reconciler, Relay, Sent
from tests.eventually import eventually
from tests.kernel.probe import (
    COUNTING,
    NOON,
    SERVICE,
    ThingMade,
    count_effect,
    effects,
    listening,
    tell,
)


@asynccontextmanager
async def at_work(*loops: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def listening_on(
    listener: Database, broker: Broker, subscriptions: Sequence[Subscription] = COUNTING
) -> Consumer:
    return Consumer(
        listener, broker, service="listener", publisher=SERVICE, subscriptions=subscriptions
    )


def story(length: int, thing: UUID | None = None) -> list[ThingMade]:
    thing = thing or uuid7()
    return [ThingMade(occurred_at=NOON, thing_id=thing, number=n) for n in range(1, length + 1)]


def envelope(event: ThingMade, *, version: int) -> Envelope:
    return Envelope(
        id=str(event.event_id),
        source="/anlian/probe",
        type=event.subject,
        subject=event.aggregate_id,
        time=event.occurred_at,
        version=version,
        data=event.model_dump(mode="json"),
    )


async def test_facts_of_many_transactions_arrive_once_and_in_the_order_of_their_aggregate(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stories = [story(8) for _ in range(6)]
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker),
    ):
        for number in range(8):
            await asyncio.gather(*(tell(publisher, facts[number]) for facts in stories))

        async def all_there() -> bool:
            return len(await effects(listener)) == 48

        await eventually(all_there, within=20)

    by_thing: dict[UUID, list[int]] = {}
    for thing, number in await effects(listener):
        by_thing.setdefault(thing, []).append(number)
    assert list(by_thing.values()) == [[1, 2, 3, 4, 5, 6, 7, 8]] * 6


async def test_a_refused_transaction_tells_nothing(publisher: Database) -> None:
    with pytest.raises(RuntimeError):
        await _tell_and_fail(publisher)

    async with unit_of_work(publisher, SYSTEM) as session:
        assert await session.scalar(text("SELECT count(*) FROM event_log")) == 0


async def _tell_and_fail(database: Database) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        inbox_event = story(1)[0]
        session.info.setdefault("told", []).append(inbox_event)
        raise RuntimeError


async def test_deleting_the_whole_stream_loses_no_fact(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    relay_, reconciler = (
        Relay(publisher, broker, service=SERVICE),
        Reconciler(publisher, broker, service=SERVICE),
    )
    await reconciler.reconcile(stream)
    facts = story(30)
    for fact in facts[:20]:
        await tell(publisher, fact)
    while (await relay_.send(stream)).facts:
        pass
    await stream.delete_stream("PROBE")  # nobody had listened yet: everything is gone
    assert await reconciler.reconcile(stream)
    for fact in facts[20:]:
        await tell(publisher, fact)

    async with at_work(relay_, listening_on(listener, broker)):

        async def all_there() -> bool:
            return [n for _, n in await effects(listener)] == list(range(1, 31))

        await eventually(all_there, within=20)


async def test_a_batch_says_whether_there_may_be_more(publisher: Database, broker: Broker) -> None:
    stream = await broker.ready()
    relay_ = Relay(publisher, broker, service=SERVICE)
    await ensure_stream(stream, service=SERVICE, replicas=1)

    assert await relay_.send(stream) == Sent()
    await tell(publisher, *story(3))
    assert await relay_.send(stream) == Sent(3, more=False)
    await tell(publisher, *story(BATCH + 1))
    assert await relay_.send(stream) == Sent(BATCH, more=True)
    assert await relay_.send(stream) == Sent(1, more=False)
    for partition in range(LEASES + 1):
        await tell(publisher, *story(1, thing=in_partition(partition)))
    assert await relay_.send(stream) == Sent(LEASES, more=True)
    assert await relay_.send(stream) == Sent(1, more=False)


def in_partition(partition: int) -> UUID:
    return next(thing for thing in iter(uuid7, None) if outbox.partition(str(thing)) == partition)


async def test_what_the_broker_says_late_is_no_loss(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await broker.ready()
    relay_ = Relay(publisher, broker, service=SERVICE)
    reconciler = Reconciler(publisher, broker, service=SERVICE)
    await reconciler.reconcile(stream)
    asked = stream.stream_info

    async def answered_late(name: str) -> Any:
        answer = await asked(name)
        await tell(publisher, *story(1))
        await relay_.send(stream)
        return answer

    monkeypatch.setattr(stream, "stream_info", answered_late)
    for _ in range(2):
        assert not await reconciler.reconcile(stream)


async def test_planted_forgetting_the_stream_loses_facts_for_ever(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    """The reconciler's twin without memory: it makes the stream anew and re-publishes nothing."""
    stream = await broker.ready()
    relay_ = Relay(publisher, broker, service=SERVICE)
    await ensure_stream(stream, service=SERVICE, replicas=1)
    await tell(publisher, *story(5))
    while (await relay_.send(stream)).facts:
        pass
    await stream.delete_stream("PROBE")
    await ensure_stream(stream, service=SERVICE, replicas=1)

    assert (await stream.stream_info("PROBE")).state.messages == 0
    assert await effects(listener) == []
    # and the real one mends it
    assert await Reconciler(publisher, broker, service=SERVICE).reconcile(stream) is False
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("UPDATE stream_state SET created = 'another'"))
    assert await Reconciler(publisher, broker, service=SERVICE).reconcile(stream)


async def test_a_fact_delivered_twice_has_one_effect(listener: Database, broker: Broker) -> None:
    applying = listening_on(listener, broker)
    (fact,) = story(1)

    turns = [await applying.apply(envelope(fact, version=1)) for _ in range(3)]

    assert turns == [Turn.NEXT, Turn.SEEN, Turn.SEEN]
    assert len(await effects(listener)) == 1


async def test_planted_without_the_version_cursor_a_redelivery_doubles_the_effect(
    listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always_next(*_: Any, **__: Any) -> Turn:
        return Turn.NEXT

    monkeypatch.setattr(inbox, "take_turn", always_next)
    applying = listening_on(listener, broker)
    (fact,) = story(1)
    for _ in range(2):
        await applying.apply(envelope(fact, version=1))

    assert len(await effects(listener)) == 2


async def test_a_fact_that_comes_too_early_waits_for_its_predecessor(
    listener: Database, broker: Broker
) -> None:
    applying = listening_on(listener, broker)
    first, second = story(2)

    assert await applying.apply(envelope(second, version=2)) is Turn.EARLY
    assert await applying.apply(envelope(first, version=1)) is Turn.NEXT
    assert await applying.apply(envelope(second, version=2)) is Turn.NEXT
    assert [number for _, number in await effects(listener)] == [1, 2]


async def test_a_listener_that_misses_a_fact_asks_the_publisher_for_it(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    reconciler = Reconciler(publisher, broker, service=SERVICE)
    await reconciler.reconcile(stream)
    facts = story(3)
    await tell(publisher, *facts)
    async with unit_of_work(publisher, SYSTEM) as session:  # the broker never gets the first
        await session.execute(
            text("DELETE FROM outbox WHERE event_id = :first"), {"first": facts[0].event_id}
        )
    async with at_work(
        reconciler, Relay(publisher, broker, service=SERVICE), listening_on(listener, broker)
    ):

        async def all_there() -> bool:
            return [number for _, number in await effects(listener)] == [1, 2, 3]

        await eventually(all_there, within=20)


class OtherSeen(Event):
    subject: ClassVar[str] = "probe.other.seen.v1"
    about: ClassVar[str] = "other_id"

    other_id: UUID
    number: int


async def test_facts_about_what_nobody_follows_pass_by_until_somebody_does(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    reconciler, relay_ = (kind(publisher, broker, service=SERVICE) for kind in (Reconciler, Relay))
    seen = [OtherSeen(occurred_at=NOON, other_id=UUID(int=7), number=n) for n in (1, 2)]
    followed = story(1)
    async with at_work(reconciler, relay_, listening_on(listener, broker)):
        await tell(publisher, seen[0], *followed)

        async def settled() -> bool:
            with suppress(NotFoundError):  # not made yet
                told = await stream.consumer_info("PROBE", "listener")
                return told.ack_floor is not None and told.ack_floor.stream_seq == 2
            return False

        await eventually(settled, within=20)
    async with unit_of_work(listener, SYSTEM) as session:
        cursors = await session.execute(select(AppliedVersion.aggregate_id))
        assert cursors.scalars().all() == [followed[0].aggregate_id]

    async def count(session: AsyncSession, event: OtherSeen) -> None:
        await count_effect(
            session, ThingMade.model_construct(thing_id=event.other_id, number=event.number)
        )

    following = listening_on(listener, broker, (*COUNTING, on(OtherSeen, count)))
    async with at_work(reconciler, relay_, following):
        await tell(publisher, seen[1])

        async def whole_story() -> bool:
            noted = await effects(listener)
            return [number for thing, number in noted if thing == UUID(int=7)] == [1, 2]

        await eventually(whole_story, within=20)


async def test_two_things_with_one_id_keep_nobody_waiting_for_ever(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    shared = uuid7()
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker),
    ):
        await tell(publisher, OtherSeen(occurred_at=NOON, other_id=shared, number=1))
        await tell(publisher, ThingMade(occurred_at=NOON, thing_id=shared, number=2))

        async def applied() -> bool:
            return await effects(listener) == [(shared, 2)]

        await eventually(applied, within=20)


async def test_many_facts_that_wait_for_one_ask_for_it_once(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    reconciler = Reconciler(publisher, broker, service=SERVICE)
    await reconciler.reconcile(stream)
    facts = story(60)
    await tell(publisher, *facts)
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(
            text("DELETE FROM outbox WHERE event_id = :first"), {"first": facts[0].event_id}
        )
    async with at_work(
        reconciler, Relay(publisher, broker, service=SERVICE), listening_on(listener, broker)
    ):

        async def all_there() -> bool:
            return [number for _, number in await effects(listener)] == list(range(1, 61))

        await eventually(all_there, within=20)
    sent = (await stream.stream_info("PROBE")).state.messages
    assert sent == 59 + 60  # those that waited, and the whole story once more


async def test_a_fact_whose_handler_always_fails_is_set_aside_and_the_others_go_on(
    publisher: Database, listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "_BACKOFF_S", (0.05,))
    broken = True

    async def refuse_the_second(session: AsyncSession, event: ThingMade) -> None:
        if broken and event.number == 2:
            raise ValueError("cannot")
        await COUNTING[0].handler(session, event)

    subscriptions = listening(refuse_the_second)
    await tell(publisher, *story(3))
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker, subscriptions),
    ):

        async def others_there() -> bool:
            return [number for _, number in await effects(listener)] == [1, 3]

        await eventually(others_there, within=20)

    async with unit_of_work(listener, SYSTEM) as session:
        letter = (await session.scalars(select(DeadLetter))).one()
        assert (letter.status, letter.attempts) == (LetterStatus.DEAD, inbox.ATTEMPTS)
    broken = False
    async with unit_of_work(listener, SYSTEM) as session:
        await inbox.replay(session, letter_id=letter.id, subscriptions=subscriptions)
    assert [number for _, number in await effects(listener)] == [1, 3, 2]


async def test_what_is_no_event_is_set_aside_at_once(listener: Database, broker: Broker) -> None:
    stream = await broker.ready()
    await ensure_stream(stream, service=SERVICE, replicas=1)
    await stream.publish("probe.thing.made.v1", b"not an event")
    async with at_work(listening_on(listener, broker)):

        async def aside() -> bool:
            async with unit_of_work(listener, SYSTEM) as session:
                letter = (await session.scalars(select(DeadLetter))).one_or_none()
                return letter is not None and letter.status == LetterStatus.DEAD

        await eventually(aside, within=10)


async def test_a_consumer_that_the_broker_forgot_is_made_anew(
    publisher: Database, listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "IDLE_LOOKS", 1)
    stream = await broker.ready()
    facts = story(2)
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker),
    ):

        async def heard(count: int) -> bool:
            return len(await effects(listener)) == count

        await tell(publisher, facts[0])
        await eventually(lambda: heard(1), within=10)
        await stream.delete_consumer("PROBE", "listener")
        await tell(publisher, facts[1])
        await eventually(lambda: heard(2), within=10)


async def test_a_fact_the_broker_does_not_take_stays_in_the_outbox(
    publisher: Database, broker: Broker
) -> None:
    stream = await broker.ready()
    await tell(publisher, *story(2))

    with pytest.raises(ConnectionError):
        await Relay(publisher, broker, service=SERVICE).send(stream)  # there is no stream

    async with unit_of_work(publisher, SYSTEM) as session:
        assert await session.scalar(text("SELECT count(*) FROM outbox")) == 2


async def test_only_the_next_in_line_of_an_aggregate_is_sent_when_one_is_refused(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await broker.ready()
    await Reconciler(publisher, broker, service=SERVICE).reconcile(stream)
    facts = story(3)
    await tell(publisher, *facts)
    publish = stream.publish

    async def refuse_the_second(subject: str, payload: bytes, **more: Any) -> Any:
        if f'"{facts[1].event_id}"'.encode() in payload:
            raise ConnectionError("refused")
        return await publish(subject, payload, **more)

    monkeypatch.setattr(stream, "publish", refuse_the_second)
    with pytest.raises(ConnectionError):
        await Relay(publisher, broker, service=SERVICE).send(stream)

    assert (await stream.stream_info("PROBE")).state.messages == 1
    assert relay.BATCH > 3
