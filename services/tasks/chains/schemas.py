"""What the chains room shows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.chains.domain import Basis, Charge, InCharge, Link
from services.tasks.holders.schemas import HolderView
from services.tasks.holders.tables import Holding


class InChargeView(BaseModel):
    """A post in charge of a unit, and who holds it."""

    model_config = ConfigDict(from_attributes=True)

    post: str
    kind: Charge = Field(description="The head, or the deputy in charge")
    label_zh: str
    label_en: str
    holder: str | None = Field(
        None,
        description="Who holds it that day, in full only where that is published; "
        "null while nobody does",
    )

    @classmethod
    def of(cls, seat: InCharge, holders: Mapping[str, Holding]) -> Self:
        """A post with whoever of some holders holds it."""
        view = cls.model_validate(seat)
        view.holder = _named(holders.get(seat.post))
        return view


class LinkView(BaseModel):
    """One unit of a chain, and why it is in it."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    part: str = Field(description="lead, supporting or territorial")
    unit: str
    name_zh: str
    name_en: str
    level: str
    post: str = Field(description="The head's post")
    holder: str | None = Field(None, description="Who holds it that day; null while nobody does")
    in_charge: list[InChargeView] = Field(
        default_factory=list,
        description="The posts in charge that the unit has that day: the head, then the deputy",
    )
    reason_zh: str
    reason_en: str
    basis: Basis = Field(description="By rule of the pack, or by decision of an office")
    decision_id: UUID | None
    followed: str | None = Field(description="The unit that the rule names, since it ended")

    @classmethod
    def of(cls, link: Link, seats: Iterable[InCharge], holders: Mapping[str, Holding]) -> Self:
        """A link with its posts in charge and whoever of some holders holds them."""
        view = cls.model_validate(link)
        view.holder = _named(holders.get(link.post))
        view.in_charge = [InChargeView.of(seat, holders) for seat in seats]
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


def _named(holding: Holding | None) -> str | None:
    """Who holds a post, as anybody may see it."""
    return HolderView.of(holding).name if holding else None
