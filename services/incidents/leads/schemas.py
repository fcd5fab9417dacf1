"""What sources send, and how leads are shown to desks and to those who gave them."""

from datetime import timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import UUID7, BaseModel, ConfigDict, Field, StrictInt

from contracts.identifiers import RegionCode, Uscc
from reference.terms import FindingStatus, LeadSource
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.informants.schemas import NewInformant
from services.incidents.leads.domain import LeadAction, LeadStatus
from services.incidents.leads.rules import Match, Reason, Sighting
from services.incidents.leads.tables import Lead, LeadEntry
from services.incidents.reports.schemas import MOST_PEOPLE, Instant, Location, Message

_MOST_UNCERTAIN_H = 168


class NewLead(Message):
    """A sign of an accident that may not have been reported."""

    lead_id: UUID7 = Field(description="Made by the client; sent again, it has one effect.")
    source: LeadSource
    region_code: RegionCode
    place: Annotated[str, Field(min_length=1, max_length=200)]
    location: Location | None = None
    occurred_at: Instant
    uncertain_by_hours: Annotated[StrictInt, Field(ge=0, le=_MOST_UNCERTAIN_H)] = Field(
        0, description="By how many hours the time may be wrong."
    )
    enterprise_uscc: Uscc | None = None
    enterprise_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    deaths_alleged: Annotated[StrictInt, Field(ge=0, le=MOST_PEOPLE)] = 0
    account: Annotated[str, Field(max_length=4000)] | None = Field(
        None, description="What was told, in words; kept sealed."
    )
    informant: NewInformant | None = Field(None, description="Kept sealed and apart.")

    def sighting(self) -> Sighting:
        """Where and when it says that something happened."""
        return Sighting(
            region_code=self.region_code,
            occurred_at=self.occurred_at,
            place=self.place,
            enterprise_uscc=self.enterprise_uscc,
            lon=self.location.lon if self.location else None,
            lat=self.location.lat if self.location else None,
            uncertain_by=timedelta(hours=self.uncertain_by_hours),
        )


class LeadFollowed(BaseModel):
    """What the source of a lead may know of it: where it stands, and by when it will be settled."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: LeadStatus
    received_at: ShanghaiTime
    first_check_due_at: ShanghaiTime | None
    first_checked_at: ShanghaiTime | None
    result_due_at: ShanghaiTime | None
    settled_at: ShanghaiTime | None


class EntryView(BaseModel):
    """One step taken with a lead."""

    model_config = ConfigDict(from_attributes=True)

    at: ShanghaiTime
    action: LeadAction
    status: LeadStatus
    unit: str | None
    note: str | None
    accident_id: UUID | None


class LeadView(LeadFollowed):
    """A lead as the desks see it."""

    source: LeadSource = Field(title="线索来源")
    region_code: str = Field(title="行政区划")
    place: str = Field(title="地点")
    lon: float | None = Field(title="经度")
    lat: float | None = Field(title="纬度")
    occurred_at: ShanghaiTime = Field(title="发生时间")
    uncertain_by_hours: int = Field(title="时间误差（小时）")
    enterprise_uscc: str | None = Field(title="统一社会信用代码")
    enterprise_name: str | None = Field(title="企业名称")
    deaths_alleged: int = Field(title="反映死亡人数")
    unreported_deaths: int = Field(title="未报告死亡人数")
    unit: str = Field(title="核查单位")
    accident_id: UUID | None = Field(title="事故编号")
    score: int = Field(title="匹配分")
    reasons: list[Reason] = Field(title="匹配理由")
    informant_id: UUID | None = Field(title="举报人编号", description="None when anonymous.")
    first_check_overdue_at: ShanghaiTime | None = Field(title="初步查证超期")
    result_overdue_at: ShanghaiTime | None = Field(title="核查结果超期")
    finding_id: UUID | None = Field(title="认定编号")


class LeadStory(LeadView):
    """One lead with what was told and every step."""

    account: str | None
    entries: list[EntryView]

    @classmethod
    def of(cls, lead: Lead, entries: list[LeadEntry]) -> Self:
        """A lead with its steps."""
        shown = LeadView.model_validate(lead).model_dump()
        steps = [EntryView.model_validate(entry) for entry in entries]
        return cls(**shown, account=lead.account, entries=steps)


class Candidate(BaseModel):
    """A reported accident that a lead may be about."""

    accident_id: UUID
    score: int = Field(description="At 70 and above the platform itself takes it for the same.")
    reasons: list[Reason]
    unreported_deaths: int

    @classmethod
    def of(cls, accident_id: UUID, match: Match, *, unreported: int) -> Self:
        """An accident with how well it fits."""
        return cls(
            accident_id=accident_id,
            score=match.score,
            reasons=list(match.reasons),
            unreported_deaths=unreported,
        )


class Remark(Message):
    """Why, in a few words."""

    note: Annotated[str, Field(min_length=1, max_length=1000)]


class Linking(Remark):
    """Which reported accident a lead is about, and why."""

    accident_id: UUID


class Confirmation(Message):
    """That an accident was concealed. One that was never reported is opened by a report first."""

    accident_id: UUID
    finding_status: FindingStatus = Field(
        FindingStatus.PRELIMINARY, description="At least preliminary: no suspicion settles a lead."
    )
    evidence: Annotated[str, Field(min_length=1, max_length=4000)]
