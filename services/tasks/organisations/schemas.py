"""What the organisations room shows."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class UnitView(BaseModel):
    """A unit as it was on the day asked about."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(title="单位代码", description="`<region>.<slug>`")
    name_zh: str = Field(title="名称")
    name_en: str = Field(title="英文名称")
    region_code: str = Field(title="行政区划", description="GB/T 2260 division or park")
    level: str = Field(title="层级", description="county, city, province or national")
    kind: str = Field(title="类别")
    effective_from: date = Field(title="起效日期")
    effective_to: date | None = Field(title="失效日期", description="Last day on which it is so")


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
