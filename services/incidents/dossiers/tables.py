"""The parts of investigation reports, every version of each, and who signed them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_FOR_WHOSE_IT_IS, Base, Placed
from services.incidents.dossiers.domain import SignatureStatus
from services.incidents.teams.tables import Member


class ReportPart(Placed, Base):
    """One version of one part of a report. Never changed."""

    __tablename__ = "report_part"
    __table_args__ = ({"info": KEPT_FOR_WHOSE_IT_IS},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[str]


class Signature(Placed, Base):
    """That a member signed one content of a report, or was recorded as refusing. Never changed."""

    __tablename__ = "report_signature"
    __table_args__ = ({"info": {"append_only": True}},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    content_sha256: Mapped[str]
    status: Mapped[str]
    organ: Mapped[str]
    """For which organ, as what and from which unit somebody signed: the report says so."""
    part: Mapped[str]
    unit: Mapped[str | None]
    said: Mapped[str | None]
    """The dissenting opinion, or why somebody refused."""
    sheet: Mapped[str | None]
    """Where the sheet lies that a member without an account signed by hand."""
    signed_at: Mapped[datetime]
    signed_by: Mapped[str]

    @property
    def stands(self) -> SignatureStatus:
        """Its state."""
        return SignatureStatus(self.status)
