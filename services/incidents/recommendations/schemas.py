"""How recommendations are made, proved and shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import Uscc
from contracts.incidents_cases import RecommendationKind
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.recommendations.domain import RecommendationStatus


class NewRecommendation(BaseModel):
    """What one unit or one enterprise has to do, by a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    kind: RecommendationKind
    unit: Annotated[str, Field(max_length=100)] | None = None
    enterprise_uscc: Uscc | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    due_on: date


class NewProof(BaseModel):
    """What was done, in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(min_length=1, max_length=4000)]


class Remark(BaseModel):
    """What the reviewer says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Annotated[str, Field(min_length=1, max_length=2000)]


class RecommendationView(BaseModel):
    """A recommendation as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    kind: RecommendationKind = Field(title="类别")
    unit: str | None = Field(title="责任单位")
    enterprise_uscc: str | None = Field(title="责任企业")
    owner: str = Field(title="跟踪单位")
    text: str = Field(title="内容")
    status: RecommendationStatus = Field(title="状态")
    round: int = Field(title="轮次")
    made_at: ShanghaiTime = Field(title="提出时间")
    due_at: ShanghaiTime = Field(title="期限")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")
    closed_at: ShanghaiTime | None = Field(title="销号时间")


class ProofFileView(BaseModel):
    """A file of a proof."""

    model_config = ConfigDict(from_attributes=True)

    proof_id: UUID
    sha256: str
    size: int
    media_type: str
    handed_in_at: ShanghaiTime


class ProofView(BaseModel):
    """What was handed in, and what was said of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    n: int
    note: str
    handed_in_at: ShanghaiTime
    from_unit: str | None
    verdict: RecommendationStatus | None
    remark: str | None
    reviewed_at: ShanghaiTime | None


class RecommendationDetail(RecommendationView):
    """A recommendation with every proof and its files."""

    proofs: list[ProofView]
    files: list[ProofFileView]
