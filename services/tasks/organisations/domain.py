"""What a unit and its posts are made of, and which units the packs name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reference import units as pack
from reference.units import Post as PackPost
from reference.units import Unit as PackUnit

Address = Callable[[str], str | None]
"""Gives the e-mail address of a post by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """Everything about a post that a change of it is a change of."""

    code: str
    unit: str
    kind: str
    label_zh: str
    label_en: str
    email: str | None
    telephone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """Everything about a unit that a change of it is a change of."""

    code: str
    name_zh: str
    name_en: str
    region_code: str
    level: str
    kind: str
    roles: tuple[str, ...] | None = None
    """By which groups plans may mean it, each once and sorted; None where the packs say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit as somebody states it, with all of its posts."""

    facts: UnitFacts
    posts: tuple[PostFacts, ...] = ()


def of_pack(*, on: date, address: Address) -> tuple[NewUnit, ...]:
    """Every unit that the packs name on a day, with its posts and their addresses."""
    return tuple(_stated(unit, on=on, address=address) for unit in pack.units(on=on))


def _stated(unit: PackUnit, *, on: date, address: Address) -> NewUnit:
    facts = UnitFacts(
        code=unit.code,
        name_zh=unit.zh,
        name_en=unit.en,
        region_code=unit.region,
        level=unit.level.value,
        kind=unit.kind.value,
    )
    posts = pack.posts(unit, on=on)
    return NewUnit(facts=facts, posts=tuple(_post(post, address=address) for post in posts))


def _post(post: PackPost, *, address: Address) -> PostFacts:
    return PostFacts(
        code=post.code,
        unit=post.unit,
        kind=post.kind,
        label_zh=post.zh,
        label_en=post.en,
        email=address(post.code),
    )
