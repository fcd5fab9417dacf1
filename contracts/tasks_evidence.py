"""What the tasks service tells of evidence and of appeals against obligations."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from kernel.events import Event


class CreditWithdrawn(Event):
    """An acceptance proved false and was taken back from above; what it met may be owed again."""

    subject: ClassVar[str] = "tasks.evidence.credit_withdrawn.v1"
    about: ClassVar[str] = "obligation_id"
    outsiders: ClassVar[bool] = True

    obligation_id: UUID
    evidence_id: UUID
    region_code: str
    subject_code: str
    """The unit or the enterprise that had handed it in."""
    owed_again: bool


class AppealDecided(Event):
    """A subject had objected to an obligation, and a reviewer has decided."""

    subject: ClassVar[str] = "tasks.appeal.decided.v1"
    about: ClassVar[str] = "obligation_id"
    outsiders: ClassVar[bool] = True

    obligation_id: UUID
    region_code: str
    subject_code: str
    status: str
    """`excused`, `moved` or `refused`."""
    due_at: AwareDatetime
