"""What the tasks service tells of evidence and of appeals against obligations.

None of these carries what a reviewer wrote: that is read where it stands.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.tasks import ObligationKind
from kernel.events import Event


class EvidenceFact(Event):
    """A piece of evidence went back to whoever handed it in."""

    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    evidence_id: UUID
    region_code: str
    subject_code: str
    """The unit or the enterprise that handed it in."""
    kind: ObligationKind
    duty: str | None = None
    """`<year>/<article>.<n>` where a plan asks for it."""
    due_at: AwareDatetime


class EvidenceReturned(EvidenceFact):
    """A reviewer does not accept it: it does not count, and what was owed is owed still."""

    subject: ClassVar[str] = "tasks.evidence.returned.v1"


class EvidenceQuestioned(EvidenceFact):
    """A reviewer asks about it and waits for the answer."""

    subject: ClassVar[str] = "tasks.evidence.questioned.v1"


class CreditWithdrawn(Event):
    """An acceptance proved false and was taken back from above; what it met may be owed again."""

    subject: ClassVar[str] = "tasks.evidence.credit_withdrawn.v1"
    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    evidence_id: UUID
    region_code: str
    subject_code: str
    """The unit or the enterprise that had handed it in."""
    owed_again: bool


class AppealFact(Event):
    """A subject has objected to an obligation or to its part of one."""

    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    appeal_id: UUID
    part_id: UUID | None = None
    """The part that is objected to; None where it is the whole."""
    region_code: str
    subject_code: str
    """The unit or the enterprise that objects."""
    kind: ObligationKind
    duty: str | None = None
    """`<year>/<article>.<n>` where a plan asks for it."""


class AppealMade(AppealFact):
    """Somebody objects to an obligation: its clock stands until it is decided on."""

    subject: ClassVar[str] = "tasks.appeal.made.v1"

    ground: str
    """`not_ours`, `impossible`, `wrong_deadline` or `delivered`."""
    unit: str | None = None
    """The nearest office that may decide, if the packs know any."""


class AppealUndecided(AppealFact):
    """Nobody has decided on an objection within the working days for it."""

    subject: ClassVar[str] = "tasks.appeal.undecided.v1"

    unit: str
    """The office that has to decide."""
    decision_due_at: AwareDatetime


class AppealDecided(Event):
    """A subject had objected to an obligation, and a reviewer has decided."""

    subject: ClassVar[str] = "tasks.appeal.decided.v1"
    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    region_code: str
    subject_code: str
    status: str
    """`excused`, `moved` or `refused`."""
    due_at: AwareDatetime
