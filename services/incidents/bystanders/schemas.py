"""What the public sends, and how it is answered and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import UUID7, BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode
from services.incidents import masking
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.bystanders.domain import Status
from services.incidents.bystanders.rules import Doubt
from services.incidents.bystanders.tables import PublicReport
from services.incidents.reports.schemas import Count, Instant, Location, Message, Name, NewReport

Code = Annotated[str, Field(pattern=r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){4}$")]


class NewPublicReport(Message):
    """What somebody at the scene saw. Only the words are required."""

    public_report_id: UUID7 = Field(description="Made by the client; sent again, one effect.")
    text: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="What was seen. Sealed: it may tell who writes."
    )
    seen_at: Instant | None = None
    region_code: RegionCode | None = None
    place: Name | None = None
    location: Location | None = None
    enterprise_name: Name | None = None
    deaths: Count = 0
    missing: Count = 0
    injured: Count = 0
    trapped: Count = 0
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="May be left out. Sealed."
    )
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{2,30}$")] | None = Field(
        None, description="May be left out. Sealed."
    )


class PublicReceipt(BaseModel):
    """What the reporter gets. The code is the only way to ask what became of it."""

    public_report_id: UUID
    follow_code: str
    status: Status
    received_at: ShanghaiTime
    due_at: ShanghaiTime = Field(description="By when a desk looks into it.")
    telephone: list[str] = Field(description="Whom to telephone when somebody is in danger.")


class FollowCode(Message):
    """The code of a receipt."""

    follow_code: Code


class PublicStatus(BaseModel):
    """What became of a report; nothing of the accident itself."""

    public_report_id: UUID
    status: Status
    received_at: ShanghaiTime
    due_at: ShanghaiTime
    decided_at: ShanghaiTime | None
    reason: str | None = Field(description="Why it was dismissed, if it was.")
    words: str = Field(description="The status in words.")

    @classmethod
    def of(cls, report: PublicReport, *, chinese: bool) -> Self:
        """As its reporter sees it."""
        zh, en = _WORDS[report.stands]
        return cls(
            public_report_id=report.id,
            status=report.stands,
            received_at=report.received_at,
            due_at=report.due_at,
            decided_at=report.decided_at,
            reason=report.reason if report.stands is Status.DISMISSED else None,
            words=zh if chinese else en,
        )


_WORDS = {
    Status.AWAITING: ("已收到，等待值班人员核实", "received; a desk will look into it"),
    Status.TO_CHECK: ("已收到，等待值班人员甄别", "received; a desk will look at it closely"),
    Status.CONFIRMED: ("已核实，正在处置", "confirmed; it is being dealt with"),
    Status.DISMISSED: ("经核实未作为事故受理", "looked into and not taken for an accident"),
}


class PublicReportLine(BaseModel):
    """A report of the public in a list, without its words and its people."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    region_code: str = Field(title="行政区划")
    status: Status = Field(title="状态")
    doubts: list[Doubt] = Field(title="疑点")
    place: str | None = Field(title="地点")
    lon: float | None = Field(title="经度")
    lat: float | None = Field(title="纬度")
    enterprise_name: str | None = Field(title="单位名称")
    deaths: int = Field(title="死亡")
    missing: int = Field(title="失联")
    injured: int = Field(title="受伤")
    trapped: int = Field(title="被困")
    seen_at: ShanghaiTime | None = Field(title="所述时间")
    received_at: ShanghaiTime = Field(title="收到时间")
    due_at: ShanghaiTime = Field(title="核实时限")
    overdue_at: ShanghaiTime | None = Field(title="超时")
    decided_at: ShanghaiTime | None = Field(title="处理时间")
    unit: str | None = Field(title="处理单位")
    reason: str | None = Field(title="理由")
    accident_id: UUID | None = Field(title="事故编号")


class PublicReportView(PublicReportLine):
    """A report of the public as a desk reads it, its people masked."""

    text: str
    name: str | None = Field(description="Masked.")
    phone: str | None = Field(description="Masked.")

    @classmethod
    def of(cls, report: PublicReport) -> Self:
        """As a desk reads it."""
        view = cls.model_validate(report)
        masked = {"name": masking.name(report.name), "phone": masking.phone(report.phone)}
        return view.model_copy(update=masked)


class Reporter(BaseModel):
    """Who reported, in full. Asking for it leaves a record."""

    name: str | None
    phone: str | None


class Opening(Message):
    """The accident that a desk opens after it has looked."""

    report: NewReport


class Joining(Message):
    """The accident that the report is about."""

    accident_id: UUID


class Dismissal(Message):
    """Why it is no accident."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]
