"""What the chains room shows."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.chains.domain import Basis, Link
from services.tasks.holders.schemas import HolderView
from services.tasks.holders.tables import Holding


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
    holder: str | None = Field(None, description="Who holds it that day; null while nobody does")
    reason_zh: str
    reason_en: str
    basis: Basis = Field(description="By rule of the pack, or by decision of an office")
    decision_id: UUID | None
    followed: str | None = Field(description="The unit that the rule names, since it ended")

    @classmethod
    def of(cls, link: Link, holding: Holding | None) -> Self:
        """A link with whoever holds its post."""
        view = cls.model_validate(link)
        view.holder = HolderView.of(holding).name if holding else None
        return view


class ChainView(BaseModel):
    """Who answers, nearest first within each part."""

    on: date
    region_code: str = Field(description="Where it lay on the day, or the place that was named")
    enterprise_uscc: str | None
    enterprise_name: str | None = Field(description="As it was registered on the day")
    industry: str | None
    sector: str
    field: str = Field(description="The chain of the city's pack that answered")
    links: list[LinkView]
