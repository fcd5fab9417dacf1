"""What the plans room shows."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime


class PlanView(BaseModel):
    """An issued plan."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    issued_at: ShanghaiTime
    articles: int = Field(description="How many articles it has")
    duties: int = Field(description="How many duties they lay down")


class DutyView(BaseModel):
    """What an article asks of whom."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    kind: str
    text_zh: str
    text_en: str
    metric: str
    subjects: list[str]
    trigger: str | None
    due_on: date | None


class ArticleView(BaseModel):
    """An article with its duties."""

    number: int
    section: int
    title_zh: str
    title_en: str
    allocations: list[dict[str, object]] = Field(description="Who leads and supports, by part")
    duties: list[DutyView]
