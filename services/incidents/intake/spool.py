"""The spool: reports that came in while the database was away, on disk in the broker.

A report waits in the stream INTAKE, on as many servers as the settings ask for, synced to
disk before the reporter is answered. It is stored later with its original receipt time, once:
storing is idempotent, so a report may wait here and be stored directly all the same.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from contracts.incidents_reports import (
    ReportSetAside,
)
from kernel import clock, inbox, telemetry
from kernel.access import SYSTEM
from kernel.broker import Broker
from kernel.consumer import is_outage
from kernel.db import Database, DatabaseUnavailable, unit_of_work
from kernel.outbox import publish
from kernel.problems import Problem
from reference import city, regions
from services.incidents.intake import operations
from services.incidents.intake.domain import Arrival
from services.incidents.intake.stream import DURABLE, STREAM, SUBJECT, ensure_spool
from services.incidents.reports.schemas import NewReport

log = structlog.get_logger(__name__)

PUBLISH_S = 0.8
RETRY_S = 1.0
AWAY_S = 2.0
LEARN_S = 8.0
"""How long the first reports after a start wait until it is known what waits here: briefly where
the broker is away, longer while it tells, as a later time of receipt could make a report late."""

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a report waits."""

    seq: int
    accident: str
    received_at: datetime


class Spool:
    """One process's way into the spool, and the worker that empties it."""

    def __init__(self) -> None:
        self._broker: Broker | None = None
        self._waiting: dict[str, Place] = {}
        self._first: dict[str, datetime] = {}
        self._learned = asyncio.Event()

    async def first_received(self, arrival: Arrival) -> Arrival:
        """The arrival with the time of its first coming, if it waits here or did."""
        if self._broker is not None and not self._learned.is_set():
            await self._wait_to_learn(self._broker)
        return arrival.first_at(self._first.get(arrival.fingerprint))

    async def _wait_to_learn(self, broker: Broker) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._learned.wait(), AWAY_S)
        if broker.connected:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._learned.wait(), LEARN_S)
        self._learned.set()  # a broker that is away must not delay everybody

    async def holds(self, accident_id: UUID | None) -> bool:
        """Whether a report of an accident waits here: a later one must not overtake it."""
        for fingerprint, place in tuple(self._waiting.items()):
            if place.accident != str(accident_id):
                continue
            if await self._still_waits(place):
                return True
            self._waiting.pop(fingerprint, None)
        return False

    async def _still_waits(self, place: Place) -> bool:
        """Whether no other process has stored it meanwhile; while nobody can tell, it waits."""
        if self._broker is None or not self._broker.connected:
            return True
        try:
            async with asyncio.timeout(PUBLISH_S):
                await (await self._broker.ready()).get_msg(STREAM, place.seq)
        except NotFoundError:
            return False
        except (TimeoutError, OSError, NatsError, JetStreamError):
            return True
        return True

    async def keep(self, arrival: Arrival) -> Arrival:
        """Put a report on disk, or refuse it: then nothing took it.

        Of one that is there already, the arrival as it first came in.
        """
        broker = self._broker
        if broker is None or not broker.connected:
            raise _nothing_takes_it()
        try:
            async with asyncio.timeout(PUBLISH_S):
                stream = await broker.ready()
                ack = await stream.publish(
                    SUBJECT,
                    arrival.to_bytes(),
                    stream=STREAM,
                    headers={"Nats-Msg-Id": arrival.fingerprint},
                )
                if ack.duplicate:
                    return await self._as_it_waits(stream, ack.seq, arrival)
        except (TimeoutError, OSError, NatsError, JetStreamError) as reason:
            log.error("spool.refused", reason=repr(reason))
            raise _nothing_takes_it() from reason
        self._note(arrival, ack.seq)
        return arrival

    async def _as_it_waits(self, stream: JetStreamContext, seq: int, arrival: Arrival) -> Arrival:
        """The arrival with the time at which it came to another process, or to one that died."""
        try:
            first = Arrival.from_bytes((await stream.get_msg(STREAM, seq)).data or b"")
        except NotFoundError:  # it has been stored
            return arrival
        self._note(first, seq)
        return arrival.first_at(first.received_at)

    def _note(self, arrival: Arrival, seq: int) -> None:
        place = Place(seq=seq, accident=arrival.accident, received_at=arrival.received_at)
        self._waiting.setdefault(arrival.fingerprint, place)
        telemetry.SPOOL_DEPTH.set(len(self._waiting))
        self._first.setdefault(arrival.fingerprint, arrival.received_at)
        if len(self._first) > REMEMBERED:
            del self._first[next(iter(self._first))]

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
        await self._learn(stream)
        self._learned.set()
        pull = await stream.pull_subscribe_bind(durable=DURABLE, stream=STREAM)
        try:
            while True:
                try:
                    messages = await pull.fetch(1, timeout=5)
                except TimeoutError:  # nats.errors has its own, and fetch raises either
                    await stream.consumer_info(STREAM, DURABLE)  # raises when it is gone
                    continue
                for message in messages:
                    await self._settle(stream, database, message)
        finally:
            await pull.unsubscribe()

    async def _learn(self, stream: JetStreamContext) -> None:
        """Learn what earlier processes put here, and forget what they stored and left behind."""
        stored = (await stream.consumer_info(STREAM, DURABLE)).ack_floor
        state = (await stream.stream_info(STREAM)).state
        for seq in range(max(state.first_seq, 1), state.last_seq + 1):
            with suppress(NotFoundError):
                message = await stream.get_msg(STREAM, seq)
                if stored is not None and seq <= (stored.stream_seq or 0):
                    await stream.delete_msg(STREAM, seq)
                    continue
                with suppress(ValueError, KeyError, TypeError):  # told when its turn comes
                    self._note(Arrival.from_bytes(message.data or b""), seq)

    async def _settle(self, stream: JetStreamContext, database: Database, message: Msg) -> None:
        """Store one report; while the database is away, it and those after it wait."""
        while not await self._store(database, message):
            await message.in_progress()
            await asyncio.sleep(RETRY_S)
        await message.ack_sync()
        # It may hold personal data: nothing keeps it longer than it is needed.
        with suppress(JetStreamError):  # a copy that was given out twice
            await stream.delete_msg(STREAM, message.metadata.sequence.stream)

    async def _store(self, database: Database, message: Msg) -> bool:
        try:
            await store(database, message.data)
        except Exception as reason:
            if is_outage(reason) or not await _set_aside(database, message, reason):
                return False
        with suppress(ValueError, KeyError, TypeError):  # what cannot be read was never noted
            self._waiting.pop(Arrival.from_bytes(message.data).fingerprint, None)
        telemetry.SPOOL_DEPTH.set(len(self._waiting))
        return True


async def store(database: Database, raw: bytes) -> None:
    """Store a report that waited, as of when it came; one that is stored already stays one."""
    arrival = Arrival.from_bytes(raw)
    report = NewReport.model_validate(arrival.payload)
    await operations.commit(database, arrival=arrival, report=report, now=clock.now())


def _nothing_takes_it() -> DatabaseUnavailable:
    problem = DatabaseUnavailable(
        "报告未被接收，请保留并稍后重发，紧急情况请电话报告",
        "The report was not taken. Keep it and send it again; telephone if it is urgent.",
    )
    problem.headers["retry-after"] = "5"
    return problem


async def _set_aside(database: Database, message: Msg, reason: Exception) -> bool:
    """A report that the rules refuse now is not dropped: it is kept, and a desk is called."""
    log.error("spool.set_aside", problem=type(reason).__name__)
    try:
        async with unit_of_work(database, SYSTEM) as session:
            letter = await inbox.note_unreadable(
                session,
                publisher=STREAM,
                key=f"{STREAM}:{message.metadata.sequence.stream}",
                subject=SUBJECT,
                raw=message.data,
                error=type(reason).__name__ if isinstance(reason, Problem) else repr(reason),
            )
            if letter.attempts == 1:  # one that comes again has called the desks already
                publish(session, _told(letter.id, message.data, reason, now=clock.now()))
    except Exception as failure:
        if is_outage(failure):
            return False
        raise
    telemetry.DEAD_LETTERS.labels(STREAM).inc()
    return True


def _told(letter_id: UUID, raw: bytes, reason: Exception, *, now: datetime) -> ReportSetAside:
    problem = reason if isinstance(reason, Problem) else Problem()
    told = ReportSetAside(
        occurred_at=now,
        letter_id=letter_id,
        region_code=city.current().code,
        reason_zh=problem.title_zh,
        reason_en=problem.title_en,
    )
    try:
        arrival = Arrival.from_bytes(raw)
    except (ValueError, KeyError, TypeError):
        return told
    region = str(arrival.payload.get("region_code"))
    return told.model_copy(
        update={
            "region_code": region if region in regions.known() else told.region_code,
            "report_id": arrival.key,
            "accident_id": arrival.accident,
            "received_at": arrival.received_at,
        }
    )
