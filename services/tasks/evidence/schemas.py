"""How evidence is handed in, reviewed and shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from contracts.identifiers import check_uscc
from kernel import calendar
from kernel.instants import Moment, ShanghaiTime
from reference.cityrows import Place
from reference.terms import EvidenceKind
from services.tasks.credits.rules import Uncounted
from services.tasks.evidence.domain import EvidenceState
from services.tasks.evidence.rules import FlagKind
from services.tasks.evidence.tables import Evidence, EvidenceFile, EvidenceFlag, EvidenceQuestion
from services.tasks.obligations.schemas import ObligationView
from services.tasks.plans.schemas import DutyView

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


def _unit_or_enterprise(code: str) -> str:
    """Nobody is named here: what is no code of a unit, which has a dot, is a credit code."""
    return code if "." in code else check_uscc(code)


Code = Annotated[Short, AfterValidator(_unit_or_enterprise)]


class ActivityView(BaseModel):
    """A sort of act."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    zh: str
    en: str


class FileView(BaseModel):
    """A file, and what it says of itself."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: EvidenceKind
    sha256: str
    size: int
    media_type: str
    taken_at: ShanghaiTime | None = Field(description="When a photo says it was taken")
    lon: float | None
    lat: float | None
    added_at: ShanghaiTime


class FlagView(BaseModel):
    """Something that looks wrong, and the earlier evidence that it contradicts."""

    model_config = ConfigDict(from_attributes=True)

    kind: FlagKind
    reason_zh: str
    reason_en: str
    contradicts: UUID | None
    found_at: ShanghaiTime


class QuestionView(BaseModel):
    """What a reviewer asked, and the answer."""

    model_config = ConfigDict(from_attributes=True)

    question: str
    asked_at: ShanghaiTime
    answer: str | None
    answered_at: ShanghaiTime | None


class EvidenceView(BaseModel):
    """What was handed in about one act, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    obligation_id: UUID = Field(title="任务")
    subject: str = Field(title="责任主体")
    state: EvidenceState = Field(title="状态")
    kind: EvidenceKind = Field(title="佐证种类")
    note: str = Field(title="说明")
    figures: dict[str, float] | None = Field(title="数据")
    activity: str | None = Field(title="活动类型")
    happened_on: date | None = Field(title="开展日期")
    happened_at: ShanghaiTime | None = Field(title="开展时间")
    place: str | None = Field(title="地点")
    lon: float | None = Field(title="经度")
    lat: float | None = Field(title="纬度")
    attending: int | None = Field(title="参加人数")
    held_with: list[str] = Field(title="联合开展单位")
    host: str | None = Field(title="主办单位")
    submitted_at: ShanghaiTime = Field(title="提交时间")
    verdict: str | None = Field(title="审核结论")
    remark: str | None = Field(title="审核意见")
    reviewed_at: ShanghaiTime | None = Field(title="审核时间")
    counts: bool = Field(
        title="是否计入", description="Accepted, and one of those that the obligation asks for"
    )
    uncounted: Uncounted | None = Field(
        title="不计入原因",
        description="Why it does not count though accepted, or would not if it were",
    )
    withdrawn_at: ShanghaiTime | None = Field(title="撤销时间")
    withdrawn_why: str | None = Field(title="撤销理由")


class PieceView(EvidenceView):
    """A piece of evidence with its files, what looks wrong with it, and what was asked."""

    uncounted_zh: str | None
    uncounted_en: str | None
    files: list[FileView] = Field(default_factory=list)
    flags: list[FlagView] = Field(default_factory=list)
    questions: list[QuestionView] = Field(default_factory=list)


class ObligationDetail(ObligationView):
    """An obligation with what the plan says and everything handed in for it."""

    asks: DutyView | None = Field(description="The duty as the plan words it; null where none does")
    evidence: list[PieceView]
    evidence_until: date | None = Field(
        description="The last day on which evidence is taken; null where there is no period"
    )


def pieces(
    evidence: Iterable[Evidence],
    *,
    files: Sequence[EvidenceFile],
    flags: Sequence[EvidenceFlag],
    questions: Sequence[EvidenceQuestion],
) -> list[PieceView]:
    """Pieces of evidence, each with what belongs to it."""
    beside: dict[UUID | None, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        beside[file.evidence_id]["files"].append(FileView.model_validate(file))
    for flag in flags:
        beside[flag.evidence_id]["flags"].append(FlagView.model_validate(flag))
    for question in questions:
        beside[question.evidence_id]["questions"].append(QuestionView.model_validate(question))
    return [
        PieceView(**_stated(EvidenceView.model_validate(row)), **beside[row.id]) for row in evidence
    ]


def _stated(row: EvidenceView) -> dict[str, Any]:
    why = row.uncounted
    return row.model_dump() | {"uncounted_zh": why and why.zh, "uncounted_en": why and why.en}


class PointBody(BaseModel):
    """A point in CGCS2000 degrees."""

    model_config = ConfigDict(extra="forbid")

    lon: Annotated[FiniteFloat, Field(ge=-180, le=180)]
    lat: Annotated[FiniteFloat, Field(ge=-90, le=90)]

    @property
    def place(self) -> Place:
        """The point as the packs know it."""
        return Place(lon=self.lon, lat=self.lat)


class EvidenceBody(BaseModel):
    """Evidence that a duty was done, about one act."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field(description="What was done, when and where; or the minutes themselves")
    figures: dict[str, FiniteFloat] | None = Field(
        default=None, max_length=50, description="Figures by the name of their metric"
    )
    kind: EvidenceKind = Field(
        default=EvidenceKind.DOCUMENT, description="What the words of `note` are"
    )
    activity: Short | None = Field(
        default=None, description="The sort of act: a code of the catalogue of activities"
    )
    happened_on: date | None = Field(
        default=None, description="The day of the act; left out, that of `happened_at`"
    )
    happened_at: Moment | None = None
    place: Short | None = None
    point: PointBody | None = None
    attending: Annotated[StrictInt, Field(ge=0, le=1_000_000)] | None = Field(
        default=None, description="How many took part"
    )
    held_with: Annotated[list[Code], Field(max_length=20)] = Field(
        default_factory=list, description="The other units or enterprises that did it together"
    )
    host: Short | None = Field(
        default=None, description="Which of them held it; left out, the subject itself"
    )
    files: Annotated[list[UUID], Field(max_length=20)] = Field(
        default_factory=list, description="Files that were added to the obligation before"
    )

    @property
    def stated(self) -> dict[str, Any]:
        """The same as the room's operations take it."""
        given = {name: getattr(self, name) for name in EvidenceBody.model_fields}
        given |= {"point": self.point.place if self.point else None}
        return given | {"held_with": tuple(self.held_with), "files": tuple(self.files)}

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        if self.happened_at is not None:
            day = calendar.day_of(self.happened_at)
            if self.happened_on not in {None, day}:
                zh = f"happened_on 应为 happened_at 在北京时间的日期（{day}）"
                en = f"happened_on must be the day of happened_at in Shanghai, {day}"
                raise PydanticCustomError("days_differ", "{zh} {en}", {"zh": zh, "en": en})
            self.happened_on = day
        return self


class _OfPiece(BaseModel):
    model_config = ConfigDict(extra="forbid")

    evidence_id: UUID | None = Field(
        default=None, description="Which piece; left out, what was handed in last"
    )


class AcceptBody(_OfPiece):
    """An acceptance. What looks wrong is accepted with a reason only."""

    remark: Text | None = None


class ReturnBody(_OfPiece):
    """A return, with what is missing."""

    remark: Text = Field(description="What is missing")


class AskBody(_OfPiece):
    """A question about a piece."""

    question: Text


class AnswerBody(_OfPiece):
    """The answer to a question."""

    answer: Text


class WithdrawBody(BaseModel):
    """The withdrawal of an acceptance."""

    model_config = ConfigDict(extra="forbid")

    evidence_id: UUID
    why: Text
