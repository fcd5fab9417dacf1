"""What the visits room takes and shows."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.inspections.visits.domain import Status, VisitKind


class VisitView(BaseModel):
    """An inspection that was ordered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: VisitKind
    status: Status
    origin: UUID = Field(description="The accident it was ordered for")
    uscc: str | None
    region_code: str
    unit: str = Field(description="Who has to inspect")
    rule: str
    opened_at: datetime
    due_on: date = Field(description="Last day on which it can be made in time")
    closed_at: datetime | None
    result: str | None


class ClosingBody(BaseModel):
    """How a visit ended."""

    model_config = ConfigDict(extra="forbid")

    result: Annotated[str, Field(min_length=1, max_length=4000)]
