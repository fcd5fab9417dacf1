"""Units and their posts, made from the packs: every unit of the city and of all above it.

A unit's code is `<region>.<slug>`, a post's `<unit>.<post>`. Divisions outside of the city
have only the organs every division has; those are made when they are asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from reference import city, national, regions
from reference.city import City
from reference.cityrows import UnitRole, UnitRow, UnitTemplate
from reference.regions import Region
from reference.terms import Level, UnitKind

_DAYS_KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the responsibility chain."""

    code: str
    region: str
    level: Level
    kind: UnitKind
    zh: str
    en: str
    roles: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    township: str | None = None
    """The slug of the township it belongs to, below its county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a unit; who holds it is not reference data."""

    code: str
    unit: str
    kind: str
    zh: str
    en: str


Roll = Mapping[str, Unit]
"""Every unit that there is on a day, by its code."""


class UnknownUnit(LookupError):
    """No unit and no post has that code."""


def unit(code: str, *, on: date) -> Unit:
    """The unit with that code, of the city or of any division."""
    found = _by_code(city.current(), on).get(code) or _organ(code, on=on)
    if found is None:
        raise UnknownUnit(code)
    return found


def units(*, on: date) -> tuple[Unit, ...]:
    """Every unit of the city, its counties, parks and townships, and of all above the city."""
    return tuple(roll(on=on).values())


def roll(*, on: date) -> Roll:
    """The same by their codes."""
    return _by_code(city.current(), on)


def exists(code: str, *, on: date) -> bool:
    """Whether there is a unit with that code."""
    return code in _by_code(city.current(), on) or _organ(code, on=on) is not None


def stated_roles() -> tuple[UnitRole, ...]:
    """The roles that an office may say a unit has, on whatever day: all but those of seats."""
    return tuple(row for row in city.current().roles if not row.seated)


def posts(of: Unit, *, on: date) -> tuple[Post, ...]:
    """The posts of a unit."""
    rows = city.current().posts.at(on)
    fitting = (row for row in rows if not row.kinds or of.kind in row.kinds)
    return tuple(
        Post(
            code=f"{of.code}.{row.code}",
            unit=of.code,
            kind=row.code,
            zh=f"{of.zh}{row.zh}",
            en=f"{row.en}, {of.en}",
        )
        for row in fitting
    )


def post(code: str, *, on: date) -> Post:
    """The post with that code."""
    of = unit(code.rpartition(".")[0], on=on)
    for found in posts(of, on=on):
        if found.code == code:
            return found
    raise UnknownUnit(code)


def township(code: str, *, kind: str, on: date) -> str | None:
    """The slug of the township that a unit of a kind belongs to, as its code says.

    `430481.wanli_government` is the government of 430481's township `wanli`; None of a unit of
    the county itself.
    """
    _, _, slug = code.partition(".")
    for row in city.current().templates.at(on):
        place = slug.removesuffix(f"_{row.code}")
        if "township" in row.at and row.kind == kind and place not in ("", slug):
            return place
    return None


def governing(region: str, slug: str, *, on: date) -> Unit:
    """The unit of that slug in the place itself or the nearest place above that has one."""
    for place in regions.ancestors(region):
        code = f"{place.code}.{slug}"
        if exists(code, on=on):
            return unit(code, on=on)
    raise UnknownUnit(f"{region}.{slug}")


@lru_cache(maxsize=_DAYS_KEPT)
def _by_code(pack: City, on: date) -> Mapping[str, Unit]:
    return {found.code: found for found in _all(pack, on)}


def _all(pack: City, on: date) -> Iterator[Unit]:
    for place in regions.ancestors(pack.code):
        yield from _organs(place, on=on)
    for place in regions.known().values():
        if place.code == pack.code or place.code.startswith(regions.prefix(pack.code)):
            yield from _from_templates(pack, place, on=on)
    yield from _townships(pack, on=on)
    yield from (_from_row(row) for row in pack.units.at(on))


def _organs(place: Region, *, on: date) -> Iterator[Unit]:
    slugs = {row.code for row in national.ORGANS.at(on) if row.level is place.level}
    made = (_organ(f"{place.code}.{slug}", on=on) for slug in sorted(slugs))
    return (organ for organ in made if organ is not None)


def _organ(code: str, *, on: date) -> Unit | None:
    region, _, slug = code.partition(".")
    place = regions.known().get(region)
    if place is None or place.park:
        return None
    row = national.ORGANS.get((slug, place.level, region), on=on)
    row = row or national.ORGANS.get((slug, place.level, None), on=on)
    if row is None:
        return None
    return Unit(
        code=code,
        region=region,
        level=place.level,
        kind=row.kind,
        zh=row.zh.format(zh=place.zh, short=place.short),
        en=row.en.format(en=place.en),
    )


def _from_templates(pack: City, place: Region, *, on: date) -> Iterator[Unit]:
    sort = "park" if place.park else str(place.level)
    for row in pack.templates.at(on):
        if sort in row.at:
            yield _filled(row, f"{place.code}.{row.code}", place, zh=place.zh, en=place.en)


def _townships(pack: City, *, on: date) -> Iterator[Unit]:
    templates = [row for row in pack.templates.at(on) if "township" in row.at]
    for township in pack.townships.at(on):
        county = regions.region(township.county)
        for row in templates:
            yield _filled(
                row,
                f"{county.code}.{township.code}_{row.code}",
                county,
                zh=f"{county.zh}{township.zh}",
                en=f"{township.en}, {county.en}",
                township=township.code,
            )


def _filled(
    row: UnitTemplate, code: str, place: Region, *, zh: str, en: str, township: str | None = None
) -> Unit:
    return Unit(
        code=code,
        region=place.code,
        level=place.level,
        kind=row.kind,
        zh=row.zh.format(zh=zh, short=place.short),
        en=row.en.format(en=en),
        roles=frozenset(row.roles),
        aliases=tuple(alias.format(zh=zh, short=place.short) for alias in row.aliases),
        township=township,
    )


def _from_row(row: UnitRow) -> Unit:
    region = regions.region(row.code.partition(".")[0])
    return Unit(
        code=row.code,
        region=region.code,
        level=region.level,
        kind=row.kind,
        zh=row.zh,
        en=row.en,
        roles=frozenset(row.roles),
        aliases=row.aliases,
    )


def named(text: str, *, on: date) -> Unit | None:
    """The unit of the city that a document means by a name or an alias."""
    return _by_name(city.current(), on).get(text)


@lru_cache(maxsize=_DAYS_KEPT)
def _by_name(pack: City, on: date) -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for row in _by_code(pack, on).values():
        for name in (row.zh, *row.aliases):
            found.setdefault(name, row)
    return found
