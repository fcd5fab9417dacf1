"""What the incidents service tells: accidents, their relays, findings and investigations.

A fact about an accident names it, so a listener hears an accident's story in order; what the
public reports is told by its own id until a desk has looked into it.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
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
    also_in: tuple[str, ...] = ()
    """Further places that it reaches into."""
    risk_grounds: tuple[str, ...] = ()
    """Why it is a larger-risk incident; empty when it is none."""


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


class AccidentShared(AccidentFact):
    """An accident reaches into a further place, or lies there: that desk is told as well."""

    subject: ClassVar[str] = "incidents.accident.shared.v1"

    unit: str
    """The desk that is told."""
    place: str
    """The further place; `region_code` is the leading one."""
    grade: Grade


class AccidentMerged(AccidentFact):
    """A person found that two reports are of one accident; this one goes on as the other."""

    subject: ClassVar[str] = "incidents.accident.merged.v1"

    into_id: UUID
    grade: Grade
    """Of the accident that goes on."""


class AccidentsLikened(AccidentFact):
    """Two reports look like one accident; a person must say whether they are."""

    subject: ClassVar[str] = "incidents.accident.likened.v1"

    likeness_id: UUID
    other_id: UUID
    score: int
    unit: str
    """The desk that decides."""
    grade: Grade


class PublicReportFact(Event):
    """What every fact about a report of the public says; never who made it."""

    about: ClassVar[str] = "public_report_id"

    public_report_id: UUID
    region_code: str


class PublicReportReceived(PublicReportFact):
    """Somebody without an account reported an accident; a desk must look into it."""

    subject: ClassVar[str] = "incidents.public_report.received.v1"

    doubtful: bool
    due_at: AwareDatetime


class PublicReportOverdue(PublicReportFact):
    """No desk has looked into a report of the public in time."""

    subject: ClassVar[str] = "incidents.public_report.overdue.v1"

    due_at: AwareDatetime
