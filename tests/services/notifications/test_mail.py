"""Letters leave through a real mail server, once, whatever happens to it meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import pytest

from kernel import clock
from kernel.broker import Broker
from services.notifications.mail import domain as letters
from services.notifications.mail import operations as mail
from services.notifications.mail.operations import MailServer, Sender
from services.notifications.messages.domain import Channel, Reason, Status
from services.notifications.messages.tables import Delivery
from tests.eventually import eventually
from tests.services.notifications.facts import COUNTY_DESK, reported, unit_recorded
from tests.services.notifications.outside import MailHost
from tests.services.stage import Stage

ADDRESS = "desk@leiyang.example.cn"
NO_BROKER = cast(Broker, None)
"""A sender asks nothing of it."""


def sender(host: MailHost) -> Sender:
    return Sender(MailServer(host="127.0.0.1", port=host.port, sender="anlian@anlian.example.cn"))


@asynccontextmanager
async def at_work(stage: Stage, host: MailHost) -> AsyncIterator[None]:
    """A sender that is gone when this ends: one that lived on would take later tests' letters."""
    sending = asyncio.create_task(sender(host).run(stage.database, NO_BROKER))
    try:
        yield
    finally:
        sending.cancel()
        await asyncio.wait([sending])


async def letter(stage: Stage) -> Delivery:
    [row] = await stage.rows(Delivery, channel=Channel.EMAIL)
    return row


async def alarmed(stage: Stage, email: str | None = ADDRESS) -> None:
    await stage.hear(unit_recorded("430481.emergency", duty_desk=email))
    await stage.hear(reported())


async def test_a_letter_arrives_with_the_words_in_both_languages(stage: Stage) -> None:
    host = MailHost()
    await alarmed(stage)
    async with host.up():
        assert await sender(host).send_batch(stage.database, now=clock.wall()) == 1

    [mail] = host.mails
    assert mail["to"] == [ADDRESS]
    assert "耒阳市" in mail["subject"]
    assert "Leiyang" in mail["text"]
    row = await letter(stage)
    assert (row.status, row.recipient) == (Status.SENT, COUNTY_DESK)
    assert dict(mail["headers"])["Message-ID"] == f"<{row.delivery_id}@anlian.example.cn>"


async def test_a_server_that_is_down_and_comes_back_gets_each_letter_once(stage: Stage) -> None:
    host = MailHost()
    await alarmed(stage)
    now = clock.wall()

    await sender(host).send_batch(stage.database, now=now)
    row = await letter(stage)
    assert (row.status, row.attempts) == (Status.QUEUED, 1)

    async with host.up():
        assert await sender(host).send_batch(stage.database, now=now) == 0, "not before its time"
        later = now + letters.RETRIES[0]
        for _ in range(3):
            await sender(host).send_batch(stage.database, now=later)

    assert len(host.mails) == 1
    assert (await letter(stage)).status == Status.SENT


async def test_two_senders_do_not_send_the_same_letter(stage: Stage) -> None:
    host = MailHost()
    await alarmed(stage)
    async with host.up():
        sending = (sender(host).send_batch(stage.database, now=clock.wall()) for _ in range(3))
        assert sorted(await asyncio.gather(*sending)) == [0, 0, 1]
    assert len(host.mails) == 1


async def test_a_full_batch_is_followed_by_the_next_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing rings for letters that were there before; the sender looks again by itself."""
    monkeypatch.setattr(mail, "POLL_S", 3600.0)
    monkeypatch.setattr(mail, "BATCH", 2)
    host = MailHost()
    await stage.hear(unit_recorded("430481.emergency", duty_desk=ADDRESS))
    for _ in range(5):
        await stage.hear(reported())
    async with host.up(), at_work(stage, host):
        await eventually(lambda: len(host.mails) == 5)


async def test_a_letter_that_comes_while_others_are_sent_is_not_forgotten(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "POLL_S", 3600.0)
    host = MailHost()
    await alarmed(stage)
    hand_in = mail._hand_in

    async def another_comes(*told: Any) -> None:
        if not host.mails:
            await stage.hear(reported())
        await hand_in(*told)

    monkeypatch.setattr(mail, "_hand_in", another_comes)
    async with host.up(), at_work(stage, host):
        await eventually(lambda: len(host.mails) == 2)


async def test_a_letter_is_given_up_after_a_bounded_number_of_attempts(stage: Stage) -> None:
    host = MailHost()
    await alarmed(stage)
    now = clock.wall()
    for _ in range(len(letters.RETRIES) + 1):
        now += timedelta(days=1)
        await sender(host).send_batch(stage.database, now=now)

    row = await letter(stage)
    assert row.status == Status.FAILED
    assert row.reason is not None
    assert row.reason.startswith(Reason.TRIED_TOO_OFTEN)


async def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(
    stage: Stage,
) -> None:
    host = MailHost()

    async def refuse(*_: object) -> str:
        return "550 no such user"

    host.mailbox.handle_RCPT = refuse  # type: ignore[attr-defined]
    await alarmed(stage)
    async with host.up():
        await sender(host).send_batch(stage.database, now=clock.wall())

    row = await letter(stage)
    assert (row.status, row.reason) == (Status.FAILED, f"{Reason.REFUSED}: 550")


async def test_a_post_without_an_address_has_a_row_that_says_so(stage: Stage) -> None:
    await alarmed(stage, email=None)
    row = await letter(stage)
    assert (row.status, row.reason) == (Status.SKIPPED, Reason.NO_ADDRESS)


async def test_an_alarm_older_than_its_recipients_entry_is_mailed_once_that_is_known(
    stage: Stage,
) -> None:
    host = MailHost()
    await stage.hear(reported())
    now = clock.wall()
    async with host.up():
        await sender(host).send_batch(stage.database, now=now)
        row = await letter(stage)
        assert (row.status, row.reason) == (Status.QUEUED, Reason.NO_ADDRESS)

        await stage.hear(unit_recorded("430481.emergency", duty_desk=ADDRESS))
        await sender(host).send_batch(stage.database, now=now + letters.RETRIES[0])

    assert [mail["to"] for mail in host.mails] == [[ADDRESS]]
    assert (await letter(stage)).status == Status.SENT


async def test_an_alarm_whose_recipient_turns_out_to_have_no_address_says_so(stage: Stage) -> None:
    host = MailHost()
    await stage.hear(reported())
    await stage.hear(unit_recorded("430481.emergency", duty_desk=None))
    async with host.up():
        await sender(host).send_batch(stage.database, now=clock.wall())

    row = await letter(stage)
    assert (row.status, row.reason) == (Status.SKIPPED, Reason.NO_ADDRESS)


async def test_without_a_mail_server_every_letter_is_recorded_as_skipped(stage: Stage) -> None:
    await alarmed(stage)
    await Sender(None).send_batch(stage.database, now=clock.wall())
    row = await letter(stage)
    assert (row.status, row.reason) == (Status.SKIPPED, Reason.CHANNEL_OFF)
