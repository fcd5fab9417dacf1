"""To which units an accident counts: its city, its county or park, and who leads its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reference import city, regions, scoring
from services.tasks.chains import domain as chains


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Carded:
    """A unit that may be carded, in its group."""

    unit: str
    group: str
    region_code: str


def answering(*, region: str, industry: str | None, on: date) -> tuple[Carded, ...]:
    """The units to which an accident counts, by code.

    One in a park counts to the park and not to its county as well, as in rankings. Who leads
    its field is asked of the day on which it happened.
    """
    return tuple(sorted(_answering(region, industry, on=on)))


def _answering(region: str, industry: str | None, *, on: date) -> Iterator[Carded]:
    lead = frozenset(chains.answering(industry=industry, region=region, on=on).lead)
    for group in scoring.groups(on=on):
        for unit in scoring.members(group, on=on):
            if group.counts == "territory":
                counts = unit.region == region or unit.region == city.current().code
            else:
                counts = unit.code in lead
            if counts and _inside(region):
                yield Carded(unit=unit.code, group=group.code, region_code=unit.region)


def _inside(region: str) -> bool:
    return any(place.code == city.current().code for place in regions.ancestors(region))
