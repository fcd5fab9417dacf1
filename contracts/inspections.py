"""What the inspections service tells: enterprises, flags, special inspections."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


class EnterpriseRegistered(Event):
    """An enterprise entered the registry, or its entry changed; the newest one holds."""

    subject: ClassVar[str] = "inspections.enterprise.registered.v1"
    about: ClassVar[str] = "uscc"

    uscc: str
    name: str
    region_code: str
    park_code: str | None = None
    industry: str
    sector: str | None = None
    """High-risk sector code, when it is one."""
    risk_class: str | None = None
    groups: tuple[str, ...] = ()
    """What it is to a plan that names groups of enterprises: `above_scale`, `underground`."""


class EnterpriseFlagged(Event):
    """An enterprise is under special attention because of an accident."""

    subject: ClassVar[str] = "inspections.enterprise.flagged.v1"
    about: ClassVar[str] = "uscc"

    uscc: str
    region_code: str
    accident_id: UUID
    reason: str


class VisitOpened(Event):
    """An inspection was ordered and has to be made by a day."""

    subject: ClassVar[str] = "inspections.visit.opened.v1"
    about: ClassVar[str] = "visit_id"

    visit_id: UUID
    uscc: str | None
    region_code: str
    unit: str
    kind: str
    origin: UUID
    due_on: date
