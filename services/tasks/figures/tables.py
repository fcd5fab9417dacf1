"""The ledger of figures, what is reported for it, and the frozen bases of reductions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.obligations.tables import Obligation

_APPEND_ONLY = {"info": {"append_only": True}}
_SHAPE = (
    "(amount IS NOT NULL AND num_nonnulls(numerator, denominator) = 0)"
    " OR (amount IS NULL AND num_nonnulls(numerator, denominator) = 2)"
)


class Figure(Base):
    """What one source says of one metric on one day: a count, or a part of a whole."""

    __tablename__ = "figure"
    __table_args__ = (
        Index("uq_figure", "metric", "source", "version", unique=True),
        Index("ix_figure_place", "metric", "day", "region_code"),
        Index("ix_figure_unit", "unit", "metric", "day", postgresql_where="unit IS NOT NULL"),
        Index(
            "ix_figure_enterprise",
            "enterprise_uscc",
            "metric",
            "day",
            postgresql_where="enterprise_uscc IS NOT NULL",
        ),
        Index("ix_figure_recorded_at", "recorded_at", "id"),
        CheckConstraint(_SHAPE, name="count_or_ratio"),
        _APPEND_ONLY,
    )

    id: Mapped[Id]
    metric: Mapped[str]
    region_code: Mapped[str]
    unit: Mapped[str | None]
    """The unit whose own figure it is; None of what happened in a place."""
    enterprise_uscc: Mapped[str | None]
    day: Mapped[date]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str]
    """`accident:<id>`, or `report:<subject>@<day>`."""
    version: Mapped[int]
    """1, and one more with each correction; the newest of a source holds."""
    told_by: Mapped[UUID]
    """The event, or the report, that this version comes from."""
    rule: Mapped[str]
    """The row of the table of figures that it was counted under."""
    recorded_at: Mapped[datetime]


class CountedAccident(Base):
    """What the figures need to know of an accident, as it was told last."""

    __tablename__ = "counted_accident"

    accident_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    day: Mapped[date]
    sector: Mapped[str]
    accident_type: Mapped[str]
    grade: Mapped[str]
    deaths: Mapped[int]
    counts: Mapped[bool]
    """False once it was struck off or goes on as another."""
    left_out: Mapped[bool] = mapped_column(server_default="false")
    """Whether it harmed nobody and cost too little: it enters the figures once it is known more."""


class CountedCase(Base):
    """An investigation as the figures see it; where and whether it counts its accident says."""

    __tablename__ = "counted_case"
    __table_args__ = (Index("ix_counted_case_due_on", "due_on"),)

    accident_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, and one more with each reopening: each is a case of its own."""
    due_on: Mapped[date | None]
    """The last day on which its approval is in time; None while an appraisal goes on."""
    approved_on: Mapped[date | None]
    published_on: Mapped[date | None]
    """Stands for the approval where a government does not keep its cases here."""


class FigureReport(Base):
    """A figure that a subject reports for a duty it has, with evidence."""

    __tablename__ = "figure_report"
    __table_args__ = (
        Index("ix_figure_report_obligation_id", "obligation_id", "id"),
        Index("ix_figure_report_reported_at", "reported_at", "id"),
        Index(
            "uq_figure_report_waiting",
            "metric",
            "subject",
            "day",
            unique=True,
            postgresql_where="status = 'submitted'",
        ),
        CheckConstraint(_SHAPE, name="count_or_ratio"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    metric: Mapped[str]
    subject: Mapped[str]
    unit: Mapped[str | None]
    enterprise_uscc: Mapped[str | None]
    region_code: Mapped[str]
    day: Mapped[date]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str]
    files: Mapped[list[str]]
    """SHA-256 of each file that proves it."""
    evidence_id: Mapped[UUID | None]
    status: Mapped[str]
    reported_by: Mapped[str]
    reported_at: Mapped[datetime]
    remark: Mapped[str | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]


class FigureBase(Base):
    """What the year before had, by day, as it stood when a year's base was frozen."""

    __tablename__ = "figure_base"
    __table_args__ = (_APPEND_ONLY,)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    metric: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    """Empty of what happened in a place."""
    enterprise_uscc: Mapped[str] = mapped_column(primary_key=True)
    """Empty where no enterprise is concerned."""
    day: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class FigureFreeze(Base):
    """That the base of a year was frozen: once, and never again."""

    __tablename__ = "figure_freeze"
    __table_args__ = (_APPEND_ONLY,)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
