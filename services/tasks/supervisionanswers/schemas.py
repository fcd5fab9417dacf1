"""How answers, requests for more time and minutes are handed in, judged and shown."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from kernel.instants import ShanghaiTime
from reference.terms import InPlace
from services.tasks.supervisionanswers.domain import AskedMore, Commitment, Five, Shown, Verdict
from services.tasks.supervisions.schemas import Day, Line, PostCode, Sha256, Text


class ShownBody(BaseModel):
    """Whether one of the five is in place, and what shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    in_place: StrictBool
    evidence: Text


class AnswerBody(BaseModel):
    """What was done."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text
    files: Annotated[list[Sha256], Field(max_length=50)] = Field(
        default_factory=list, description="Files handed in about the order, by their SHA-256"
    )
    five: dict[InPlace, ShownBody] | None = Field(
        default=None, description="All of the five, where the order asks for them"
    )

    def shown(self) -> Five | None:
        """The five as operations take them."""
        if self.five is None:
            return None
        return {
            one: Shown(in_place=said.in_place, evidence=said.evidence)
            for one, said in self.five.items()
        }


class AcceptanceBody(BaseModel):
    """What is said with an acceptance."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Text | None = None


class ReturnBody(BaseModel):
    """What is missing, and by when it is answered anew."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    missing: Text
    due_on: Day | None = Field(default=None, description="Else what a further answer usually has")


class MoreTimeBody(BaseModel):
    """How much more time is asked for, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    working_days: Annotated[StrictInt, Field(ge=1, le=366)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class RemarkBody(BaseModel):
    """Why it is given or refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Annotated[str, Field(min_length=1, max_length=1000)]


class CommitmentBody(BaseModel):
    """What was promised, and by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Line
    due_on: Day

    def promised(self) -> Commitment:
        """As operations take it."""
        return Commitment(text=self.text, due_on=self.due_on)


class MinutesBody(BaseModel):
    """What came of an interview. Posts attended, not people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    held_at: AwareDatetime
    attended: Annotated[list[PostCode], Field(min_length=1, max_length=100)]
    minutes: Sha256 = Field(description="The file of the minutes, handed in about the order")
    commitments: Annotated[list[CommitmentBody], Field(max_length=50)] = Field(default_factory=list)


class AnswerView(BaseModel):
    """What was answered in one round, and the verdict."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    supervision_id: UUID
    round: int
    text: str
    files: list[str]
    five: dict[str, Any] | None
    unit: str | None
    answered_at: ShanghaiTime
    late: bool
    verdict: Verdict | None
    remark: str | None
    judged_at: ShanghaiTime | None


class MoreTimeView(BaseModel):
    """A request for more time."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    supervision_id: UUID
    status: AskedMore
    working_days: int
    reason: str
    due_before: ShanghaiTime
    due_after: ShanghaiTime | None
    asked_at: ShanghaiTime
    decided_at: ShanghaiTime | None
    remark: str | None


class CommitmentView(BaseModel):
    """What was promised in an interview."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    text: str
    due_at: ShanghaiTime
    kept_at: ShanghaiTime | None
    overdue_at: ShanghaiTime | None
