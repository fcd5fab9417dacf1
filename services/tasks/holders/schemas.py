"""What the holders room takes and shows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.tasks.holders import domain
from services.tasks.holders.tables import Holding
from services.tasks.organisations.domain_periods import Period
from services.tasks.organisations.schemas import Day

_Document = Annotated[str, Field(min_length=1, max_length=100)]


class Appointment(BaseModel):
    """Somebody is to hold a post."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    person: UUID | None = Field(None, description="Of somebody who held another post before")
    effective_from: Day
    effective_to: Day | None = Field(None, description="The last day, where it is known")
    document: _Document | None = Field(None, description="Number of the paper that appoints")

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Self:
        """A term has a day at least."""
        if Period(first=self.effective_from, last=self.effective_to).empty:
            zh, en = "任期最后一日早于第一日", "the term ends before it begins"
            raise PydanticCustomError("ends_before_it_begins", "{zh} {en}", {"zh": zh, "en": en})
        return self


class Relief(BaseModel):
    """Somebody holds a post no longer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last_day: Day = Field(description="The last day in the post")
    document: _Document | None = None


class HolderView(BaseModel):
    """Who holds a post; the name in full only where that is published."""

    id: UUID = Field(title="编号")
    post: str = Field(title="岗位")
    unit: str = Field(title="单位")
    person: UUID = Field(title="人员编号")
    name: str = Field(title="姓名")
    effective_from: date = Field(title="任职日期")
    effective_to: date | None = Field(title="任职最后一日")
    document: str | None = Field(title="任职文号")
    relief_document: str | None = Field(title="免职文号")
    relieved_at: datetime | None = Field(title="免职登记时间")

    @classmethod
    def of(cls, row: Holding) -> Self:
        """A term as anybody may see it."""
        shown = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**shown | {"name": row.name if row.public else domain.masked(row.name)})


class VacancyView(BaseModel):
    """A post that nobody holds."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(title="岗位代码")
    unit: str = Field(title="单位")
    kind: str = Field(title="岗位类别")
    label_zh: str = Field(title="岗位")
    label_en: str = Field(title="岗位英文名称")


class GapView(BaseModel):
    """Days on which nobody held a post."""

    model_config = ConfigDict(from_attributes=True)

    first: date
    last: date | None


class PostTerms(BaseModel):
    """Everybody who held a post, and the days on which nobody did."""

    post: str
    holders: list[HolderView]
    gaps: list[GapView]

    @classmethod
    def of(cls, post: str, terms: Sequence[Holding], gaps: Sequence[Period]) -> Self:
        """The terms, oldest first, with the gaps between them."""
        return cls(
            post=post,
            holders=[HolderView.of(term) for term in terms],
            gaps=[GapView.model_validate(gap) for gap in gaps],
        )
