"""How delays are shown."""

from uuid import UUID

from pydantic import BaseModel, Field

from kernel.instants import ShanghaiTime
from services.tasks.evidence.schemas import PieceView
from services.tasks.parts.schemas import HoldView, PartEntryView, PartView


class DelayView(BaseModel):
    """What of a delay is somebody's."""

    holder: str
    seconds: int
    days: int = Field(description="Calendar days on which it was held past the deadline")
    working_days: int | None = Field(description="Those that are worked, as far as is known")


class SharedView(BaseModel):
    """How far an obligation is that several units share, and whose delay there is."""

    obligation_id: UUID
    due_at: ShanghaiTime
    done: bool
    holders: list[str] = Field(description="Who holds the work at that time")
    parts: list[PartView]
    holds: list[HoldView]
    delays: list[DelayView]
    entries: list[PartEntryView]
    evidence: list[PieceView] = Field(description="What the parts were proved with")
