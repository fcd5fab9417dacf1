"""The spool: reports that came in while the database was away, on disk in the broker.

A report waits in the stream INTAKE, on as many servers as the settings ask for, synced to
disk before the reporter is answered. It is stored later with its original receipt time, once:
storing is idempotent, so a report may wait here and be stored directly all the same.
"""

import asyncio
from datetime import datetime

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from kernel import clock, inbox
from kernel.access import SYSTEM
from kernel.broker import DAY, DUPLICATE_WINDOW_S, Broker
from kernel.consumer import is_outage
from kernel.db import Database, DatabaseUnavailable, unit_of_work
from kernel.problems import Problem
from services.incidents.intake import operations
from services.incidents.intake.domain import Arrival
from services.incidents.reports.schemas import NewReport

log = structlog.get_logger(__name__)

STREAM = "INTAKE"
SUBJECT = "intake.incidents.report"
DURABLE = "incidents"
KEPT_DAYS = 30
PUBLISH_S = 0.8
RETRY_S = 1.0
BATCH = 32


class Spool:
    """One process's way into the spool, and the worker that empties it."""

    def __init__(self) -> None:
        self._broker: Broker | None = None
        self._first: dict[str, datetime] = {}

    def first_received(self, arrival: Arrival) -> Arrival:
        """The arrival with the time of its first coming, if it waits here already."""
        return arrival.first_at(self._first.get(arrival.fingerprint))

    async def keep(self, arrival: Arrival) -> None:
        """Put a report on disk, or refuse it: then nothing took it."""
        broker = self._broker
        if broker is None or not broker.connected:
            raise _nothing_takes_it()
        try:
            async with asyncio.timeout(PUBLISH_S):
                stream = await broker.ready()
                await stream.publish(
                    SUBJECT,
                    arrival.to_bytes(),
                    stream=STREAM,
                    headers={"Nats-Msg-Id": arrival.fingerprint},
                )
        except (TimeoutError, OSError, NatsError, JetStreamError) as reason:
            log.error("spool.refused", reason=repr(reason))
            raise _nothing_takes_it() from reason
        self._first.setdefault(arrival.fingerprint, arrival.received_at)

    async def run(self, database: Database, broker: Broker) -> None:
        """Store for ever whatever waits here, oldest first."""
        self._broker = broker
        stream = await broker.ready()
        while True:
            try:
                await self._drain(stream, database, replicas=broker.replicas)
            except Exception as reason:
                log.warning("spool.restarts", reason=repr(reason))
                await asyncio.sleep(RETRY_S)

    async def _drain(self, stream: JetStreamContext, database: Database, *, replicas: int) -> None:
        await ensure_spool(stream, replicas=replicas)
        pull = await stream.pull_subscribe_bind(durable=DURABLE, stream=STREAM)
        try:
            while True:
                try:
                    messages = await pull.fetch(BATCH, timeout=5)
                except NatsTimeout:
                    await stream.consumer_info(STREAM, DURABLE)  # raises when it is gone
                    continue
                for message in messages:
                    await self._settle(stream, database, message)
        finally:
            await pull.unsubscribe()

    async def _settle(self, stream: JetStreamContext, database: Database, message: Msg) -> None:
        """Store one report; while the database is away, it and those after it wait."""
        while not await self._store(database, message):
            await message.in_progress()
            await asyncio.sleep(RETRY_S)
        await message.ack_sync()
        # It may hold personal data: nothing keeps it longer than it is needed.
        await stream.delete_msg(STREAM, message.metadata.sequence.stream)

    async def _store(self, database: Database, message: Msg) -> bool:
        try:
            arrival = Arrival.from_bytes(message.data)
            report = NewReport.model_validate(arrival.payload)
            await operations.commit(database, arrival=arrival, report=report, now=clock.now())
        except Exception as reason:
            if is_outage(reason):
                return False
            return await _set_aside(database, message, reason)
        self._first.pop(arrival.fingerprint, None)
        return True


def _nothing_takes_it() -> DatabaseUnavailable:
    problem = DatabaseUnavailable(
        "报告未被接收，请保留并稍后重发，紧急情况请电话报告",
        "The report was not taken. Keep it and send it again; telephone if it is urgent.",
    )
    problem.headers["retry-after"] = "5"
    return problem


async def ensure_spool(stream: JetStreamContext, *, replicas: int) -> None:
    """Make the spool and its reader if they are not there."""
    try:
        await stream.stream_info(STREAM)
    except NotFoundError:
        await stream.add_stream(
            StreamConfig(
                name=STREAM,
                subjects=["intake.>"],
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,
                max_age=KEPT_DAYS * DAY,
                duplicate_window=DUPLICATE_WINDOW_S,
                num_replicas=replicas,
                deny_purge=True,
            )
        )
    await stream.add_consumer(
        STREAM,
        ConsumerConfig(
            durable_name=DURABLE,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=60,
            max_deliver=-1,
            max_ack_pending=256,
            num_replicas=replicas,
        ),
    )


async def _set_aside(database: Database, message: Msg, reason: Exception) -> bool:
    """A report that the rules refuse now is not dropped: people find it among the dead letters."""
    log.error("spool.set_aside", problem=type(reason).__name__)
    try:
        async with unit_of_work(database, SYSTEM) as session:
            await inbox.note_unreadable(
                session,
                publisher=STREAM,
                key=f"{STREAM}:{message.metadata.sequence.stream}",
                subject=SUBJECT,
                raw=message.data,
                error=type(reason).__name__ if isinstance(reason, Problem) else repr(reason),
            )
    except Exception as failure:
        if is_outage(failure):
            return False
        raise
    return True
