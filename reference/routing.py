"""Which alarm chains an event starts, and which posts a step means in a place."""

from datetime import date

from reference import city, places
from reference.cityrows import Route, Step
from reference.terms import Finding, Grade


def routes_for(
    *,
    event: str,
    grade: Grade | None = None,
    finding: Finding | None = None,
    sector: str | None = None,
    on: date,
) -> tuple[Route, ...]:
    """The routes that an event starts; `event` is its subject without the version."""
    return tuple(
        row
        for row in city.current().routes.at(on)
        if row.event == event
        and (not row.grades or grade in row.grades)
        and (not row.findings or finding in row.findings)
        and (not row.sectors or sector in row.sectors)
    )


def reached(step: Step, *, region: str, **named: str) -> tuple[str, ...]:
    """The posts of a step in a place, each once; `named` are units that the event names."""
    return tuple(dict.fromkeys(places.filled(to, region, **named) for to in step.to))


def dead_end() -> str:
    """The post that is called when nobody is left."""
    return city.current().cities[0].dead_end
