"""What a document holds, before it is a file of any kind: text, tables and charts in one order."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Cell = str | int | Decimal | None
"""What a table's cell holds; None is shown as a dash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The title of a section."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures in rows; the first column names the row. `strong` are the rows set in bold."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: tuple[int, ...] = ()
    wide: int = 1
    """How many of the columns, from the left, hold text."""
    widths: tuple[float, ...] = ()
    """How wide the columns are to one another; else the first is twice the others."""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line, or the bars of one colour; a missing value is a gap."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures as a picture."""

    title: str
    unit: str
    shape: Literal["line", "bar"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Literal["chart"] = "chart"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for each in self.series for value in each.values)


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document, in one language."""

    title: str
    number: str
    issuer: str
    dated: str
    draft: str
    """What is printed across the head while it has not been issued; empty afterwards."""
    page: str
    """The words of the page's foot; `{page}` and `{pages}` stand for the numbers."""
    chinese: bool
    blocks: tuple[Block, ...]
