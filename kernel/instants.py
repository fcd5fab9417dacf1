"""Instants as people here write and read them."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer

from kernel.calendar import SHANGHAI


def in_shanghai(instant: datetime) -> str:
    """RFC 3339 with the offset +08:00."""
    return instant.astimezone(SHANGHAI).isoformat()


ShanghaiTime = Annotated[
    datetime, PlainSerializer(in_shanghai, return_type=str, when_used="json-unless-none")
]
"""For the fields of views: shown in +08:00, kept as an instant inside."""

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Moment = Annotated[AwareDatetime, Field(ge=FIRST, lt=LAST)]
"""For the fields of requests: an instant from which one can count days in every time zone."""
