"""A report as it arrived: all that is needed to store it later exactly as now."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from kernel.access import Principal


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What came in, from whom, when, and the language of the answer."""

    payload: dict[str, Any]
    by: Principal
    received_at: datetime
    chinese: bool

    @property
    def key(self) -> str:
        """The report's own id, as its reporter wrote it."""
        return str(self.payload["report_id"])

    @property
    def accident(self) -> str:
        """The accident it is about: that of a first report has the report's own id."""
        return str(self.payload.get("accident_id") or self.key)

    @property
    def fingerprint(self) -> str:
        """The same for the same report of the same reporter, whenever it is sent again."""
        told = json.dumps([self.by.subject, self.payload], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def first_at(self, instant: datetime | None) -> Self:
        """The same arrival, at the instant at which it first came in."""
        return replace(self, received_at=instant) if instant else self

    def to_bytes(self) -> bytes:
        """As it waits in the spool."""
        by = asdict(self.by) | {"roles": sorted(self.by.roles)}
        return json.dumps(
            {
                "payload": self.payload,
                "by": by,
                "received_at": self.received_at.isoformat(),
                "chinese": self.chinese,
            }
        ).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """As it was put into the spool."""
        told = json.loads(raw)
        by = told["by"] | {"roles": frozenset(told["by"]["roles"])}
        return cls(
            payload=told["payload"],
            by=Principal(**by),
            received_at=datetime.fromisoformat(told["received_at"]),
            chinese=told["chinese"],
        )
