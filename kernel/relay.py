"""Sends what the outbox holds, and sends it again when the broker lost it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import BaseModel
from sqlalchemy import BigInteger, Text, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel import outbox, telemetry
from kernel.access import SYSTEM
from kernel.broker import STREAM_DAYS, Broker, ensure_stream, stream_name
from kernel.db import Base, Database, unit_of_work
from kernel.envelope import Envelope
from kernel.precedence import PRECEDENCE
from kernel.waiting import wait_for_either

log = structlog.get_logger(__name__)

BATCH = 200
LEASES = 4
"""Partitions one relay takes at a time: enough to fill the pipe, few enough to share."""


@dataclass(frozen=True)
class Sent:
    """What one batch came to."""

    facts: int = 0
    more: bool = False
    """Whether the batch was full, so that there may be more than it held."""


POLL_S = 0.25
RECONCILE_S = 3.0


class StreamState(Base):
    """What the broker held when we last heard of it; a step back means that it lost facts."""

    __tablename__ = "stream_state"

    stream: Mapped[str] = mapped_column(Text, primary_key=True)
    created: Mapped[str]
    last_seq: Mapped[int] = mapped_column(BigInteger)


_WAITING = "SELECT 1 FROM outbox LIMIT 1"
# What was seen before its lease was free may have been sent meanwhile by whoever held it: the
# broker remembers a message's id and does not store it again.
_NEXT = text(
    "WITH leased AS MATERIALIZED (SELECT p.partition FROM outbox_partition p"
    " WHERE EXISTS (SELECT FROM outbox o WHERE o.partition = p.partition)"
    " ORDER BY random() LIMIT :leases FOR UPDATE SKIP LOCKED)"
    " SELECT o.position, o.partition, o.again, e.event_id, e.subject, e.aggregate_id, e.version,"
    " e.occurred_at, e.traceparent, e.data"
    " FROM leased JOIN outbox o USING (partition) JOIN event_log e USING (event_id)"
    " ORDER BY o.position LIMIT :batch"
)
_DONE = text(
    "WITH done AS (DELETE FROM outbox WHERE position = ANY(:positions))"
    " UPDATE stream_state SET last_seq = :last_seq WHERE stream = :stream AND last_seq < :last_seq"
)


class Relay:
    """Publishes one service's facts. Any number may run at once."""

    def __init__(self, database: Database, broker: Broker, *, service: str) -> None:
        self._database = database
        self._broker = broker
        self._service = service

    async def run(self) -> None:
        """Publish for ever: at once after a commit of this process, else at every poll."""
        stream = await self._broker.ready()
        while True:
            try:
                if not (await self.send(stream)).more:
                    await self._until_told()
            except Exception as reason:
                log.warning("relay.failed", reason=repr(reason))
                await asyncio.sleep(POLL_S)

    async def _until_told(self) -> None:
        """Wait for a commit of this process, or for facts that another one left behind."""
        while not await wait_for_either(self._database.nudge, seconds=POLL_S):
            if await self._database.lookout.see(_WAITING):
                return

    async def send(self, stream: JetStreamContext) -> Sent:
        """Publish one batch in order.

        The rows' locks are held while publishing. What could not be sent stays. An alarm may be
        among them, so all other work of the process gives way, unless the broker is away: then
        nothing that waits here could go sooner for it.
        """
        with PRECEDENCE.urgent() if self._broker.connected else nullcontext():
            return await self._send(stream)

    async def _send(self, stream: JetStreamContext) -> Sent:
        async with unit_of_work(self._database, SYSTEM) as session:
            query = {"leases": LEASES, "batch": BATCH}
            rows = (await session.execute(_NEXT, query)).all()
            if not rows:
                return Sent()
            sent = await self._publish(stream, rows)
            await self._settle(session, sent)
        if len(sent) < len(rows):
            raise ConnectionError(f"{len(rows) - len(sent)} of {len(rows)} events not taken")
        partitions = {row.partition for row in rows}
        return Sent(len(sent), more=len(rows) == BATCH or len(partitions) == LEASES)

    async def _publish(
        self, stream: JetStreamContext, rows: Sequence[Any]
    ) -> list[tuple[int, int]]:
        """In order inside an aggregate, together across them; (position, sequence) of each."""
        lines: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            lines[row.aggregate_id].append(row)
        sent: list[tuple[int, int]] = []
        sending = (self._publish_line(stream, line, sent) for line in lines.values())
        for outcome in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(outcome, Exception):
                log.warning("relay.refused", reason=repr(outcome))
        return sent

    async def _publish_line(
        self, stream: JetStreamContext, line: Sequence[Any], sent: list[tuple[int, int]]
    ) -> None:
        for row in line:
            envelope = Envelope.of_row(row, service=self._service)
            # A message id the broker remembers is answered as a duplicate and not stored.
            again = f":{row.position}" if row.again else ""
            headers = {"Nats-Msg-Id": f"{row.event_id}{again}"}
            ack = await stream.publish(row.subject, envelope.encode(), headers=headers)
            sent.append((row.position, ack.seq))

    async def _settle(self, session: AsyncSession, sent: Sequence[tuple[int, int]]) -> None:
        if not sent:
            return
        positions = sorted(position for position, _ in sent)
        last_seq = max(sequence for _, sequence in sent)
        held = {"stream": stream_name(self._service), "last_seq": last_seq}
        await session.execute(_DONE, {"positions": positions, **held})
        telemetry.RELAYED.inc(len(sent))


class MissingFacts(BaseModel):
    """What a listener asks for: the facts of an aggregate from a version on."""

    aggregate_id: str
    version: int


class Reconciler:
    """Notices that the broker lost a stream, or the end of one, and queues its facts again.

    What is sent twice is dropped by every consumer's version cursor, so the remedy may be
    generous: everything the stream would still have held.
    """

    def __init__(self, database: Database, broker: Broker, *, service: str) -> None:
        self._database = database
        self._broker = broker
        self._service = service

    async def run(self) -> None:
        """Look at the stream every few seconds, and answer listeners who miss something."""
        stream = await self._broker.ready()
        asking = f"republish.{self._service}"
        await self._broker.client.subscribe(asking, queue="relay", cb=self._answer)
        while True:
            try:
                await self.reconcile(stream)
            except Exception as reason:
                log.warning("reconciler.failed", reason=repr(reason))
            await asyncio.sleep(RECONCILE_S)

    async def reconcile(self, stream: JetStreamContext) -> bool:
        """Make the stream if it is missing; re-publish if it is not the one we knew."""
        await ensure_stream(stream, service=self._service, replicas=self._broker.replicas)
        name = stream_name(self._service)
        known = await self._known(name)  # first: what the broker holds only grows meanwhile
        try:
            info = await stream.stream_info(name)
        except NotFoundError:
            return False
        held = StreamState(
            stream=name,
            created=info.created.isoformat() if info.created else "",
            last_seq=info.state.last_seq,
        )
        if known is None:
            await self._remember(held)
            return False
        return _stepped_back(known, held) and await self._tell_again(known, held)

    async def _known(self, name: str) -> StreamState | None:
        async with unit_of_work(self._database, SYSTEM) as session:
            return await session.get(StreamState, name)

    async def _tell_again(self, known: StreamState, held: StreamState) -> bool:
        """Queue all that a stream may have lost, unless another process has just done so."""
        async with unit_of_work(self._database, SYSTEM) as session:
            row = await session.get_one(StreamState, known.stream, with_for_update=True)
            if _stepped_back(known, row):
                return False
            log.error("broker.lost_events", stream=known.stream, known=known.last_seq)
            row.created, row.last_seq = held.created, held.last_seq
            since = await session.scalar(select(func.clock_timestamp()))
            assert since is not None
            await outbox.republish_since(session, since=since - timedelta(days=STREAM_DAYS))
        return True

    async def _remember(self, held: StreamState) -> None:
        """First sight of the stream: facts told before it are queued already."""
        row = {"stream": held.stream, "created": held.created, "last_seq": 0}
        async with unit_of_work(self._database, SYSTEM) as session:
            await session.execute(insert(StreamState).values(row).on_conflict_do_nothing())

    async def _answer(self, message: Msg) -> None:
        """Queue the facts of one aggregate again, from the version a listener misses."""
        try:
            missing = MissingFacts.model_validate_json(message.data)
            async with unit_of_work(self._database, SYSTEM) as session:
                await outbox.republish_aggregate(
                    session, aggregate_id=missing.aggregate_id, version=missing.version
                )
        except Exception as reason:
            log.warning("reconciler.cannot_answer", reason=repr(reason))


def _stepped_back(before: StreamState, after: StreamState) -> bool:
    """Whether a stream is another one, or holds less than it did."""
    return after.created != before.created or after.last_seq < before.last_seq
