"""Reads one file of a pack: YAML, its sections and rows, and everything that is wrong with them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from reference.entries import Entry

E = TypeVar("E", bound=Entry)


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


class _Loader(yaml.CSafeLoader):
    """The fast loader, refusing a key written twice in one mapping."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key stands twice in one mapping", node.start_mark
            )
        return mapping


def sections_of(path: Path, schemas: Mapping[str, type[Entry]]) -> Mapping[str, Sequence[Entry]]:
    """The rows of each section of a file; everything wrong with it is raised together."""
    content = _parsed(path)
    _refuse_other_sections(path.name, content, schemas)
    faults: list[Fault] = []
    sections = {}
    for section, model in schemas.items():
        reader = _Reader(file=path.name, section=section, defaults=content.get("defaults", {}))
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
    if not isinstance(content.get("defaults", {}), dict):
        faults.append(_whole(file, "'defaults' to be a mapping"))
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
