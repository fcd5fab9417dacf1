"""What an importer finds in a plan: places in the text, doubts, articles and proposed duties."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.calendar import Cadence
from reference.terms import DutyKind

MOST_TIMES = 10_000
"""How often a duty may be owed in one period; whatever asks for more is no quota."""

MOST_DAYS = 366
"""How long after an event a duty may be due; a longer period is no answer to an event."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the normalised text, as offsets of characters: start, and end exclusive."""

    start: int
    end: int

    def overlap(self, other: "Span") -> int:
        """How many characters both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def touches(self, other: "Span") -> bool:
        """Whether they share a character, or an empty one stands inside the other."""
        if other.start == other.end:
            return self.start <= other.start < self.end
        return self.overlap(other) > 0

    def of(self, text: str) -> str:
        """The words there."""
        return text[self.start : self.end]


class FlagKind(StrEnum):
    """Why a person must look at a place."""

    INJECTED = "injected"  # 混入内容
    HIDDEN = "hidden"  # 隐藏内容
    MISPRINT = "misprint"  # 疑似错漏
    UNKNOWN_UNIT = "unknown_unit"  # 单位不存在
    AMBIGUOUS_UNIT = "ambiguous_unit"  # 简称对应多个单位
    NO_UNIT = "no_unit"  # 未写明责任单位
    NO_ARTICLE = "no_article"  # 未识别出条目
    YEAR_MISMATCH = "year_mismatch"  # 年度与标题不符


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A doubt about a place of the text, and why."""

    kind: FlagKind
    span: Span
    excerpt: str
    """What stands there; of hidden content what was taken out."""
    reason_zh: str
    reason_en: str
    candidates: tuple[str, ...] = ()
    """Codes of the units that may be meant, or the spelling that may be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A unit or a group of units as the plan writes it."""

    text: str
    span: Span
    code: str | None
    """A unit's code, or a subject such as `city:member_unit`; None when nobody is known by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who leads and who supports the text before it, back to the one before."""

    span: Span
    lead: tuple[Named, ...]
    supporting: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading that holds articles."""

    number: int
    title: str
    span: Span
    heading: Span
    """Where the title stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: its number in order, the label it bears, its title and its place."""

    number: int
    label: str
    section: int
    title: str
    span: Span
    heading: Span
    """Where the title stands."""
    body: Span
    """The text after the title."""
    allocations: tuple[Allocation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What is counted of a duty, and how much of it is asked."""

    kind: DutyKind
    cadence: Cadence | None = None
    least: int | None = None
    comparator: str | None = None
    target: Decimal | str | None = None
    unit: str | None = None
    due: date | None = None
    within_days: int | None = None
    """How many days after the event that sets it off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A duty as the importer understands it, with its place beside it."""

    article: int
    position: int
    span: Span
    text: str
    """The words of the span without what is flagged as injected."""
    quantity: Quantity
    condition: str | None = None
    """The words that say when it is owed, of a duty that an event sets off."""
    subjects: tuple[str, ...] = ()
    allocation: int | None = None
    """Which of the article's allocations it falls under, from 0."""

    @property
    def code(self) -> str:
        """`<article>.<position>`."""
        return f"{self.article}.{self.position}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything found in one plan."""

    text: str
    """The normalised text that every span counts in."""
    title: str
    sections: tuple[Section, ...] = ()
    articles: tuple[Article, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    flags: tuple[Flag, ...] = field(default=())
    goals: tuple[Proposal, ...] = ()
    """What the words before the first article want of the place as a whole: `0.1` and on."""

    @property
    def asked(self) -> tuple[Proposal, ...]:
        """The goals and the duties."""
        return (*self.goals, *self.proposals)
