"""Urgent work goes first; the rest holds, but not for ever."""

import asyncio
from contextlib import suppress

import pytest
from nats.js.errors import NotFoundError

from kernel import precedence
from kernel.broker import Broker, stream_name
from kernel.db import Database
from kernel.precedence import PRECEDENCE, Precedence
from kernel.relay import Reconciler, Relay
from tests.eventually import eventually
from tests.kernel.probe import SERVICE, effects, tell
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
