"""How the four questions are answered and shown, and how a case is reopened."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.closings.domain import Question

Text = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]


class NewAnswer(BaseModel):
    """Whether a question is settled, and what shows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    met: bool
    evidence: Text


class AnswerView(BaseModel):
    """The newest answer to a question."""

    model_config = ConfigDict(from_attributes=True)

    question: Question
    version: int
    met: bool
    evidence: str
    checked_at: ShanghaiTime
    unit: str | None


class Questions(BaseModel):
    """The four questions: what was answered, and what keeps the case from closing."""

    answers: list[AnswerView]
    unsettled: list[Question]


class NewGeneration(BaseModel):
    """Why a closed investigation is reopened, and the document that approves it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text
    document: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
