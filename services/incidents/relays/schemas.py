"""How hops are shown and acted on."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.readings.tables import DeskReading
from services.incidents.relays.domain import HopStatus
from services.incidents.relays.rules import Means
from services.incidents.relays.tables import Relay


class Remark(BaseModel):
    """What the desk adds, if anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(max_length=1000)] | None = None


class RelayState(BaseModel):
    """One hop with its stamps."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    level: Level = Field(description="The level it reaches.")
    from_unit: str
    to_unit: str
    status: HopStatus
    owed: Means = Field(description="By what it is made in time.")
    planned_due_at: ShanghaiTime
    due_at: ShanghaiTime
    received_at: ShanghaiTime | None = Field(description="When the sending desk had the report.")
    acknowledged_at: ShanghaiTime | None
    acknowledged_by: str | None = Field(description="Who of the sending desk has read the report.")
    phone_at: ShanghaiTime | None
    phone_by: str | None
    text_at: ShanghaiTime | None = Field(description="When the text went out.")
    forwarded_at: ShanghaiTime | None
    forwarded_by: str | None
    overdue_at: ShanghaiTime | None
    late: bool
    note: str | None
    read_at: ShanghaiTime | None = Field(
        None, description="When the desk it reaches first opened the accident."
    )
    read_by: str | None = None

    @classmethod
    def of(cls, relay: Relay, reading: DeskReading | None) -> Self:
        """A hop with the stamp of the desk that it reaches."""
        state = cls.model_validate(relay)
        if reading is None:
            return state
        return state.model_copy(update={"read_at": reading.read_at, "read_by": reading.read_by})

    closed_at: ShanghaiTime | None = None
