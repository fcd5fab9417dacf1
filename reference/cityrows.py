"""The shapes of a city's rows; another city is another folder of the same shapes."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from reference.entries import Coded, Entry
from reference.terms import (
    DutyKind,
    Finding,
    FindingStatus,
    Grade,
    Measure,
    Risk,
    Supervision,
    UnitKind,
)


class Place(BaseModel):
    """A point in CGCS2000 degrees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lon: float
    lat: float


class CityRow(Coded):
    """The city itself: its division, the box it lies in, and the desk that never sleeps."""

    code: str = Field(pattern=r"^\d{6}$")
    south_west: Place
    north_east: Place
    dead_end: str
    """The post that is called when an escalation has nobody left."""
    duty_phone: str | None = None
    """The number of the duty desk that is published to everybody."""


class Centre(Entry):
    """The seat of a county: what a point without a named place is nearest to."""

    region: str = Field(pattern=r"^\d{6}$")
    seat: Place

    @property
    def key(self) -> Hashable:
        """The county."""
        return self.region


class Park(Coded):
    """A development zone with a code of its own, lying inside a county."""

    code: str = Field(pattern=r"^\d{6}$")
    parent: str = Field(pattern=r"^\d{6}$")
    short: str


class UnitRole(Coded):
    """One of the ways in which a plan means many units at once."""

    seated: bool = False
    """Whether seats on a committee say who has it, so that nobody states it."""


class UnitTemplate(Coded):
    """A unit that exists in every place of the named sorts; `{zh}` and `{en}` are the place's.

    The code is the second half of the unit's code: `emergency` of `430481.emergency`.
    """

    at: tuple[Literal["city", "county", "park", "township"], ...]
    kind: UnitKind
    roles: tuple[str, ...] = ()
    """By which groups of subjects a plan may mean it: regulator, member_unit, …"""
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> Hashable:
        """Its code and the sorts of places."""
        return self.code, self.at


class UnitRow(Coded):
    """A unit that exists once, by its full code."""

    code: str = Field(pattern=r"^\d{6}\.[a-z_]+$")
    kind: UnitKind
    roles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Township(Coded):
    """A township, town or street office: `code` is a slug inside its county."""

    code: str = Field(pattern=r"^[a-z_]+$")
    county: str = Field(pattern=r"^\d{6}$")

    @property
    def key(self) -> Hashable:
        """Its county and slug."""
        return self.county, self.code


class PostTemplate(Coded):
    """A post that exists in every unit of the named kinds; all kinds when none is named."""

    kinds: tuple[UnitKind, ...] = ()


class Chain(Coded):
    """Who answers for a field: slugs of units, taken at the county and at the city."""

    sectors: tuple[str, ...]
    lead: tuple[str, ...] = Field(min_length=1)
    supporting: tuple[str, ...] = ()
    territorial: tuple[str, ...] = ("government", "party_committee")


class Trigger(Coded):
    """What sets off a duty: events by their subject without the version, and conditions."""

    events: tuple[str, ...] = ()
    """Empty where a person must report that it happened."""
    least_grade: Grade | None = None
    findings: tuple[Finding, ...] = ()
    finding_status: FindingStatus | None = None
    without_casualties: bool = False
    told: bool = False
    """Whether a person may report it too: the events do not cover all that it means."""


class Goal(Coded):
    """One of a plan's overall goals."""

    kind: DutyKind
    target: Decimal | None = None
    comparator: Literal["<=", ">=", "<", ">", "==", "in"] | None = None
    metric: str


class Allocation(BaseModel):
    """Who leads and who supports an article, or one lettered part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str | None = None
    lead: tuple[str, ...]
    """Slugs of city units, or a subject such as `city:member_unit`."""
    supporting: tuple[str, ...] = ()


class Article(Coded):
    """An article of a plan; `code` is its number."""

    section: int
    allocations: tuple[Allocation, ...]


class Duty(Coded):
    """What an article asks of whom, how often or by when; `code` is `<article>.<n>`."""

    kind: DutyKind
    part: str | None = None
    subjects: tuple[str, ...]
    """`<level>:<role>`; see `reference.subjects`."""
    metric: str
    cadence: Cadence | None = None
    least: int | None = None
    """The smallest number in each period of the cadence, or for each trigger."""
    target: Decimal | str | None = None
    comparator: Literal["<=", ">=", "<", ">", "==", "in"] | None = None
    unit: Measure | None = None
    due: date | None = None
    """A day the plan itself names."""
    trigger: str | None = None
    within_days: int | None = None
    """How many days after the trigger; the platform's own default where the plan is silent."""

    @property
    def article(self) -> str:
        """The number of its article."""
        return self.code.partition(".")[0]


class EnterpriseGroup(Coded):
    """Enterprises meant by one word of a plan: by sector, risk or flag; all when nothing is set."""

    sectors: tuple[str, ...] = ()
    high_risk: bool = False
    flag: str | None = None


class Step(BaseModel):
    """One step of an alarm: whom it reaches, over what, and how long until the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: tuple[str, ...] = Field(min_length=1)
    """Posts such as `{county}.emergency.duty_desk`; see `reference.places.filled`."""
    channels: tuple[Literal["inbox", "email", "webhook", "sms"], ...] = ("inbox", "email")
    acknowledge_within_minutes: int = Field(gt=0)


class Route(Coded):
    """The chain that hears of an event: the steps in order, and who must acknowledge."""

    event: str
    """The event's subject without the version: `incidents.accident.reported`."""
    grades: tuple[Grade, ...] = ()
    """Only for these grades; for all, and for events without one, when empty."""
    findings: tuple[Finding, ...] = ()
    sectors: tuple[str, ...] = ()
    everyone: bool
    """Whether every recipient must acknowledge; otherwise one of a step is enough."""
    steps: tuple[Step, ...] = Field(min_length=1)


class Lookback(Coded):
    """After how many months it is looked back at how an accident was dealt with (回头看)."""

    least_grade: Grade
    months: int = Field(gt=0)


class NamedEnterprise(Coded):
    """An enterprise of the demonstration city that stories refer to; `code` is its credit code."""

    region: str
    industry: str
    risk: Risk
    supervision: Supervision
    location: Place
    flags: tuple[str, ...] = ()


class Trade(Coded):
    """A trade that demonstration enterprises are made of, and how many in a hundred it is."""

    industry: str
    weight: int = Field(gt=0)
    risks: tuple[Risk, ...] = Field(min_length=1)
    flags: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    """Where it is found; everywhere when empty."""


class Locality(Entry):
    """How many demonstration enterprises a county or park gets, around which point."""

    region: str
    count: int = Field(gt=0)
    centre: Place

    @property
    def key(self) -> Hashable:
        """The region."""
        return self.region


class Word(Coded):
    """A neutral word that demonstration names are made with."""


class DispatchRule(Entry):
    """A line of the dispatch catalogue (派单目录): which units an order about a matter goes to.

    Patterns such as `{county}.emergency`. Instead of units it may name another matter, whose
    lines it takes.
    """

    matter: str
    region: str = Field(default="", pattern=r"^(\d{6})?$")
    """Where it holds; empty for the whole city. A nearer line goes before a farther one."""
    lead: str | None = None
    supporting: tuple[str, ...] = ()
    same_as: str | None = None

    @property
    def key(self) -> Hashable:
        """The matter and the place."""
        return self.matter, self.region
