"""How evidence is described, handed on and shown."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.evidence import domain
from services.incidents.evidence.domain import EvidenceKind
from services.incidents.evidence.tables import Custody
from services.incidents.teams.schemas import masked

# What comes in a query has not been through the strict parser of bodies.
_NO_NUL = r"^[^\x00]+$"
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=_NO_NUL)]


class Described(BaseModel):
    """What an item is and how the team came by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    kind: EvidenceKind
    title: Annotated[str, Field(min_length=1, max_length=300, pattern=_NO_NUL)]
    collected_at: AwareDatetime
    giver: Name = Field(description="From whom or where the team has it.")
    taker: Name = Field(description="Who of the team took it.")
    why: Words


class HandOver(BaseModel):
    """To whom an item goes, and why. Who has it now gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    taker: Name
    unit: Annotated[str, Field(max_length=100)] | None = None
    why: Words


class Reason(BaseModel):
    """Why an item no longer counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Words


class EvidenceView(BaseModel):
    """One item of evidence."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    kind: EvidenceKind = Field(title="种类")
    title: str = Field(title="名称")
    sha256: str = Field(title="校验值")
    size: int = Field(title="字节数")
    media_type: str = Field(title="格式")
    collected_at: ShanghaiTime = Field(title="提取时间")
    taken_in_at: ShanghaiTime = Field(title="登记时间")


class CustodyView(BaseModel):
    """One hand-over; names are shown by their first characters."""

    model_config = ConfigDict(from_attributes=True)

    n: int
    giver: Annotated[str, AfterValidator(masked)]
    taker: Annotated[str, AfterValidator(masked)]
    unit: str | None
    why: str
    at: ShanghaiTime
    link: str


class WithdrawalView(BaseModel):
    """That an item no longer counts."""

    model_config = ConfigDict(from_attributes=True)

    reason: str
    at: ShanghaiTime


class EvidenceDetail(EvidenceView):
    """An item with everybody who had it."""

    custody: list[CustodyView]
    unbroken: bool = Field(description="Whether no hand-over was altered or is missing.")
    withdrawal: WithdrawalView | None


class Checked(BaseModel):
    """What a reading of the stored file showed."""

    evidence_id: UUID
    sha256: str
    intact: bool = Field(description="Whether the file is, byte by byte, what was taken in.")
    unbroken: bool = Field(description="Whether no hand-over was altered or is missing.")


def link_of(before: str, row: Custody) -> str:
    """The link that a hand-over's own words give."""
    at = row.at.timestamp()
    return domain.link(
        before, row.evidence_id, row.n, row.giver, row.taker, row.unit, row.why, at, row.by
    )


def is_unbroken(rows: Iterable[Custody]) -> bool:
    """Whether the hand-overs of one item hang together."""
    held = list(rows)
    links, before = [], domain.FIRST
    for row in held:
        links.append((row.link, link_of(before, row)))
        before = row.link
    return domain.unbroken([row.n for row in held], links)
