"""To which units an accident counts: its city, its county or park, and who leads its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reference import city, regions, scoring


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Carded:
    """A unit that may be carded, in its group."""

    unit: str
    group: str
    region_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Where and when an accident happened, and who led its field there that day."""

    region: str
    on: date
    leads: frozenset[str]


def answering(happening: Happening) -> tuple[Carded, ...]:
    """The units to which an accident counts, by code.

    One in a park counts to the park and not to its county as well, as in rankings.
    """
    if city.current().code not in {place.code for place in regions.ancestors(happening.region)}:
        return ()
    return tuple(sorted(_answering(happening)))


def _answering(happening: Happening) -> Iterator[Carded]:
    for group in scoring.groups(on=happening.on):
        for unit in scoring.members(group, on=happening.on):
            found = Carded(unit=unit.code, group=group.code, region_code=unit.region)
            if counts_to(found, happening, territory=group.counts == "territory"):
                yield found


def counts_to(unit: Carded, happening: Happening, *, territory: bool) -> bool:
    """Whether an accident counts to a unit: by its place, or by who leads its field."""
    if territory:
        return unit.region_code in {happening.region, city.current().code}
    return unit.unit in happening.leads
