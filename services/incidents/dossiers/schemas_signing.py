"""How the members of a team sign their report, and how its signatures are shown."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.dossiers.domain import SignatureStatus
from services.incidents.teams.domain import Organ, Part
from services.incidents.teams.schemas import masked

Words = Annotated[str, Field(min_length=1, max_length=5000, pattern=r"\S")]
Sha256 = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="The content that was read, as the dossier and the sheet state it.",
    ),
]


class NewSignature(BaseModel):
    """A member signs what they have read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content_sha256: Sha256
    opinion: Words | None = Field(None, description="What the member does not agree with.")


class NewSheet(NewSignature):
    """The lead records that a member without an account signed by hand."""

    sheet: Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")] = Field(
        description="The signed sheet: its number, or where it lies."
    )


class NewRefusal(BaseModel):
    """The lead records that a member does not sign, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content_sha256: Sha256
    reason: Words


class SignatureView(BaseModel):
    """One signature or refusal, as it was given."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    member_id: UUID
    content_sha256: str
    status: SignatureStatus
    organ: Organ
    part: Part
    unit: str | None
    said: str | None = Field(description="The dissenting opinion, or why somebody refused.")
    sheet: str | None
    signed_at: ShanghaiTime


class SignatureLine(BaseModel):
    """How a member of the team stands to the report as it reads now."""

    member_id: UUID
    name: Annotated[str, AfterValidator(masked)]
    organ: Organ
    unit: str | None
    part: Part
    rule: str | None = Field(description="By which rule the report waits for it; null if not.")
    status: SignatureStatus
    said: str | None
    signed_at: ShanghaiTime | None


class SignatureSheet(BaseModel):
    """The signatures of a report: who stands how to it as it reads, and all that was given."""

    accident_id: UUID
    generation: int
    content_sha256: str | None = Field(description="Null while parts are missing.")
    complete: bool = Field(description="Whether nobody's signature is waited for.")
    lines: Sequence[SignatureLine]
    given: Sequence[SignatureView] = Field(description="Oldest first, earlier contents too.")
