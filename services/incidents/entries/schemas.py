"""How entries are shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime


class EntryView(BaseModel):
    """The entry of an accident in the national statistics."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID = Field(title="事故编号")
    region_code: str = Field(title="行政区划")
    status: str = Field(title="录入状态")
    opened_at: ShanghaiTime = Field(title="接报时间")
    enter_by: ShanghaiTime = Field(title="录入时限")
    entered_at: ShanghaiTime | None = Field(title="录入时间")
    entered_late: bool = Field(title="逾期录入")
    complete_by: ShanghaiTime = Field(title="补充完善时限")
    completed_at: ShanghaiTime | None = Field(title="补充完善时间")
    completed_late: bool = Field(title="逾期补充完善")
    rule: str = Field(title="依据")
