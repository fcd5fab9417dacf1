"""A chain as people read it: each unit that answers, with the reason why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reference import chains, industries, regions, units
from reference.chains import Answering


class Part(StrEnum):
    """Which part a unit has in a chain."""

    LEAD = "lead"  # 牵头监管
    SUPPORTING = "supporting"  # 配合监管
    TERRITORIAL = "territorial"  # 属地管理


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One unit of a chain."""

    position: int
    part: Part
    unit: str
    name_zh: str
    name_en: str
    level: str
    post: str
    """The post in charge."""
    reason_zh: str
    reason_en: str


OTHER_SECTOR = "other"
"""What an industry that nobody knows counts as: the chain that takes all the rest."""

_REASONS = {
    Part.LEAD: (
        "管行业必须管安全：{field}的行业主管部门",
        "Who runs {field} answers for it",
    ),
    Part.SUPPORTING: ("管业务必须管安全：{field}的配合部门", "Supports in the field of {field}"),
    Part.TERRITORIAL: ("属地管理：{place}", "Territory: {place}"),
}


def sector_of(industry: str | None) -> str:
    """The field of supervision of an industry as somebody wrote it."""
    found = industries.resolve(industry) if industry else None
    return found.sector if found else OTHER_SECTOR


def answering(*, industry: str | None, region: str, on: date) -> Answering:
    """Who answers on that day for that industry in that place."""
    return chains.answering(sector=sector_of(industry), region=region, on=on)


def links(answer: Answering, *, field_zh: str, field_en: str, on: date) -> tuple[Link, ...]:
    """The chain in order: lead, supporting, territorial; in each the nearest first."""
    ordered = list(_ordered(answer))
    return tuple(
        _link(number, part, code, field=(field_zh, field_en), on=on)
        for number, (part, code) in enumerate(ordered, start=1)
    )


def _ordered(answer: Answering) -> Iterator[tuple[Part, str]]:
    yield from ((Part.LEAD, code) for code in answer.lead)
    yield from ((Part.SUPPORTING, code) for code in answer.supporting)
    yield from ((Part.TERRITORIAL, code) for code in answer.territorial)


def _link(number: int, part: Part, code: str, *, field: tuple[str, str], on: date) -> Link:
    unit = units.unit(code, on=on)
    place = regions.region(unit.region)
    zh, en = _REASONS[part]
    return Link(
        position=number,
        part=part,
        unit=code,
        name_zh=unit.zh,
        name_en=unit.en,
        level=unit.level.value,
        post=f"{code}.principal",
        reason_zh=zh.format(field=field[0], place=place.zh),
        reason_en=en.format(field=field[1], place=place.en),
    )
