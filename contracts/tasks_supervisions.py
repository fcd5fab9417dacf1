"""What the tasks service tells of supervisory orders: kinds, numbers and units, never texts."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from kernel.events import Event
from reference.terms import SupervisionCause, SupervisionKind, SupervisionStep


class SupervisionFact(Event):
    """What every fact about a supervisory order says."""

    about: ClassVar[str] = "supervision_id"

    supervision_id: UUID
    region_code: str
    kind: SupervisionKind
    number: str
    issuer: str
    """Whoever acts for the one that issued it: itself, or since it ended its heir."""
    unit: str
    """The unit that answers; for an order to an enterprise the one that issued it."""
    enterprise_uscc: str | None = None
    cause: SupervisionCause
    cause_id: str | None = None


class SupervisionIssued(SupervisionFact):
    """An order was signed and went out."""

    subject: ClassVar[str] = "tasks.supervision.issued.v1"

    units: tuple[str, ...]
    """All units that it is addressed to."""
    cc: tuple[str, ...] = ()
    due_at: AwareDatetime | None = None
    """None where it asks for no answer."""
    automatic: bool = False
    """Whether the platform issued it itself."""


class SupervisionReceived(SupervisionFact):
    """An addressee signed for an order."""

    subject: ClassVar[str] = "tasks.supervision.received.v1"
    outsiders: ClassVar[bool] = True

    received_by: str
    """The unit, or the enterprise's credit code."""
    late: bool


class SupervisionAnswered(SupervisionFact):
    """The answer is there, and the issuer examines it."""

    subject: ClassVar[str] = "tasks.supervision.answered.v1"

    round: int
    late: bool


class SupervisionReturned(SupervisionFact):
    """The answer did not do: it is owed once more."""

    subject: ClassVar[str] = "tasks.supervision.returned.v1"

    round: int
    due_at: AwareDatetime


class SupervisionAccepted(SupervisionFact):
    """The answer was examined and does."""

    subject: ClassVar[str] = "tasks.supervision.accepted.v1"


class SupervisionExtended(SupervisionFact):
    """There is more time for the answer."""

    subject: ClassVar[str] = "tasks.supervision.extended.v1"

    due_at: AwareDatetime


class SupervisionLifted(SupervisionFact):
    """A listing came down after a check on site."""

    subject: ClassVar[str] = "tasks.supervision.lifted.v1"
    outsiders: ClassVar[bool] = True


class SupervisionClosed(SupervisionFact):
    """An order is filed away."""

    subject: ClassVar[str] = "tasks.supervision.closed.v1"
    outsiders: ClassVar[bool] = True


class SupervisionWithdrawn(SupervisionFact):
    """An issued order does not hold any more."""

    subject: ClassVar[str] = "tasks.supervision.withdrawn.v1"

    units: tuple[str, ...]


class SupervisionWarned(SupervisionFact):
    """The time to answer ends soon."""

    subject: ClassVar[str] = "tasks.supervision.warned.v1"

    due_at: AwareDatetime


class SupervisionOverdue(SupervisionFact):
    """A step was not taken in time. `unit` is whose step it was."""

    subject: ClassVar[str] = "tasks.supervision.overdue.v1"

    step: SupervisionStep
    due_at: AwareDatetime


class SupervisionClimbed(SupervisionFact):
    """The answer stays out, and the next step of the chain was reached."""

    subject: ClassVar[str] = "tasks.supervision.climbed.v1"

    rung: int
    """1 for the first step."""
    superior: str
    """The unit above the one that owes the answer, which is told."""
    follows: SupervisionKind
    """What follows: issued already where it is automatic, else proposed to the issuer."""
    automatic: bool
    proposed_to: str
    """The unit that issues, or has issued, what follows."""
    following_id: UUID
    """The order that follows: a draft, or one that stood already."""
    due_at: AwareDatetime
