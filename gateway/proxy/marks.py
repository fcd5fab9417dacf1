"""What the gateway writes on a request itself: its id, its trace, its line in the metrics.

The lightest form of what `kernel.observed` does for services: a request that is only passed
on pays a few microseconds for it. Where spans are recorded, `Observed` stands around the
proxy, and its id and trace are used instead.
"""

import re
from dataclasses import dataclass

from starlette.types import Scope

from gateway.proxy.figures import FORWARDED
from gateway.proxy.heads import METHODS
from kernel import clock, telemetry
from kernel.ids import uuid7_hex

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_UNKNOWN = "unknown"


@dataclass(slots=True)
class Marks:
    """The id of a request, the trace it goes on with, and the service it is for."""

    request_id: str
    traceparent: str
    started: float
    """On the clock that never goes back."""
    is_observed: bool = False
    """Whether something around the proxy keeps the metrics."""
    service: str = _UNKNOWN

    @classmethod
    def of(cls, scope: Scope) -> "Marks":
        """Keep the id and trace a request came with, if they are well-formed; else make them."""
        outer = scope.get("anlian.request_id")
        if outer is not None:
            trace = telemetry.current_traceparent() or ""
            return cls(outer, trace, clock.ticks(), is_observed=True)
        given = asked = b""
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                given = value
            elif name == b"traceparent":
                asked = value
        fresh = uuid7_hex()
        request_id = given.decode() if given and _REQUEST_ID.fullmatch(given) else fresh
        trace = _valid(asked) if asked else ""
        return cls(request_id, trace or f"00-{fresh}-{fresh[16:]}-01", clock.ticks())

    def name(self, scope: Scope, service: str) -> None:
        """Tell the metrics which service it is, now that it is known to exist."""
        self.service = service
        if self.is_observed:
            scope["anlian.route"] = f"/api/v1/{service}/*"

    def count(self, method: str, status: int) -> None:
        """Enter the request into the figures, by service only: labels stay few."""
        if not self.is_observed:
            method = method if method in METHODS else _UNKNOWN
            FORWARDED.add((method, self.service, status), clock.ticks() - self.started)


def _valid(traceparent: bytes) -> str:
    text = traceparent.decode("latin-1")
    return text if telemetry.parse_traceparent(text) else ""
