"""How likenesses are shown and decided."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.duplicates.domain import Status
from services.incidents.reports.schemas import Message

Why = Annotated[str, Field(min_length=1, max_length=1000)]


class Pair(Message):
    """Two accidents that a person thinks are one."""

    accident_id: UUID
    other_id: UUID


class Merge(Message):
    """That the two are one accident."""

    why: Why
    into_id: UUID | None = Field(
        None, description="The accident that goes on; the one reported first if left out."
    )


class KeepApart(Message):
    """That the two are not one accident."""

    why: Why


class LikenessView(BaseModel):
    """Two accidents that look like one, and what was decided."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    region_code: str
    accident_id: UUID = Field(description="The later one.")
    other_id: UUID = Field(description="The earlier one.")
    score: int
    reasons: list[str] = Field(description="Codes of the grounds that hold.")
    status: Status
    found_at: ShanghaiTime
    decided_at: ShanghaiTime | None
    decided_by: str | None
    unit: str | None
    why: str | None
    kept_id: UUID | None = Field(description="The accident that went on, once merged.")
