"""How qualifications are stated and shown."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.qualifications.domain import Cause, QualificationStatus
from services.incidents.qualifications.tables import QualificationVersion
from services.incidents.reports.schemas import Message

Opinion = Annotated[str, Field(min_length=1, max_length=4000)]
Document = Annotated[str, Field(min_length=1, max_length=100)]


class Qualifying(Message):
    """That it is a production-safety accident, as the investigation found."""

    opinion: Opinion
    document: Document | None = None


class StrikeOffRequest(Message):
    """Why it should not count; the opinion is that of the investigation."""

    cause: Cause
    opinion: Opinion
    document: Document | None = None


class StrikeOffDecision(Message):
    """What the committee office above decided."""

    deciding_unit: Annotated[str, Field(pattern=r"^\d{6}\.committee_office$")] = Field(
        description="The committee office whose decision this is: 430000.committee_office."
    )
    opinion: Opinion
    document: Document


class DecisionView(BaseModel):
    """One decision."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    status: QualificationStatus
    cause: Cause | None
    opinion: str
    document: str | None
    basis: str
    deciding_unit: str | None
    unit: str | None
    decided_at: ShanghaiTime


class QualificationView(BaseModel):
    """What an accident counts as, and how it came to that."""

    accident_id: UUID
    status: QualificationStatus
    decisions: list[DecisionView]

    @classmethod
    def of(cls, accident_id: UUID, versions: Sequence[QualificationVersion]) -> Self:
        """The last decision and those before it; without one it is still to be qualified."""
        status = versions[-1].status if versions else QualificationStatus.PENDING
        return cls(
            accident_id=accident_id,
            status=QualificationStatus(status),
            decisions=[DecisionView.model_validate(one) for one in versions],
        )
