"""Cells and the files made of them: CSV that no program runs, XLSX that stays small in memory."""

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import IO, Any

import orjson
from pydantic import BaseModel, TypeAdapter

from kernel.clock import SHANGHAI

_MOST_IN_A_CELL = 32_767
_MOST_DIGITS = 15

Row = Sequence[Any]


def cell(value: Any) -> Any:
    """A value as one that a spreadsheet knows: text, number, date, or nothing."""
    if isinstance(value, Enum):
        return cell(value.value)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI)
    if value is None or isinstance(value, str | int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(cell(part)) for part in value)
    if isinstance(value, Mapping | BaseModel):
        return orjson.dumps(_PLAIN.dump_python(value, mode="json")).decode()
    return str(value)


_PLAIN: TypeAdapter[Any] = TypeAdapter(Any)

_FORMULAS = frozenset("=+-@|%＝＋－＠")
_BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before it.

    Programs strip blanks before they look, and take full-width signs for plain ones.
    """
    dangerous = text.startswith(("\t", "\r", "\n")) or text.lstrip(_BLANKS)[:1] in _FORMULAS
    return f"'{text}" if dangerous else text


class Writer(ABC):
    """Writes rows to a file, a batch at a time."""

    @abstractmethod
    def __init__(self, file: IO[bytes]) -> None: ...

    @abstractmethod
    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the file."""


class Csv(Writer):
    """UTF-8 with a byte-order mark, without which Excel misreads Chinese."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._file.write(b"\xef\xbb\xbf")

    def write(self, rows: Sequence[Row]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([_in_csv(value) for value in row] for row in rows)
        self._file.write(text.getvalue().encode("utf-8", "replace"))

    def finish(self) -> None:
        """Nothing is left to write."""


def _in_csv(value: Any) -> str:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


class Xlsx(Writer):
    """A workbook, sheet after sheet; rows go to disk as they come."""

    def __init__(self, file: IO[bytes]) -> None:
        # Imported here: a process that never exports does not spend its 12 MB.
        import xlsxwriter  # noqa: PLC0415

        self._book = xlsxwriter.Workbook(file, {"constant_memory": True})
        self._sheet: Any = None
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._row = 0

    def begin(self, sheet: str) -> None:
        """Go on with another sheet; rows before the first go to one without a name of its own."""
        self._sheet, self._row = self._book.add_worksheet(sheet), 0

    def write(self, rows: Sequence[Row]) -> None:
        if self._sheet is None:
            self._sheet = self._book.add_worksheet()
        for row in rows:
            for column, value in enumerate(row):
                self._write_cell(self._row, column, value)
            self._row += 1

    def _write_cell(self, row: int, column: int, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(row, column, value.replace(tzinfo=None), self._instant)
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, value, self._day)
        elif isinstance(value, int | Decimal | float) and _fits(value):
            self._sheet.write_number(row, column, value)
        elif value is not None:
            self._sheet.write_string(row, column, _cut(str(value)))

    def finish(self) -> None:
        self._book.close()


def _fits(number: float | Decimal) -> bool:
    """Whether a cell holds the number as it is: spreadsheets keep 15 digits."""
    exact = Decimal(str(number))
    return exact.is_finite() and len(exact.as_tuple().digits) <= _MOST_DIGITS


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_IN_A_CELL else f"{text[: _MOST_IN_A_CELL - 1]}…"
