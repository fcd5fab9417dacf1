"""Accidents as they stand, and every grade they have had."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from reference.terms import Grade, Level, Regime
from services.incidents.accidents.rules import Figures
from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed

LOSS = Numeric(13, 4)
AREA = Numeric(13, 4)


class Accident(Placed, Base):
    """An accident as it stands now; its id is that of the report that opened it."""

    __tablename__ = "accident"
    __table_args__ = (
        CheckConstraint("merged_into <> id", name="merged_into_another"),
        Index("ix_accident_occurred_at", "occurred_at", "id"),
        Index("ix_accident_region_code", "region_code", "occurred_at", "id"),
        Index("ix_accident_received_at", "received_at", "id"),
        Index("ix_accident_enterprise_uscc", "enterprise_uscc", "occurred_at", "id"),
        # A page of what is rare must not walk through all that is not.
        Index("ix_accident_grade", "grade", "occurred_at", "id"),
        Index("ix_accident_level", "investigating_level", "occurred_at", "id"),
        Index("ix_accident_type", "accident_type", "occurred_at", "id"),
        Index("ix_accident_industry", "industry", "occurred_at", "id"),
        Index(
            "ix_accident_grave",
            "enterprise_uscc",
            "occurred_at",
            postgresql_where=text("grade <> 'general'"),
        ),
        Index(
            "ix_accident_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    version: Mapped[int]
    """Grows with every change of the accident, its relays or its investigation."""
    statements: Mapped[int]
    """How many reports have stated figures."""
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    place: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    industry: Mapped[str | None]
    regime: Mapped[str]
    accident_type: Mapped[str]
    deaths: Mapped[int]
    missing: Mapped[int]
    serious_injuries: Mapped[int]
    minor_injuries: Mapped[int]
    trapped: Mapped[int]
    evacuated: Mapped[int]
    missing_presumed_dead: Mapped[bool]
    direct_loss_wan: Mapped[Decimal | None] = mapped_column(LOSS)
    burnt_area_ha: Mapped[Decimal | None] = mapped_column(AREA)
    late_deaths: Mapped[int]
    """Dead who were reported after the window: recorded, never counted."""
    grade: Mapped[str]
    estimated_grade: Mapped[str]
    grade_version: Mapped[int]
    investigating_level: Mapped[str]
    investigating_unit: Mapped[str]
    levels_up: Mapped[int]
    """How many levels the investigation has climbed above the grade's own."""
    receiving_unit: Mapped[str]
    receiving_level: Mapped[str]
    window_closes_at: Mapped[datetime]
    window_rule: Mapped[str]
    late: Mapped[bool]
    late_by_seconds: Mapped[int]
    updated_at: Mapped[datetime]
    enterprise_name: Mapped[str | None]
    """The unit as people call it, where it has no code."""
    risk_grounds: Mapped[list[str]] = mapped_column(server_default="{}")
    """Why it is a larger-risk incident (较大涉险事故); empty when it is none."""
    unplaced: Mapped[bool] = mapped_column(server_default="false")
    """Only coordinates were given: a desk must say which county it is."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("accident.id"))
    """The accident that this one turned out to be; its own history stays."""
    merged_at: Mapped[datetime | None]

    @property
    def figures(self) -> Figures:
        """What it cost, as counted."""
        return Figures(
            deaths=self.deaths,
            missing=self.missing,
            serious_injuries=self.serious_injuries,
            minor_injuries=self.minor_injuries,
            trapped=self.trapped,
            evacuated=self.evacuated,
            missing_presumed_dead=self.missing_presumed_dead,
            direct_loss_wan=self.direct_loss_wan,
            burnt_area_ha=self.burnt_area_ha,
        )

    @figures.setter
    def figures(self, stated: Figures) -> None:
        for name, figure in figures_of(stated).items():
            setattr(self, name, figure)

    @property
    def current_grade(self) -> Grade:
        """Its grade."""
        return Grade(self.grade)

    @property
    def current_level(self) -> Level:
        """The level that investigates it."""
        return Level(self.investigating_level)

    @property
    def under(self) -> Regime:
        """Which law decides who investigates."""
        return Regime(self.regime)


FIGURES = (
    "deaths",
    "missing",
    "serious_injuries",
    "minor_injuries",
    "trapped",
    "evacuated",
    "missing_presumed_dead",
    "direct_loss_wan",
    "burnt_area_ha",
)


def figures_of(stated: Figures) -> dict[str, Any]:
    """Figures as the columns that hold them."""
    return {name: getattr(stated, name) for name in FIGURES}


class GradeVersion(Placed, Base):
    """One grade an accident had, with the rule and the report it came from. Never changed."""

    __tablename__ = "grade_version"
    __table_args__ = ({"info": KEPT_WHERE_IT_LIES},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    report_id: Mapped[UUID]
    grade: Mapped[str]
    estimated_grade: Mapped[str]
    measure: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(LOSS)
    threshold: Mapped[Decimal | None] = mapped_column(LOSS)
    regime: Mapped[str]
    rule: Mapped[str]
    decided_at: Mapped[datetime]
