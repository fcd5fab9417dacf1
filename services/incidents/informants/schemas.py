"""How informants are stated, masked and shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from kernel.sealed import Masked, NewRevealRequest, Opened, RevealStatus, Stated
from services.incidents.accidents.schemas import ShanghaiTime


class NewInformant(Stated):
    """Who gave the sign; an anonymous one leaves it out."""


class MaskedInformant(Masked):
    """The first stage: that there is somebody, and whether they can be reached."""


class OpenInformant(Opened):
    """The second stage: who it is."""


class NewReveal(NewRevealRequest):
    """Why somebody needs to know who it is."""


class RevealView(BaseModel):
    """A request to see an informant in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    informant_id: UUID
    status: RevealStatus
    reason: str
    asked_by: str
    asked_at: ShanghaiTime
    decided_by: str | None
    decided_at: ShanghaiTime | None
