"""What the tasks service tells: units and posts, duties opened and overdue."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.events import Event


class ObligationKind(StrEnum):
    """Why a unit has to act on an accident, or what the plan triggers."""

    RELAY = "relay"  # 信息上报
    ATTENDANCE = "attendance"  # 赶赴现场
    INVESTIGATION = "investigation"  # 事故调查
    ACCOUNTABILITY = "accountability"  # 责任追究
    SPECIAL_MEETING = "special_meeting"  # 专题会议
    RECTIFICATION = "rectification"  # 落实事故调查建议
    PLAN = "plan"  # 工作要点规定的其他事项


class PostHeld(BaseModel):
    """A post of a unit as the directory needs it: how to reach it, never who holds it."""

    model_config = ConfigDict(frozen=True)

    post: str
    label_zh: str
    label_en: str
    email: str | None = None


class UnitRecorded(Event):
    """A unit, or a change of it; the newest one holds."""

    subject: ClassVar[str] = "tasks.unit.recorded.v1"
    about: ClassVar[str] = "unit"

    unit: str
    name_zh: str
    name_en: str
    region_code: str
    kind: str
    posts: tuple[PostHeld, ...] = ()
    telephones: dict[str, str] = Field(default_factory=dict)
    """Offices' lines by post, of those that have one."""
    roles: tuple[str, ...] | None = None
    """By which groups plans may mean it, as an office said; None where none did."""
    effective_from: date


class UnitEnded(Event):
    """A unit is no more: it was moved, split or merged. What it owed is its heir's."""

    subject: ClassVar[str] = "tasks.unit.ended.v1"
    about: ClassVar[str] = "unit"

    unit: str
    region_code: str
    heir: str
    ended_on: date


class ChainDecided(Event):
    """A kind of business is led as a field is, or, with a last day, was until then."""

    subject: ClassVar[str] = "tasks.chain.decided.v1"
    about: ClassVar[str] = "decision_id"

    decision_id: UUID
    business: str
    """The code of GB/T 4754, or what it is called."""
    region_code: str
    field: str
    lead: str | None = None
    effective_from: date
    effective_to: date | None = None


class ObligationOpened(Event):
    """A unit has to do something by a deadline."""

    subject: ClassVar[str] = "tasks.obligation.opened.v1"
    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    unit: str
    region_code: str
    kind: ObligationKind
    origin: UUID
    due_at: AwareDatetime
    duty: str | None = None
    """`<year>/<article>.<n>` where a plan asks for it."""


class DutyTriggered(Event):
    """An event opened a duty of the plan for everybody in scope; told once, not per subject."""

    subject: ClassVar[str] = "tasks.duty.triggered.v1"
    about: ClassVar[str] = "origin"

    origin: UUID
    plan: str
    duty: str
    kind: ObligationKind
    opened: int
    region_code: str
    due_at: AwareDatetime


class DutyOpened(Event):
    """A period of a duty of the plan began and is open for everybody whom it means."""

    subject: ClassVar[str] = "tasks.duty.opened.v1"
    about: ClassVar[str] = "opening_id"
    outsiders: ClassVar[bool] = True

    opening_id: UUID
    plan: str
    version: int
    duty: str
    period_from: date
    period_to: date
    opened: int
    """For how many units and enterprises."""
    region_code: str
    due_at: AwareDatetime


class DutyEnded(Event):
    """A period of a duty of the plan ended, and so many had not done it."""

    subject: ClassVar[str] = "tasks.duty.ended.v1"
    about: ClassVar[str] = "opening_id"
    outsiders: ClassVar[bool] = True

    opening_id: UUID
    plan: str
    duty: str
    period_to: date
    opened: int
    overdue: int
    region_code: str


class ObligationOverdue(Event):
    """A deadline passed without the work being handed in, or what was handed in came back."""

    subject: ClassVar[str] = "tasks.obligation.overdue.v1"
    about: ClassVar[str] = "obligation_id"

    obligation_id: UUID
    unit: str
    region_code: str
    kind: ObligationKind
    origin: UUID
    due_at: AwareDatetime
    duty: str | None = None
    """`<year>/<article>.<n>` where a plan asks for it."""


class PlanIssued(Event):
    """A version of a year's plan is in force; it is never changed, only followed by the next."""

    subject: ClassVar[str] = "tasks.plan.issued.v1"
    about: ClassVar[str] = "plan"
    outsiders: ClassVar[bool] = True

    plan: str
    year: int
    version: int
    region_code: str
    articles: int
    duties: int
