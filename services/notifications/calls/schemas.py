"""What administrators send and see of calls."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.notifications.wording.schemas import Moment


class Replaying(BaseModel):
    """From when an endpoint is called again."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime = Field(description="Events told at or after this instant.")


class CallView(BaseModel):
    """One event on its way to an endpoint."""

    model_config = ConfigDict(from_attributes=True)

    call_id: UUID
    event_id: UUID
    subject: str
    aggregate_id: str
    status: str = Field(description="queued, succeeded, given_up or skipped.")
    reason: str | None
    attempts: int
    attempt_at: Moment | None = Field(description="When it is tried again.")
    last_status: int | None = Field(description="The HTTP status of the last attempt.")
    told_at: Moment


class CallPage(BaseModel):
    """A page of calls, newest first."""

    items: list[CallView]
    next_cursor: int | None = Field(description="Pass it as `cursor` for the page after this one.")


class Replayed(BaseModel):
    """How many events go out again."""

    queued: int
