"""What the catalogue proposes for an order. Pure: the same lines and lessons, the same answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reference import orders, regions

OF_A_LINE, OF_A_CHAIN = 100, 50
RETURNED_ONCE, SETTLED_ONCE = -30, 30
COUNTED_AT_MOST = 3


class Lesson(StrEnum):
    """What a dispatch taught about a matter in a place."""

    RETURNED = "returned"  # 退单成立
    SETTLED = "settled"  # 改派后办结


class Ground(StrEnum):
    """Why a unit is proposed, or not so much."""

    LINE = "line"  # 派单目录
    CHAIN = "chain"  # 责任链
    RETURNED = "returned"  # 曾退单成立
    SETTLED = "settled"  # 曾改派办结


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where an order about a matter goes: to units, or where those of another matter go."""

    matter: str
    region: str
    """Where it holds; empty for the whole city."""
    lead: str | None = None
    supporting: tuple[str, ...] = ()
    same_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A ground, how often it holds, and what it counts."""

    ground: Ground
    times: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit that an order may go to, with the reasons; its points are their sum."""

    unit: str
    supporting: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """How much speaks for it."""
        return sum(reason.points for reason in self.reasons)


Lessons = Mapping[str, Mapping[Lesson, int]]
"""What is on record of a matter in a place: by unit, how often it was learnt."""


def line_for(lines: Iterable[Line], *, matter: str, region: str) -> Line | None:
    """The nearest line to a place decides; one that names another matter takes its line (platform).

    None where the catalogue says nothing, or where lines run in a circle.
    """
    known = {(line.matter, line.region): line for line in lines}
    wanted, seen = matter, set[str]()
    while wanted not in seen:
        seen.add(wanted)
        found = next((known[wanted, at] for at in places(region) if (wanted, at) in known), None)
        if found is None or found.same_as is None:
            return found
        wanted = found.same_as
    return None


def places(region: str) -> tuple[str, ...]:
    """A place, those above it, and at last the whole city, which has no name here (platform)."""
    return (*(place.code for place in regions.ancestors(region)), "") if region else ("",)


def circle(lines: Iterable[Line], *, added: Line) -> tuple[str, ...]:
    """No line may lead back to its own matter, wherever it holds (platform).

    The matters it would run through; empty where it ends with units.
    """
    known = {(line.matter, line.region): line for line in lines}
    known[added.matter, added.region] = added
    for region in {region for _, region in known}:
        found = orders.circle(_same_as(known, region), start=added.matter)
        if found:
            return found
    return ()


def _same_as(known: Mapping[tuple[str, str], Line], region: str) -> Mapping[str, str]:
    """Which matter is handled as which in a place."""
    nearest: dict[str, Line] = {}
    for at in reversed(places(region)):
        nearest |= {line.matter: line for line in known.values() if line.region == at}
    return {matter: line.same_as for matter, line in nearest.items() if line.same_as}


def proposed(
    *,
    lead: str | None,
    supporting: Sequence[str],
    chain: Sequence[str],
    lessons: Lessons,
) -> tuple[Candidate, ...]:
    """Accepted returns speak against a unit, orders it settled after one speak for it (platform).

    Best first; with equal points by code, so that the answer never depends on chance. Each
    lesson counts at most three times.
    """
    grounds: dict[str, list[Reason]] = {}
    if lead is not None:
        grounds[lead] = [Reason(ground=Ground.LINE, times=1, points=OF_A_LINE)]
    for place, unit in enumerate(chain):
        reason = Reason(ground=Ground.CHAIN, times=1, points=max(OF_A_CHAIN - 10 * place, 10))
        grounds.setdefault(unit, []).append(reason)
    for unit, learnt in lessons.items():
        grounds.setdefault(unit, []).extend(_learnt(learnt))
    found = (
        Candidate(
            unit=unit,
            supporting=tuple(code for code in supporting if code != unit),
            reasons=tuple(reasons),
        )
        for unit, reasons in grounds.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.points, one.unit)))


def _learnt(learnt: Mapping[Lesson, int]) -> list[Reason]:
    weights = {
        Lesson.RETURNED: (Ground.RETURNED, RETURNED_ONCE),
        Lesson.SETTLED: (Ground.SETTLED, SETTLED_ONCE),
    }
    return [
        Reason(ground=ground, times=times, points=points * min(times, COUNTED_AT_MOST))
        for lesson, (ground, points) in weights.items()
        if (times := learnt.get(lesson, 0))
    ]
