"""How verdicts on yearly assessments are stated and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime


class NewVerdict(BaseModel):
    """Which unit failed, and by what the office says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: Annotated[str, Field(min_length=1, max_length=100)]
    statement: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="The document by which the unit was found to have failed, and why"
    )


class VerdictView(BaseModel):
    """A unit failed the assessment of a year."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    ranking_id: UUID = Field(title="年度考核排名编号")
    unit: str = Field(title="单位")
    region_code: str = Field(title="行政区划")
    group_code: str = Field(title="组别")
    year: int = Field(title="考核年度")
    statement: str = Field(title="依据")
    stated_at: ShanghaiTime = Field(title="作出时间")
    card_id: UUID = Field(title="一票否决编号")
