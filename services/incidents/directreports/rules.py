"""Whom the unit of an accident must tell itself, from when its hour runs, and when it is late."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from reference.national.rows import Deadline
from reference.terms import Grade
from services.incidents.reports import rules as reporting


class Since(StrEnum):
    """From what the hour of a direct report is counted."""

    KNOWN = "known"  # 单位负责人接到报告
    RECEIVED = "received"  # 接报（接到报告时间不详）
    REGRADED = "regraded"  # 等级上升


def owed(grade: Grade, *, on: date, before: Grade | None = None) -> tuple[Deadline, ...]:
    """A unit must tell the province itself from a larger accident on (Order 21, 6).

    What it may tell and need not is left out, and so is what the grade `before` asked for.
    """
    return tuple(row for row in named(grade, on=on, before=before) if not row.optional)


def named(grade: Grade, *, on: date, before: Grade | None = None) -> tuple[Deadline, ...]:
    """Whom a unit must or may tell itself, and did not by the grade `before` (Order 21, 6)."""
    known = () if before is None else _levels(before, on)
    return tuple(row for row in reporting.told_by_unit(grade, on=on) if row.to_level not in known)


def _levels(grade: Grade, on: date) -> Collection[str | None]:
    return {row.to_level for row in reporting.told_by_unit(grade, on=on)}


def counted(
    *, known_at: datetime | None, received_at: datetime, regraded_at: datetime | None = None
) -> tuple[Since, datetime]:
    """The hour runs from when the unit's head was told of the accident (Order 21, 6).

    Where nobody says when that was, from the receipt of the first report; where only a later
    report makes it an accident of such a grade, from that one.
    """
    if regraded_at is not None:
        return Since.REGRADED, regraded_at
    if known_at is not None:
        return Since.KNOWN, known_at
    return Since.RECEIVED, received_at


def due(row: Deadline, *, counted_from: datetime) -> datetime:
    """A unit tells the province within one hour, as it tells the county (Order 21, 6)."""
    return counted_from + timedelta(hours=float(row.hours or 0))


def late(*, due_at: datetime, told_at: datetime) -> bool:
    """Late by when it was told, not by when that was recorded (Rules on Fines, 5).

    The full hour itself is in time.
    """
    return told_at > due_at
