"""The connection to NATS: made in the background, never given up, gated on safe storage.

A service starts and takes reports while the broker is down; its loops wait here until the
connection stands. Outside development nothing is published to a JetStream that answers
before its writes are on disk.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

log = structlog.get_logger(__name__)

DAY = 86_400
STREAM_DAYS = 14
DUPLICATE_WINDOW_S = 3_600
AGAIN_S = 1.0
"""How long after a failed attempt the next is made."""


class UnsafeBroker(Exception):
    """The broker acknowledges messages that are not on disk yet."""


@dataclass
class Broker:
    """One process's connection to NATS."""

    url: str
    name: str
    replicas: int = 1
    monitor_url: str | None = None
    """Where the server tells how it keeps what it takes; None asks nothing of it."""
    _client: Client | None = None
    _up: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Connect, retrying for ever; the client then reconnects by itself.

        Raises:
            UnsafeBroker: it would acknowledge what is not on disk. The process falls with this.
        """
        while self._client is None:
            try:
                await self.refuse_unsafe()
                self._client = await self._connect()
            except (OSError, nats.errors.Error, httpx.HTTPError) as reason:
                log.warning("broker.unreachable", reason=str(reason) or type(reason).__name__)
                await asyncio.sleep(AGAIN_S)
        self._up.set()

    async def refuse_unsafe(self) -> None:
        """Refuse a JetStream whose `sync_interval` is not `always`.

        Its default acknowledges up to two minutes before the disk has the message; a power cut
        then loses acknowledged facts.

        Raises:
            UnsafeBroker: it says so.
            httpx.HTTPError: it does not answer, or not as NATS does; nothing is known of it.
        """
        if self.monitor_url is None:
            return
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            address = f"{self.monitor_url.rstrip('/')}/jsz"
            answer = await client.get(address, params={"config": "true"})
            answer.raise_for_status()
        if _kept(answer).get("sync_always") is not True:
            raise UnsafeBroker("JetStream must run with sync_interval: always.")

    async def _connect(self) -> Client:
        return await nats.connect(
            self.url,
            name=self.name,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            connect_timeout=3,
            ping_interval=10,
            max_outstanding_pings=2,
            pending_size=-1,  # a publish while disconnected fails at once; the outbox keeps it
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
        )

    async def _on_error(self, reason: Exception) -> None:
        log.warning("broker.error", reason=str(reason) or type(reason).__name__)

    async def _on_disconnected(self) -> None:
        log.warning("broker.disconnected")

    async def _on_reconnected(self) -> None:
        log.info("broker.reconnected")

    @property
    def connected(self) -> bool:
        """Whether the broker can be spoken to now."""
        return self._client is not None and self._client.is_connected

    @property
    def client(self) -> Client:
        """The connection; wait for `ready` before asking."""
        assert self._client is not None, "the broker is asked before it is connected"
        return self._client

    async def ready(self) -> JetStreamContext:
        """Wait until the first connection stands."""
        await self._up.wait()
        return self.client.jetstream(timeout=5)

    async def close(self) -> None:
        """Close at once: everything worth keeping is in PostgreSQL."""
        if self._client is not None and not self._client.is_closed:
            await self._client.close()


def _kept(answer: httpx.Response) -> Mapping[str, object]:
    """How JetStream keeps messages, as the server's monitor tells it."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise httpx.DecodingError("The monitor of NATS answers with something else than its own.")
    config = told.get("config")
    return config if isinstance(config, dict) else {}


def stream_name(service: str) -> str:
    """The stream in which a service tells its facts."""
    return service.upper()


async def ensure_stream(stream: JetStreamContext, *, service: str, replicas: int) -> None:
    """Make the service's stream if it is not there.

    A full stream refuses new messages, so that the outbox keeps them; it never drops old
    ones in silence.
    """
    name = stream_name(service)
    try:
        await stream.stream_info(name)
    except NotFoundError:
        await stream.add_stream(
            StreamConfig(
                name=name,
                subjects=[f"{service}.>"],
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,
                max_age=STREAM_DAYS * DAY,
                duplicate_window=DUPLICATE_WINDOW_S,
                num_replicas=replicas,
                deny_delete=True,
                deny_purge=True,
            )
        )
