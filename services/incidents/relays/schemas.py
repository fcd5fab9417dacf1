"""How hops are shown and acted on."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.relays.domain import HopStatus


class Remark(BaseModel):
    """What the desk adds, if anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(max_length=1000)] | None = None


class RelayState(BaseModel):
    """One hop with its stamps."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    level: Level = Field(description="The level it reaches.")
    from_unit: str
    to_unit: str
    status: HopStatus
    planned_due_at: ShanghaiTime
    due_at: ShanghaiTime
    acknowledged_at: ShanghaiTime | None
    forwarded_at: ShanghaiTime | None
    overdue_at: ShanghaiTime | None
    late: bool
    note: str | None
    closed_at: ShanghaiTime | None = None
