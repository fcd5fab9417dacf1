"""What the catalogue proposes for an order. Pure: the same lines and lessons, the same answer."""

from collections.abc import Iterable, Mapping, Sequence

from reference import orders, regions
from services.tasks.catalogue.domain import Candidate, Ground, Lesson, Lessons, Line, Reason

OF_A_LINE, OF_A_CHAIN = 100, 50
RETURNED_ONCE, SETTLED_ONCE = -30, 30
COUNTED_AT_MOST = 3


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
