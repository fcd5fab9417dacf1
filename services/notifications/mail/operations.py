"""Hands queued letters to a mail server.

The transaction that claims letters is held while they are sent: it is the lease, so a
process that dies leaves them to another. A repeat carries the same Message-ID.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiosmtplib
import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from kernel import clock
from kernel.access import SYSTEM
from kernel.broker import Broker
from kernel.calendar import day_of
from kernel.db import Database, unit_of_work
from kernel.precedence import PRECEDENCE
from kernel.waiting import wait_for_either
from services.notifications.arrivals.domain import ARRIVALS, EMAIL
from services.notifications.directory import queries as directory
from services.notifications.mail import domain as letters
from services.notifications.messages.domain import Channel, Reason, Status
from services.notifications.messages.tables import Delivery
from services.notifications.wording.domain import Words
from services.notifications.wording.domain_labels import Said

log = structlog.get_logger(__name__)

BATCH = 20
BATCH_S = 20.0
"""A batch ends in time for the server not to take its transaction for an idle one."""

TIMEOUT_S = 5.0
POLL_S = 1.0
_PERMANENT = range(500, 600)


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed in, and as whom."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None
    start_tls: bool | None = None
    """None takes encryption when it is offered; True refuses to go without."""

    def client(self) -> aiosmtplib.SMTP:
        """A connection still to be opened."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            start_tls=self.start_tls,
            timeout=TIMEOUT_S,
        )


class Sender:
    """Sends letters; without a server it records that the channel is off."""

    def __init__(self, server: MailServer | None) -> None:
        self._server = server

    async def run(self, database: Database, _: Broker) -> None:
        """Send for ever."""
        with ARRIVALS.listening(EMAIL) as bell:
            while True:
                await PRECEDENCE.give_way()
                try:
                    sent = await self.send_batch(database, now=clock.wall())
                except Exception as reason:
                    log.warning("mail.failed", reason=repr(reason))
                    await asyncio.sleep(POLL_S)
                    continue
                if sent < BATCH:
                    await wait_for_either(bell, seconds=POLL_S)

    async def send_batch(self, database: Database, *, now: datetime) -> int:
        """Try the oldest letters that are due; how many. `now` is the machine's instant."""
        async with unit_of_work(database, SYSTEM) as session:
            letters = await _due(session, now)
            if letters and self._server is not None:
                await self._send(self._server, await _addressed(session, letters, now), now)
            elif letters:
                for letter in letters:
                    _skip(letter)
            return len(letters)

    async def _send(self, server: MailServer, letters: Sequence[Delivery], now: datetime) -> None:
        """Over one connection. What the time does not suffice for stays queued."""
        ends = clock.ticks() + BATCH_S - TIMEOUT_S
        waiting = list(letters)
        try:
            async with server.client() as client:
                while waiting and clock.ticks() < ends:
                    await PRECEDENCE.give_way()
                    await _hand_in(client, server, waiting[0], now)
                    waiting.pop(0)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as reason:
            log.warning("mail.unreachable", reason=repr(reason))
            for letter in waiting:
                _put_off(letter, now, type(reason).__name__)


async def _due(session: AsyncSession, now: datetime) -> Sequence[Delivery]:
    query = (
        select(Delivery)
        .options(joinedload(Delivery.message, innerjoin=True))
        .where(
            Delivery.channel == Channel.EMAIL,
            Delivery.status == Status.QUEUED,
            or_(Delivery.attempt_at.is_(None), Delivery.attempt_at <= now),
        )
        .order_by(Delivery.delivery_id)
        .limit(BATCH)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def _addressed(
    session: AsyncSession, letters: Sequence[Delivery], now: datetime
) -> Sequence[Delivery]:
    """Those that have an address by now: an alarm may be older than its recipient's entry."""
    for letter in letters:
        if letter.address is None:
            await _look_up(session, letter, now)
    return [letter for letter in letters if letter.address is not None]


async def _look_up(session: AsyncSession, letter: Delivery, now: datetime) -> None:
    found = await directory.contacts(
        session, codes=[letter.recipient], region=letter.region_code, on=day_of(clock.now())
    )
    contact = found.get(letter.recipient)
    letter.address = contact.email if contact else None
    if letter.address is None and contact is not None and contact.known:
        letter.status, letter.reason = Status.SKIPPED, Reason.NO_ADDRESS
    elif letter.address is None:
        _put_off(letter, now, Reason.NO_ADDRESS)


def _skip(letter: Delivery) -> None:
    letter.status = Status.SKIPPED
    letter.reason = Reason.CHANNEL_OFF


async def _hand_in(
    client: aiosmtplib.SMTP, server: MailServer, letter: Delivery, now: datetime
) -> None:
    """Hand one letter in; a server that refuses it for good ends it, with its reason."""
    assert letter.address is not None, "a letter is queued with its address"
    message = letter.message
    words = Words(
        subject=Said(message.subject_zh, message.subject_en),
        body=Said(message.body_zh, message.body_en),
    )
    mail = letters.letter(
        words,
        delivery_id=str(letter.delivery_id),
        sender=server.sender,
        to=letter.address,
        now=now,
    )
    try:
        await client.send_message(mail)
    except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as reason:
        _refused(letter, now, reason)
        return
    letter.status = Status.SENT
    letter.reason = None
    letter.attempts += 1
    letter.attempt_at = None
    letter.sent_at = clock.now()


def _refused(
    letter: Delivery,
    now: datetime,
    reason: aiosmtplib.SMTPResponseException | aiosmtplib.SMTPRecipientsRefused,
) -> None:
    codes = (
        [refused.code for refused in reason.recipients]
        if isinstance(reason, aiosmtplib.SMTPRecipientsRefused)
        else [reason.code]
    )
    if all(code in _PERMANENT for code in codes):
        letter.attempts += 1
        letter.status = Status.FAILED
        letter.reason = f"{Reason.REFUSED}: {codes[0]}"
    else:
        _put_off(letter, now, type(reason).__name__)


def _put_off(letter: Delivery, now: datetime, reason: str) -> None:
    """Try again later, a bounded number of times."""
    letter.attempts += 1
    wait = letters.retry_after(letter.attempts)
    if wait is None:
        letter.status = Status.FAILED
        letter.reason = f"{Reason.TRIED_TOO_OFTEN}: {reason}"
    else:
        letter.attempt_at = now + wait
        letter.reason = reason
