"""What incidents tells of an accident's enterprise: whose it is, and what it owes itself."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.incidents import AccidentFact, Toll
from reference.terms import Grade, Level


class AccidentIdentified(AccidentFact):
    """It is known now whose an accident is that was reported without a credit code.

    Facts told before named no enterprise; whoever asks, flags or counts by it begins here.
    """

    subject: ClassVar[str] = "incidents.accident.identified.v1"

    enterprise_uscc: str
    happened_at: AwareDatetime
    industry: str | None = None
    """The trade as reported; None: that of the enterprise is to be asked for."""
    grade: Grade
    toll: Toll


class DirectReportOverdue(AccidentFact):
    """Nobody says that the unit of an accident has told a level itself, and its hour is up."""

    subject: ClassVar[str] = "incidents.direct_report.overdue.v1"

    direct_report_id: UUID
    level: Level
    """The level that the unit must tell past those between."""
    from_unit: str
    """Who must see to it: the enterprise by its credit code, or where that is not known the desk
    that took its report."""
    unit: str
    """The desk that took the report."""
    to_unit: str
    """Whom the unit must tell."""
    due_at: AwareDatetime
    grade: Grade
