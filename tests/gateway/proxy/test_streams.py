"""Answers without end: passed on as they come, counted apart, ended when either side leaves."""

import asyncio
import gc
import hashlib

import httpx
import pytest

from tests.eventually import eventually
from tests.gateway.proxy.peers import Service, gateway

EVENTS = "/api/v1/tasks/events"
ZHANG = {"Authorization": "Bearer zhang"}


async def test_events_arrive_one_by_one(client: httpx.AsyncClient, service: Service) -> None:
    async with client.stream("GET", EVENTS) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        pieces = answer.aiter_bytes()
        async with asyncio.timeout(2):
            assert await anext(pieces) == b"data: 1\n\n"
        service.released.set()
        assert await anext(pieces) == b"data: 2\n\n"


async def test_events_outlast_every_deadline(service_url: str, service: Service) -> None:
    async with (
        gateway({"tasks": service_url}, answer_within=0.2, finish_within=0.2) as url,
        httpx.AsyncClient(base_url=url, headers=ZHANG) as client,
        client.stream("GET", EVENTS) as answer,
    ):
        pieces = answer.aiter_bytes()
        assert await anext(pieces) == b"data: 1\n\n"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await eventually(lambda: False)
        service.released.set()
        assert await anext(pieces) == b"data: 2\n\n"


async def test_the_service_hears_when_a_listener_leaves(
    client: httpx.AsyncClient, service: Service
) -> None:
    async with client.stream("GET", EVENTS) as answer:
        await anext(answer.aiter_bytes())
    await eventually(service.left.is_set)


async def test_listeners_do_not_take_the_room_of_requests(
    service_url: str, service: Service
) -> None:
    async with (
        gateway({"tasks": service_url}, general=5, streams=12) as url,
        httpx.AsyncClient(base_url=url, headers=ZHANG) as client,
        asyncio.TaskGroup() as group,
    ):
        for number in range(12):
            group.create_task(client.get(EVENTS))
            await eventually(lambda least=number: service.arrived > least)  # type: ignore[misc]
        assert (await client.get("/api/v1/tasks/plans")).status_code == 200
        refused = await client.get(EVENTS)
        assert refused.status_code == 503
        service.released.set()


async def test_a_large_answer_is_passed_on_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/tasks/large?pieces=64")
    expected = b"".join(bytes([number]) * 65_536 for number in range(64))
    assert hashlib.sha256(answer.content).digest() == hashlib.sha256(expected).digest()


async def test_a_forwarded_request_leaves_nothing_to_the_garbage_collector(
    client: httpx.AsyncClient,
) -> None:
    """Objects that hold each other would cost every tenth request a pause."""
    for _ in range(5):
        await client.get("/api/v1/tasks/plans")
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for _ in range(20):
            await client.get("/api/v1/tasks/plans")
            await client.post("/api/v1/tasks/plans", json={})
        gc.collect()
        left = {type(each).__qualname__ for each in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not left & {"Answer", "Admitted", "RequestResponseCycle", "Marks", "Head"}
