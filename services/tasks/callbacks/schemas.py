"""How return visits are made and shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from kernel.instants import ShanghaiTime
from services.tasks.callbacks.domain import CallbackResult
from services.tasks.orders.schemas import Text


class NewCallback(BaseModel):
    """What the caller said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: CallbackResult
    note: Text | None = None


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
