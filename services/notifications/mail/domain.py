"""What an e-mail looks like, and when it is tried again."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from services.notifications.wording.domain import Words

RETRIES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
)
"""How long to wait after each failed attempt; after the last one the letter is given up."""


def retry_after(failed: int) -> timedelta | None:
    """How long to wait after so many failed attempts, or None when it is given up."""
    return RETRIES[failed - 1] if failed <= len(RETRIES) else None


def letter(words: Words, *, delivery_id: str, sender: str, to: str, now: datetime) -> EmailMessage:
    """Both languages in one letter. Its id is the delivery's, so that a repeat can be told."""
    mail = EmailMessage()
    domain = sender.rpartition("@")[2].rstrip(">")
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = words.subject.zh
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{delivery_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "zh-CN, en"
    mail.set_content(
        f"{words.body.zh}\n\n--------\n{words.subject.en}\n\n{words.body.en}\n", cte="base64"
    )
    return mail
