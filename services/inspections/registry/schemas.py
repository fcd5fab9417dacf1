"""What the registry takes and shows."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode, Uscc
from kernel.instants import ShanghaiTime
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
    since: ShanghaiTime


class FlagView(BaseModel):
    """Why an enterprise is under special attention."""

    accident_id: UUID
    reason: str
    grade: str
    flagged_at: ShanghaiTime
    history: list[GradeView] = Field(description="Every grade it has had, oldest first")


class EnterpriseView(BaseModel):
    """An enterprise in the registry."""

    model_config = ConfigDict(from_attributes=True)

    uscc: str = Field(title="统一社会信用代码")
    name: str = Field(title="企业名称")
    region_code: str = Field(title="监管区划")
    county_code: str = Field(title="所在县级区划")
    industry: str = Field(title="行业代码")
    sector: str = Field(title="行业领域")
    high_risk: bool = Field(title="是否高危")
    risk: str | None = Field(title="风险等级")
    supervision: str | None = Field(title="监管分类")
    lon: float | None = Field(title="经度")
    lat: float | None = Field(title="纬度")
    registered_at: ShanghaiTime = Field(title="登记时间")
    updated_at: ShanghaiTime = Field(title="更新时间")


class EnterpriseDetail(EnterpriseView):
    """An enterprise with its flags."""

    flags: list[FlagView]
