"""How readings are shown."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.readers.domain import Part


class ReadingView(BaseModel):
    """Who opened a part of an accident on a day."""

    model_config = ConfigDict(from_attributes=True)

    read_on: date = Field(title="日期")
    subject: str = Field(title="账号", description="The account; who holds it, identity knows.")
    unit: str | None = Field(title="单位")
    post: str | None = Field(title="岗位")
    part: Part = Field(title="查看内容")
    first_at: ShanghaiTime = Field(title="首次查看")
    last_at: ShanghaiTime = Field(title="最近查看")
    times: int = Field(title="次数")
