"""What hotlines hand in."""

from typing import Annotated
from uuid import UUID

from pydantic import UUID7, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from contracts.identifiers import RegionCode, Uscc
from reference.terms import Hotline, OrderClass
from services.tasks.callers.schemas import NewCaller
from services.tasks.orders.schemas import Text

_MOST_PEOPLE = 10_000


class NewOrder(BaseModel):
    """An order as a hotline, or a person at one, hands it in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    order_id: UUID7 = Field(description="Made by the client; sent again, it has one effect")
    hotline: Hotline
    number: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="The hotline's own number: what it stands for already is answered again"
    )
    order_class: OrderClass
    matter: Annotated[str, Field(min_length=1, max_length=50)]
    region_code: RegionCode
    place: Annotated[str, Field(min_length=1, max_length=200)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    enterprise_uscc: Uscc | None = None
    account: Text = Field(description="What was told, in words; kept sealed")
    happened_at: AwareDatetime | None = None
    hazard: StrictBool = Field(False, description="Whether it speaks of a danger")
    deaths_alleged: Annotated[StrictInt, Field(ge=0, le=_MOST_PEOPLE)] = 0
    caller: NewCaller | None = Field(None, description="Kept sealed and apart")


class SafetyBody(BaseModel):
    """What turned out later: that an order speaks of a danger, or of deaths."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hazard: StrictBool = True
    deaths_alleged: Annotated[StrictInt, Field(ge=0, le=_MOST_PEOPLE)] = 0
    note: Text


class OrderTaken(BaseModel):
    """An order that was taken, with what the platform made of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    status: str
    again: bool = Field(False, description="Whether the hotline's number was known already")
