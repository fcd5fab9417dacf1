"""How changes of counts are shown and reasoned."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime


class NewReason(BaseModel):
    """Why figures fell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class Counts(BaseModel):
    """People harmed, as counts."""

    deaths: int
    missing: int
    serious_injuries: int
    minor_injuries: int
    missing_presumed_dead: bool | None = Field(
        None, description="Whether the missing count as dead; null of what was kept before."
    )


class TollChangeView(BaseModel):
    """What one report changed."""

    model_config = ConfigDict(from_attributes=True)

    report_id: UUID
    accident_id: UUID
    version: int = Field(description="Of the report that changed them.")
    from_version: int = Field(description="Of the report whose figures stood before.")
    before: Counts
    after: Counts
    known_at: ShanghaiTime
    received_at: ShanghaiTime
    due_at: ShanghaiTime | None = Field(description="None after the window: not owed.")
    late: bool
    counted: bool
    fell: bool = Field(description="Fewer are counted dead or gravely harmed than before.")
    contested: bool = Field(description="Lower than somebody else stated, and no reason given.")
    reason: str | None
    reasoned_at: ShanghaiTime | None
