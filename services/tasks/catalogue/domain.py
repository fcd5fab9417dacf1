"""A line of the catalogue, what was learnt of it, and what it proposes for an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Problem


class Lesson(StrEnum):
    """What a dispatch taught about a matter in a place."""

    RETURNED = "returned"  # 退单成立
    SETTLED = "settled"  # 改派后办结


class Ground(StrEnum):
    """Why a unit is proposed, or not so much."""

    LINE = "line"  # 派单目录
    CHAIN = "chain"  # 责任链
    RETURNED = "returned"  # 曾退单成立
    SETTLED = "settled"  # 曾改派办结


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where an order about a matter goes: to units, or where those of another matter go."""

    matter: str
    region: str
    """Where it holds; empty for the whole city."""
    lead: str | None = None
    supporting: tuple[str, ...] = ()
    same_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A ground, how often it holds, and what it counts."""

    ground: Ground
    times: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit that an order may go to, with the reasons; its points are their sum."""

    unit: str
    supporting: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """How much speaks for it."""
        return sum(reason.points for reason in self.reasons)


Lessons = Mapping[str, Mapping[Lesson, int]]
"""What is on record of a matter in a place: by unit, how often it was learnt."""


class CatalogueLoops(Problem):
    """A line would lead back to its own matter and never to a unit."""

    status = 409
    title_zh = "派单目录出现循环引用"
    title_en = "The line of the catalogue leads back to itself"


class LineUnclear(Problem):
    """A line names known units or another known matter, and not both."""

    status = 422
    title_zh = "派单目录条目应当指定存在的单位，或者指定另一事项"
    title_en = "A line names units that exist, or another matter"
