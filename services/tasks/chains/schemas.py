"""What the chains room shows."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class LinkView(BaseModel):
    """One unit of a chain, and why it is in it."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    part: str = Field(description="lead, supporting or territorial")
    unit: str
    name_zh: str
    name_en: str
    level: str
    post: str = Field(description="The post in charge")
    reason_zh: str
    reason_en: str


class ChainView(BaseModel):
    """Who answers, nearest first within each part."""

    on: date
    region_code: str
    enterprise_uscc: str | None
    industry: str | None
    sector: str
    field: str = Field(description="The chain of the city's pack that answered")
    links: list[LinkView]
