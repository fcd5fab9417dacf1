"""What the incidents service tells: accidents, their relays, findings and investigations.

Every fact here is about one accident, so a listener hears an accident's story in order.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.events import Event
from reference.terms import Finding, FindingStatus, Grade, Level


class Toll(BaseModel):
    """People harmed, as counts only; no event carries a name."""

    model_config = ConfigDict(frozen=True)

    deaths: int = Field(default=0, ge=0)
    missing: int = Field(default=0, ge=0)
    serious_injuries: int = Field(default=0, ge=0)
    minor_injuries: int = Field(default=0, ge=0)


class Hop(BaseModel):
    """One step of a report up the levels, with its statutory deadline."""

    model_config = ConfigDict(frozen=True)

    relay_id: UUID
    level: Level
    from_unit: str
    to_unit: str
    due_at: AwareDatetime


class AccidentFact(Event):
    """What every fact about an accident says."""

    about: ClassVar[str] = "accident_id"

    accident_id: UUID
    region_code: str
    enterprise_uscc: str | None = None


class AccidentReported(AccidentFact):
    """An accident became known and was graded for the first time."""

    subject: ClassVar[str] = "incidents.accident.reported.v1"

    report_id: UUID
    industry: str | None = None
    accident_type: str
    happened_at: AwareDatetime
    received_at: AwareDatetime
    grade: Grade
    estimated_grade: Grade
    toll: Toll
    direct_loss_wan: Decimal | None = None
    receiving_unit: str
    investigating_level: Level
    investigating_unit: str
    relays: tuple[Hop, ...] = ()
    late: bool
    late_by_seconds: int = 0


class AccidentUpdated(AccidentFact):
    """A follow-up came in and the grade stands."""

    subject: ClassVar[str] = "incidents.accident.updated.v1"

    report_id: UUID
    grade: Grade
    estimated_grade: Grade
    toll: Toll
    after_window: bool = False
    """The count changed after the statutory window: recorded, never regraded."""


class AccidentRegraded(AccidentFact):
    """New figures inside the window moved the grade; both versions are kept."""

    subject: ClassVar[str] = "incidents.accident.regraded.v1"

    report_id: UUID
    industry: str | None = None
    from_grade: Grade
    grade: Grade
    estimated_grade: Grade
    toll: Toll
    investigating_level: Level
    investigating_unit: str
    relays: tuple[Hop, ...] = ()
    """The further hops that the new grade asks for."""


class RelayForwarded(AccidentFact):
    """A desk passed a report on to the next level."""

    subject: ClassVar[str] = "incidents.relay.forwarded.v1"

    relay_id: UUID
    level: Level
    from_unit: str
    to_unit: str
    forwarded_at: AwareDatetime
    late: bool
    next_due_at: AwareDatetime | None = None


class RelayOverdue(AccidentFact):
    """A hop was not made in time; both ends are alarmed."""

    subject: ClassVar[str] = "incidents.relay.overdue.v1"

    relay_id: UUID
    level: Level
    from_unit: str
    to_unit: str
    due_at: AwareDatetime
    grade: Grade


class FindingMade(AccidentFact):
    """A report was found late, omitted, false or concealed."""

    subject: ClassVar[str] = "incidents.finding.made.v1"

    finding_id: UUID
    kind: Finding
    grade: Grade
    status: FindingStatus = FindingStatus.PRELIMINARY


class InvestigationEscalated(AccidentFact):
    """A higher government took the investigation (提级)."""

    subject: ClassVar[str] = "incidents.investigation.escalated.v1"

    from_level: Level
    to_level: Level
    to_unit: str
    grade: Grade
    rule: str


class InvestigationPublished(AccidentFact):
    """The report of an investigation was published."""

    subject: ClassVar[str] = "incidents.investigation.published.v1"

    grade: Grade
    published_on: date


class EntryOverdue(AccidentFact):
    """An accident was not entered in the statistics, or its entry not completed, in time."""

    subject: ClassVar[str] = "incidents.entry.overdue.v1"

    stage: Literal["entered", "completed"]
    unit: str
    due_at: AwareDatetime
    grade: Grade
