"""How callers are stated, masked and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.tasks.callers.domain import CallerRevealStatus
from services.tasks.callers.tables import Caller

_SHOWN_TAIL = 4


class NewCaller(BaseModel):
    """Who called; an anonymous one leaves it out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    contact: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="A telephone number or an address"
    )

    @property
    def named(self) -> bool:
        """Whether it is known who they are and how to reach them."""
        return self.name is not None and self.contact is not None


class MaskedCaller(BaseModel):
    """The first stage: that there is somebody, and whether they can be reached."""

    id: UUID
    name: str | None = Field(description="The first character only")
    contact: str | None = Field(description="The last characters only")
    sealed_at: ShanghaiTime

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """A caller as the desk may see one."""
        return cls(
            id=caller.id,
            name=_masked(caller.name, head=1),
            contact=_masked(caller.contact, tail=_SHOWN_TAIL),
            sealed_at=caller.sealed_at,
        )


def _masked(text: str | None, *, head: int = 0, tail: int = 0) -> str | None:
    """A text with stars where its middle was; one too short to hide anything is all stars."""
    if text is None:
        return None
    if len(text) <= head + tail:
        return "***"
    return f"{text[:head]}***{text[len(text) - tail :]}"


class OpenCaller(BaseModel):
    """The second stage: who it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str | None
    contact: str | None


class NewCallerReveal(BaseModel):
    """Why somebody needs to know who it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class CallerRevealView(BaseModel):
    """A request to see a caller in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    caller_id: UUID
    status: CallerRevealStatus
    reason: str
    asked_by: str
    asked_at: ShanghaiTime
    decided_by: str | None
    decided_at: ShanghaiTime | None


class LookView(BaseModel):
    """One look at a caller."""

    model_config = ConfigDict(from_attributes=True)

    at: ShanghaiTime
    looked_by: str
    unit: str | None
    in_full: bool
    reveal_id: UUID | None
