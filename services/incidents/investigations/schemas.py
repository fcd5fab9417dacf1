"""How investigations are shown and their reports published."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from reference.terms import Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.investigations.domain import AssignmentReason, InvestigationStatus
from services.incidents.investigations.rules import Inquiry


def _only_text(value: Any) -> Any:
    """Refuse numbers, which would be read as seconds since 1970."""
    if isinstance(value, str):
        return value
    raise PydanticKnownError("date_type")


Day = Annotated[date, BeforeValidator(_only_text)]


class NewPublication(BaseModel):
    """That the report was published, where and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    published_on: Day
    title: Annotated[str, Field(min_length=1, max_length=300)]
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://")] | None = None
    source: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")] | None = Field(
        None,
        description="The notice by which it is known here, where a government above the city"
        " holds the case and does not conduct it on the platform.",
    )


class PublicationView(BaseModel):
    """What was published of an investigation."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID
    published_on: date
    title: str
    url: str | None
    source: str | None = Field(description="Where a level below the holder has it from.")
    recorded_at: ShanghaiTime


class AssignmentView(BaseModel):
    """A holder the investigation had, and why."""

    model_config = ConfigDict(from_attributes=True)

    level: Level
    unit: str
    reason: AssignmentReason
    rule: str
    assigned_at: ShanghaiTime


class CaseView(BaseModel):
    """One generation of an investigation as it stands."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID
    generation: int
    status: InvestigationStatus
    level: Level
    unit: str
    inquiry: Inquiry
    delegated_to: str | None
    starts_on: date
    opened_at: ShanghaiTime
    reason: str | None = Field(description="Why it was reopened.")
    document: str | None = Field(description="The document that approved the reopening.")
    began_at: ShanghaiTime | None
    submitted_at: ShanghaiTime | None
    approved_at: ShanghaiTime | None
    published_at: ShanghaiTime | None
    closed_at: ShanghaiTime | None
    overdue_at: ShanghaiTime | None


class InvestigationView(BaseModel):
    """An investigation: who holds it, who held it before, what was published."""

    accident_id: UUID
    level: Level
    unit: str
    levels_up: int = Field(description="How far it has climbed above the grade's own level.")
    assignments: list[AssignmentView]
    publication: PublicationView | None
    generations: list[CaseView] = Field(description="Oldest first; the last one counts.")
