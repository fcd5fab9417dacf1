"""How the parts of a report are written and shown, and how a report is decided on."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.dossiers.domain import Decision, Part

Reason = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Document = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class NewPart(BaseModel):
    """The text of one part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"\S")]


class PartView(BaseModel):
    """One part as it stands."""

    model_config = ConfigDict(from_attributes=True)

    part: Part
    version: int
    text: str
    written_at: ShanghaiTime


class NewDecision(BaseModel):
    """What the government decided on the report, why, and in which document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Decision
    reason: Reason
    document: Document = Field(description="The document's number (批复文号).")


class SubmissionView(BaseModel):
    """One time the report was handed in."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID
    generation: int
    number: int
    parts: list[str]
    content_sha256: str | None = Field(description="The content that the team signed.")
    to_unit: str
    submitted_at: ShanghaiTime
    decision: str | None
    reason: str | None
    document: str | None
    decided_at: ShanghaiTime | None


class Dossier(BaseModel):
    """The report of an investigation: what is written, what is missing, what was decided."""

    accident_id: UUID
    generation: int
    parts: list[PartView]
    missing: list[Part]
    content_sha256: str | None = Field(
        description="What a member signs, once they have read it; null while parts are missing."
    )
    submissions: list[SubmissionView]
