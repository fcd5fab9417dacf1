"""What the registry takes and shows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode, Uscc
from reference.terms import Risk, Supervision


class Location(BaseModel):
    """A point in CGCS2000 degrees."""

    model_config = ConfigDict(extra="forbid")

    lon: Annotated[float, Field(ge=73, le=136, allow_inf_nan=False)]
    lat: Annotated[float, Field(ge=3, le=54, allow_inf_nan=False)]


class EnterpriseBody(BaseModel):
    """An enterprise to be registered, or its entry brought up to date."""

    model_config = ConfigDict(extra="forbid")

    uscc: Uscc
    name: Annotated[str, Field(min_length=2, max_length=200)]
    region_code: RegionCode = Field(description="The park where it lies in one, else the county")
    industry: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="Code or name of GB/T 4754"
    )
    risk: Risk | None = Field(default=None, description="Colour of its risk")
    supervision: Supervision | None = Field(default=None, description="Class of supervision")
    location: Location | None = None


class GradeView(BaseModel):
    """A grade that a flag took on."""

    model_config = ConfigDict(from_attributes=True)

    grade: str
    since: datetime


class FlagView(BaseModel):
    """Why an enterprise is under special attention."""

    accident_id: UUID
    reason: str
    grade: str
    flagged_at: datetime
    history: list[GradeView] = Field(description="Every grade it has had, oldest first")


class EnterpriseView(BaseModel):
    """An enterprise in the registry."""

    model_config = ConfigDict(from_attributes=True)

    uscc: str
    name: str
    region_code: str
    county_code: str
    industry: str
    sector: str
    high_risk: bool
    risk: str | None
    supervision: str | None
    lon: float | None
    lat: float | None
    registered_at: datetime
    updated_at: datetime


class EnterpriseDetail(EnterpriseView):
    """An enterprise with its flags."""

    flags: list[FlagView]
