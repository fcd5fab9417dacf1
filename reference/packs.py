"""A data pack: a folder of YAML tables whose rows are dated, sourced and checked.

A file holds `about`, optional `defaults` merged into each row, and one or more sections of
rows. A row that breaks its schema, an unknown key, or two rows of one key in force on the
same day is refused with the file, the entry and what was expected. Files are read when first
asked for, once.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, overload

from reference.entries import Entry
from reference.reading import BrokenPack, Fault, sections_of


class NothingInForce(LookupError):
    """No row of that key is in force on that day."""


E = TypeVar("E", bound=Entry)


def on(rows: Iterable[E], day: date) -> E:
    """The one row in force that day, among rows of one key."""
    for row in rows:
        if row.in_force(day):
            return row
    raise NothingInForce(f"no row in force on {day.isoformat()}")


class Table(Sequence[E]):
    """The rows of one section, in file order, read when first looked at."""

    def __init__(self, name: str, read: Callable[[], Sequence[Any]]) -> None:
        self._name = name
        self._read = read
        self._rows: tuple[E, ...] | None = None
        self._keyed: dict[Hashable, list[E]] = {}

    @property
    def rows(self) -> tuple[E, ...]:
        """Every row, of every time."""
        if self._rows is None:
            rows: tuple[E, ...] = tuple(self._read())
            for row in rows:
                self._keyed.setdefault(row.key, []).append(row)
            self._rows = rows
        return self._rows

    def at(self, day: date) -> tuple[E, ...]:
        """The rows in force that day."""
        return tuple(row for row in self.rows if row.in_force(day))

    def of(self, key: Hashable) -> Sequence[E]:
        """The rows of one key, of every time; empty when the key is unknown."""
        _ = self.rows
        return self._keyed.get(key, [])

    def get(self, key: Hashable, *, on: date) -> E | None:
        """The row of that key in force that day, if any."""
        return next((row for row in self.of(key) if row.in_force(on)), None)

    def one(self, key: Hashable, *, on: date) -> E:
        """The row of that key in force that day; its absence is an error."""
        row = self.get(key, on=on)
        if row is None:
            raise NothingInForce(f"{self._name}: no {key!r} in force on {on.isoformat()}")
        return row

    @overload
    def __getitem__(self, index: int) -> E: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[E, ...]: ...
    def __getitem__(self, index: int | slice) -> E | tuple[E, ...]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[E]:
        return iter(self.rows)


class Pack:
    """A folder of tables. A subclass declares its tables in `__init__`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._schemas: dict[str, dict[str, type[Entry]]] = {}
        self._files: dict[str, Mapping[str, Sequence[Entry]]] = {}

    def table(self, file: str, section: str, model: type[E]) -> Table[E]:
        """Declare a section of a file."""
        self._schemas.setdefault(file, {})[section] = model
        return Table(f"{file}/{section}", lambda: self._sections(file)[section])

    def check(self) -> Iterator[Fault]:
        """What a subclass checks across its tables."""
        yield from ()

    def load(self) -> None:
        """Read and check everything at once; every fault is reported together."""
        faults = [
            Fault(file=path.name, entry="file", expected="a file that the pack declares")
            for path in sorted(self.folder.glob("*.yaml"))
            if path.name not in self._schemas
        ]
        for file in self._schemas:
            try:
                self._sections(file)
            except BrokenPack as broken:
                faults.extend(broken.faults)
        faults = faults or list(self.check())
        if faults:
            raise BrokenPack(faults)

    def unknown_sources(self, *, known: Collection[str]) -> Iterator[Fault]:
        """Rows that name an instrument nobody has declared."""
        for (file, section), rows in self._all_rows():
            for row in rows:
                if row.source.instrument not in known:
                    expected = f"an instrument of instruments.yaml, found {row.source.instrument!r}"
                    yield Fault(file=file, entry=f"{section} {row.key!r}", expected=expected)

    def _all_rows(self) -> Iterator[tuple[tuple[str, str], Sequence[Entry]]]:
        for file in self._schemas:
            for section, rows in self._sections(file).items():
                yield (file, section), rows

    def _sections(self, file: str) -> Mapping[str, Sequence[Entry]]:
        if file not in self._files:
            self._files[file] = sections_of(self.folder / file, self._schemas[file])
        return self._files[file]
