"""The rows of a workbook as terms in posts and seats on committees, each as its room takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from pydantic import ValidationError

from services.tasks.committees.domain import Capacity
from services.tasks.committees.schemas import Leaving, NewSeat
from services.tasks.holders.schemas import Appointment, Relief
from services.tasks.organisations.domain_periods import Period
from services.tasks.rosters.domain_workbook import Sheet
from services.tasks.rosters.schemas import HolderRow, MemberRow
from services.tasks.rosters.schemas_sheets import Columns, Findings

_HOLDERS = Columns.of(HolderRow, "post", "name", "effective_from")
_MEMBERS = Columns.of(MemberRow, "committee", "unit", "effective_from")
_APPOINTED = ("name", "person", "effective_from", "effective_to", "document")
_SEATED = ("unit", "capacity", "effective_from")
_CAPACITIES = {capacity.zh: capacity.value for capacity in Capacity}


class _Line(Protocol):
    """A row that states from when to when something is so, of which there is one a day."""

    @property
    def row(self) -> int: ...

    @property
    def whose(self) -> tuple[str, ...]: ...

    @property
    def period(self) -> Period: ...


L = TypeVar("L", bound=_Line)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """A row with somebody in a post."""

    row: int
    post: str
    stated: Appointment
    relief_document: str | None

    @property
    def whose(self) -> tuple[str, ...]:
        """What has one holder a day."""
        return (self.post,)

    @property
    def period(self) -> Period:
        """The days of the term."""
        return Period(first=self.stated.effective_from, last=self.stated.effective_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """A row with a unit on a committee."""

    row: int
    committee: str
    stated: NewSeat
    last_day: date | None

    @property
    def whose(self) -> tuple[str, ...]:
        """What stands once a day."""
        return (self.committee, self.stated.unit)

    @property
    def period(self) -> Period:
        """The days of the seat."""
        return Period(first=self.stated.effective_from, last=self.last_day)


@dataclass(kw_only=True)
class Terms(Findings):
    """What a sheet of holders states, as far as it is right; and what is not."""

    stated: list[HolderLine] = field(default_factory=list)


@dataclass(kw_only=True)
class Seats(Findings):
    """What a sheet of members states, as far as it is right; and what is not."""

    stated: list[SeatLine] = field(default_factory=list)


def terms(sheet: Sheet) -> Terms:
    """Read a sheet of holders."""
    found = Terms(sheet=sheet.name, columns=_HOLDERS)
    lines = [_holder(found, row, cells) for row, cells in found.read(sheet)]
    found.stated = _apart(found, (line for line in lines if line is not None))
    return found


def seats(sheet: Sheet) -> Seats:
    """Read a sheet of members."""
    found = Seats(sheet=sheet.name, columns=_MEMBERS)
    lines = [_seat(found, row, cells) for row, cells in found.read(sheet)]
    found.stated = _apart(found, (line for line in lines if line is not None))
    return found


def none_of(sheet: str) -> tuple[Terms, Seats]:
    """What a workbook states that has neither sheet; `sheet` is never named."""
    return Terms(sheet=sheet, columns=_HOLDERS), Seats(sheet=sheet, columns=_MEMBERS)


def _holder(found: Findings, row: int, cells: Mapping[str, str]) -> HolderLine | None:
    if not _named(found, row, cells, "post"):
        return None
    paper = cells.get("relief_document")
    try:
        stated = Appointment.model_validate(_some(cells, _APPOINTED))
        if paper is not None:
            Relief.model_validate({"last_day": stated.effective_to, "document": paper})
    except ValidationError as reason:
        relieved = {"last_day": "effective_to", "document": "relief_document"}
        of_relief = reason.title == Relief.__name__
        found.note(row, reason, relieved if of_relief else {"": "effective_to"})
        return None
    return HolderLine(row=row, post=cells["post"], stated=stated, relief_document=paper)


def _seat(found: Findings, row: int, cells: Mapping[str, str]) -> SeatLine | None:
    if not _named(found, row, cells, "committee"):
        return None
    seat = _some(cells, _SEATED)
    if "capacity" in seat:
        seat["capacity"] = _CAPACITIES.get(seat["capacity"], seat["capacity"])
    last = cells.get("effective_to")
    try:
        stated = NewSeat.model_validate(seat)
        last_day = Leaving.model_validate({"last_day": last}).last_day if last else None
    except ValidationError as reason:
        found.note(row, reason, {"last_day": "effective_to"})
        return None
    line = SeatLine(row=row, committee=cells["committee"], stated=stated, last_day=last_day)
    if line.period.empty:
        zh, en = "最后一日早于起始日期", "the seat ends before it begins"
        found.fault(row, "effective_to", "ends_before_it_begins", zh, en)
        return None
    return line


def _named(found: Findings, row: int, cells: Mapping[str, str], column: str) -> bool:
    if column not in cells:
        found.fault(row, column, "missing", "必填", "required")
    return column in cells


def _some(cells: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: cells[name] for name in names if name in cells}


def _apart(found: Findings, lines: Iterable[L]) -> list[L]:
    """The rows that share no day with another of the same; the others are faults.

    In order of their days, so that only the one before has to be looked at.
    """
    kept: list[L] = []
    for line in sorted(lines, key=lambda line: (line.whose, line.period.first, line.row)):
        before = kept[-1] if kept and kept[-1].whose == line.whose else None
        if before is None or not before.period.meets(line.period):
            kept.append(line)
            continue
        zh, en = f"与第 {before.row} 行的日期重叠", f"shares days with row {before.row}"
        found.fault(line.row, "effective_from", "days_overlap", zh, en)
    return kept
