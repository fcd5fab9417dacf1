"""What incidents tells of reports that are no accident yet: of the public, and set aside."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from kernel.events import Event


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


class ReportSetAside(Event):
    """A report was acknowledged while the database was away, and was refused when its turn came.

    It is kept whole and nobody has read it yet: a desk must call its reporter.
    """

    subject: ClassVar[str] = "incidents.report.set_aside.v1"
    about: ClassVar[str] = "letter_id"

    letter_id: UUID
    region_code: str
    report_id: str | None = None
    """As its reporter wrote it; None where it cannot be read."""
    accident_id: str | None = None
    received_at: AwareDatetime | None = None
    reason_zh: str
    reason_en: str
