"""Enterprises, their flags, and every grade a flag has had."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.inspections.base import Base


class Enterprise(Base):
    """An enterprise under supervision."""

    __tablename__ = "enterprise"
    __table_args__ = (Index("ix_enterprise_region_code", "region_code", "uscc"),)

    uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    region_code: Mapped[str]
    """The park where it lies in one, else the county: who supervises it there."""
    county_code: Mapped[str]
    industry: Mapped[str]
    sector: Mapped[str]
    high_risk: Mapped[bool]
    risk: Mapped[str | None]
    supervision: Mapped[str | None]
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    groups: Mapped[list[str]]
    """What groups of enterprises in a plan go by: above_scale, crowded_place."""
    registered_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def enterprise_uscc(self) -> str:
        """Itself, to the policy table."""
        return self.uscc


class Flag(Base):
    """An enterprise is under special attention because of one accident."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("accident_id"), Index("ix_flag_uscc", "uscc"))

    id: Mapped[Id]
    uscc: Mapped[str]
    accident_id: Mapped[UUID]
    region_code: Mapped[str]
    reason: Mapped[str]
    grade: Mapped[str]
    """The grade it has now; see FlagGrade for those before."""
    flagged_at: Mapped[datetime]


class FlagGrade(Base):
    """A grade that a flag took on. Never changed."""

    __tablename__ = "flag_grade"
    __table_args__ = ({"info": {"append_only": True}},)

    flag_id: Mapped[UUID] = mapped_column(ForeignKey("flag.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    grade: Mapped[str]
    uscc: Mapped[str]
    region_code: Mapped[str]
