"""The enterprises of the demonstration city: invented, the same on every machine.

Names carry （演示）, codes come from a reserved series; nothing here is a real company.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin, sqrt
from random import Random

from reference import city, industries, regions
from reference.city import City
from reference.cityrows import Locality, NamedEnterprise, Place, Trade
from reference.creditcodes import demonstration_code
from reference.packs import Table
from reference.terms import Risk, Supervision

_SEED = 1999
_SPREAD_DEGREES = 0.09
_FULL_TURN = 360.0
# Numbers below are kept for enterprises that are named in the pack.
_FIRST_NUMBER = 101
_FIRST_PARK_NUMBER = 5001


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """An invented enterprise."""

    uscc: str
    zh: str
    en: str
    region: str
    """The park where it lies in one, else the county."""
    county: str
    industry: str
    """A code that `reference.industries` resolves: `B06`."""
    sector: str
    high_risk: bool
    risk: Risk
    supervision: Supervision
    location: Place
    flags: frozenset[str]
    """What groups of enterprises in a plan go by: above_scale, crowded_place, …"""


def enterprises() -> tuple[Enterprise, ...]:
    """All of them: those the pack names, then the invented ones, region by region."""
    return _enterprises(city.current())


@cache
def _enterprises(pack: City) -> tuple[Enterprise, ...]:
    named = (_named(row) for row in pack.enterprises)
    return (*named, *(made for row in pack.localities for made in _made(pack, row)))


def _named(row: NamedEnterprise) -> Enterprise:
    return _enterprise(
        row,
        uscc=row.code,
        region=row.region,
        names=(row.zh, row.en),
        risk=row.risk,
        supervision=row.supervision,
        location=row.location,
    )


def _made(pack: City, locality: Locality) -> Iterator[Enterprise]:
    place = regions.region(locality.region)
    county = place.parent if place.park and place.parent else place.code
    chance = Random(f"{_SEED}/{place.code}")  # noqa: S311 -- names, not secrets
    first = _FIRST_PARK_NUMBER if place.park else _FIRST_NUMBER
    words = pack.words.rows
    offset = chance.randrange(len(words))
    for index, trade in enumerate(_trades(locality, pack.trades, chance)):
        word = words[(offset + index) % len(words)]
        risk = chance.choice(trade.risks)
        yield _enterprise(
            trade,
            uscc=demonstration_code(region=county, number=first + index),
            region=place.code,
            names=(
                f"{place.short}{word.zh}{trade.zh}（演示）",
                f"{word.en} {trade.en} of {place.en} (demonstration)",
            ),
            risk=risk,
            supervision=_SUPERVISION[risk],
            location=_near(locality.centre, chance),
        )


# The riskier, the more closely watched.
_SUPERVISION = dict(zip(Risk, Supervision, strict=True))


def _trades(locality: Locality, trades: Table[Trade], chance: Random) -> Sequence[Trade]:
    here = [trade for trade in trades if not trade.regions or locality.region in trade.regions]
    return chance.choices(here, weights=[trade.weight for trade in here], k=locality.count)


def _near(centre: Place, chance: Random) -> Place:
    distance = _SPREAD_DEGREES * sqrt(chance.random())
    bearing = radians(chance.uniform(0, _FULL_TURN))
    return Place(
        lon=round(centre.lon + distance * sin(bearing), 5),
        lat=round(centre.lat + distance * cos(bearing), 5),
    )


def _enterprise(
    row: NamedEnterprise | Trade,
    *,
    uscc: str,
    region: str,
    names: tuple[str, str],
    risk: Risk,
    supervision: Supervision,
    location: Place,
) -> Enterprise:
    place = regions.region(region)
    industry = industries.resolve(row.industry)
    assert industry is not None, row.industry
    return Enterprise(
        uscc=uscc,
        zh=names[0],
        en=names[1],
        region=region,
        county=place.parent if place.park and place.parent else region,
        industry=industry.code,
        sector=industry.sector,
        high_risk=industry.high_risk,
        risk=risk,
        supervision=supervision,
        location=location,
        flags=frozenset(row.flags) | ({"in_park"} if place.park else set()),
    )
