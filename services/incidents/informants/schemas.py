"""How informants are stated, masked and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.informants.domain import RevealStatus
from services.incidents.informants.tables import Informant

_SHOWN_TAIL = 4


class NewInformant(BaseModel):
    """Who gave the sign; an anonymous one leaves it out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    contact: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="A telephone number or an address."
    )


class MaskedInformant(BaseModel):
    """The first stage: that there is somebody, and whether they can be reached."""

    id: UUID
    name: str | None = Field(description="The first character only.")
    contact: str | None = Field(description="The last characters only.")
    sealed_at: ShanghaiTime

    @classmethod
    def of(cls, informant: Informant) -> Self:
        """An informant as anybody at the desk may see one."""
        return cls(
            id=informant.id,
            name=_masked(informant.name, head=1),
            contact=_masked(informant.contact, tail=_SHOWN_TAIL),
            sealed_at=informant.sealed_at,
        )


def _masked(text: str | None, *, head: int = 0, tail: int = 0) -> str | None:
    """A text with stars where its middle was; one too short to hide anything is all stars."""
    if text is None:
        return None
    if len(text) <= head + tail:
        return "***"
    return f"{text[:head]}***{text[len(text) - tail :]}"


class OpenInformant(BaseModel):
    """The second stage: who it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str | None
    contact: str | None


class NewReveal(BaseModel):
    """Why somebody needs to know who it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=500)]


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
