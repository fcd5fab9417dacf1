"""Who leads by decision, and who answers for a unit that is no more. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reference import regions


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A kind of business is led in a place as a field is, or there by one unit alone."""

    region: str
    field: str
    lead: str | None = None


def nearest(found: Iterable[Decided], *, region: str) -> Decided | None:
    """A decision holds in its place and all below it; the nearest place decides (platform)."""
    by_place = {row.region: row for row in found}
    return next((by_place[place] for place in places(region) if place in by_place), None)


def places(region: str) -> Sequence[str]:
    """Where a decision may be for that holds in a place: there and in those above it (platform)."""
    return [place.code for place in regions.ancestors(region)]


def answers(unit: str, *, heirs: Mapping[str, str]) -> str:
    """What a unit that is no more had to do is its heir's, or its heir's heir's (platform)."""
    seen = {unit}
    while (heir := heirs.get(unit)) is not None and heir not in seen:
        seen.add(heir)
        unit = heir
    return unit
