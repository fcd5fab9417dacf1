"""What the organisations room shows."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class UnitView(BaseModel):
    """A unit as it was on the day asked about."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="`<region>.<slug>`")
    name_zh: str
    name_en: str
    region_code: str = Field(description="GB/T 2260 division or park")
    level: str = Field(description="county, city, province or national")
    kind: str
    effective_from: date
    effective_to: date | None = Field(description="Last day on which it is so")


class PostView(BaseModel):
    """A post of a unit; who holds it is not told here."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    kind: str
    label_zh: str
    label_en: str


class UnitDetail(UnitView):
    """A unit with its posts, and everything it has been."""

    posts: list[PostView]
    history: list[UnitView]


class PlaceView(BaseModel):
    """A place with its units, and the places below it."""

    region_code: str
    name_zh: str
    name_en: str
    park: bool = Field(description="A park also counts in the county it lies in")
    units: list[UnitView]
    below: list["PlaceView"]
