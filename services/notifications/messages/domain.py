"""What can become of a delivery, and why one is not made."""

from collections.abc import Iterable
from enum import StrEnum


class Channel(StrEnum):
    """Ways to reach a recipient."""

    INBOX = "inbox"
    EMAIL = "email"
    WEBHOOK = "webhook"
    SMS = "sms"


class Status(StrEnum):
    """Where a delivery stands."""

    DELIVERED = "delivered"  # in the inbox
    QUEUED = "queued"  # to be sent
    SENT = "sent"  # taken by the next system
    FAILED = "failed"  # given up, with the reason
    SKIPPED = "skipped"  # never tried, with the reason


class Reason(StrEnum):
    """Why a delivery was skipped or given up."""

    NO_ADDRESS = "no_address"
    CHANNEL_OFF = "channel_off"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    NO_SUCH_LEVEL_HERE = "no_such_level_here"
    REFUSED = "refused"
    TRIED_TOO_OFTEN = "tried_too_often"


def per_recipient(channels: Iterable[str]) -> tuple[str, ...]:
    """The channels on which each recipient is reached, the inbox always.

    Webhooks are not among them: systems subscribe for themselves, and no post has one.
    """
    wanted = dict.fromkeys((Channel.INBOX, *channels))
    return tuple(channel for channel in wanted if channel != Channel.WEBHOOK)


def start(channel: str, *, address: str | None, known: bool = True) -> tuple[Status, Reason | None]:
    """Where a delivery begins. A letter to whom the directory does not know yet waits for it."""
    if channel == Channel.INBOX:
        return Status.DELIVERED, None
    if channel != Channel.EMAIL:
        return Status.SKIPPED, Reason.CHANNEL_OFF
    if address:
        return Status.QUEUED, None
    return (Status.SKIPPED if known else Status.QUEUED), Reason.NO_ADDRESS
