"""What the rosters room takes and shows."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from services.tasks.organisations.schemas import UnitBody


class Statement(BaseModel):
    """What a unit and its posts are from a day on. A post that is left out ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: UnitBody
    effective_from: date
