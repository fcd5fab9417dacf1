"""An enterprise's story: its accidents, each with all that happened to it."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.timeline.schemas import Entry


class Chapter(BaseModel):
    """One accident of an enterprise with its story, oldest entry first."""

    accident_id: UUID
    occurred_at: ShanghaiTime
    place: str
    grade: str
    entries: list[Entry]


class EnterpriseTimeline(BaseModel):
    """The accidents of an enterprise, newest first, a page at a time."""

    uscc: str
    name: str | None = Field(description="Null while nobody told what it is called.")
    items: list[Chapter]
    next_cursor: str | None = Field(description="Null on the last page.")
