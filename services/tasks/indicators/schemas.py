"""How indicators and groups are shown: as the packs have them."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from reference.terms import Figure, Formula, Grade


class BandView(BaseModel):
    """What a reduction earns."""

    model_config = ConfigDict(from_attributes=True)

    least: Decimal | None
    marks: Decimal


class IndicatorView(BaseModel):
    """A figure and how it becomes points."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    zh: str
    en: str
    rule: str = Field(description="The version that lines name")
    figure: Figure
    formula: Formula
    groups: list[str]
    cadences: list[Cadence]
    grades: list[Grade]
    weight: Decimal | None = Field(description="A rate earns its percentage times this")
    each: Decimal | None = Field(description="Points for each")
    bands: list[BandView]
    floor: Decimal | None
    cap: Decimal | None
    effective_from: date
    effective_to: date | None


class GroupView(BaseModel):
    """Units that are ranked among one another."""

    code: str
    zh: str
    en: str
    units: list[str]
