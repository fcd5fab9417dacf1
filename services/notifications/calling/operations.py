"""Makes one queued call after another, where the guard allows.

The transaction that claims a call is held while it is made: it is the lease, so a process
that dies leaves the call to another. A receiver may then get it twice, under the same id.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import structlog

from kernel import clock
from kernel.access import SYSTEM
from kernel.broker import Broker
from kernel.db import Database, unit_of_work
from kernel.precedence import PRECEDENCE
from kernel.waiting import wait_for_either
from services.notifications.arrivals.domain import ARRIVALS, WEBHOOK
from services.notifications.calls import domain_sending as sending
from services.notifications.calls import operations, queries
from services.notifications.calls.domain import Outcome, Reason
from services.notifications.calls.tables import Call
from services.notifications.endpoints.domain import Guard

log = structlog.get_logger(__name__)

TIMEOUT_S = 15.0
AT_ONCE = 4
POLL_S = 1.0

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, numeric ones included."""
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


class Caller:
    """Calls endpoints. Any number may run at once; in one process an endpoint has one call."""

    def __init__(self, guard: Guard, *, resolve: Resolve = resolve) -> None:
        self._guard = guard
        self._resolve = resolve
        self._busy: set[UUID] = set()
        self._lookout = asyncio.Lock()

    async def run(self, database: Database, _: Broker) -> None:
        """Call for ever."""
        with ARRIVALS.listening(WEBHOOK) as bell:
            async with asyncio.TaskGroup() as group:
                for _slot in range(AT_ONCE):
                    group.create_task(self._work(database, bell))

    async def _work(self, database: Database, bell: asyncio.Event) -> None:
        """One of the slots. A ring wakes one of them, and who finds a call wakes the next.

        Of those with nothing to do one looks out: all of them would ask the same at one time.
        """
        while True:
            await PRECEDENCE.give_way()
            try:
                called = await self.call_next(database, now=clock.wall(), found=bell.set)
            except Exception as reason:
                log.warning("webhooks.failed", reason=repr(reason))
                await asyncio.sleep(POLL_S)
                continue
            if not called:
                async with self._lookout:
                    await wait_for_either(bell, seconds=POLL_S)

    async def call_next(
        self, database: Database, *, now: datetime, found: Callable[[], None] = lambda: None
    ) -> bool:
        """Make the oldest call that is due; whether there was one. `now` is the machine's.

        `found` is told before the call is made, which may take long.
        """
        async with unit_of_work(database, SYSTEM) as session:
            call = await queries.next_due(session, now=now, busy=self._busy)
            if call is None:
                return False
            self._busy.add(call.endpoint_id)
            found()
            try:
                outcome = await self._attempt(call, now)
            finally:
                self._busy.discard(call.endpoint_id)
            await operations.settle(session, call=call, outcome=outcome, now=now)
            log.info("webhook.called", call=str(call.call_id), status=outcome.status)
        return True

    async def _attempt(self, call: Call, now: datetime) -> Outcome:
        """Resolve once, check every address, and connect to the one that was checked."""
        url = call.endpoint.url
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        refusal = self._guard.refuse_url(url)
        addresses = await self._resolve(parts.hostname or "", port) if refusal is None else ()
        refusal = refusal or self._guard.refuse_addresses(
            addresses, networks=call.endpoint.networks
        )
        if refusal is not None:
            return Outcome(reason=f"{Reason.REFUSED}: {refusal}")
        headers = sending.signed(
            call_id=str(call.call_id), body=call.body, secret=call.endpoint.secret, now=now
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await _post(url, addresses[0], headers=dict(headers), body=call.body)
        except (httpx.HTTPError, OSError, TimeoutError) as reason:
            return Outcome(reason=f"{Reason.UNREACHABLE}: {type(reason).__name__}")


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities a receiver's certificate is checked against.

    Read once: it takes longer than many calls, and alarms would wait behind it.
    """
    return httpx.create_ssl_context(trust_env=False)


async def _post(url: str, address: str, *, headers: dict[str, str], body: str) -> Outcome:
    """Post to one address of a host, under the host's name; the answer's body is not read."""
    named = httpx.URL(url)
    headers["host"] = named.netloc.decode()
    # No proxy and no redirect: either would lead where nobody looked.
    async with (
        httpx.AsyncClient(
            verify=_trusted(), trust_env=False, follow_redirects=False, timeout=TIMEOUT_S
        ) as client,
        client.stream(
            "POST",
            named.copy_with(host=address),
            headers=headers,
            content=body.encode(),
            extensions={"sni_hostname": named.host},
        ) as answer,
    ):
        return Outcome(status=answer.status_code)
