"""How supervisory orders are drafted, handled and shown."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import Uscc
from kernel.instants import Moment, ShanghaiTime
from reference.terms import SupervisionCause, SupervisionKind
from services.tasks.supervisions.domain import Drafted, Meeting, SupervisionStatus

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
UnitCode = Annotated[str, Field(pattern=r"^\d{6}\.[a-z0-9_]+$", max_length=100)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[date, Field(lt=date(2100, 1, 1))]
PostCode = Annotated[str, Field(pattern=r"^[0-9a-z_.]+$", max_length=150)]


class MeetingBody(BaseModel):
    """When and where an interview is, and which posts are heard; never who holds them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Moment
    place: Line
    interviewees: Annotated[list[PostCode], Field(min_length=1, max_length=50)]


class SupervisionText(BaseModel):
    """What a draft says; what is left out is taken from the cause, or from the kind's table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    addressees: Annotated[list[UnitCode], Field(max_length=50)] = Field(
        default_factory=list, description="Units; the first one answers for all"
    )
    enterprise_uscc: Uscc | None = Field(default=None, description="Instead of units")
    cc: Annotated[list[UnitCode], Field(max_length=50)] = Field(default_factory=list)
    title: Line | None = None
    matters: Annotated[list[Text], Field(max_length=30)] = Field(
        default_factory=list, description="What is required, point by point"
    )
    basis: Text | None = Field(default=None, description="The legal basis")
    due_on: Day | None = Field(
        default=None, description="The last day to answer; else what the kind usually has"
    )
    meeting: MeetingBody | None = Field(default=None, description="For interviews only")


class NewSupervision(SupervisionText):
    """An order to draft. A kind and an overdue cause suffice: the rest follows from them."""

    kind: SupervisionKind
    cause: SupervisionCause
    cause_id: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="An id, or `2023/9.2` for a duty of the plan; none when free"
    )
    cause_reason: Text | None = Field(default=None, description="Required for a free cause")
    issuer: UnitCode | None = Field(
        default=None, description="The actor's unit, or the committee that it is the office of"
    )
    follows: UUID | None = Field(default=None, description="The earlier order it follows from")

    def drafted(self) -> Drafted:
        """As operations take it."""
        return drafted(
            self,
            kind=self.kind,
            cause=self.cause,
            cause_id=self.cause_id,
            cause_reason=self.cause_reason,
            issuer=self.issuer,
            follows=self.follows,
        )


def drafted(body: SupervisionText, **settled: Any) -> Drafted:
    """What a draft says, with what stands of it already."""
    meeting = body.meeting
    return Drafted(
        addressees=tuple(dict.fromkeys(body.addressees)),
        enterprise_uscc=body.enterprise_uscc,
        cc=tuple(dict.fromkeys(body.cc)),
        title=body.title,
        matters=tuple(body.matters),
        basis=body.basis,
        due_on=body.due_on,
        meeting=Meeting(
            at=meeting.at, place=meeting.place, interviewees=tuple(meeting.interviewees)
        )
        if meeting
        else None,
        **settled,
    )


class WithdrawalBody(BaseModel):
    """Why an order is taken back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text


class LiftingBody(BaseModel):
    """What the check on site found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checked_on: date
    note: Text = Field(description="What was seen on site")
    record: Sha256 = Field(description="The record of the check, handed in about the order")


class FileDescribed(BaseModel):
    """What a file is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]


class SupervisionView(BaseModel):
    """An order as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    kind: SupervisionKind = Field(title="种类")
    number_text: str | None = Field(title="文号")
    status: SupervisionStatus = Field(title="状态")
    title: str = Field(title="标题")
    issuer: str = Field(title="下达单位")
    addressee: str = Field(title="主办单位或企业")
    addressees: list[str] = Field(title="受文单位")
    cc: list[str] = Field(title="抄送单位")
    cause: SupervisionCause = Field(title="事由类别")
    cause_id: str | None = Field(title="事由编号")
    follows: UUID | None = Field(title="前一文书")
    automatic: bool = Field(title="自动生成", description="Made by the platform itself")
    region_code: str = Field(title="行政区划")
    drafted_at: ShanghaiTime = Field(title="拟稿时间")
    issued_at: ShanghaiTime | None = Field(title="下达时间")
    due_at: ShanghaiTime | None = Field(title="答复期限")
    received_at: ShanghaiTime | None = Field(title="签收时间")
    answered_at: ShanghaiTime | None = Field(title="答复时间")
    round: int = Field(title="轮次")
    extended: int = Field(title="延期次数")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")
    acceptance_due_at: ShanghaiTime | None = Field(title="验收期限")
    acceptance_overdue_at: ShanghaiTime | None = Field(title="验收逾期")
    accepted_at: ShanghaiTime | None = Field(title="验收时间")
    closed_at: ShanghaiTime | None = Field(title="办结时间")


class ReceiptView(BaseModel):
    """Whether one addressee has signed for it."""

    model_config = ConfigDict(from_attributes=True)

    addressee: str
    due_at: ShanghaiTime
    received_at: ShanghaiTime | None
    overdue_at: ShanghaiTime | None


class SupervisionEntryView(BaseModel):
    """One step taken with an order."""

    model_config = ConfigDict(from_attributes=True)

    at: ShanghaiTime
    action: str
    status: SupervisionStatus
    made_by: str
    unit: str | None
    note: str | None
    detail: dict[str, Any]


class SupervisionFileView(BaseModel):
    """A file about an order."""

    model_config = ConfigDict(from_attributes=True)

    title: str
    sha256: str
    size: int
    media_type: str
    handed_in_at: ShanghaiTime


class SupervisionDetail(SupervisionView):
    """An order with its text, its receipts and every step."""

    matters: list[str]
    basis: str | None
    cause_reason: str | None
    due_on: date | None
    five: bool = Field(description="Whether answers show that the five are in place")
    rung: int = Field(description="How many steps of what follows delay were taken")
    meeting_at: ShanghaiTime | None
    meeting_place: str | None
    interviewees: list[str] | None
    met_at: ShanghaiTime | None
    attended: list[str] | None
    minutes: str | None
    receipts: list[ReceiptView]
    files: list[SupervisionFileView]
    entries: list[SupervisionEntryView]
