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
