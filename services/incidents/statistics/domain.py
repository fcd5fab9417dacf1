"""What one accident adds to the counts, and what changes when it changes.

A roll-up row holds sums under a key: all accidents of a month, place and park by their standing,
and those that count by industry, kind and grade, also of the whole city. A monthly analysis so
reads hundreds of rows and not as many as there are accidents.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import PlainSerializer

from kernel import calendar
from reference import regions
from reference.terms import Grade

ANY = ""
"""Stands in a key for a part that the row does not tell apart; as a park, for "in none"."""

_NOTHING = Decimal(0)

Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json-unless-none")]
"""A decimal that is a number in JSON."""


class Standing(StrEnum):
    """Whether an accident counts."""

    COUNTED = "counted"  # 纳入统计
    STRUCK_OFF = "struck_off"  # 核销
    MERGED = "merged"  # 并入另一起事故
    LEFT_OUT = "left_out"  # 无人员伤亡且损失较小，暂不纳入统计


class Shape(StrEnum):
    """What a roll-up row tells apart beside month and place."""

    TOTAL = "total"  # 合计
    INDUSTRY = "industry"  # 按行业
    TYPE = "type"  # 按事故类型
    GRADE = "grade"  # 按事故等级


@dataclass(frozen=True, slots=True)
class Measures:
    """What is counted: accidents, those of them that are larger or graver, people, loss."""

    accidents: int = 0
    graver: int = 0
    deaths: int = 0
    serious_injuries: int = 0
    direct_loss_wan: Number = _NOTHING

    def __add__(self, other: "Measures") -> "Measures":
        return Measures(
            accidents=self.accidents + other.accidents,
            graver=self.graver + other.graver,
            deaths=self.deaths + other.deaths,
            serious_injuries=self.serious_injuries + other.serious_injuries,
            direct_loss_wan=self.direct_loss_wan + other.direct_loss_wan,
        )

    def __neg__(self) -> "Measures":
        return Measures(
            accidents=-self.accidents,
            graver=-self.graver,
            deaths=-self.deaths,
            serious_injuries=-self.serious_injuries,
            direct_loss_wan=-self.direct_loss_wan,
        )


ZERO = Measures()


def total(parts: Iterable[Measures]) -> Measures:
    """The sum of measures, in one pass: an analysis adds up some hundreds of times."""
    parts = list(parts)
    if len(parts) < 2:
        return parts[0] if parts else ZERO
    accidents = graver = deaths = serious_injuries = 0
    direct_loss_wan = _NOTHING
    for part in parts:
        accidents += part.accidents
        graver += part.graver
        deaths += part.deaths
        serious_injuries += part.serious_injuries
        direct_loss_wan += part.direct_loss_wan
    return Measures(
        accidents=accidents,
        graver=graver,
        deaths=deaths,
        serious_injuries=serious_injuries,
        direct_loss_wan=direct_loss_wan,
    )


class Sum(NamedTuple):
    """Sums of one month: of a place or of all (shape total), or of a code of another shape."""

    shape: Shape
    month: date
    region_code: str = ANY
    park_code: str = ANY
    code: str = ANY
    standing: Standing = Standing.COUNTED
    measures: Measures = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a monthly analysis is made of, so that it reads tens of rows for each of its tables."""

    months: Sequence[Sum]
    """All accidents of each month and standing."""
    places: Sequence[Sum]
    """The counted of each place and park."""
    codes: Sequence[Sum]
    """The counted of each industry, kind and grade.

    In `places` and `codes`, months that are never shown alone may be put together under the
    first or the last of their year.
    """


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a roll-up row is about. The order is that in which rows are locked."""

    shape: str
    region_code: str
    month: date
    park_code: str
    industry: str
    accident_type: str
    grade: str
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one accident adds to the counts."""

    region_code: str
    """The county of the statistics, also for an accident in a park."""
    park_code: str
    month: date
    industry: str
    accident_type: str
    grade: str
    deaths: int
    serious_injuries: int
    direct_loss_wan: Decimal
    standing: Standing

    @property
    def measures(self) -> Measures:
        """Its figures, as one accident."""
        return Measures(
            accidents=1,
            graver=int(Grade(self.grade).at_least(Grade.LARGER)),
            deaths=self.deaths,
            serious_injuries=self.serious_injuries,
            direct_loss_wan=self.direct_loss_wan,
        )

    def rows(self) -> Iterator[Key]:
        """The rows it stands in; one that was merged stands in the other accident's."""
        if self.standing is Standing.MERGED:
            return
        place = self.region_code, self.month, self.park_code
        standing = self.standing
        yield Key(Shape.TOTAL, *place, ANY, ANY, ANY, standing)
        if standing is not Standing.COUNTED:
            return
        city = city_of(self.region_code), self.month, ANY
        for where in dict.fromkeys((place, city)):
            yield Key(Shape.INDUSTRY, *where, self.industry, ANY, ANY, standing)
            yield Key(Shape.TYPE, *where, ANY, self.accident_type, ANY, standing)
            yield Key(Shape.GRADE, *where, ANY, ANY, self.grade, standing)


def placed(code: str) -> tuple[str, str]:
    """The county of the statistics and the park, if any, of a place: it is counted once."""
    place = regions.known().get(code)
    if place is None or not place.park or place.parent is None:
        return code, ANY
    return place.parent, place.code


def city_of(code: str) -> str:
    """The city in which a place lies, by its code alone: of a province or the nation, itself."""
    return code[:4] + "00"


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return calendar.period_of(day, calendar.Cadence.MONTH)[0]


def change(before: Contribution | None, after: Contribution | None) -> Mapping[Key, Measures]:
    """What to add to which rows when an accident's contribution changes, in locking order."""
    changes: dict[Key, Measures] = {}
    for contribution, sign in ((before, -1), (after, 1)):
        if contribution is None:
            continue
        measures = contribution.measures if sign > 0 else -contribution.measures
        for key in contribution.rows():
            changes[key] = changes.get(key, ZERO) + measures
    return {key: changes[key] for key in sorted(changes) if changes[key] != ZERO}
