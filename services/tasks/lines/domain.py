"""Lines of reporting: the usual ones, and that none runs in a circle. Pure."""

from collections.abc import Callable
from typing import Protocol

from kernel.problems import Problem
from reference import regions
from reference.terms import UnitKind

Above = Callable[[str], str | None]
"""Whom a unit reports to, by its code."""

MOST_STEPS = 32
_HIGHEST = frozenset({"government", "party_committee"})
_OF_THE_PARTY = frozenset(
    {UnitKind.PARTY_DEPARTMENT, UnitKind.DISCIPLINE, UnitKind.MASS_ORGANISATION}
)
_OF_THE_COMMITTEE = frozenset({UnitKind.COMMITTEE_OFFICE, UnitKind.SPECIAL_COMMITTEE})


class CircularLine(Problem):
    """A unit would report to itself by way of others."""

    status = 409
    title_zh = "汇报关系成环"
    title_en = "The line of reporting runs in a circle"


class Reporting(Protocol):
    """What of a unit decides whom it usually reports to."""

    @property
    def code(self) -> str: ...
    @property
    def region_code(self) -> str: ...
    @property
    def kind(self) -> str: ...


def usual(unit: Reporting) -> str | None:
    """Whom a unit reports to where nothing else was stated; None at the very top.

    Governments and Party committees report to those above; what serves them reports to them.
    """
    slug = unit.code.partition(".")[2]
    if slug in _HIGHEST:
        above = regions.region(unit.region_code).parent
        return f"{above}.{slug}" if above is not None else None
    for highest in _HIGHEST:
        if slug.endswith(f"_{highest}"):  # of a township, below its county
            return f"{unit.region_code}.{highest}"
    return f"{unit.region_code}.{_master(UnitKind(unit.kind))}"


def _master(kind: UnitKind) -> str:
    if kind in _OF_THE_COMMITTEE:
        return "safety_committee"
    return "party_committee" if kind in _OF_THE_PARTY else "government"


def climb(unit: str, *, above: Above) -> tuple[str, ...]:
    """The unit and everybody above it, nearest first; ends where nobody is or a circle closes."""
    seen = [unit]
    while len(seen) <= MOST_STEPS:
        higher = above(seen[-1])
        if higher is None or higher in seen:
            break
        seen.append(higher)
    return tuple(seen)


def closes_circle(unit: str, superior: str, *, above: Above) -> bool:
    """Whether a unit that reports to `superior` would then stand above itself."""
    return unit in climb(superior, above=above)
