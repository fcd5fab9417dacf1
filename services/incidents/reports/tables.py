"""Reports as they were made, each with the whole toll it stated."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import AREA, LOSS, Accident
from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed


class Report(Placed, Base):
    """What somebody said of an accident. Never changed: a correction is another report.

    Whether it counts is no word of the reporter: it follows the day of the accident.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("accident_id", "version"),
        {"info": {**KEPT_WHERE_IT_LIES, "movable": ("region_code", "enterprise_uscc", "counted")}},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    version: Mapped[int]
    """Its number among the reports of the accident."""
    kind: Mapped[str]
    reported_by: Mapped[str]
    reporting_unit: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    """Later than `received_at` when the report waited in the spool."""
    late_by_seconds: Mapped[int]
    counted: Mapped[bool]
    """Whether its figures moved the accident: False after the window."""
    deaths: Mapped[int]
    missing: Mapped[int]
    serious_injuries: Mapped[int]
    minor_injuries: Mapped[int]
    trapped: Mapped[int]
    evacuated: Mapped[int]
    missing_presumed_dead: Mapped[bool]
    direct_loss_wan: Mapped[Decimal | None] = mapped_column(LOSS)
    burnt_area_ha: Mapped[Decimal | None] = mapped_column(AREA)
    accident_type: Mapped[str | None]
    industry: Mapped[str | None]
    place: Mapped[str | None]
    summary: Mapped[str | None]
    measures: Mapped[str | None]
    endangered: Mapped[int | None]
    unit_profile: Mapped[str | None]
    scene: Mapped[str | None]
    stated: Mapped[list[str]] = mapped_column(server_default="{}")
    """The fields in which its reporter said something."""
