"""A whole workbook: its sheets by their names, and what each states."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.tasks.rosters import schemas_rows, schemas_terms
from services.tasks.rosters.domain_workbook import Sheet
from services.tasks.rosters.schemas import RowFault
from services.tasks.rosters.schemas_rows import Roster
from services.tasks.rosters.schemas_terms import Seats, Terms

UNITS = ("单位", "Units")
HOLDERS = ("任职", "Holders")
MEMBERS = ("成员", "Members")
FURTHER = frozenset(name.casefold() for name in (*HOLDERS, *MEMBERS))
"""The sheets that are known by their names; that of the units is the first, whatever its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """What the sheets of a workbook state, and what is wrong in them."""

    units: Roster
    terms: Terms
    seats: Seats

    @property
    def faults(self) -> list[RowFault]:
        """All of them, sheet by sheet, from the top."""
        sheets = (self.units, self.terms, self.seats)
        return [
            fault for sheet in sheets for fault in sorted(sheet.faults, key=lambda fault: fault.row)
        ]


def workbook(sheets: Sequence[Sheet]) -> Workbook:
    """Read all sheets. A workbook may be without any of them, but not without rows."""
    first = sheets[0]
    further = [sheet for sheet in sheets if _name(sheet) in FURTHER]
    alone = not any(sheet.lines for sheet in further)
    if first in further:
        units = schemas_rows.absent(first.name, alone=alone)
    else:
        units = schemas_rows.roster(first, alone=alone)
    terms, seats = schemas_terms.none_of(first.name)
    for sheet in further:
        read = _name(sheet)
        if read in _folded(HOLDERS) and not terms.lines:
            terms = schemas_terms.terms(sheet)
        elif read in _folded(MEMBERS) and not seats.lines:
            seats = schemas_terms.seats(sheet)
        elif sheet.lines:
            zh, en = "同类工作表重复", "there is another sheet of the kind"
            units.faults.append(
                RowFault(
                    sheet=sheet.name, row=1, column=sheet.name, code="sheet_repeated", zh=zh, en=en
                )
            )
    return Workbook(units=units, terms=terms, seats=seats)


def _name(sheet: Sheet) -> str:
    return sheet.name.strip().casefold()


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}
