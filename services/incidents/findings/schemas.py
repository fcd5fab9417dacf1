"""How findings are stated, judged and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import Finding, FindingStatus
from services.incidents.accidents.schemas import ShanghaiTime


class NewFinding(BaseModel):
    """A finding with its evidence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    kind: Finding
    status: FindingStatus = Field(
        FindingStatus.SUSPECTED,
        description="More than a suspicion is stated only by those who judge findings.",
    )
    evidence: Annotated[str, Field(min_length=1, max_length=4000)]


class Judgement(BaseModel):
    """Why a finding takes its next step."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=4000)]


class FindingView(BaseModel):
    """A finding as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    kind: Finding
    status: FindingStatus
    evidence: str
    found_at: ShanghaiTime
    unit: str | None


class StepView(BaseModel):
    """One step of a finding."""

    model_config = ConfigDict(from_attributes=True)

    status: FindingStatus = Field(description="The status that it reached.")
    at: ShanghaiTime
    by: str
    unit: str | None
    post: str | None
    reason: str


class FileView(BaseModel):
    """A file that proves a finding."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str = Field(description="Of its content; by it the file is fetched.")
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    added_at: ShanghaiTime


class FindingStory(FindingView):
    """A finding with its steps and files."""

    steps: list[StepView]
    files: list[FileView]
