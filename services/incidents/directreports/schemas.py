"""How direct reports are shown, and how it is said that the unit told."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.problems import FieldFault, InvalidPayload
from reference.terms import Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.directreports.domain import DirectReportStatus
from services.incidents.directreports.rules import Since
from services.incidents.reports.schemas import Instant
from services.incidents.reports.schemas_checks import refuse_future


class NewTelling(BaseModel):
    """That the unit told the level itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    told_at: Instant | None = Field(
        None, description="When the unit told it; now where it is left out. Late or not by this."
    )
    receipt: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")] = Field(
        description="Who took it there."
    )


def refuse_out_of_time(told_at: datetime, *, known_at: datetime, now: datetime) -> None:
    """Refuse what is to come, and a unit that told before it knew that anything had happened."""
    refuse_future({"told_at": told_at}, now=now)
    if told_at < known_at:
        zh, en = "不得早于单位负责人接到报告的时间", "expected a time not before the unit knew"
        raise InvalidPayload(FieldFault(pointer="/told_at", code="before_known", zh=zh, en=en))


class DirectReportView(BaseModel):
    """What a unit owes a level itself, and that it told."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    level: Level
    desk: str = Field(description="The desk that took the report of the accident.")
    to_unit: str = Field(description="Whom the unit tells.")
    status: DirectReportStatus
    since: Since = Field(description="From what its hour is counted.")
    counted_from: ShanghaiTime
    due_at: ShanghaiTime
    rule: str
    told_at: ShanghaiTime | None = Field(description="When the unit told, as stated.")
    recorded_at: ShanghaiTime | None = Field(description="When that was stated.")
    told_by: str | None = Field(description="Who stated it.")
    told_by_unit: str | None = Field(
        description="The unit of whoever stated it; None: the enterprise itself."
    )
    receipt: str | None
    late: bool
    overdue_at: ShanghaiTime | None = Field(description="When it was found overdue.")
    closed_at: ShanghaiTime | None = Field(description="When its accident was merged.")
