"""What the committees room takes and shows."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.committees.domain import Capacity
from services.tasks.organisations.schemas import Day


class NewSeat(BaseModel):
    """A unit is to sit on a committee."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Annotated[str, Field(min_length=8, max_length=100)]
    capacity: Capacity = Capacity.MEMBER
    effective_from: Day


class Leaving(BaseModel):
    """A unit sits on a committee no longer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last_day: Day = Field(description="The last day on the committee")


class MemberView(BaseModel):
    """A unit on a committee."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    committee: str = Field(title="委员会")
    unit: str = Field(title="成员单位")
    capacity: Capacity = Field(title="身份")
    effective_from: date = Field(title="起始日期")
    effective_to: date | None = Field(title="最后一日")
