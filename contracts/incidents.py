"""What the incidents service tells: accidents, their relays, findings and investigations.

A fact about an accident names it, so a listener hears an accident's story in order; what the
public reports is told by its own id until a desk has looked into it.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.events import Event
from reference.terms import Finding, FindingStatus, Grade, LeadSource, LeadStep, Level


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
    counted_deaths: int | None = None
    """The dead with the missing once they are presumed dead; None: as the toll says."""
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
    left_out: bool | None = None
    """Whether it harmed nobody and cost so little that the counts leave it out; None: unsaid."""


class AccidentUpdated(AccidentFact):
    """A follow-up came in and the grade stands."""

    subject: ClassVar[str] = "incidents.accident.updated.v1"

    report_id: UUID
    grade: Grade
    estimated_grade: Grade
    toll: Toll
    counted_deaths: int | None = None
    """The dead with the missing once they are presumed dead; None: as the toll says."""
    after_window: bool = False
    """The count changed after the statutory window: recorded, never regraded."""
    left_out: bool | None = None
    """Whether it harmed nobody and cost so little that the counts leave it out; None: unsaid."""


class AccidentCorrected(AccidentFact):
    """It is known otherwise now when or where an accident happened, in which trade or of what kind.

    Where that has other figures count, or moves the grade, it is told as an update or a new grade.
    """

    subject: ClassVar[str] = "incidents.accident.corrected.v1"

    report_id: UUID
    """The report that should have said it."""
    happened_at: AwareDatetime
    """When it happened, as is known now; the place is read where the accident is."""
    grade: Grade
    industry: str | None = None
    """The trade, where that is known only now or was put right; None: as it was."""
    accident_type: str | None = None
    """The kind, where that was put right; None: as it was."""
    toll: Toll | None = None
    """With another trade of an accident that stands: for whoever asks others because of it."""
    investigating_unit: str | None = None
    """With another trade of an accident that stands: who investigates now."""
    left_out: bool | None = None
    """Whether it harmed nobody and cost so little that the counts leave it out; None: unsaid."""


class AccidentRegraded(AccidentFact):
    """New figures inside the window moved the grade; both versions are kept."""

    subject: ClassVar[str] = "incidents.accident.regraded.v1"

    report_id: UUID
    industry: str | None = None
    from_grade: Grade
    grade: Grade
    estimated_grade: Grade
    toll: Toll
    counted_deaths: int | None = None
    """The dead with the missing once they are presumed dead; None: as the toll says."""
    investigating_level: Level
    investigating_unit: str
    relays: tuple[Hop, ...] = ()
    """The further hops that the new grade asks for."""
    left_out: bool | None = None
    """Whether it harmed nobody and cost so little that the counts leave it out; None: unsaid."""


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


class RelayTelephoned(AccidentFact):
    """A desk telephoned a level above, past those between; the text is still to follow."""

    subject: ClassVar[str] = "incidents.relay.telephoned.v1"

    relay_id: UUID
    level: Level
    from_unit: str
    to_unit: str
    telephoned_at: AwareDatetime
    late: bool


class RelayOverdue(AccidentFact):
    """A hop was not made in time; both ends are alarmed."""

    subject: ClassVar[str] = "incidents.relay.overdue.v1"

    relay_id: UUID
    level: Level
    from_unit: str
    to_unit: str
    due_at: AwareDatetime
    grade: Grade
    by_phone: bool = False
    """Whether a telephone call was owed, not a text."""


class NoticeOverdue(AccidentFact):
    """A body beside the line was not told of an accident in time."""

    subject: ClassVar[str] = "incidents.notice.overdue.v1"

    notice_id: UUID
    body: str
    """What kind of body it is, by its slug: `public_security`, `trade_union`."""
    from_unit: str
    to_unit: str
    due_at: AwareDatetime
    grade: Grade
    further_units: tuple[str, ...] = ()
    """Others that the same desk had not told by then either: said once for all of them."""


class FollowUpMissed(AccidentFact):
    """A day of a rescue ended without its follow-ups, or a changed count came after its day."""

    subject: ClassVar[str] = "incidents.followup.missed.v1"

    day: date
    unit: str
    """The desk that answers for it."""
    due_at: AwareDatetime
    needed: int
    received: int
    grade: Grade
    change: bool = False
    """Whether a changed count came late, and not a daily follow-up."""


class RescueEnded(AccidentFact):
    """A desk said that the rescue has ended: no further follow-ups are owed."""

    subject: ClassVar[str] = "incidents.rescue.ended.v1"

    ended_at: AwareDatetime


class FindingMade(AccidentFact):
    """A report was found late, omitted, false or concealed."""

    subject: ClassVar[str] = "incidents.finding.made.v1"

    finding_id: UUID
    kind: Finding
    grade: Grade
    status: FindingStatus = FindingStatus.PRELIMINARY


class FindingDismissed(AccidentFact):
    """A finding about the reporting of an accident did not hold."""

    subject: ClassVar[str] = "incidents.finding.dismissed.v1"

    finding_id: UUID
    kind: Finding
    grade: Grade


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
    approved_on: date | None = None
    """When the report was approved (批复): what the evaluation counts from."""
    generation: int = 1
    """1 for the first investigation of an accident; each reopening counts one up."""


class AccidentShared(AccidentFact):
    """An accident reaches into a further place, or lies there: that desk is told as well."""

    subject: ClassVar[str] = "incidents.accident.shared.v1"

    unit: str
    """The desk that is told."""
    place: str
    """The further place; `region_code` is the leading one."""
    grade: Grade


class AccidentPlaced(AccidentFact):
    """A desk said where an accident lies that had come without a known place (确认属地).

    `region_code` is where it lies: it is counted there, and who answers there investigates. The
    desk that took the report keeps its clocks.
    """

    subject: ClassVar[str] = "incidents.accident.placed.v1"

    from_region: str
    """Where it stood until then."""
    grade: Grade
    toll: Toll
    investigating_level: Level
    investigating_unit: str


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


class AccidentQualified(AccidentFact):
    """An accident was found to be a production-safety accident (认定)."""

    subject: ClassVar[str] = "incidents.accident.qualified.v1"

    grade: Grade
    basis: str


class AccidentStruckOff(AccidentFact):
    """An accident was struck off the statistics (核销): it is no production-safety accident."""

    subject: ClassVar[str] = "incidents.accident.struck_off.v1"

    grade: Grade
    cause: str
    rule: str


class LeadFact(Event):
    """What every fact about a sign of a concealed accident says; never whose sign it is."""

    about: ClassVar[str] = "lead_id"

    lead_id: UUID
    region_code: str
    enterprise_uscc: str | None = None
    source: LeadSource
    unit: str
    """The desk that must check it."""


class LeadUnmatched(LeadFact):
    """A sign of an accident that nobody has reported, or with more dead than were reported."""

    subject: ClassVar[str] = "incidents.lead.unmatched.v1"

    happened_at: AwareDatetime
    deaths_alleged: int
    reported_as: UUID | None = None
    """The accident that was reported with fewer dead."""
    first_check_due_at: AwareDatetime
    result_due_at: AwareDatetime


class LeadOverdue(LeadFact):
    """A sign of an accident was not checked in time."""

    subject: ClassVar[str] = "incidents.lead.overdue.v1"

    step: LeadStep
    due_at: AwareDatetime


class LeadSettled(LeadFact):
    """A sign of an accident was confirmed or dismissed; its source may be told."""

    subject: ClassVar[str] = "incidents.lead.settled.v1"

    confirmed: bool
    accident_id: UUID | None = None


class EntryOverdue(AccidentFact):
    """An accident was not entered in the statistics, or its entry not completed, in time."""

    subject: ClassVar[str] = "incidents.entry.overdue.v1"

    stage: Literal["entered", "completed"]
    unit: str
    due_at: AwareDatetime
    grade: Grade
