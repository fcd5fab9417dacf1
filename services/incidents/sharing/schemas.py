"""How shares are named and shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode
from services.incidents.accidents.schemas import ShanghaiTime


class NewPlace(BaseModel):
    """A place that an accident lies in, or reaches into."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region_code: RegionCode


class ShareView(BaseModel):
    """An accident that a place shares."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID
    region_code: str = Field(description="The place that shares it.")
    lead_region: str
    unit: str = Field(description="The desk that was told.")
    grade: str = Field(description="As it was told.")
    shared_at: ShanghaiTime
