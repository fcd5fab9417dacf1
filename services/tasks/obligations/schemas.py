"""What the obligations room takes and shows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from contracts.tasks import ObligationKind
from services.tasks.obligations.domain import Status

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class ObligationView(BaseModel):
    """What one subject has to do, and where it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: ObligationKind
    status: Status
    origin: UUID = Field(description="The accident that asks for it")
    cause: str = Field(description="Which fact about the accident asks for it")
    duty: str = Field(description="`<year>/<article>.<n>` for a duty of a plan")
    unit: str | None
    enterprise_uscc: str | None
    region_code: str
    rule: str = Field(description="The version of the rule it was opened under")
    due_at: datetime
    opened_at: datetime
    overdue_at: datetime | None = Field(description="When it was found overdue")
    closed_at: datetime | None


class EvidenceView(BaseModel):
    """What was handed in, and the reviewer's verdict."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    note: str
    figures: dict[str, float] | None
    submitted_at: datetime
    verdict: str | None
    remark: str | None
    reviewed_at: datetime | None


class ObligationDetail(ObligationView):
    """An obligation with everything handed in for it."""

    evidence: list[EvidenceView]


class EvidenceBody(BaseModel):
    """Evidence that a duty was done."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field(description="What was done, when and where")
    figures: dict[str, FiniteFloat] | None = Field(
        default=None, max_length=50, description="Figures by the name of their metric"
    )


class AcceptBody(BaseModel):
    """An acceptance."""

    model_config = ConfigDict(extra="forbid")

    remark: Text | None = None


class ReturnBody(BaseModel):
    """A return, with what is missing."""

    model_config = ConfigDict(extra="forbid")

    remark: Text = Field(description="What is missing")
