"""Pulls a publisher's stream and applies each fact, acknowledging after the commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import orjson
import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import clock, inbox, telemetry
from kernel.access import SYSTEM
from kernel.broker import Broker, stream_name
from kernel.db import Database, unit_of_work
from kernel.envelope import Envelope
from kernel.inbox import LetterStatus, Subscription, Turn
from kernel.lines import Lines
from kernel.precedence import PRECEDENCE
from kernel.pulling import pulling
from kernel.sessions import keep_what_is_read
from kernel.together import Together

log = structlog.get_logger(__name__)

ACK_WAIT_S = 15
"""After this, what a dead process held is given out again. Work that only takes longer is
given out twice, which the version cursor makes harmless."""

HELD_S = ACK_WAIT_S / 3
"""How often the broker is told of what still waits here."""

IN_HAND = 1024
"""Facts that may wait here. With room for few, those that give way to alarms would fill it, and
the next alarm would wait at the broker behind them."""

BATCH = 64
AT_ONCE = 2
"""Alarms worked on at once, each in a transaction of its own."""

Fact = tuple[Msg, Envelope]
Place = tuple[int, datetime]
Apply = Callable[[Envelope], Awaitable[Turn]]

IDLE_LOOKS = 5
"""After so many empty pulls the consumer is looked up: a deleted one is never answered."""

ASK_AFTER = 4
"""A fact that came too early so often has a predecessor that the broker no longer holds."""

ASK_AGAIN_S = 30.0
"""All facts that wait for one predecessor ask once: the answer brings it and all after it."""

_BACKOFF_S = (0.2, 0.5, 2.0, 5.0, 15.0)


class Consumer:
    """One service listening to one publisher."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        *,
        service: str,
        publisher: str,
        subscriptions: Sequence[Subscription],
        turn: asyncio.Lock | None = None,
    ) -> None:
        """Consumers that share a `turn` work on ordinary facts one transaction after the other."""
        self._database = database
        self._broker = broker
        self._service = service
        self._publisher = publisher
        self._handlers = inbox.by_subject(subscriptions)
        self._followed = {subscription.event.about for subscription in subscriptions}
        self._turn = turn or asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[str, float] = {}
        self._in_hand: dict[Place, Msg] = {}

    async def run(self) -> None:
        """Consume for ever, starting over when the broker lost the consumer."""
        stream = await self._broker.ready()
        while True:
            try:
                await self._consume(stream)
            except NotFoundError:
                await asyncio.sleep(0.5)  # the publisher has not made its stream yet
            except Exception as reason:
                log.warning("consumer.restarts", publisher=self._publisher, reason=repr(reason))
                await asyncio.sleep(0.5)

    async def _consume(self, stream: JetStreamContext) -> None:
        name = stream_name(self._publisher)
        await stream.add_consumer(name, self._config())
        client = self._broker.client
        async with (
            pulling(client, stream=name, durable=self._service, batch=BATCH) as pull,
            asyncio.TaskGroup() as group,
        ):
            self._lines = Lines(group, self._take_turn, order=_version)
            self._in_hand.clear()
            group.create_task(self._hold())
            self._together = Together(group, self._apply_all, turn=self._turn)
            idle = 0
            while idle < IDLE_LOOKS or await stream.consumer_info(name, self._service):
                idle = 0 if idle >= IDLE_LOOKS else idle
                try:
                    messages = await pull.take(seconds=1)
                except TimeoutError:
                    idle += 1
                    continue
                idle = 0
                await self._work(messages)

    def _config(self) -> ConsumerConfig:
        return ConsumerConfig(
            durable_name=self._service,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=IN_HAND,
            num_replicas=self._broker.replicas,
        )

    async def _work(self, messages: Sequence[Msg]) -> None:
        """Take what came in hand: each aggregate's facts in order, aggregates together.

        What was given out again comes in any order; in its line most of it finds its turn.
        """
        for message in messages:
            envelope = await self._open(message)
            if envelope is None:
                continue
            if self._is_followed(envelope):
                self._take(message, envelope)
            else:
                telemetry.CONSUMED.labels(self._publisher, "passed_by").inc()
                await message.ack()

    def _take(self, message: Msg, envelope: Envelope) -> None:
        """Let it wait in its line; once, also when the broker gave it out again meanwhile."""
        place = _place(message)
        if place not in self._in_hand:
            self._in_hand[place] = message
            self._lines.put(envelope.subject, (message, envelope))

    async def _hold(self) -> None:
        """Keep the broker from giving out again what only waits here."""
        while True:
            await asyncio.sleep(HELD_S)
            for message in tuple(self._in_hand.values()):
                if not message.is_acked:
                    await message.in_progress()

    def _is_followed(self, envelope: Envelope) -> bool:
        """Whether any fact about such a thing is heard here; else its order matters to nobody.

        Where it does after all, because a subscription came later or another thing has the same
        id, the next fact comes too early: of what was asked for, the whole story is followed.
        """
        known = envelope.about in self._followed or envelope.subject in self._asked
        return known or envelope.about is None

    async def _take_turn(self, fact: Fact, behind: Sequence[Fact]) -> None:
        """Alarms, and what stands before them in their line, go first and alone."""
        try:
            if any(self._is_urgent(envelope) for _, envelope in (fact, *behind)):
                with PRECEDENCE.urgent():
                    async with self._slots:
                        await self._settle(*fact, apply=self.apply)
            else:
                await self._settle(*fact, apply=self._together.do)
        finally:
            del self._in_hand[_place(fact[0])]

    def _is_urgent(self, envelope: Envelope) -> bool:
        return any(heard.urgent for heard in self._handlers.get(envelope.type, ()))

    async def _open(self, message: Msg) -> Envelope | None:
        try:
            return Envelope.model_validate_json(message.data)
        except ValidationError as reason:
            async with unit_of_work(self._database, SYSTEM) as session:
                await inbox.note_unreadable(
                    session,
                    publisher=self._publisher,
                    key=f"sequence:{message.metadata.sequence.stream}",
                    subject=message.subject,
                    raw=message.data,
                    error=str(reason),
                )
            telemetry.DEAD_LETTERS.labels(self._publisher).inc()
            await message.ack()
            return None

    async def _settle(self, message: Msg, envelope: Envelope, *, apply: Apply) -> None:
        """Apply one fact and answer the broker, whatever happens."""
        try:
            turn = await apply(envelope)
        except Exception as reason:
            await self._fail(message, envelope, reason)
            return
        if turn is Turn.EARLY:
            await self._wait_for_predecessor(message, envelope)
            return
        telemetry.CONSUMED.labels(self._publisher, turn.value).inc()
        await message.ack()

    async def apply(self, envelope: Envelope) -> Turn:
        """The effects of a fact and the step of the cursor, in one transaction."""
        (turn,) = await self._apply_all([envelope])
        return turn

    async def _apply_all(self, envelopes: Sequence[Envelope]) -> Sequence[Turn]:
        """Those of several aggregates' facts in one transaction: all of them, or none."""
        async with unit_of_work(self._database, SYSTEM) as session:
            keep_what_is_read(session)
            return [await self._apply_in(session, envelope) for envelope in envelopes]

    async def _apply_in(self, session: AsyncSession, envelope: Envelope) -> Turn:
        with telemetry.continued(envelope.traceparent, f"handle {envelope.type}"):
            turn = await inbox.take_turn(session, publisher=self._publisher, envelope=envelope)
            if turn is Turn.NEXT:
                handlers = self._handlers.get(envelope.type, ())
                await inbox.apply(session, subscriptions=handlers, envelope=envelope)
            return turn

    async def _fail(self, message: Msg, envelope: Envelope, reason: Exception) -> None:
        """Count a handler's failure; a database that is away is nobody's failure."""
        if is_outage(reason):
            await message.nak(delay=1)
            return
        log.error("handler.failed", subject=envelope.type, event_id=envelope.id, exc_info=reason)
        try:
            async with unit_of_work(self._database, SYSTEM) as session:
                status = await inbox.note_failure(
                    session,
                    publisher=self._publisher,
                    envelope=envelope,
                    raw=message.data,
                    error=repr(reason),
                )
        except Exception:
            await message.nak(delay=1)
            return
        if status is LetterStatus.DEAD:
            telemetry.DEAD_LETTERS.labels(self._publisher).inc()
            await message.ack()
        else:
            await message.nak(delay=_backoff(message.metadata.num_delivered or 1))

    async def _wait_for_predecessor(self, message: Msg, envelope: Envelope) -> None:
        """Come back later and later; if that does not help, ask for what is missing."""
        delivered = message.metadata.num_delivered or 1
        if delivered >= ASK_AFTER and self._may_ask(envelope.subject, now=clock.ticks()):
            await self._ask_for_missing(envelope.subject)
        await message.nak(delay=_backoff(delivered))

    def _may_ask(self, aggregate_id: str, *, now: float) -> bool:
        """Once in a while for each aggregate; remembers those asked for, oldest first."""
        while self._asked and now - next(iter(self._asked.values())) > ASK_AGAIN_S:
            del self._asked[next(iter(self._asked))]
        if aggregate_id in self._asked:
            return False
        self._asked[aggregate_id] = now
        return True

    async def _ask_for_missing(self, aggregate_id: str) -> None:
        """Have the publisher tell the facts of an aggregate again, from the missing one on."""
        async with unit_of_work(self._database, SYSTEM) as session:
            applied = await inbox.applied_version(
                session, publisher=self._publisher, aggregate_id=aggregate_id
            )
        missing = {"aggregate_id": aggregate_id, "version": applied + 1}
        await self._broker.client.publish(f"republish.{self._publisher}", orjson.dumps(missing))


def _place(message: Msg) -> Place:
    """Where the broker keeps a message, however often it gave it out; a new stream counts anew."""
    return message.metadata.sequence.stream, message.metadata.timestamp


def _version(fact: Fact) -> int:
    return fact[1].version


def _backoff(delivered: int) -> float:
    return _BACKOFF_S[min(delivered, len(_BACKOFF_S)) - 1]


_AWAY = ("08", "40", "53", "57P")
"""SQLSTATEs of a server that is gone, full, starting or stopping, or that undid a transaction
in favour of another: each is worth another try."""


def is_outage(reason: BaseException) -> bool:
    """Whether a failure is the infrastructure's: worth a retry, not a dead letter."""
    if isinstance(reason, OperationalError | InterfaceError | OSError | TimeoutError):
        return True
    if isinstance(reason, DBAPIError):
        state = getattr(reason.orig, "sqlstate", None) or ""
        if reason.connection_invalidated or state.startswith(_AWAY):
            return True
    return type(reason).__name__ in {"InternalClientError", "PendingRollbackError"}
