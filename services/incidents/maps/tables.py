"""Accidents as they stand on the map. Kept after the commit, from the service's own facts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class MapPoint(Placed, Base):
    """Where one accident was, with its cell in the finest grid; or that nobody knows."""

    __tablename__ = "map_point"
    __table_args__ = (
        Index("ix_map_point_cell", "cell_row", "cell_column", "occurred_at"),
        Index("ix_map_point_region_code", "region_code", "cell_row", "cell_column"),
        Index("ix_map_point_occurred_at", "occurred_at"),
        Index("ix_map_point_grade", "grade", "occurred_at"),
        Index("ix_map_point_enterprise", "enterprise_uscc", "occurred_at"),
        # All that counting those asks for, so that it needs no row.
        Index(
            "ix_map_point_unlocated",
            "region_code",
            "occurred_at",
            postgresql_include=["enterprise_uscc", "merged", "grade"],
            postgresql_where=text("cell_row IS NULL"),
        ),
        Index("ix_map_point_merged", "occurred_at", postgresql_where=text("merged")),
    )

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    occurred_at: Mapped[datetime]
    grade: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    cell_row: Mapped[int | None]
    cell_column: Mapped[int | None]
    merged: Mapped[bool] = mapped_column(server_default="false")
    """It goes on as another accident: counted there, and shown only when asked for."""


class MapTile(Base):
    """How many accidents of a grade a cell had in a month. Of nobody, so no enterprise sees it."""

    __tablename__ = "map_tile"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    cell_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cell_column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    accidents: Mapped[int]
