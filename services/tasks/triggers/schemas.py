"""What is said when a duty is set off by a person."""

from datetime import date
from typing import Annotated

from pydantic import UUID7, BaseModel, ConfigDict, Field, StringConstraints

_MOST = 1_000

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class HappeningBody(BaseModel):
    """That something happened which a duty of the plan is tied to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    happening_id: UUID7 = Field(description="Made by the client; sent again, it has one effect")
    year: Annotated[int, Field(ge=2000, le=2100)] = Field(description="Of the plan")
    duty: Annotated[str, Field(pattern=r"^\d{1,3}\.\d{1,3}$")] = Field(
        description="The number of an event-triggered duty in its newest version: `3.5`"
    )
    happened_on: date = Field(description="In the year of the plan, today at the latest")
    reason: Annotated[str, Field(min_length=1, max_length=4000)] = Field(
        description="What happened, and where that is written"
    )
    only: Annotated[tuple[Code, ...], Field(min_length=1, max_length=_MOST)] | None = Field(
        None,
        description="Units and enterprises of those meant, all of them in one ask; everybody where "
        "none is named. One that is not known, or not meant, is refused by name with all the rest",
    )
