"""How notices are shown and receipted."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.notices.domain import NoticeStatus


class NewReceipt(BaseModel):
    """That a body was told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receipt: Annotated[
        str,
        Field(
            min_length=1, max_length=1000, description="Who took it there, or the letter's number."
        ),
    ]


class NoticeView(BaseModel):
    """A notice with its receipt."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    body: str = Field(description="Which kind of body: a slug of the units.")
    from_unit: str
    to_unit: str
    status: NoticeStatus
    due_at: ShanghaiTime
    told_at: ShanghaiTime | None
    told_by: str | None
    receipt: str | None
    late: bool
    overdue_at: ShanghaiTime | None = Field(description="When it was found overdue.")
    closed_at: ShanghaiTime | None = Field(description="When its accident was merged.")
