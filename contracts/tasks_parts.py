"""What tasks tells of obligations that several units share."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.tasks import ObligationKind
from kernel.events import Event


class PartOverdue(Event):
    """A unit holds the work of a shared obligation past its deadline; told once for each part."""

    subject: ClassVar[str] = "tasks.part.overdue.v1"
    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    part_id: UUID
    unit: str
    region_code: str
    kind: ObligationKind
    role: str
    """lead, joint_lead or supporting."""
    origin: UUID
    due_at: AwareDatetime


class PartAppealFact(Event):
    """A unit objected to its part of a shared obligation. What people wrote is not carried."""

    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    part_id: UUID
    unit: str
    """The unit that objected."""
    lead: str
    """The unit that answers for the whole."""
    region_code: str
    kind: ObligationKind
    role: str
    """joint_lead or supporting."""
    duty: str | None = None
    """`<year>/<article>.<n>` where a plan asks for it."""
    due_at: AwareDatetime
    """When the part is due."""


class PartAppealed(PartAppealFact):
    """The part is nobody's delay until somebody has decided; the clock of the whole goes on."""

    subject: ClassVar[str] = "tasks.part.appealed.v1"

    ground: str
    """`not_ours`, `impossible`, `wrong_deadline` or `delivered`."""
    office: str | None = None
    """The nearest office that may decide, if the packs know any."""


class PartAppealDecided(PartAppealFact):
    """The part is released, has more time, or is owed as before."""

    subject: ClassVar[str] = "tasks.part.appeal_decided.v1"

    status: str
    """`excused`, `moved` or `refused`."""
