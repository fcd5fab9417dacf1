"""The rows of a workbook as units with posts, and what is wrong in each row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from reference import units as pack
from reference.terms import UnitKind
from services.tasks.organisations.domain import NewUnit
from services.tasks.organisations.schemas import PostBody, UnitBody
from services.tasks.rosters.domain_workbook import Sheet
from services.tasks.rosters.schemas import RosterRow
from services.tasks.rosters.schemas_sheets import Columns, Findings

_REQUIRED = ("code", "name_zh", "name_en", "kind")
_UNIT = (*_REQUIRED, "superior", "roles")
_POST = ("label_zh", "label_en", "email", "telephone")
_KINDS = {kind.zh: kind.value for kind in UnitKind}
_BETWEEN = re.compile(r"[、，,;；\s]+")
_NO_ROLES, _NO_ROLES_ZH = "none", "无"
_COLUMNS = Columns.of(RosterRow, *_REQUIRED)


@dataclass(kw_only=True)
class Roster(Findings):
    """What a sheet of units states, as far as it is right; and what is not."""

    units: dict[str, UnitBody] = field(default_factory=dict)
    superiors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """The first row of each unit."""
    codes: dict[int, str] = field(default_factory=dict)
    """The unit that each row names."""
    says_roles: bool = True
    """Whether the sheet has their column; one without it leaves them as they are."""

    def stated(self) -> list[NewUnit]:
        """The units with their posts, as the registry takes them."""
        return [unit.stated() for unit in self.units.values()]

    def sound(self) -> list[NewUnit]:
        """Those of them in whose rows nothing is wrong."""
        wrong = {self.codes.get(fault.row) for fault in self.faults}
        return [unit.stated() for code, unit in self.units.items() if code not in wrong]


def roster(sheet: Sheet, *, alone: bool = True) -> Roster:
    """Read a sheet's rows; every fault is noted with its row, none stops the reading.

    Without rows it is refused only if no other sheet has any.
    """
    found = Roster(sheet=sheet.name, columns=_COLUMNS)
    if not (alone or sheet.header):
        return found
    found.says_roles = found.columns.has(sheet, "roles")
    facts: dict[str, Mapping[str, str]] = {}
    for row, cells in found.read(sheet):
        _take(found, row, cells, facts)
    if alone and not found.faults and not found.lines:
        _refuse_empty(found)
    return found


def absent(name: str, *, alone: bool) -> Roster:
    """No sheet of units: the first one, of a name, is another's."""
    found = Roster(sheet=name, columns=_COLUMNS)
    if alone:
        _refuse_empty(found)
    return found


def _refuse_empty(found: Roster) -> None:
    found.fault(1, "code", "empty", "工作簿没有数据行", "the workbook has no rows")


def _take(
    found: Roster, row: int, cells: Mapping[str, str], facts: dict[str, Mapping[str, str]]
) -> None:
    mine = {name: cells[name] for name in _UNIT if name in cells}
    code = mine.get("code", "")
    found.codes[row] = code
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
    if "roles" in cells:
        stated["roles"] = _roles(cells["roles"])
    try:
        return UnitBody.model_validate(stated)
    except ValidationError as reason:
        found.note(row, reason, {})
        return None


def _roles(cell: str) -> Sequence[str]:
    """The roles that a cell names, by their codes or in Chinese; empty where it says none."""
    if cell.casefold() in (_NO_ROLES, _NO_ROLES_ZH):
        return ()
    codes = {row.zh: row.code for row in pack.stated_roles()}
    named = [name for name in _BETWEEN.split(cell) if name]
    return [codes.get(name, name) for name in named] or [cell]


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
        found.note(row, reason, {"kind": "post"})
        return
    unit = found.units[cells["code"]]
    if any(other.kind == post.kind for other in unit.posts):
        zh, en = "该单位的岗位重复", "the unit has that post already"
        found.fault(row, "post", "post_repeated", zh, en)
        return
    found.units[unit.code] = unit.model_copy(update={"posts": (*unit.posts, post)})


def as_rows(unit: NewUnit, *, superior: str | None) -> Iterator[RosterRow]:
    """A unit as the rows that state it."""
    facts = unit.facts
    mine = {
        "code": facts.code,
        "name_zh": facts.name_zh,
        "name_en": facts.name_en,
        "kind": facts.kind,
        "superior": superior,
        "roles": None if facts.roles is None else ", ".join(facts.roles) or _NO_ROLES,
    }
    for post in unit.posts:
        held = {name: getattr(post, name) for name in _POST}
        yield RosterRow.model_validate(mine | held | {"post": post.kind})
    if not unit.posts:
        yield RosterRow.model_validate(mine)
