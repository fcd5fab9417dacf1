"""The rows of a workbook as text, by the names of its columns. Pure.

What is no workbook, holds macros, unpacks to too much or spreads its cells too far is refused
before it is read: a few bytes can claim a sheet of billions of cells.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, load_workbook

from kernel import mediatypes
from kernel.problems import Problem

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 20_000, 64
_MOST_UNPACKED = 64 * 1024 * 1024
_STANDS = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,9})["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


class NotAWorkbook(Problem):
    """What was sent is no XLSX workbook, is broken, or unpacks to far more than it should."""

    status = 422
    title_zh = "不是可读取的 XLSX 工作簿"
    title_en = "Not a readable XLSX workbook"


class WorkbookTooLarge(Problem):
    """A workbook takes so many bytes, rows and columns at most."""

    status = 422
    title_zh = "工作簿过大"
    title_en = "The workbook is too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row with anything in it."""

    number: int
    """As a spreadsheet counts: the header is 1."""
    cells: Mapping[str, str]
    """Trimmed text by header; empty cells are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The header of a sheet and its rows below; without rows there is no header either."""

    name: str
    header: Sequence[str]
    lines: Sequence[Line]


def read(content: bytes, *, named: Collection[str] = ()) -> list[Sheet]:
    """The first sheet and those with one of some names, or a refusal. Others are passed over."""
    if len(content) > MOST_BYTES:
        raise WorkbookTooLarge(f"至多 {MOST_BYTES} 字节", f"At most {MOST_BYTES} bytes")
    if mediatypes.of(io.BytesIO(content), most_unpacked=_MOST_UNPACKED) != mediatypes.XLSX:
        raise NotAWorkbook
    _refuse_spread(content)
    try:
        book = load_workbook(io.BytesIO(content))
        wanted = [
            number
            for number, name in enumerate(book.sheet_names)
            if number == 0 or name.strip().casefold() in named
        ]
        sheets = [book.get_sheet_by_index(number) for number in wanted or [0]]
        return [_sheet(one.name, one.to_python(skip_empty_area=False)) for one in sheets]
    except (CalamineError, IndexError, OSError, ValueError) as reason:
        raise NotAWorkbook from reason


def _sheet(name: str, rows: Sequence[Sequence[object]]) -> Sheet:
    header = [_text(cell) for cell in rows[0]] if rows else ()
    return Sheet(name=name, header=header, lines=list(_lines(header, rows[1:])))


def _lines(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=2):
        named = zip(header, map(_text, row), strict=False)
        cells = {name: text for name, text in named if name and text}
        if cells:
            yield Line(number=number, cells=cells)


def _text(cell: object) -> str:
    """A cell as people see it: whole numbers without a point, days without a time."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).strip()


def _refuse_spread(content: bytes) -> None:
    """Look at where cells say they stand, before a table of that size is made of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            sheets = [part for part in package.infolist() if _SHEET.fullmatch(part.filename)]
            for part in sheets:
                for column, row in _STANDS.findall(package.read(part)):
                    if int(row) > MOST_ROWS + 1 or _column(column) > MOST_COLUMNS:
                        raise WorkbookTooLarge(
                            f"至多 {MOST_ROWS} 行、{MOST_COLUMNS} 列",
                            f"At most {MOST_ROWS} rows and {MOST_COLUMNS} columns",
                        )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as reason:
        raise NotAWorkbook from reason


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
