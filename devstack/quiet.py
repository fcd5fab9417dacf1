"""When a stack is quiet: every told fact published, every published fact applied."""

import asyncio
from collections.abc import Mapping

import httpx

from kernel import clock

TELLERS = ("incidents", "tasks", "inspections", "notifications")
LOOKS = 2
"""How often in a row nothing may be under way: between two loops a fact is nowhere."""


class NeverQuiet(TimeoutError):
    """Something was still under way when the time ran out; the message says what."""


async def until_quiet(ports: Mapping[str, int], *, within: float = 60) -> None:
    """Wait until nothing is under way, asking the services and the broker's monitor."""
    deadline = clock.ticks() + within
    looks = 0
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while looks < LOOKS:
            busy = await _busy(client, ports)
            looks = 0 if busy else looks + 1
            if busy and clock.ticks() > deadline:
                raise NeverQuiet(f"still under way: {busy}")
            await asyncio.sleep(0.05)


async def _busy(client: httpx.AsyncClient, ports: Mapping[str, int]) -> list[str]:
    try:
        waiting = [name for name in TELLERS if await _untold(client, ports[name])]
        return waiting + await _unheard(client, ports["nats_monitor"])
    except (httpx.HTTPError, KeyError) as reason:
        return [repr(reason)]


async def _untold(client: httpx.AsyncClient, port: int) -> bool:
    state = (await client.get(f"http://127.0.0.1:{port}/readyz")).json()
    return not state["ready"] or bool(state["untold"])


async def _unheard(client: httpx.AsyncClient, port: int) -> list[str]:
    options = {"consumers": "true", "streams": "true"}
    told = (await client.get(f"http://127.0.0.1:{port}/jsz", params=options)).json()
    return [
        f"{stream['name']}→{consumer['name']}"
        for account in told.get("account_details") or []
        for stream in account.get("stream_detail") or []
        for consumer in stream.get("consumer_detail") or []
        if consumer["num_pending"] or consumer["num_ack_pending"]
    ]
