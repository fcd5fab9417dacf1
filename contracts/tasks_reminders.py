"""What tasks tells to remind people: once a working day what a unit or an enterprise owes.

Counts, ids, and what a published plan calls a duty; of anything else only what sort it is.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from kernel.events import Event


class PartDue(BaseModel):
    """A unit's part of a duty that others lead, as a person reads it."""

    model_config = ConfigDict(frozen=True)

    part_id: UUID
    title_zh: str
    """What the unit has to do with the duty, and the duty in the plan's words, shortened."""
    title_en: str
    due_at: AwareDatetime


class ThingDue(BaseModel):
    """One thing that somebody has to do, as a person reads it and as a system finds it."""

    model_config = ConfigDict(frozen=True)

    kind: str
    """`obligation`, `part`, `order`, `order_return`, `supervision`, `card_reply`, and so on."""
    id: UUID
    entity: str
    """What one opens to do it, below the API's root: `supervisions/<id>`."""
    title_zh: str
    """What a calendar calls it, shortened."""
    title_en: str
    due_at: AwareDatetime


class DigestDue(Event):
    """What a unit owes on the morning of a working day; nothing is told where there is nothing."""

    subject: ClassVar[str] = "tasks.digest.due.v1"
    about: ClassVar[str] = "unit"

    unit: str
    region_code: str
    day: date
    overdue: int
    due_today: int
    due_soon: int
    within: int
    """How many working days "soon" reaches."""
    waiting: int
    """Handed in by the unit, and not yet reviewed."""
    to_review: int
    """Handed in by others of its place, for it to review."""
    obligations: tuple[UUID, ...] = ()
    """The most urgent of what is owed, in order."""
    orders: tuple[UUID, ...] = ()
    """The same of its parts of hotline orders."""
    parts: tuple[UUID, ...] = ()
    """The same of its parts of duties that others lead."""
    parts_due: tuple[PartDue, ...] = ()
    """Those parts once more, with what they are called and by when they are due."""
    supervisions: tuple[UUID, ...] = ()
    """The same of the supervisory orders that it has to answer."""
    to_decide: int = 0
    """Objections of others to their duties, for it to decide on."""
    named: tuple[ThingDue, ...] = ()
    """The most urgent of all sorts in order, at least one of each; more may be counted."""


class EnterpriseDigestDue(Event):
    """What an enterprise owes on the morning of a working day; nothing where there is nothing."""

    subject: ClassVar[str] = "tasks.enterprise_digest.due.v1"
    about: ClassVar[str] = "enterprise_uscc"

    enterprise_uscc: str
    region_code: str
    day: date
    overdue: int
    due_today: int
    due_soon: int
    within: int
    """How many working days "soon" reaches."""
    named: tuple[ThingDue, ...]
    """The most urgent of all sorts in order; more may be counted."""
