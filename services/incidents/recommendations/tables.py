"""Recommendations and the proofs handed in for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.recommendations.domain import RecommendationStatus


class Recommendation(Placed, Base):
    """What one unit or one enterprise must do because of an accident, by a day.

    `enterprise_uscc` is the addressee here, where that is an enterprise: others do not see it.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint("num_nonnulls(unit, enterprise_uscc) = 1", name="one_addressee"),
        Index("ix_recommendation_accident_id", "accident_id"),
        Index("ix_recommendation_region_code", "region_code", "due_at", "id"),
        Index("ix_recommendation_unit", "unit", "due_at", "id"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    kind: Mapped[str]
    unit: Mapped[str | None]
    owner: Mapped[str]
    """The unit that tracks it: the one whose investigator made it."""
    units: Mapped[list[str]]
    """Units that see it wherever it stands."""
    text: Mapped[str]
    status: Mapped[str]
    round: Mapped[int]
    """1, and one more each time it was opened again."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def stands(self) -> RecommendationStatus:
        """Its state."""
        return RecommendationStatus(self.status)

    @property
    def answerable(self) -> str:
        """Who is alarmed when it is overdue: the unit, or who tracks the enterprise."""
        return self.unit or self.owner


class Proof(Placed, Base):
    """What the addressee handed in, and what was said of it."""

    __tablename__ = "recommendation_proof"
    __table_args__ = (UniqueConstraint("recommendation_id", "n"),)

    id: Mapped[Id]
    recommendation_id: Mapped[UUID] = mapped_column(ForeignKey(Recommendation.id))
    n: Mapped[int]
    units: Mapped[list[str]]
    note: Mapped[str]
    handed_in_at: Mapped[datetime]
    handed_in_by: Mapped[str]
    from_unit: Mapped[str | None]
    verdict: Mapped[str | None]
    remark: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]


class ProofFile(Placed, Base):
    """A photo or document of a proof, by its hash. Never changed."""

    __tablename__ = "proof_file"
    __table_args__ = ({"info": {"append_only": True}},)

    proof_id: Mapped[UUID] = mapped_column(ForeignKey(Proof.id), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    units: Mapped[list[str]]
    size: Mapped[int]
    media_type: Mapped[str]
    handed_in_at: Mapped[datetime]
    handed_in_by: Mapped[str]
