"""How transfers are proposed, moved on and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.transfers.domain import Addressee, TransferStatus


class NewTransfer(BaseModel):
    """What is suspected, and who of the team looks into it. No names of suspects."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    addressee: Addressee
    matter: Annotated[str, Field(min_length=1, max_length=4000)]
    officers: Annotated[list[UUID], Field(max_length=20)]


class Motion(BaseModel):
    """The document or receipt of an action, and what is to be said of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    note: Annotated[str, Field(min_length=1, max_length=4000)]


class TransferView(BaseModel):
    """A transfer as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    addressee: Addressee = Field(title="受移送机关")
    unit: str = Field(title="移送单位")
    matter: str = Field(title="涉嫌事项")
    status: TransferStatus = Field(title="状态")
    proposed_at: ShanghaiTime = Field(title="提出时间")
    since: ShanghaiTime = Field(title="状态起始")
    due_at: ShanghaiTime | None = Field(title="时限")
    rule: str | None = Field(title="依据")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")


class TransferStepView(BaseModel):
    """One step of a transfer."""

    model_config = ConfigDict(from_attributes=True)

    n: int
    status: TransferStatus
    at: ShanghaiTime
    due_at: ShanghaiTime | None
    late_by_seconds: int = Field(description="0 when in time.")
    reference: str | None
    note: str | None


class TransferDetail(TransferView):
    """A transfer with every step it took."""

    officers: list[UUID]
    steps: list[TransferStepView]
