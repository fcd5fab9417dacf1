"""How callers are stated, masked and shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from kernel.instants import ShanghaiTime
from kernel.sealed import Masked, NewRevealRequest, Opened, RevealStatus, Stated


class NewCaller(Stated):
    """Who called; an anonymous one leaves it out."""

    @property
    def named(self) -> bool:
        """Whether it is known who they are and how to reach them."""
        return self.name is not None and self.contact is not None


class MaskedCaller(Masked):
    """The first stage: that there is somebody, and whether they can be reached."""


class OpenCaller(Opened):
    """The second stage: who it is."""


class NewCallerReveal(NewRevealRequest):
    """Why somebody needs to know who it is."""


class CallerRevealView(BaseModel):
    """A request to see a caller in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    caller_id: UUID
    status: RevealStatus
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
