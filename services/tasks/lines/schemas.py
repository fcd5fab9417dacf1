"""What the lines room takes and shows."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.organisations.schemas import Day


class NewSuperior(BaseModel):
    """Whom a unit reports to from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    superior: Annotated[str, Field(min_length=8, max_length=100)]
    effective_from: Day


class LineView(BaseModel):
    """A unit and everybody above it, nearest first."""

    on: date
    units: list[str]
