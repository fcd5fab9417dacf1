"""Judging the plan's targets: each metric has one way of being computed and foreseen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from reference import city, regions
from reference.cityrows import Duty
from reference.terms import Measure
from services.incidents.statistics import domain_forecast, rules
from services.incidents.statistics.domain import Measures
from services.incidents.statistics.domain_analysis import ZERO_BASE, Compared
from services.incidents.statistics.domain_situation import Base, Outlook, Ratio, Target

NOT_STATED = "not_stated"
BASE_NOT_FROZEN = "base_not_frozen"
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What targets are judged by."""

    months: int
    total: Compared
    forest_fires: Measures
    construction: Compared
    construction_base: Measures
    """The whole of the year before, by what is known of it now."""
    construction_output: Decimal | None
    """Of the year so far in hundred million yuan, as it was stated; None if nobody did."""
    base: Base | None
    share: Ratio
    closed: Ratio
    construction_death_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The value of a metric now, at both ends of the year's forecast, and what is left of it."""

    value: Decimal | None
    reason: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    room: int | None = None
    exact: bool = False
    """Whether the room ends just at the target."""


def _count(count: int, target: Decimal, months: int) -> Judged:
    ends = domain_forecast.year_end(count, months=months)
    return Judged(
        value=Decimal(count),
        low=Decimal(ends.low),
        high=Decimal(ends.high),
        room=floor(target) - count,
    )


def _reduction(now: int, before: int, whole: int | None, target: Decimal, months: int) -> Judged:
    """Until the year is over, against the same months; its end, against the whole base."""
    base = whole if months == _YEAR and whole is not None else before
    value = rules.reduction(base=base, current=now)
    reason = ZERO_BASE if value is None else None
    if whole is None:
        return Judged(value=value, reason=reason or BASE_NOT_FROZEN)
    ends = domain_forecast.year_end(now, months=months)
    most = whole * (1 - target / 100)
    return Judged(
        value=value,
        reason=reason,
        low=rules.reduction(base=whole, current=ends.low),
        high=rules.reduction(base=whole, current=ends.high),
        room=floor(most) - now,
        exact=most == floor(most),
    )


def _rate(ratio: Ratio) -> Judged:
    return Judged(value=ratio.percent, reason=ratio.reason)


def _share(ratio: Ratio, months: int) -> Judged:
    """The city's range, over what the province comes to if it goes on as it began."""
    if ratio.whole is None or ratio.percent is None:
        return _rate(ratio)
    ends = domain_forecast.year_end(ratio.part, months=months)
    whole = max(domain_forecast.year_end(int(ratio.whole), months=months).likely, ends.high)
    return Judged(
        value=ratio.percent,
        low=rules.percent(ends.low, whole),
        high=rules.percent(ends.high, whole),
    )


def _accidents(facts: Facts, target: Decimal) -> Judged:
    base = facts.base.adjusted_accidents if facts.base else None
    now, before = facts.total.now.accidents, facts.total.before.accidents
    return _reduction(now, before, base, target, facts.months)


def _deaths(facts: Facts, target: Decimal) -> Judged:
    base = facts.base.adjusted_deaths if facts.base else None
    now, before = facts.total.now.deaths, facts.total.before.deaths
    return _reduction(now, before, base, target, facts.months)


def _building(measure: str) -> Callable[[Facts, Decimal], Judged]:
    """Of a field no base is frozen: the year before is what is known of it now."""

    def judge(facts: Facts, target: Decimal) -> Judged:
        whole = getattr(facts.construction_base, measure)
        now = getattr(facts.construction.now, measure)
        before = getattr(facts.construction.before, measure)
        return _reduction(now, before, whole, target, facts.months)

    return judge


def _death_rate(facts: Facts, target: Decimal) -> Judged:
    """Deaths as they may come, over an output that goes on as it began; none without output."""
    rate, output = facts.construction_death_rate, facts.construction_output
    if output is None:
        return Judged(value=None, reason=NOT_STATED)
    if rate is None:
        return Judged(value=None, reason=ZERO_BASE)
    deaths = facts.construction.now.deaths
    ends = domain_forecast.year_end(deaths, months=facts.months)
    whole = output * _YEAR / facts.months
    return Judged(
        value=rate,
        low=rules.death_rate(deaths=ends.low, output_yi=whole),
        high=rules.death_rate(deaths=ends.high, output_yi=whole),
        room=rules.deaths_within(target, output_yi=whole) - deaths,
    )


METRICS: Mapping[str, Callable[[Facts, Decimal], Judged]] = {
    "investigation_closed_on_time_rate": lambda facts, _: _rate(facts.closed),
    "accident_count_ge_larger": lambda facts, target: _count(
        facts.total.now.graver, target, facts.months
    ),
    "accident_count": _accidents,
    "death_count": _deaths,
    "accident_count_share_of_province": lambda facts, _: _share(facts.share, facts.months),
    "forest_fire_count_ge_larger": lambda facts, target: _count(
        facts.forest_fires.graver, target, facts.months
    ),
    "building_accident_count": _building("accidents"),
    "building_death_count": _building("deaths"),
    "construction_death_rate_per_10bn": _death_rate,
}
"""How the metrics of plans are computed; a duty with another metric is not judged here."""


def targets(facts: Facts, *, region: str, year: int) -> Iterator[Target]:
    """The targets that the plan of the year sets for a place, in its order."""
    plan = city.current().plans.get(year)
    if plan is None or not region.startswith(regions.prefix(city.current().code)):
        return
    for duty in plan.duties:
        if duty.metric in METRICS and _binds(duty, region) and duty.target is not None:
            target = Decimal(duty.target)
            yield _target(duty, METRICS[duty.metric](facts, target), target)


def _binds(duty: Duty, region: str) -> bool:
    place = regions.region(region)
    kind = "park" if place.park else str(place.level)
    return any(subject.startswith(f"{kind}:") for subject in duty.subjects)


def _target(duty: Duty, judged: Judged, target: Decimal) -> Target:
    def kept(value: Decimal | None) -> bool | None:
        if value is None or duty.comparator is None:
            return None
        return rules.meets(value, comparator=duty.comparator, target=target)

    return Target(
        code=duty.code,
        zh=duty.zh,
        en=duty.en,
        metric=duty.metric,
        comparator=duty.comparator or "",
        target=target,
        unit=str(duty.unit or Measure.TIMES),
        value=judged.value,
        reason=judged.reason,
        kept=kept(judged.value),
        low=judged.low,
        high=judged.high,
        outlook=_outlook(kept(judged.low), kept(judged.high)),
        room=_room(judged, duty),
    )


def _room(judged: Judged, duty: Duty) -> int | None:
    """How many more there may be; where "more than" is asked, just as many are one too many."""
    if judged.room is None or duty.comparator != ">" or not judged.exact:
        return judged.room
    return judged.room - 1


def _outlook(best: bool | None, worst: bool | None) -> Outlook | None:
    if best is None or worst is None:
        return None
    if worst:
        return Outlook.SAFE
    return Outlook.OPEN if best else Outlook.MISSED
