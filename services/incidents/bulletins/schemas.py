"""How a bulletin is issued and shown."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.statistics.schemas import Month, PlaceCode


class NewBulletin(BaseModel):
    """The bulletin of a month to issue; again for the same month, it is a correction."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    month: Month
    region_code: PlaceCode


class BulletinView(BaseModel):
    """An issued bulletin."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    region_code: str
    month: date
    edition: int = Field(description="1, and one more with each correction.")
    year: int
    number: int = Field(description="Its running number in the year of issue.")
    issued_at: ShanghaiTime
    unit: str | None
