"""How instants are written in answers."""

from datetime import datetime
from typing import Annotated

from pydantic import PlainSerializer

from kernel.calendar import SHANGHAI


def _in_shanghai(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat()


Moment = Annotated[datetime, PlainSerializer(_in_shanghai, return_type=str, when_used="json")]
"""An instant, answered in +08:00."""
