"""Ratios of paired runs, and the table they are printed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Pairs:
    """Ours and the reference, measured in turn."""

    ours: tuple[float, ...]
    reference: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of each round's own ratio: what disturbs a round disturbs both sides."""
        return median(a / b for a, b in zip(self.ours, self.reference, strict=True))


def paired(ours: Callable[[], float], reference: Callable[[], float], *, rounds: int) -> Pairs:
    """Measure both sides `rounds` times; who goes first alternates."""
    taken: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            second = reference()
            taken.append((ours(), second))
        else:
            first = ours()
            taken.append((first, reference()))
    return Pairs(tuple(a for a, _ in taken), tuple(b for _, b in taken))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure and the bound it must keep. Without a bound it only informs."""

    name: str
    unit: str = ""
    ours: float | None = None
    reference: float | None = None
    figure: float | None = None
    """What the bound is for: a ratio, or an absolute figure."""
    at_least: float | None = None
    at_most: float | None = None
    skipped: str = ""

    @property
    def missed(self) -> bool:
        """Whether the bound was not kept."""
        if self.figure is None:
            return False
        too_low = self.at_least is not None and self.figure < self.at_least
        return too_low or (self.at_most is not None and self.figure > self.at_most)

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.skipped:
            return f"skipped: {self.skipped}"
        if self.at_least is None and self.at_most is None:
            return ""
        return "MISSED" if self.missed else "kept"

    @property
    def bound(self) -> str:
        """As it is read."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else ""


_HEADS = ("", "ours", "reference", "unit", "figure", "bound", "")


@dataclass
class Table:
    """What was measured, in order."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Keep a row, and print it at once: a bench takes minutes."""
        self.rows.append(row)
        print("   ".join(cell for cell in _cells(row) if cell), flush=True)

    def ratio(
        self,
        name: str,
        pairs: Pairs,
        *,
        unit: str,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """Keep the ratio of paired runs; beside it the median of each side."""
        self.add(
            Row(
                name=name,
                unit=unit,
                ours=median(pairs.ours),
                reference=median(pairs.reference),
                figure=pairs.ratio,
                at_least=at_least,
                at_most=at_most,
            )
        )

    @property
    def missed(self) -> bool:
        """Whether any bound was not kept."""
        return any(row.missed for row in self.rows)

    def __str__(self) -> str:
        lines = [_HEADS, *map(_cells, self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def _cells(row: Row) -> tuple[str, ...]:
    figures = (row.ours, row.reference)
    ours, reference = ("" if figure is None else f"{figure:,.4g}" for figure in figures)
    figure = "" if row.figure is None else f"{row.figure:.3g}"
    return row.name, ours, reference, row.unit, figure, row.bound, row.verdict
