"""Who may do what to which rows: one table per service, deny by default.

A table grants an act to a role for some relations of the actor to the row. A row outside
every grant of the actor is reported as absent, so that ids cannot be probed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kernel.problems import Problem


class Relation(StrEnum):
    """How the actor stands to a row; the nearest one that holds counts."""

    OWN = "own"
    UNIT = "unit"
    SUBTREE = "subtree"
    ELSEWHERE = "elsewhere"


ANYWHERE = frozenset(Relation)
OWN = frozenset({Relation.OWN})
WITHIN = frozenset({Relation.OWN, Relation.UNIT, Relation.SUBTREE})
IN_UNIT = frozenset({Relation.OWN, Relation.UNIT})


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The actor of a request, event or timer.

    `region` is a prefix of division codes ("4304"); "" is the whole nation, and None is
    nobody's region. `uscc` is set for enterprise accounts and narrows everything to it.
    """

    subject: str
    roles: frozenset[str] = frozenset()
    unit: str | None = None
    post: str | None = None
    region: str | None = None
    uscc: str | None = None
    client: bool = False

    @property
    def is_system(self) -> bool:
        """Whether the platform itself acts: a handler or a timer."""
        return self.subject == SYSTEM_SUBJECT


SYSTEM_SUBJECT = "system"
SYSTEM = Principal(subject=SYSTEM_SUBJECT, region="")


class Placed(Protocol):
    """A row that stands somewhere: in a division, with an enterprise, with a unit.

    Rows may lack any of the three; what is missing simply does not match.
    """

    @property
    def region_code(self) -> str: ...


@dataclass(frozen=True)
class Place:
    """Where a row will stand that is not stored yet, and with whom."""

    region_code: str
    enterprise_uscc: str | None = None


class NotYours(Problem):
    """The actor sees the thing and may not do this to it."""

    status = 403
    title_zh = "无权进行此操作"
    title_en = "You may not do this"


class NotFound(Problem):
    """Absent, or outside what the actor may see: the answer does not tell which."""

    status = 404
    title_zh = "未找到"
    title_en = "Not found"


def relation(by: Principal, row: Placed) -> Relation:
    """The nearest relation of an actor to a row."""
    if by.uscc is not None:
        owns = getattr(row, "enterprise_uscc", None) == by.uscc
        return Relation.OWN if owns else Relation.ELSEWHERE
    if by.unit is not None and by.unit in _units(row):
        return Relation.UNIT
    if by.region is not None and row.region_code.startswith(by.region):
        return Relation.SUBTREE
    return Relation.ELSEWHERE


def _units(row: Placed) -> Iterable[str]:
    units = getattr(row, "units", None)
    if units is not None:
        return tuple(units)
    unit = getattr(row, "unit", None)
    return (unit,) if unit else ()


Grants = Mapping[str, Mapping[str, frozenset[Relation]]]


@dataclass(frozen=True)
class Policies:
    """The table of one service: act → role → relations for which it is granted."""

    grants: Grants

    def granted(self, by: Principal, act: str) -> frozenset[Relation]:
        """For which relations the actor may do the act at all."""
        if by.is_system:
            return ANYWHERE
        by_role = self.grants.get(act, {})
        return frozenset().union(*(by_role.get(role, frozenset()) for role in by.roles))

    def allows(self, by: Principal, act: str, on: Placed) -> bool:
        """Whether the actor may do the act to the row."""
        return relation(by, on) in self.granted(by, act)

    def require(self, by: Principal, act: str, *, on: Placed, seen_by: str) -> None:
        """Refuse unless granted: 403 if the actor may see the row by `seen_by`, else 404."""
        if self.allows(by, act, on):
            return
        if act != seen_by and self.allows(by, seen_by, on):
            raise NotYours
        raise NotFound

    def require_role(self, by: Principal, act: str) -> None:
        """Refuse an actor none of whose roles has the act for any row."""
        if not self.granted(by, act):
            raise NotYours
