"""What the successions room takes and shows."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.organisations.schemas import Day, UnitBody, UnitCode
from services.tasks.successions.domain import Change

_Most = Field(min_length=1, max_length=50)


class Reorganisation(BaseModel):
    """What becomes of units from a day on.

    `after` names units that stand already by their code, and states new ones. A unit that is
    renamed or moved keeps its posts and their holders. A unit before that is not among those
    after is no more; all that it owed is the heir's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Change
    before: Annotated[tuple[UnitCode, ...], _Most]
    after: Annotated[tuple[UnitCode | UnitBody, ...], _Most]
    heir: UnitCode | None = Field(None, description="May be left out where one unit follows")
    effective_from: Day
    document: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    @property
    def codes_after(self) -> list[str]:
        """The codes of the units after the change."""
        return [unit if isinstance(unit, str) else unit.code for unit in self.after]


class SuccessionView(BaseModel):
    """One unit followed another."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    kind: Change = Field(title="变更类型")
    predecessor: str = Field(title="原单位")
    successor: str = Field(title="承继单位")
    heir: bool = Field(title="承继职责")
    effective_from: date = Field(title="生效日期")
    document: str | None = Field(title="文号")
    decided_at: datetime = Field(title="登记时间")


class Answering(BaseModel):
    """Who answers on a day for what a unit owed."""

    unit: str
    on: date
    answering: str = Field(description="The unit itself while it stands, else who followed it")
