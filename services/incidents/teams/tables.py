"""Members of teams, and recusals. Names and grounds are readable with the key only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.teams.domain import MemberStatus, RecusalStatus

_ON_TEAM = text("status IN ('invited', 'active')")


class Member(Placed, Base):
    """Somebody's place on the team of an investigation."""

    __tablename__ = "team_member"
    __table_args__ = (
        Index("ix_team_member_accident_id", "accident_id"),
        Index("ix_team_member_region_code", "region_code", "id"),
        Index(
            "uq_team_member_account",
            "accident_id",
            "account",
            unique=True,
            postgresql_where=_ON_TEAM,
        ),
        Index(
            "uq_team_member_lead",
            "accident_id",
            unique=True,
            postgresql_where=text("part = 'lead' AND status IN ('invited', 'active')"),
        ),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    account: Mapped[str | None]
    """Who acts for this member here; None for people without an account."""
    name: Mapped[str] = mapped_column(EncryptedText("team_member.name"))
    organ: Mapped[str]
    unit: Mapped[str | None]
    part: Mapped[str]
    status: Mapped[str]
    named_at: Mapped[datetime]
    named_by: Mapped[str]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    @property
    def stands(self) -> MemberStatus:
        """Its state."""
        return MemberStatus(self.status)


class Recusal(Placed, Base):
    """That a member stands too near to the accident or the enterprise, and what was decided."""

    __tablename__ = "recusal"
    __table_args__ = (Index("ix_recusal_accident_id", "accident_id"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    relation: Mapped[str]
    ground: Mapped[str] = mapped_column(EncryptedText("recusal.ground"))
    declared: Mapped[bool]
    """Whether the member said so; otherwise somebody asked for it."""
    status: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]

    @property
    def stands(self) -> RecusalStatus:
        """Its state."""
        return RecusalStatus(self.status)
