"""Urgent work goes first; the rest holds, but not for ever."""

import asyncio
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

import pytest
from nats.js.errors import NotFoundError
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import consumer as consuming
from kernel import precedence
from kernel.broker import Broker, stream_name
from kernel.db import Database
from kernel.events import Event
from kernel.ids import uuid7
from kernel.inbox import Subscription, on
from kernel.precedence import PRECEDENCE, Precedence
from kernel.relay import Reconciler, Relay
from tests.eventually import eventually
from tests.kernel.probe import NOON, SERVICE, ThingMade, effects, tell
from tests.kernel.test_delivery import at_work, listening_on, story


async def test_others_hold_until_the_last_urgent_work_has_ended() -> None:
    first = Precedence()
    with first.urgent():
        with first.urgent():
            waiting = asyncio.ensure_future(first.give_way())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
    async with asyncio.timeout(10):
        await waiting


async def test_nobody_waits_while_nothing_is_urgent() -> None:
    first = Precedence()
    with first.urgent():
        pass
    waiting = asyncio.ensure_future(first.give_way())
    await asyncio.sleep(0)
    assert waiting.done()


async def test_an_endless_alarm_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "AT_MOST_S", 0.01)
    first = Precedence()
    with first.urgent():
        async with asyncio.timeout(10):
            await first.give_way()


async def test_a_consumer_hands_nothing_ordinary_out_while_an_alarm_is_in_hand(
    publisher: Database, listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "AT_MOST_S", 60)
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker),
    ):
        stream = await broker.ready()
        with PRECEDENCE.urgent():
            await tell(publisher, *story(1))

            async def given_out() -> bool:
                with suppress(NotFoundError):  # not made yet
                    told = await stream.consumer_info(stream_name(SERVICE), "listener")
                    return told.num_ack_pending == 1
                return False

            await eventually(given_out, within=20)
            for _ in range(40):  # as many turns of the loop as handling it would take, and more
                assert await effects(listener) == []

        async def handled() -> bool:
            return len(await effects(listener)) == 1

        await eventually(handled, within=20)


class ThingRang(Event):
    subject: ClassVar[str] = "probe.thing.rang.v1"
    about: ClassVar[str] = "thing_id"

    thing_id: UUID


class Gated:
    """Ordinary facts whose handling lasts until it is let go, and alarms that are noted."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.rang = asyncio.Event()

    async def make(self, _: AsyncSession, __: ThingMade) -> None:
        self.begun.set()
        await self.gate.wait()

    async def ring(self, _: AsyncSession, __: ThingRang) -> None:
        self.rang.set()

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return on(ThingMade, self.make), on(ThingRang, self.ring, urgent=True)


async def test_an_alarm_waits_behind_no_crowd_of_ordinary_facts(
    publisher: Database, listener: Database, broker: Broker
) -> None:
    gated = Gated()
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker, gated.subscriptions),
    ):
        await tell(publisher, *(fact for _ in range(300) for fact in story(1)))
        async with asyncio.timeout(20):
            await gated.begun.wait()
            await tell(publisher, ThingRang(occurred_at=NOON, thing_id=uuid7()))
            await gated.rang.wait()
        gated.gate.set()


async def test_the_broker_is_told_of_what_still_waits(
    publisher: Database, listener: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "HELD_S", 0.02)
    gated = Gated()
    async with at_work(
        Reconciler(publisher, broker, service=SERVICE),
        Relay(publisher, broker, service=SERVICE),
        listening_on(listener, broker, gated.subscriptions),
    ):
        await broker.ready()
        answers = await broker.client.subscribe(f"$JS.ACK.{stream_name(SERVICE)}.>")
        await tell(publisher, *story(1), *story(1))
        said: dict[str, Any] = {}
        async with asyncio.timeout(20):
            while len(said) < 2:
                answer = await answers.next_msg(timeout=20)
                said[answer.subject] = answer.data
        assert set(said.values()) == {b"+WPI"}
        gated.gate.set()
