"""How evidence is handed in, reviewed and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from kernel.instants import ShanghaiTime
from services.tasks.obligations.schemas import ObligationView

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class EvidenceView(BaseModel):
    """What was handed in, and the reviewer's verdict."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    note: str
    figures: dict[str, float] | None
    submitted_at: ShanghaiTime
    verdict: str | None
    remark: str | None
    reviewed_at: ShanghaiTime | None


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
