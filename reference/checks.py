"""What must agree across files and packs; run at start-up and by the tests, not on each read."""

from collections.abc import Callable, Iterator
from datetime import date
from string import Formatter

from reference import (
    city,
    demonstration,
    industries,
    national,
    orders,
    places,
    regions,
    routing,
    scoring,
    subjects,
    units,
)
from reference.city import City, Plan
from reference.cityrows import Duty, Route
from reference.reading import BrokenPack, Fault

_EVENT_UNITS = {"from_unit", "to_unit", "unit"}
_PLACES = {"place", "county", "city", "province", "nation"}

# A day on which just the rows are in force that have no end.
_OPEN = date.max


def load_all() -> None:
    """Read both packs whole and check that they fit each other; raises `BrokenPack`."""
    national.PACK.load()
    check(city.current())


def check(pack: City) -> None:
    """Read a city's pack whole and check that it fits itself and the national one."""
    pack.load()
    with city.serving(pack):
        for step in _STEPS:
            faults = list(step(pack))
            if faults:
                raise BrokenPack(faults)


def _places(pack: City) -> Iterator[Fault]:
    for park in pack.parks:
        if not national.DIVISIONS.of(park.parent):
            yield _fault("parks.yaml", park.code, "a parent among the divisions")
    counties = {place.code for place in regions.children(pack.code)}
    for township in pack.townships:
        if township.county not in counties:
            yield _fault("units.yaml", township.code, "a known county")


def _roles(pack: City) -> Iterator[Fault]:
    known = {row.code for row in pack.roles}
    used = [(row.code, row.roles) for row in pack.templates]
    used += [(row.code, row.roles) for row in pack.units]
    for code, roles in used:
        for role in set(roles) - known:
            yield _fault("units.yaml", code, f"a known role, found {role!r}")


def _chains(pack: City) -> Iterator[Fault]:
    sectors = {row.code for row in national.SECTORS}
    for row in pack.chains:
        for sector in set(row.sectors) - sectors:
            yield _fault("chains.yaml", row.code, f"a known sector, found {sector!r}")
        for slug in (*row.lead, *row.supporting, *row.territorial):
            if not units.exists(f"{pack.code}.{slug}", on=_OPEN):
                yield _fault("chains.yaml", row.code, f"a unit of the city, found {slug!r}")
    if sum(not row.sectors for row in pack.chains.at(_OPEN)) != 1:
        yield _fault("chains.yaml", "chains", "one chain without sectors, for every other field")


def _routes(pack: City) -> Iterator[Fault]:
    if not _is_post(routing.dead_end()):
        yield _fault("city.yaml", "dead_end", "a post of the city")
    for row in pack.routes:
        for pattern in {to for step in row.steps for to in step.to}:
            yield from _pattern(pack, row, pattern)


def _pattern(pack: City, row: Route, pattern: str) -> Iterator[Fault]:
    fields = {name for _, name, _, _ in Formatter().parse(pattern) if name}
    if not fields or fields - _PLACES - _EVENT_UNITS:
        yield _fault("routing.yaml", row.code, f"known placeholders, found {pattern!r}")
    elif not fields & _EVENT_UNITS:
        for code in (regions.children(pack.code)[0].code, *(park.code for park in pack.parks)):
            post = places.filled(pattern, code)
            if not _is_post(post):
                yield _fault("routing.yaml", row.code, f"a post of the city, found {post!r}")


def _is_post(code: str) -> bool:
    try:
        units.post(code, on=_OPEN)
    except units.UnknownUnit:
        return False
    return True


def _plans(pack: City) -> Iterator[Fault]:
    for plan in pack.plans.values():
        middle = date(plan.year, 7, 1)
        meant = subjects.meanings(units.roll(on=middle), on=middle)
        yield from _articles(pack, plan, meant, on=middle)
        for duty in plan.duties:
            yield from _duty(duty, plan, meant)


def _articles(pack: City, plan: Plan, meant: frozenset[str], *, on: date) -> Iterator[Fault]:
    for article in plan.articles:
        names = {name for row in article.allocations for name in (*row.lead, *row.supporting)}
        for name in sorted(names - meant):
            if not units.exists(f"{pack.code}.{name}", on=on):
                yield _fault(plan.file, article.code, f"a unit or a subject, found {name!r}")


def _duty(duty: Duty, plan: Plan, meant: frozenset[str]) -> Iterator[Fault]:
    triggered = duty.kind == "event_triggered"
    if triggered is not bool(plan.triggers.of(duty.trigger)):
        yield _fault(plan.file, duty.code, "a known trigger, just when it is event-triggered")
    articles = plan.articles.of(duty.article)
    if not any(row.part == duty.part for article in articles for row in article.allocations):
        yield _fault(plan.file, duty.code, "an article with that part")
    for subject in duty.subjects:
        if subjects.stripped(subject) not in meant:
            yield _fault(plan.file, duty.code, f"somebody to be meant by {subject!r}")


def _trades(pack: City) -> Iterator[Fault]:
    named = [(row.code, row.industry) for row in pack.enterprises]
    for code, industry in named + [(row.code, row.industry) for row in pack.trades]:
        if industries.resolve(industry) is None:
            yield _fault("demonstration.yaml", code, f"a known industry, found {industry!r}")


def _enterprises(pack: City) -> Iterator[Fault]:
    low, high = pack.cities[0].south_west, pack.cities[0].north_east
    for row in demonstration.enterprises():
        place = row.location
        if not (low.lon <= place.lon <= high.lon and low.lat <= place.lat <= high.lat):
            yield _fault("demonstration.yaml", row.uscc, "a place inside the city's box")


def _fault(file: str, entry: str, expected: str) -> Fault:
    return Fault(file=file, entry=entry, expected=expected)


def _orders(pack: City) -> Iterator[Fault]:
    matters = {row.code for row in national.MATTERS.at(_OPEN)}
    lines = pack.dispatch_rules.at(_OPEN)
    same_as = {row.matter: row.same_as for row in lines if row.same_as and not row.region}
    for row in lines:
        if not {row.matter, row.same_as or row.matter} <= matters:
            yield _fault("orders.yaml", row.matter, "matters of the national orders.yaml")
        if (row.lead is None) is (row.same_as is None):
            yield _fault("orders.yaml", row.matter, "either a lead or another matter")
        if orders.circle(same_as, start=row.matter):
            yield _fault("orders.yaml", row.matter, "a line that does not lead back to itself")
        for pattern in filter(None, (row.lead, *row.supporting)):
            fields = {name for _, name, _, _ in Formatter().parse(pattern) if name}
            code = places.filled(pattern, pack.code) if fields <= _PLACES else pattern
            if not units.exists(code, on=_OPEN):
                yield _fault("orders.yaml", row.matter, f"units of the city, found {pattern!r}")


def _scoring(pack: City) -> Iterator[Fault]:
    groups = {row.code for row in pack.peer_groups}
    for indicator in pack.indicators:
        if set(indicator.groups) - groups:
            yield _fault("indicators.yaml", indicator.code, "groups of the same file")
    for threshold in pack.thresholds:
        if threshold.group not in groups:
            yield _fault("cards.yaml", threshold.code, "a group of indicators.yaml")
    for ground in pack.stated_grounds:
        if set(ground.groups) - groups:
            yield _fault("cards.yaml", ground.code, "groups of indicators.yaml")
    for group in pack.peer_groups.at(_OPEN):
        if not scoring.members(group, on=_OPEN):
            yield _fault("indicators.yaml", group.code, "units that belong to it")


def _credits(pack: City) -> Iterator[Fault]:
    known = {row.code for row in national.ACTIVITIES.at(_OPEN)}
    for row in (*national.CREDITS, *pack.credits):
        for code in sorted(set(row.activities) - known):
            yield _fault("credits.yaml", str(row.metric), f"a known activity, found {code!r}")
    if not national.CREDITS.at(_OPEN):
        yield _fault("evidence.yaml", "credits", "a row of every metric")


# In this order: a later one needs what an earlier one has found in order.
_STEPS: tuple[Callable[[City], Iterator[Fault]], ...] = (
    _places,
    _roles,
    _chains,
    _routes,
    _plans,
    _trades,
    _enterprises,
    _orders,
    _scoring,
    _credits,
)
