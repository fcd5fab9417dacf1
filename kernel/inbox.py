"""How events arrive: once in effect, in the order of their aggregate.

A consumer keeps, per aggregate, the version it has applied. The step of that cursor and the
effects commit together, so a fact delivered twice, late or again after years has no second
effect. A fact that keeps failing is set aside as a dead letter, counted and replayable.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base
from kernel.envelope import Envelope
from kernel.events import Event
from kernel.ids import uuid7

E = TypeVar("E", bound=Event)
Handler = Callable[[AsyncSession, Any], Awaitable[None]]

ATTEMPTS = 5
"""How often a handler may fail on one fact before the fact is set aside."""


@dataclass(frozen=True)
class Subscription:
    """One line of a service's SUBSCRIPTIONS: this fact, that effect."""

    event: type[Event]
    handler: Handler
    urgent: bool = False
    """Whether other work of the process holds while this fact is handled."""

    @property
    def publisher(self) -> str:
        """The service that tells the fact."""
        return self.event.subject.split(".", 1)[0]


def on(
    event: type[E],
    handler: Callable[[AsyncSession, E], Awaitable[None]],
    *,
    urgent: bool = False,
) -> Subscription:
    """Subscribe a handler; mypy refuses one that was written for another event."""
    return Subscription(event, handler, urgent)


class AppliedVersion(Base):
    """How far a consumer has followed an aggregate."""

    __tablename__ = "applied_version"

    publisher: Mapped[str] = mapped_column(Text, primary_key=True)
    aggregate_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class LetterStatus(StrEnum):
    """A letter fails until it is dead; a replay resolves it."""

    FAILING = "failing"
    DEAD = "dead"
    RESOLVED = "resolved"


class DeadLetter(Base):
    """A fact whose handler failed, with the reason."""

    __tablename__ = "dead_letter"
    __table_args__ = (
        UniqueConstraint("publisher", "event_key"),
        Index("ix_dead_letter_status", "status"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    publisher: Mapped[str]
    event_key: Mapped[str]
    subject: Mapped[str]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int]
    status: Mapped[str]
    error: Mapped[str]
    failed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class Turn(StrEnum):
    """Whether it is a fact's turn: the next one, one already applied, or one too early."""

    NEXT = "next"
    SEEN = "seen"
    EARLY = "early"


_FIRST = text(
    "INSERT INTO applied_version (publisher, aggregate_id, version) VALUES (:p, :a, 1)"
    " ON CONFLICT DO NOTHING RETURNING 1"
)
_STEP = text(
    "UPDATE applied_version SET version = :v"
    " WHERE publisher = :p AND aggregate_id = :a AND version = :v - 1 RETURNING 1"
)


async def take_turn(session: AsyncSession, *, publisher: str, envelope: Envelope) -> Turn:
    """Step the cursor to this fact, if it is the next one of its aggregate."""
    key = {"p": publisher, "a": envelope.subject}
    if envelope.version == 1:
        stepped = await session.scalar(_FIRST, key)
    else:
        stepped = await session.scalar(_STEP, key | {"v": envelope.version})
    if stepped:
        return Turn.NEXT
    applied = await applied_version(session, publisher=publisher, aggregate_id=envelope.subject)
    return Turn.SEEN if envelope.version <= applied else Turn.EARLY


async def applied_version(session: AsyncSession, *, publisher: str, aggregate_id: str) -> int:
    """The last version applied of an aggregate; 0 when none."""
    cursor = await session.get(AppliedVersion, (publisher, aggregate_id))
    return cursor.version if cursor else 0


async def apply(
    session: AsyncSession, *, subscriptions: Sequence[Subscription], envelope: Envelope
) -> None:
    """Run every handler of a fact."""
    for subscription in subscriptions:
        event = subscription.event.model_validate(envelope.data)
        await subscription.handler(session, event)


async def note_failure(
    session: AsyncSession, *, publisher: str, envelope: Envelope, raw: bytes, error: str
) -> LetterStatus:
    """Count one more failure; the last allowed one sets the fact aside and lets later ones on.

    An accident's next alarm must not wait behind a fact that cannot be handled.
    """
    letter = await _count_failure(
        session, publisher=publisher, key=envelope.id, subject=envelope.type, raw=raw, error=error
    )
    if letter.attempts < ATTEMPTS:
        return LetterStatus.FAILING
    letter.status = LetterStatus.DEAD
    await take_turn(session, publisher=publisher, envelope=envelope)
    return LetterStatus.DEAD


async def note_unreadable(
    session: AsyncSession, *, publisher: str, key: str, subject: str, raw: bytes, error: str
) -> DeadLetter:
    """Set aside at once what is not an event at all; its letter, new if it counts one attempt."""
    letter = await _count_failure(
        session, publisher=publisher, key=key, subject=subject, raw=raw, error=error
    )
    letter.status = LetterStatus.DEAD
    return letter


async def _count_failure(
    session: AsyncSession, *, publisher: str, key: str, subject: str, raw: bytes, error: str
) -> DeadLetter:
    row = insert(DeadLetter).values(
        id=uuid7(),
        publisher=publisher,
        event_key=key,
        subject=subject,
        envelope=raw,
        attempts=1,
        status=LetterStatus.FAILING,
        error=error[:2000],
    )
    upsert = row.on_conflict_do_update(
        index_elements=["publisher", "event_key"],
        set_={"attempts": DeadLetter.attempts + 1, "error": error[:2000]},
    )
    return (await session.scalars(upsert.returning(DeadLetter))).one()


async def replay(
    session: AsyncSession, *, letter_id: UUID, subscriptions: Sequence[Subscription]
) -> None:
    """Handle a dead letter once more; it raises what the handler raises."""
    query = select(DeadLetter).where(DeadLetter.id == letter_id).with_for_update()
    letter = (await session.scalars(query)).one()
    if letter.status != LetterStatus.DEAD:
        return
    envelope = Envelope.model_validate_json(letter.envelope)
    handlers = by_subject(subscriptions).get(envelope.type, ())
    await apply(session, subscriptions=handlers, envelope=envelope)
    await resolve(session, letter_id=letter_id)


async def resolve(session: AsyncSession, *, letter_id: UUID) -> None:
    """What a letter was about has been done."""
    resolved = update(DeadLetter).where(DeadLetter.id == letter_id)
    await session.execute(resolved.values(status=LetterStatus.RESOLVED))


def by_subject(subscriptions: Sequence[Subscription]) -> Mapping[str, Sequence[Subscription]]:
    """Subscriptions of each event subject, in the order they were declared."""
    table: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        table.setdefault(subscription.event.subject, []).append(subscription)
    return table
