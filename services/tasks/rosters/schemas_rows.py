"""The rows of a workbook as units with posts, and what is wrong in each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from kernel import validation
from reference.terms import UnitKind
from services.tasks.organisations.domain import NewUnit
from services.tasks.organisations.schemas import PostBody, UnitBody
from services.tasks.rosters.domain_workbook import Line
from services.tasks.rosters.schemas import RosterRow, RowFault

_TITLES = {name: str(field.title) for name, field in RosterRow.model_fields.items()}
_NAMES = {
    heading.casefold(): name
    for name, title in _TITLES.items()
    for heading in (name, title, name.replace("_", " "))
}
_REQUIRED = ("code", "name_zh", "name_en", "kind")
_UNIT = (*_REQUIRED, "superior")
_POST = ("label_zh", "label_en", "email", "telephone")
_KINDS = {kind.zh: kind.value for kind in UnitKind}


@dataclass(kw_only=True)
class Roster:
    """What a workbook states, as far as it is right; and what is not."""

    units: dict[str, UnitBody] = field(default_factory=dict)
    superiors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """The first row of each unit."""
    lines: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def stated(self) -> list[NewUnit]:
        """The units with their posts, as the registry takes them."""
        return [unit.stated() for unit in self.units.values()]

    def fault(self, row: int, column: str, code: str, zh: str, en: str) -> None:
        """Note what is wrong in a row; `column` is a field of `RosterRow` or a header."""
        named = _TITLES.get(column, column)
        self.faults.append(RowFault(row=row, column=named, code=code, zh=zh, en=en))


def roster(header: Sequence[str], lines: Sequence[Line]) -> Roster:
    """Read a workbook's rows; every fault is noted with its row, none stops the reading."""
    found = Roster(lines=len(lines))
    _check_header(found, header)
    if found.faults:
        return found
    facts: dict[str, Mapping[str, str]] = {}
    for line in lines:
        cells = {_NAMES[name.casefold()]: text for name, text in line.cells.items()}
        _take(found, line.number, cells, facts)
    if not lines:
        found.fault(1, "code", "empty", "工作簿没有数据行", "the workbook has no rows")
    return found


def _check_header(found: Roster, header: Sequence[str]) -> None:
    named = [_NAMES.get(heading.casefold()) for heading in header]
    for heading, name in zip(header, named, strict=True):
        if heading and name is None:
            found.fault(1, heading, "column_unknown", "不认识的列", "unknown column")
    for name in _TITLES:
        if named.count(name) > 1:
            found.fault(1, name, "column_repeated", "列重复", "the column stands twice")
    for name in _REQUIRED:
        if name not in named:
            found.fault(1, name, "column_missing", "缺少此列", "the column is missing")


def _take(
    found: Roster, row: int, cells: Mapping[str, str], facts: dict[str, Mapping[str, str]]
) -> None:
    mine = {name: cells[name] for name in _UNIT if name in cells}
    code = mine.get("code", "")
    if code not in facts:
        unit = _unit(found, row, mine)
        if unit is None:
            return
        facts[code], found.rows[code], found.units[code] = mine, row, unit
        if "superior" in mine:
            found.superiors[code] = mine["superior"]
    for name in _UNIT:
        if mine.get(name) != facts[code].get(name):
            zh, en = "与该单位首行不同", "differs from the unit's first row"
            found.fault(row, name, "unit_differs", zh, en)
    _take_post(found, row, cells)


def _unit(found: Roster, row: int, cells: Mapping[str, str]) -> UnitBody | None:
    stated: dict[str, Any] = {name: cells[name] for name in _REQUIRED if name in cells}
    if "kind" in stated:
        stated["kind"] = _KINDS.get(stated["kind"], stated["kind"])
    try:
        return UnitBody.model_validate(stated)
    except ValidationError as reason:
        _note(found, row, reason, {})
        return None


def _take_post(found: Roster, row: int, cells: Mapping[str, str]) -> None:
    stated = {name: cells[name] for name in _POST if name in cells}
    if "post" not in cells:
        for name in stated:
            zh, en = "没有岗位类别", "there is no kind of post"
            found.fault(row, name, "post_missing", zh, en)
        return
    try:
        post = PostBody.model_validate(stated | {"kind": cells["post"]})
    except ValidationError as reason:
        _note(found, row, reason, {"kind": "post"})
        return
    unit = found.units[cells["code"]]
    if any(other.kind == post.kind for other in unit.posts):
        zh, en = "该单位的岗位重复", "the unit has that post already"
        found.fault(row, "post", "post_repeated", zh, en)
        return
    found.units[unit.code] = unit.model_copy(update={"posts": (*unit.posts, post)})


def _note(found: Roster, row: int, reason: ValidationError, columns: Mapping[str, str]) -> None:
    for finding in reason.errors():
        (fault,) = validation.invalid([finding]).faults
        name = str(finding["loc"][0])
        found.fault(row, columns.get(name, name), fault.code, fault.zh, fault.en)


def as_rows(unit: NewUnit, *, superior: str | None) -> Iterator[RosterRow]:
    """A unit as the rows that state it."""
    facts = unit.facts
    mine = {
        "code": facts.code,
        "name_zh": facts.name_zh,
        "name_en": facts.name_en,
        "kind": facts.kind,
        "superior": superior,
    }
    for post in unit.posts:
        held = {name: getattr(post, name) for name in _POST}
        yield RosterRow.model_validate(mine | held | {"post": post.kind})
    if not unit.posts:
        yield RosterRow.model_validate(mine)
