"""Instants as people here read them."""

from datetime import datetime
from typing import Annotated

from pydantic import PlainSerializer

from kernel.calendar import SHANGHAI


def in_shanghai(instant: datetime) -> str:
    """RFC 3339 with the offset +08:00."""
    return instant.astimezone(SHANGHAI).isoformat()


ShanghaiTime = Annotated[
    datetime, PlainSerializer(in_shanghai, return_type=str, when_used="json-unless-none")
]
"""For the fields of views: shown in +08:00, kept as an instant inside."""
