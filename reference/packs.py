"""How a data pack is read: YAML tables whose rows are dated, sourced and checked.

A file holds `about`, optional `defaults` merged into each row, and one or more sections of
rows. A row that breaks its schema, an unknown key, or two rows of one key in force on the
same day is refused with the file, the entry and what was expected. Files are read when first
asked for, once.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar, overload

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One broken entry."""

    file: str
    entry: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, {self.entry}: {self.expected}"


class BrokenPack(ValueError):
    """A pack does not say what its schema asks for; `faults` name every entry."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class NothingInForce(LookupError):
    """No row of that key is in force on that day."""


class Source(BaseModel):
    """Where a row comes from: an instrument of `instruments.yaml`, and the article in it.

    Written in YAML as one string, `decree-493 3`; `whole` stands for the whole instrument.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instrument: str
    article: str


def _split_source(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    instrument, _, article = value.partition(" ")
    if not article:
        raise ValueError("a source is `<instrument> <article>`, for example `decree-493 3`")
    return {"instrument": instrument, "article": article}


class Entry(BaseModel):
    """A row of a pack: what it says, where it is written, and when it is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[Source, BeforeValidator(_split_source)]
    effective_from: date
    effective_to: date | None = None
    """The last day in force; None while it still is."""

    @property
    def key(self) -> Hashable:
        """What must be unique on any one day."""
        raise NotImplementedError

    @property
    def rule(self) -> str:
        """Which version of which rule this is, for decisions to keep: `decree-493 3@2007-06-01`."""
        return f"{self.source.instrument} {self.source.article}@{self.effective_from.isoformat()}"

    def in_force(self, day: date) -> bool:
        """Whether it is the law on that day."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class Coded(Entry):
    """A row known by its code, with its name in both languages."""

    code: str
    zh: str
    en: str

    @property
    def key(self) -> Hashable:
        """Its code."""
        return self.code


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
            self._files[file] = _validated(self.folder / file, self._schemas[file])
        return self._files[file]


class _Loader(yaml.CSafeLoader):
    """The fast loader, refusing a key written twice in one mapping."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key stands twice in one mapping", node.start_mark
            )
        return mapping


def _validated(path: Path, schemas: Mapping[str, type[Entry]]) -> Mapping[str, Sequence[Entry]]:
    content = _parsed(path)
    _refuse_other_sections(path.name, content, schemas)
    faults: list[Fault] = []
    sections = {}
    for section, model in schemas.items():
        reader = _Reader(file=path.name, section=section, defaults=content.get("defaults") or {})
        sections[section] = reader.rows(content[section], model)
        faults += reader.faults
    if faults:
        raise BrokenPack(faults)
    return sections


def _parsed(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 -- a safe loader
    except FileNotFoundError:
        raise BrokenPack([_whole(path.name, "the file to exist")]) from None
    except yaml.YAMLError as broken:
        raise BrokenPack([_whole(path.name, f"readable YAML: {broken}")]) from broken
    if not isinstance(content, dict):
        raise BrokenPack([_whole(path.name, "a mapping of sections")])
    return content


def _whole(file: str, expected: str) -> Fault:
    return Fault(file=file, entry="file", expected=expected)


def _refuse_other_sections(
    file: str, content: Mapping[str, Any], schemas: Mapping[str, type[Entry]]
) -> None:
    wanted = {"about", *schemas}
    faults = [
        _whole(file, f"no unknown section {name!r}")
        for name in content.keys() - wanted - {"defaults"}
    ]
    faults += [_whole(file, f"the section {name!r}") for name in wanted - content.keys()]
    faults += [
        _whole(file, f"{name!r} to be a list of rows")
        for name in schemas.keys() & content.keys()
        if not isinstance(content[name], list)
    ]
    if faults:
        raise BrokenPack(faults)


class _Reader:
    """Reads the rows of one section and gathers what is wrong with them."""

    def __init__(self, *, file: str, section: str, defaults: Mapping[str, Any]) -> None:
        self._file = file
        self._section = section
        self._defaults = defaults
        self.faults: list[Fault] = []

    def rows(self, raw: Sequence[Any], model: type[E]) -> tuple[E, ...]:
        rows = [row for index, item in enumerate(raw) if (row := self._row(index, item, model))]
        self._refuse_overlaps(rows)
        return tuple(rows)

    def _row(self, index: int, item: Any, model: type[E]) -> E | None:
        place = f"{self._section}[{index}]"
        if not isinstance(item, dict):
            self._fault(place, f"a mapping, found {item!r}")
            return None
        place = f"{place} ({next((str(value) for value in item.values()), 'empty')})"
        try:
            return model.model_validate({**self._defaults, **item})
        except ValidationError as broken:
            for error in broken.errors(include_url=False):
                field = ".".join(str(part) for part in error["loc"])
                self._fault(place, f"field {field!r}: {error['msg']}, found {error['input']!r}")
            return None

    def _refuse_overlaps(self, rows: Sequence[Entry]) -> None:
        keyed: dict[Hashable, list[Entry]] = {}
        for row in rows:
            keyed.setdefault(row.key, []).append(row)
            if row.effective_to is not None and row.effective_to < row.effective_from:
                self._fault(
                    f"{self._section} {row.key!r}", "effective_to on or after effective_from"
                )
        for key, same in keyed.items():
            same.sort(key=lambda row: row.effective_from)
            for earlier, later in pairwise(same):
                if earlier.effective_to is None or later.effective_from <= earlier.effective_to:
                    expected = f"one row in force a day; two are on {later.effective_from}"
                    self._fault(f"{self._section} {key!r}", expected)

    def _fault(self, entry: str, expected: str) -> None:
        self.faults.append(Fault(file=self._file, entry=entry, expected=expected))
