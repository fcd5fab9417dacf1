"""What an attempt's outcome means for a call and its endpoint."""

from dataclasses import dataclass
from enum import StrEnum

GONE = 410
_SUCCESS = range(200, 300)


class CallStatus(StrEnum):
    """Where a call stands."""

    QUEUED = "queued"
    SUCCEEDED = "succeeded"
    GIVEN_UP = "given_up"
    SKIPPED = "skipped"  # the endpoint was disabled at that moment


class Reason(StrEnum):
    """Why a call did not succeed."""

    NOT_2XX = "answered_otherwise"
    UNREACHABLE = "unreachable"
    REFUSED = "refused_by_guard"
    GONE = "endpoint_gone"
    DISABLED = "endpoint_disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one attempt: an HTTP status, or the reason why there is none."""

    status: int | None = None
    reason: str | None = None

    @property
    def succeeded(self) -> bool:
        """Only 2xx counts; a redirect is a failure."""
        return self.status in _SUCCESS

    @property
    def gone(self) -> bool:
        """Whether the receiver asks never to be called again."""
        return self.status == GONE
