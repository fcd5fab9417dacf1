"""How delegations, decisions on grounds and listed supervision are stated and shown."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.climbs.rules import Ground
from services.incidents.investigations.schemas import Day

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Code = Annotated[str, Field(min_length=1, max_length=100)]


class NewDelegation(BaseModel):
    """To whom, why, and in which document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Code = Field(description="A department's unit code, or the enterprise's credit code.")
    reason: Text
    document: Text


class DelegationView(BaseModel):
    """Who was entrusted."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    generation: int
    by_unit: str
    to: str
    rule: str
    reason: str
    document: str
    decided_at: ShanghaiTime


class GroundView(BaseModel):
    """A ground for taking a case up."""

    code: str
    zh: str
    en: str
    rule: str
    binding: bool
    levels_up: int
    stands: bool | None = Field(description="What the figures say; null where people judge.")

    @classmethod
    def of(cls, ground: Ground) -> Self:
        """A ground as it is offered."""
        row = ground.row
        return cls(
            code=row.code,
            zh=row.zh,
            en=row.en,
            rule=row.rule,
            binding=row.mandatory,
            levels_up=row.levels_up,
            stands=ground.stands,
        )


class NewClimb(BaseModel):
    """Whether a case is taken up on a ground, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ground: Code
    taken: bool
    reason: Text


class ClimbView(BaseModel):
    """What was decided on a ground."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    generation: int
    ground: str
    rule: str
    taken: bool
    reason: str
    from_level: Level
    to_level: Level
    decided_at: ShanghaiTime
    unit: str | None


class NewListing(BaseModel):
    """The notice of a list, what it asks, and when it arrived."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notice: Text
    matters: Text = Field(description="What is to be done, and how the supervision is lifted.")
    notified_on: Day


class NewConsent(BaseModel):
    """What the list's office says to the draft report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opinion: Text


class ListingView(BaseModel):
    """Listed supervision as it stands."""

    model_config = ConfigDict(from_attributes=True)

    accident_id: UUID
    generation: int
    level: Level
    unit: str
    notice: str
    matters: str
    notified_on: date
    due_at: ShanghaiTime
    rule: str
    consented_at: ShanghaiTime | None
    consented_to: int | None = Field(
        description="The number of the hand-in that was agreed to; another one needs it anew."
    )
    opinion: str | None
    lifted_at: ShanghaiTime | None
    overdue_at: ShanghaiTime | None


class Standing(BaseModel):
    """Who may take, was entrusted with, or supervises an investigation."""

    grounds: list[GroundView]
    climbs: list[ClimbView]
    delegations: list[DelegationView]
    supervision: ListingView | None
