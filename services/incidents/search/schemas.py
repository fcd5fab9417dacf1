"""What a search answers."""

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import AccidentView, ShanghaiTime


class FoundAccidents(BaseModel):
    """One page of what was found, newest first."""

    model_config = ConfigDict(from_attributes=True)

    items: list[AccidentView]
    next_cursor: str | None = Field(description="Null when everything was searched.")
    searched_back_to: ShanghaiTime | None = Field(
        description="How far a page got that is not full though there is more to search."
    )
