"""Writes messages and their deliveries, in the transaction of whatever caused them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import at_commit
from kernel.calendar import day_of
from kernel.events import Event
from kernel.ids import uuid7
from services.notifications.arrivals.domain import ARRIVALS, EMAIL
from services.notifications.directory import queries as directory
from services.notifications.directory.queries import Contact
from services.notifications.messages import domain
from services.notifications.messages.domain import Channel, Reason, Status
from services.notifications.messages.tables import Delivery, Message
from services.notifications.routing import domain_steps as routing
from services.notifications.wording.domain import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What a message is about: the fact behind it, and where it happened."""

    event_id: UUID
    kind: str
    origin: str
    region_code: str
    grade: str | None
    told_at: datetime

    @classmethod
    def of(cls, event: Event) -> "Cause":
        """The cause that an event is. Its origin is the accident, lead or duty it is about."""
        return cls(
            event_id=event.event_id,
            kind=event.subject.rpartition(".")[0],
            origin=str(_origin(event)),
            region_code=event.region_code,  # type: ignore[attr-defined]  # every fact told to people has a place
            grade=getattr(event, "grade", None),
            told_at=event.occurred_at,
        )

    @property
    def day(self) -> date:
        """The day whose units and routes hold."""
        return day_of(self.told_at)


def _origin(event: Event) -> object:
    about = getattr(event, "lead_id", None) or getattr(event, "accident_id", event.aggregate_id)
    return getattr(event, "origin", about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whom one step of a message is for."""

    to: Sequence[str]
    placeless: Sequence[str] = ()
    certain: bool = False
    """Whether it is delivered even to somebody that no directory knows."""
    told: Collection[str] = ()
    """Who has it from an earlier step: an heir may be meant by more than one code."""
    channels: Sequence[str] = (Channel.INBOX, Channel.EMAIL)
    alarm_id: UUID | None = None
    step: int | None = None
    acknowledge_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Rows:
    """The deliveries of one call, as they are written."""

    message_id: UUID
    call: Call
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, channel: str, code: str, region: str, **values: Any) -> None:
        """One more, with what all of them share."""
        to = routing.recipient(code)
        blank = {"address": None, "reason": None, "sent_at": None}
        shared = {
            "delivery_id": uuid7(),
            "message_id": self.message_id,
            "channel": channel,
            "recipient": code,
            "unit": to.unit,
            "post": to.post,
            "enterprise_uscc": to.uscc,
            "region_code": region,
            "alarm_id": self.call.alarm_id,
            "step": self.call.step,
            "acknowledge_by": self.call.acknowledge_by,
        }
        self.rows.append(shared | blank | values)


def write(session: AsyncSession, *, cause: Cause, words: Words, to: Iterable[str]) -> UUID:
    """Put the words of a message down. `to` is everybody it may come to reach."""
    recipients = [routing.recipient(code) for code in to]
    message_id = uuid7()
    row = {
        "message_id": message_id,
        "event_id": cause.event_id,
        "kind": cause.kind,
        "origin": cause.origin,
        "region_code": cause.region_code,
        "enterprise_uscc": next((found.uscc for found in recipients if found.uscc), None),
        "units": sorted({found.unit for found in recipients if found.unit}),
        "grade": cause.grade,
        "subject_zh": words.subject.zh,
        "subject_en": words.subject.en,
        "body_zh": words.body.zh,
        "body_en": words.body.en,
        "told_at": cause.told_at,
    }
    at_commit.insert(session, Message, row)
    return message_id


async def deliver(
    session: AsyncSession, *, message_id: UUID, cause: Cause, call: Call, now: datetime
) -> Sequence[str]:
    """Deliver a message to one step's recipients, for those that are no more to their heirs.

    Gives whom it reached. Whoever cannot be told is on record with the reason, and so is every
    channel that is not used.
    """
    found = await directory.contacts(
        session, codes=call.to, region=cause.region_code, on=day_of(now)
    )
    rows = _Rows(message_id, call)
    reached: dict[str, Contact] = {}
    for code in call.to:
        contact = found.get(code) or _certain(code, call, cause)
        if contact is None:
            _record_gap(rows, code, cause, Reason.UNKNOWN_RECIPIENT)
        elif contact.to.code not in call.told:
            _deliver_to(rows, contact, now)
            reached[contact.to.code] = contact
    for pattern in call.placeless:
        _record_gap(rows, pattern, cause, Reason.NO_SUCH_LEVEL_HERE)
    for row in rows.rows:
        at_commit.insert(session, Delivery, row, once=True)
    _ring_after_commit(session, reached.values())
    return tuple(reached)


def _certain(code: str, call: Call, cause: Cause) -> Contact | None:
    if not call.certain:
        return None
    return Contact(to=routing.recipient(code), region_code=cause.region_code)


def _deliver_to(rows: _Rows, contact: Contact, now: datetime) -> None:
    for channel in domain.per_recipient(rows.call.channels):
        address = contact.email if channel == Channel.EMAIL else None
        status, reason = domain.start(channel, address=address, known=contact.known)
        rows.add(
            channel,
            contact.to.code,
            contact.region_code,
            address=address,
            status=status,
            reason=reason,
            sent_at=now if status is Status.DELIVERED else None,
        )


def _record_gap(rows: _Rows, code: str, cause: Cause, reason: Reason) -> None:
    rows.add(Channel.INBOX, code, cause.region_code, status=Status.SKIPPED, reason=reason)


def _ring_after_commit(session: AsyncSession, reached: Iterable[Contact]) -> None:
    """Wake readers and senders of this process once the rows can be seen."""
    addresses = {contact.to.unit or contact.to.uscc or "" for contact in reached}

    def ring(_: Any) -> None:
        ARRIVALS.ring({*addresses, EMAIL})

    sqlalchemy_event.listen(session.sync_session, "after_commit", ring, once=True)


async def inform(
    session: AsyncSession, *, cause: Cause, words: Words, to: Iterable[str], now: datetime
) -> None:
    """Tell recipients something that nobody has to answer."""
    asked = tuple(to)
    if not asked:
        return
    heirs = await directory.heirs(session, codes=asked, on=day_of(now))
    recipients = tuple(dict.fromkeys(heirs.get(code, code) for code in asked))
    message_id = write(session, cause=cause, words=words, to=recipients)
    await deliver(session, message_id=message_id, cause=cause, call=Call(to=recipients), now=now)
