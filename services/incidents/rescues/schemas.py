"""How rescues and their days are shown and spoken of."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import Grade
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.rescues.domain import DayStatus, RescueAction, RescueStatus


class Reason(BaseModel):
    """Why a rescue has ended, or goes on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class StepView(BaseModel):
    """What was said of a rescue."""

    model_config = ConfigDict(from_attributes=True)

    action: RescueAction
    at: ShanghaiTime
    unit: str | None
    reason: str
    report_id: UUID | None = Field(description="The follow-up that said so, if one did.")


class DayView(BaseModel):
    """One day with what it needs and had."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    day: date
    unit: str = Field(description="The desk that answers for it.")
    grade: Grade = Field(description="With which the day began.")
    needed: int
    received: int
    due_at: ShanghaiTime
    status: DayStatus
    missed_at: ShanghaiTime | None


class RescueView(BaseModel):
    """A rescue with its days."""

    accident_id: UUID
    status: RescueStatus
    unit: str
    began_at: ShanghaiTime
    ended_at: ShanghaiTime | None
    steps: list[StepView]
    days: list[DayView]
