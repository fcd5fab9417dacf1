"""The shapes of the national rows."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reference.entries import Coded, Entry, Limit
from reference.terms import (
    Finding,
    FindingStatus,
    Grade,
    LeadStep,
    Level,
    OrderClass,
    OrderStep,
    Regime,
    UnitKind,
)


class Instrument(Coded):
    """A law, regulation, standard or plan that rows are taken from; `code` is its short name."""


class Division(Coded):
    """A division of GB/T 2260: the nation, a province, a prefecture or a county."""

    code: str = Field(pattern=r"^\d{6}$")
    level: Level
    short: str | None = None
    """How a province is called inside longer names: 湖南."""


class GradeRow(Entry):
    """From which figures a grade begins; any one figure suffices, and a bound counts as inside.

    The mildest grade has no figures: it is what is left. `area_ha` is burnt forest.
    """

    code: Grade
    scale: Literal["work_safety", "forest_fire"]
    deaths: int | None = None
    serious_injuries: int | None = None
    direct_loss_wan: Decimal | None = None
    area_ha: Decimal | None = None

    @property
    def key(self) -> Hashable:
        """Its scale and grade."""
        return self.scale, self.code


class Deadline(Coded):
    """A clock of reporting: how long, counted from which moment."""

    hours: Decimal | None = None
    """None where the law says "at once"."""
    counted_from: Literal["occurred_at", "known_at", "received_at"]
    least_grade: Grade = Grade.GENERAL
    from_level: Level | None = None
    """The level that must pass the report on; None for the unit itself."""
    to_level: Level | None = None
    by_phone: bool = False
    """Met by a telephone call; the written report follows it."""
    optional: bool = False


class Notice(Coded):
    """A body that a desk tells of an accident beside its own line; `code` is its slug."""

    hours: Decimal
    """Counted from when the desk received the report."""


class Reach(Entry):
    """The highest level to which an accident of a grade is reported."""

    grade: Grade
    level: Level

    @property
    def key(self) -> Hashable:
        """The grade."""
        return self.grade


class ChangeWindow(Coded):
    """For how many days a changed casualty count still changes the grade."""

    days: int = Field(gt=0)


class FollowUps(Entry):
    """How many follow-up reports a day an accident of a grade needs."""

    grade: Grade
    per_day: int = Field(gt=0)

    @property
    def key(self) -> Hashable:
        """The grade."""
        return self.grade


class SeriousIncident(Coded):
    """A ground that makes an event without casualties a larger-risk incident (较大涉险事故)."""

    measure: Literal["endangered", "trapped_or_missing", "evacuated", "judgement"]
    at_least: int | None = None


class Content(Coded):
    """An element that reports must hold: one of the named fields states it."""

    any_of: tuple[str, ...] = Field(min_length=1)
    """Fields of a report."""
    kinds: tuple[Literal["quick", "written", "final"], ...] = Field(min_length=1)
    """Which reports must hold it; `final` is the follow-up that ends them."""


class Resemblance(Coded):
    """What makes two reports look like one accident, and how much it counts."""

    measure: Literal["enterprise", "other_enterprise", "metres", "minutes", "place", "type"]
    at_most: int | None = None
    """The largest distance or difference that still counts."""
    points: int


class LeadSign(Coded):
    """Why a sign of an accident is taken to be about one that was reported, and how much that is.

    What `at_most` and `at_least` measure follows from the code.
    """

    at_most: int | None = None
    at_least: int | None = None
    points: int


class Threshold(Coded):
    """From which number on something follows; the number itself is inside."""

    value: int


class Authority(Entry):
    """Which level and which organ investigates an accident of a grade."""

    regime: Regime
    grade: Grade
    level: Level
    organ: str
    """An organ of `organs`, at that level, above the place of the accident."""
    may_delegate: bool
    may_delegate_to_unit: bool = False
    """Whether an accident without casualties may be left to the unit where it happened."""

    @property
    def key(self) -> Hashable:
        """The regime and the grade."""
        return self.regime, self.grade


class FactFinder(Entry):
    """Which organ finds out what happened in accidents of a kind, whoever investigates them."""

    accident_type: str
    organ: str

    @property
    def key(self) -> Hashable:
        """The kind of accident."""
        return self.accident_type


class Organ(Coded):
    """What an organ is called at a level; {zh}, {en} and {short} are the division's names.

    The code is the second half of the unit's code: `emergency` of `430481.emergency`.
    """

    level: Level
    kind: UnitKind
    only: str | None = None
    """The one division in which it exists; None for all of that level."""

    @property
    def key(self) -> Hashable:
        """Its code, level and, where it exists once, its division."""
        return self.code, self.level, self.only


class AccidentStandard(Coded):
    """A standard that classifies accidents, and whether its table is loaded here."""

    loaded: bool


class AccidentType(Coded):
    """A kind of accident. `gb_code` is its code in `standard`; None for kinds of other laws."""

    standard: str
    gb_code: str | None = None
    aliases: tuple[str, ...] = ()
    window: str = "default"
    """The change window that applies, a code of `windows` in reporting.yaml."""


class Section(Coded):
    """A section (门类) of GB/T 4754; `code` is its letter."""

    code: str = Field(pattern=r"^[A-T]$")
    sector: str | None = None
    """None where its divisions fall into several: the letter alone decides nothing then."""


class IndustryDivision(Coded):
    """A division (大类) of GB/T 4754; `code` is its two digits."""

    code: str = Field(pattern=r"^\d{2}$")
    section: str
    sector: str


class Sector(Coded):
    """A field of supervision; what chains, classes and duties are cut by."""

    high_risk: bool
    regime: Regime = Regime.STANDARD
    aliases: tuple[str, ...] = ()


class Holiday(BaseModel):
    """One holiday of a year: its name and the days off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    first: date
    last: date


class CalendarYear(Entry):
    """One year of the working-day calendar, as the State Council's notice arranges it."""

    year: int
    holidays: tuple[Holiday, ...]
    working: tuple[date, ...]
    """Saturdays and Sundays that are worked."""

    @property
    def key(self) -> Hashable:
        """The year."""
        return self.year


class Escalation(Coded):
    """A ground on which the investigation climbs (提级)."""

    ground: Literal[
        "finding",
        "typical",
        "complex",
        "same_enterprise_again",
        "deaths_in_sectors",
        "listed_hazard_open",
        "after_warning",
        "team_not_qualified",
        "other",
    ]
    mandatory: bool
    levels_up: int = Field(gt=0)
    least_grade: Grade = Grade.GENERAL
    finding: Finding | None = None
    finding_status: FindingStatus | None = None
    months: int | None = None
    count: int | None = None
    least_deaths: int | None = None
    most_deaths: int | None = None
    sectors: tuple[str, ...] = ()


class Attendance(Entry):
    """Whose head must go to the scene of an accident of a grade, at once."""

    grade: Grade
    level: Level

    @property
    def key(self) -> Hashable:
        """The grade."""
        return self.grade


class TeamOrgan(Coded):
    """An organ that has a place on the team of an investigation."""

    presence: Literal["required", "invited", "optional"]
    regimes: tuple[Regime, ...] = tuple(Regime)
    """The laws under which it has that place."""


class ReportSigner(Coded):
    """Whether the report waits for the signature of those with a part on the team."""

    signs: Literal["must", "may"]


class Clock(Coded):
    """A period of what follows an accident, and in what it is counted."""

    counting: Literal["hours", "calendar_days", "working_days", "months"]
    length: int = Field(gt=0)


class InvestigationLimit(Entry):
    """How many days a stage of an investigation may take, and by how many it may be extended."""

    stage: Literal["investigation", "approval"]
    grade: Grade
    days: int = Field(gt=0)
    extension_days: int = Field(default=0, ge=0)
    """The most that all extensions together may add."""
    warn_days: tuple[int, ...] = ()
    """How many days before the last one a warning goes out."""

    @property
    def key(self) -> Hashable:
        """The stage and the grade."""
        return self.stage, self.grade


class ListedSupervision(Entry):
    """Which level's list (挂牌督办) takes an investigation of a grade, and for how long."""

    grade: Grade
    level: Level
    days: int = Field(gt=0)

    @property
    def key(self) -> Hashable:
        """The grade."""
        return self.grade


class LeadCheck(Entry):
    """How long a desk has to check an accident that somebody alleges; counted from its receipt.

    Calendar days and months: the day of receipt is not counted, 24:00 of the last day ends it.
    """

    step: LeadStep
    days: int | None = None
    months: int | None = None

    @property
    def key(self) -> Hashable:
        """What is owed."""
        return self.step


class OrderLimit(Limit):
    """How long a step of a hotline order may take, or how often it may be taken."""

    step: OrderStep
    order_class: OrderClass | None = None
    """None for every class that has no row of its own."""
    leader_from: int | None = Field(default=None, gt=0)
    """From which time on a leader of the unit must do it."""

    @property
    def key(self) -> Hashable:
        """The step and the class."""
        return self.step, self.order_class


class Matter(Coded):
    """What an order is about; the dispatch catalogue (派单目录) is cut by it."""

    safety: bool
    """Whether it speaks of a danger, so that a clue is told of at once."""
    sector: str | None = None
    """The field of supervision that answers for it where the catalogue names nobody."""


class Repeat(Coded):
    """What makes two orders look like the same matter, and how much it counts."""

    measure: Literal["caller", "matter", "enterprise", "place", "metres"]
    at_most: int | None = None
    points: int
