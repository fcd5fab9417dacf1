"""What must agree across files and packs; run at start-up and by the tests, not on each read."""

from collections.abc import Iterator
from datetime import date
from string import Formatter

from reference import city, demonstration, national, regions, units
from reference.city import City, Plan
from reference.cityrows import Duty, Route
from reference.reading import BrokenPack, Fault

_EVENT_UNITS = {"from_unit", "to_unit", "unit"}
_PLACES = {"place", "county", "city", "province", "nation"}


def load_all() -> None:
    """Read both packs whole and check that they fit each other; raises `BrokenPack`."""
    national.PACK.load()
    pack = city.current()
    pack.load()
    faults = list(_faults(pack))
    if faults:
        raise BrokenPack(faults)


def _faults(pack: City) -> Iterator[Fault]:
    yield from _places(pack)
    yield from _chains(pack)
    for route in pack.routes:
        yield from _route(route)
    for plan in pack.plans.values():
        yield from _plan(plan)
    yield from _enterprises(pack)


def _places(pack: City) -> Iterator[Fault]:
    for park in pack.parks:
        if national.DIVISIONS.of(park.parent) == []:
            yield Fault(file="parks.yaml", entry=park.code, expected="a parent among the divisions")
    for township in pack.townships:
        if township.county not in regions.known():
            yield Fault(file="units.yaml", entry=township.code, expected="a known county")


def _chains(pack: City) -> Iterator[Fault]:
    sectors = {row.code for row in national.SECTORS}
    for row in pack.chains:
        for sector in set(row.sectors) - sectors:
            yield _fault("chains.yaml", row.code, f"a known sector, found {sector!r}")
        for slug in (*row.lead, *row.supporting, *row.territorial):
            if not _stands(f"{pack.code}.{slug}", on=row.effective_from):
                yield _fault("chains.yaml", row.code, f"a unit of the city, found {slug!r}")


def _stands(code: str, *, on: date) -> bool:
    return units.exists(code, on=on)


def _route(row: Route) -> Iterator[Fault]:
    for pattern in (to for step in row.steps for to in step.to):
        fields = {name for _, name, _, _ in Formatter().parse(pattern) if name}
        if not fields or fields - _PLACES - _EVENT_UNITS:
            yield _fault("routing.yaml", row.code, f"known placeholders, found {pattern!r}")


def _plan(plan: Plan) -> Iterator[Fault]:
    file = f"plan-{plan.year}.yaml"
    triggers = {row.code for row in plan.triggers}
    for duty in plan.duties:
        if (duty.kind == "event_triggered") != (duty.trigger in triggers):
            yield _fault(file, duty.code, "a known trigger exactly when it is event-triggered")
        yield from _subjects(duty, plan, file)


def _subjects(duty: Duty, plan: Plan, file: str) -> Iterator[Fault]:
    articles = plan.articles.of(duty.article)
    if not any(row.part == duty.part for article in articles for row in article.allocations):
        yield _fault(file, duty.code, "an article with that part")


def _enterprises(pack: City) -> Iterator[Fault]:
    box = pack.cities[0]
    for row in demonstration.enterprises():
        inside = (
            box.south_west.lon <= row.location.lon <= box.north_east.lon
            and box.south_west.lat <= row.location.lat <= box.north_east.lat
        )
        if not inside:
            yield _fault("demonstration.yaml", row.uscc, "a place inside the city's box")


def _fault(file: str, entry: str, expected: str) -> Fault:
    return Fault(file=file, entry=entry, expected=expected)
