"""How return visits are made and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.tasks.callbacks.domain import CallbackResult


class NewCallback(BaseModel):
    """What the caller said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: CallbackResult
    note: Annotated[str, Field(min_length=1, max_length=4000)] | None = None


class CallbackView(BaseModel):
    """One return visit."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    unit: str | None
    round: int
    result: CallbackResult
    note: str | None
    made_at: ShanghaiTime
    redone: bool
