"""How extensions are asked for, decided on and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from kernel.instants import ShanghaiTime
from services.tasks.extensions.domain import ExtensionStatus


class NewExtension(BaseModel):
    """How much more time a unit asks for, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[StrictInt, Field(ge=1, le=366)] = Field(
        description="Working days; calendar days for reports of work-safety violations"
    )
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class ExtensionRemark(BaseModel):
    """Why it is given or refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Annotated[str, Field(min_length=1, max_length=1000)]


class OrderExtensionView(BaseModel):
    """A request for more time."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    dispatch_id: UUID
    order_id: UUID
    unit: str
    status: ExtensionStatus
    days: int
    reason: str
    due_before: ShanghaiTime
    due_after: ShanghaiTime | None
    asked_at: ShanghaiTime
    decided_at: ShanghaiTime | None
    remark: str | None
