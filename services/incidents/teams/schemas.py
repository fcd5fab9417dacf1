"""How teams are named, shown and checked."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from reference.terms import Regime
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.teams import rules
from services.incidents.teams.domain import (
    MemberStatus,
    Organ,
    Part,
    RecusalStatus,
    Relation,
)
from services.incidents.teams.tables import Member


class NewMember(BaseModel):
    """Whom to put on the team, for which organ."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    account: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=100)]
    organ: Organ
    unit: Annotated[str, Field(max_length=100)] | None = None
    part: Part = Part.MEMBER
    invited: bool = Field(False, description="Asked to come, and not yet on the team.")


def masked(name: str) -> str:
    """A name by its first character."""
    return name[:1] + "*" * max(len(name) - 1, 1)


class MemberView(BaseModel):
    """A place on a team; the name is shown by its first character."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    name: Annotated[str, AfterValidator(masked)] = Field(title="姓名")
    organ: Organ = Field(title="派出机关")
    unit: str | None = Field(title="单位")
    part: Part = Field(title="组内职务")
    status: MemberStatus = Field(title="状态")
    named_at: ShanghaiTime = Field(title="确定时间")
    joined_at: ShanghaiTime | None = Field(title="到组时间")
    left_at: ShanghaiTime | None = Field(title="离组时间")
    mine: bool = Field(False, title="本人", description="Whether it is the caller's own place.")


class MissingOrgan(BaseModel):
    """An organ that nobody stands for."""

    organ: str
    zh: str
    en: str
    presence: str
    rule: str


class Composition(BaseModel):
    """Whether the law's organs are on the team, and which are not."""

    complete: bool
    lead: bool = Field(description="Whether somebody leads the team.")
    missing: list[MissingOrgan]

    @classmethod
    def of(cls, members: Sequence[Member], *, regime: Regime, on: date) -> Self:
        """The check of a team as it stands, by the law of a day."""
        joined = {member.organ for member in members if member.stands is MemberStatus.ACTIVE}
        asked = {member.organ for member in members if member.stands is MemberStatus.INVITED}
        rows = rules.missing_organs(joined=joined, asked=asked, regime=regime, on=on)
        lead = any(
            member.part == Part.LEAD and member.stands is MemberStatus.ACTIVE for member in members
        )
        return cls(
            complete=lead and not rows,
            lead=lead,
            missing=[
                MissingOrgan(
                    organ=row.code, zh=row.zh, en=row.en, presence=row.presence, rule=row.rule
                )
                for row in rows
            ],
        )


class NewRecusal(BaseModel):
    """How a member stands to the accident or the enterprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    member_id: UUID
    relation: Relation
    ground: Annotated[str, Field(min_length=1, max_length=2000)]
    declared: bool = Field(False, description="Said by the member; else asked for by others.")


class Decision(BaseModel):
    """What the deciding post says, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class RecusalView(BaseModel):
    """A recusal as it stands; its ground stays with those who decide."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    accident_id: UUID
    member_id: UUID
    relation: Relation
    declared: bool
    status: RecusalStatus
    asked_at: ShanghaiTime
    decided_at: ShanghaiTime | None
    reason: str | None


class TeamView(BaseModel):
    """A team with what its composition lacks."""

    accident_id: UUID
    composition: Composition
    members: list[MemberView]
    recusals: list[RecusalView]
