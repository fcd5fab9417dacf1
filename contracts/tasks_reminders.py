"""What tasks tells to remind people: once a working day what a unit owes. Counts and ids only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


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
