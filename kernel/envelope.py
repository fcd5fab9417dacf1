"""An event on the wire: CloudEvents 1.0, structured JSON, with the aggregate's version."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.events import Event

CONTENT_TYPE = "application/cloudevents+json"


class Envelope(BaseModel):
    """CloudEvents attributes; `subject` is the aggregate's id, `version` its count of facts.

    `about` names the field of the data that holds that id; older messages do not say it.
    """

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: str = "application/json"
    version: int = Field(ge=1)
    about: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    @classmethod
    def of_row(cls, row: Any, *, service: str) -> "Envelope":
        """The envelope of one logged event."""
        instant: datetime = row.occurred_at
        return cls.model_construct(
            specversion="1.0",
            id=str(row.event_id),
            source=f"/anlian/{service}",
            type=row.subject,
            subject=row.aggregate_id,
            time=instant,
            datacontenttype="application/json",
            version=row.version,
            about=_abouts().get(row.subject),
            traceparent=row.traceparent,
            data=orjson.loads(row.data),
        )

    def encode(self) -> bytes:
        """The JSON that goes on the wire."""
        return orjson.dumps({name: value for name, value in self if value is not None})


@cache
def _abouts() -> Mapping[str, str]:
    return {kind.subject: kind.about for kind in Event.known()}
