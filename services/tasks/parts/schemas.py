"""How parts are handed in, judged and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.tasks.evidence.schemas import EvidenceBody
from services.tasks.parts.domain import PartAction, PartRole, PartStatus

Words = Annotated[str, Field(min_length=1, max_length=4000)]


class HandInBody(EvidenceBody):
    """What a unit did of its part, and what proves it: the same as for a whole obligation."""

    evidence_id: UUID | None = Field(
        default=None, description="Evidence that the unit handed in for the obligation itself"
    )


class PartRemark(BaseModel):
    """What whoever accepts a part has to say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Words | None = None


class PartQuestion(BaseModel):
    """What is asked about a part that was handed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Words


class PartAnswer(BaseModel):
    """The answer to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: Words


class PartReason(BaseModel):
    """Why a part is returned, or its unit excused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Words


class PartView(BaseModel):
    """A unit's part of an obligation."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    obligation_id: UUID
    unit: str
    role: PartRole
    status: PartStatus
    duty: str = Field(description="That of the obligation: `<year>/<article>.<n>` of a plan")
    due_at: ShanghaiTime = Field(
        description="With the obligation, unless the part was given more time"
    )
    own_due_at: ShanghaiTime | None = Field(
        description="A later deadline than that of the obligation, if its unit was given one"
    )
    stopped_at: ShanghaiTime | None = Field(description="Since when its clock stands still")
    objected_at: ShanghaiTime | None = Field(
        description="Since when an objection of its unit waits for its decision"
    )
    opened_at: ShanghaiTime
    overdue_at: ShanghaiTime | None = Field(
        description="When it was found to hold the work past the deadline"
    )
    closed_at: ShanghaiTime | None


class PartEntryView(BaseModel):
    """One step taken with a part."""

    model_config = ConfigDict(from_attributes=True)

    part_id: UUID
    action: PartAction
    status: PartStatus
    note: str | None
    files: list[str]
    evidence_id: UUID | None
    unit: str | None
    at: ShanghaiTime


class HoldView(BaseModel):
    """That somebody held the work for a while."""

    model_config = ConfigDict(from_attributes=True)

    holder: str = Field(description="A unit, or `reviewer`")
    since: ShanghaiTime
    until: ShanghaiTime | None
