"""Who answers for an enterprise or an accident: by field of industry and place, on a day."""

from dataclasses import dataclass
from datetime import date

from reference import city, regions, units
from reference.cityrows import Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Codes of the units that answer, nearest first."""

    field: str
    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    territorial: tuple[str, ...]


def field_of(sector: str, *, on: date) -> Chain:
    """The chain of a sector; the one without sectors takes what no other names."""
    rows = city.current().chains.at(on)
    for row in rows:
        if sector in row.sectors:
            return row
    return next(row for row in rows if not row.sectors)


def answering(*, sector: str, region: str, on: date) -> Answering:
    """Who leads, who supports and whose territory it is, for a sector in a place of the city."""
    return answering_for(field_of(sector, on=on), region=region, on=on)


def fields(*, on: date) -> tuple[Chain, ...]:
    """Every field that somebody leads."""
    return tuple(city.current().chains.at(on))


def answering_for(row: Chain, *, region: str, on: date) -> Answering:
    """Who leads, who supports and whose territory it is, for a field in a place of the city."""
    return Answering(
        field=row.code,
        lead=standing(row.lead, region, on=on),
        supporting=standing(row.supporting, region, on=on),
        territorial=standing(row.territorial, region, on=on),
    )


def standing(slugs: tuple[str, ...], region: str, *, on: date) -> tuple[str, ...]:
    """Units of those slugs in a place and above it in the city, nearest first."""
    places = regions.ancestors(region)
    inside = [
        place for place in places if place.code.startswith(regions.prefix(city.current().code))
    ]
    codes = (f"{place.code}.{slug}" for place in inside for slug in slugs)
    return tuple(code for code in codes if units.exists(code, on=on))
