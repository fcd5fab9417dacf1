"""How findings are stated and shown."""

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
    status: FindingStatus = FindingStatus.PRELIMINARY
    evidence: Annotated[str, Field(min_length=1, max_length=4000)]


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
