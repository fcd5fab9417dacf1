"""An open stream hears of a message as soon as it is committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import pytest

from contracts.inspections import EnterpriseFlagged
from kernel.access import Principal
from kernel.ids import uuid7
from services.notifications.inbox import queries
from services.notifications.messages.domain import Channel
from services.notifications.messages.tables import Delivery
from services.notifications.stream import operations as stream
from services.notifications.stream.operations import Places, TooManyStreams
from tests.eventually import eventually
from tests.services.notifications.facts import (
    AT,
    ENTERPRISE,
    LEIYANG,
    MINE,
    UNITLESS,
    desk,
    reported,
)
from tests.services.notifications.streams import streaming
from tests.services.stage import Stage

LEIYANG_DESK = desk("430481.emergency")


async def followed(stage: Stage, by: Principal, number: int) -> list[Delivery]:
    """The next so many messages of an inbox."""
    rows: list[Delivery] = []
    async with aclosing(stream.follow(stage.database, by=by, last=None)) as following:
        async for row in following:
            rows.append(row)
            if len(rows) == number:
                return rows
    return rows


async def test_a_message_is_heard_without_waiting_for_the_poll(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "POLL_S", 60.0)
    listening = asyncio.create_task(followed(stage, LEIYANG_DESK, 1))
    await eventually(lambda: stream.ARRIVALS._waiting)
    await stage.hear(reported())
    async with asyncio.timeout(10):
        [row] = await listening
    assert row.unit == "430481.emergency"


async def test_a_message_written_by_another_process_is_heard_at_the_next_poll(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "POLL_S", 0.05)
    monkeypatch.setattr(stream.ARRIVALS, "ring", lambda _: None)
    listening = asyncio.create_task(followed(stage, LEIYANG_DESK, 2))
    await eventually(lambda: stream.ARRIVALS._waiting)
    await stage.hear(reported(), reported())
    async with asyncio.timeout(10):
        assert len({row.delivery_id for row in await listening}) == 2


async def test_only_the_actors_own_messages_are_streamed(stage: Stage) -> None:
    other = asyncio.create_task(followed(stage, desk("430407.emergency"), 1))
    mine = asyncio.create_task(followed(stage, LEIYANG_DESK, 1))
    await eventually(lambda: len(stream.ARRIVALS._waiting) == 2)
    await stage.hear(reported())
    async with asyncio.timeout(10):
        await mine
    assert not other.done()
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert not stream.ARRIVALS._waiting, "a stream that ends leaves nothing behind"


async def test_nothing_is_streamed_to_an_account_without_a_unit(stage: Stage) -> None:
    await stage.hear(
        reported(),
        EnterpriseFlagged(
            occurred_at=AT, uscc=MINE, region_code=LEIYANG, accident_id=uuid7(), reason="accident"
        ),
    )
    heard = {}
    for by in (UNITLESS, ENTERPRISE):
        async with stage.work(by) as session:
            heard[by.subject] = await queries.arrived(
                session, by=by, after=UUID(int=0), seen=(), limit=10
            )
    assert [len(rows) for rows in heard.values()] == [0, 1]


async def test_a_client_that_comes_back_is_told_what_it_missed(stage: Stage) -> None:
    await stage.hear(reported(), reported())
    first, second = sorted(
        row.delivery_id for row in await stage.rows(Delivery, channel=Channel.INBOX)
    )

    async def missed() -> AsyncIterator[Delivery]:
        async with aclosing(
            stream.follow(stage.database, by=LEIYANG_DESK, last=first)
        ) as following:
            async for row in following:
                yield row

    async with asyncio.timeout(10), aclosing(missed()) as rows:
        assert (await anext(rows)).delivery_id == second


async def test_the_route_speaks_server_sent_events(stage: Stage) -> None:
    async with streaming(stage, LEIYANG_DESK) as sent, asyncio.timeout(10):
        start = await sent.get()
        assert start["status"] == 200
        await eventually(lambda: stream.ARRIVALS._waiting)
        await stage.hear(reported())
        said = (await sent.get())["body"].decode()

    assert "event: message" in said
    assert "Leiyang" in said
    assert not stream.PLACES._open


def test_an_account_keeps_a_bounded_number_of_streams_open() -> None:
    places = Places()
    held = [places.taken("one") for _ in range(stream.MOST_EACH)]
    for place in held:
        place.__enter__()
    with pytest.raises(TooManyStreams):
        places.require_one("one")
    places.require_one("another")
    held[0].__exit__(None, None, None)
    places.require_one("one")
