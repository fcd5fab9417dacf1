"""What a line says, what it adds to the sums, and what has to be written when it is not so."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from kernel.problems import Problem
from reference.scorerows import Indicator
from reference.terms import Figure
from services.tasks.indicators import rules
from services.tasks.indicators.domain import Count, Period, Subject

NOTHING = Decimal("0.00")


class LineKind(StrEnum):
    """Why a line was written."""

    COUNTED = "counted"  # 计算
    REVERSAL = "reversal"  # 冲销
    RULED = "ruled"  # 异议成立后更正


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"  # 计算中
    DONE = "done"  # 已完成


class PeriodNotBegun(Problem):
    """A period that has not begun has no figures."""

    status = 409
    title_zh = "该统计周期尚未开始"
    title_en = "The period has not begun"


class ItemsNotKept(Problem):
    """A figure that was ruled on was not counted, and lines of before kept no list."""

    status = 409
    title_zh = "该得分没有留存逐项清单"
    title_en = "No list of items was kept with the line"


class CountedMeanwhile(Exception):
    """What a line counts changed between counting and listing it: the piece is computed again."""


class Unmeasured(StrEnum):
    """Why a line has no points."""

    NO_BASE = "no_base"  # 分母为零，不计算


class ItemKind(StrEnum):
    """What a figure counts."""

    OBLIGATION = "obligation"  # 任务
    EVIDENCE = "evidence"  # 佐证材料
    DISPATCH = "dispatch"  # 热线工单的派单
    ACCIDENT = "accident"  # 事故


ITEMS: Mapping[Figure, ItemKind] = {
    Figure.OBLIGATIONS_IN_TIME: ItemKind.OBLIGATION,
    Figure.OBLIGATIONS_OVERDUE: ItemKind.OBLIGATION,
    Figure.OBLIGATIONS_RETURNED: ItemKind.EVIDENCE,
    Figure.ORDERS_IN_TIME: ItemKind.DISPATCH,
    Figure.ACCIDENTS: ItemKind.ACCIDENT,
    Figure.ACCIDENTS_FEWER: ItemKind.ACCIDENT,
    Figure.CONCEALMENTS: ItemKind.ACCIDENT,
}
"""Of what the items of each figure are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a line says that the same inputs give again."""

    indicator: str
    rule: str
    numerator: int
    denominator: int
    value: Decimal | None
    points: Decimal | None
    weight: Decimal | None
    arithmetic: str
    items: Mapping[str, Any]
    """What of its evidence depends on what was counted."""

    def bits(self) -> bytes:
        """The same for the same content, and for no other."""
        said = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(said, sort_keys=True, default=str, ensure_ascii=False).encode()


def content(indicator: Indicator, count: Count) -> Content:
    """What a line says of a figure."""
    marked = rules.marked(indicator, numerator=count.numerator, denominator=count.denominator)
    return Content(
        indicator=indicator.code,
        rule=indicator.rule,
        numerator=count.numerator,
        denominator=count.denominator,
        value=marked.value,
        points=marked.points,
        weight=marked.weight,
        arithmetic=marked.arithmetic,
        items={
            "figure": str(indicator.figure),
            "costly": [str(item) for item in count.costly],
            "digest": count.digest,
        },
    )


def evidence(said: Content, *, subject: Subject, period: Period, as_of: datetime) -> dict[str, Any]:
    """How to count it again: what, for whom, over which days, as things stood when."""
    return {
        **said.items,
        "counted_by": subject.place,
        "after": period.begins_at.isoformat(),
        "until": period.ends_at.isoformat(),
        "as_of": as_of.isoformat(),
    }


_STATED = ("figure", "costly", "digest")


class Written(Protocol):
    """A line as it stands in the ledger."""

    @property
    def points(self) -> Decimal | None: ...
    @property
    def weight(self) -> Decimal | None: ...
    @property
    def sign(self) -> int: ...
    @property
    def evidence(self) -> dict[str, Any]: ...


def said_by(line: Any) -> Content:
    """What a line in the ledger says."""
    names = [name for name in Content.__slots__ if name != "items"]
    items = {name: line.evidence.get(name) for name in _STATED}
    return Content(**{name: getattr(line, name) for name in names}, items=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What lines come to."""

    earned: Decimal = NOTHING
    weight: Decimal = NOTHING
    taken_off: Decimal = NOTHING
    measured: int = 0
    unmeasured: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            earned=self.earned + other.earned,
            weight=self.weight + other.weight,
            taken_off=self.taken_off + other.taken_off,
            measured=self.measured + other.measured,
            unmeasured=self.unmeasured + other.unmeasured,
        )


def added(line: Written) -> Sums:
    """What one line adds; a reversal takes as much back."""
    if line.points is None:
        return Sums(unmeasured=line.sign)
    if line.weight is None:
        return Sums(taken_off=line.sign * line.points, measured=line.sign)
    return Sums(earned=line.sign * line.points, weight=line.sign * line.weight, measured=line.sign)


def total(lines: Iterable[Written]) -> Sums:
    """What some lines come to."""
    together = Sums()
    for line in lines:
        together += added(line)
    return together


def line_id(*, subject: Subject, period: Period, indicator: str, sequence: int) -> UUID:
    """The id of a line follows from what it is about: computed twice, it is the same."""
    about = (period.cadence, period.first, subject.group, subject.unit, indicator, sequence)
    return uuid5(NAMESPACE_URL, "score:" + "|".join(map(str, about)))


FIRST_DIGEST = sha256(b"anlian scores").hexdigest()


def chained(digest: str, subject: Subject, contents: Iterable[Content]) -> str:
    """The digest once a subject's lines are computed as well."""
    link = sha256(f"{digest}|{subject.group}|{subject.unit}".encode())
    for said in contents:
        link.update(said.bits())
    return link.hexdigest()
