"""What is sent, how it is signed, and when it is tried again (Standard Webhooks 1.0)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from contracts.incidents import AccidentFact

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after each failed attempt; after the last one the call is given up."""

_SENT = frozenset(
    {
        *("accident_id", "region_code", "enterprise_uscc", "grade", "from_grade", "toll"),
        *("level", "from_level", "to_level", "from_unit", "to_unit", "due_at", "forwarded_at"),
        *("late", "kind", "published_on", "investigating_level", "happened_at"),
        *("generation", "stage", "closed_on", "into_id"),
    }
)
"""Ids, grades, counts and instants; whoever needs more asks with an id and is checked then."""


def retry_after(failed: int) -> timedelta | None:
    """How long to wait after so many failed attempts, or None when it is given up."""
    return RETRIES[failed - 1] if failed <= len(RETRIES) else None


def cloud_event(event: AccidentFact) -> Mapping[str, Any]:
    """The thin CloudEvent that subscribers get."""
    told = event.model_dump(mode="json")
    return {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": "/anlian/" + event.subject.partition(".")[0],
        "type": event.subject,
        "subject": event.aggregate_id,
        "time": event.occurred_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {name: value for name, value in told.items() if name in _SENT},
    }


def signed(*, call_id: str, body: str, secret: str, now: datetime) -> Mapping[str, str]:
    """The headers that prove who sent a body and when. `now` is the machine's instant."""
    return {
        "content-type": "application/json",
        "user-agent": "anlian-webhooks/1",
        "webhook-id": call_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(msg_id=call_id, timestamp=now, data=body),
    }
