"""The chains that an event starts at its place."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kernel.events import Event
from reference import industries, routing
from reference.cityrows import Route
from services.notifications.routing import domain_steps as steps
from services.notifications.routing.domain_steps import PlannedStep

UNROUTED = "unrouted"

_NAMED = ("unit", "from_unit", "to_unit")
_NO_HEIRS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Whom one alarm calls, step by step."""

    route: str
    everyone: bool
    steps: tuple[PlannedStep, ...]


def chains(
    event: Event, *, on: date, told: Collection[str] = (), heirs: Mapping[str, str] = _NO_HEIRS
) -> Iterator[Chain]:
    """The chains of an event, one for each route of its kind, without those told already.

    Nobody is called twice over one event: who stands on an earlier chain is left out of later
    ones. An event without a route has one chain without steps, so that it goes to the dead-end
    desk and not into silence. `heirs` are who is called instead of units that are no more.
    """
    region: str = event.region_code  # type: ignore[attr-defined]  # every fact told to people has a place
    named = {name: getattr(event, name) for name in _NAMED if hasattr(event, name)}
    known = set(told)
    routes = _routes(event, on=on)
    for route in routes:
        planned = steps.planned(route.steps, region=region, named=named, heirs=heirs)
        fresh = tuple(steps.without(planned, told=known))
        known.update(code for step in fresh for code in step.to)
        if fresh:
            yield Chain(route=route.code, everyone=route.everyone, steps=fresh)
    if not routes:
        yield Chain(route=UNROUTED, everyone=False, steps=())


def _routes(event: Event, *, on: date) -> tuple[Route, ...]:
    industry = industries.resolve(getattr(event, "industry", None) or "")
    return routing.routes_for(
        event=event.subject.rpartition(".")[0],
        grade=getattr(event, "grade", None),
        finding=getattr(event, "kind", None) if hasattr(event, "finding_id") else None,
        sector=industry.sector if industry else None,
        on=on,
    )
