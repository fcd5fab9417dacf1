"""The shapes of a city's rows about its assessment: groups, indicators, thresholds of cards."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kernel.calendar import Cadence
from reference.entries import Coded
from reference.terms import Card, Figure, Finding, Formula, Grade


class PeerGroup(Coded):
    """Units that are ranked among one another: of a slug or a role, at a sort of places."""

    at: Literal["city", "county", "park", "township"]
    slug: str | None = None
    role: str | None = None
    counts: Literal["territory", "unit"]
    """Whether all that happens in its place is counted, or what the unit itself does."""

    @model_validator(mode="after")
    def _named_one_way(self) -> Self:
        if (self.slug is None) is (self.role is None):
            raise ValueError("either a slug or a role")
        return self


class CadenceRow(Coded):
    """How often scores are computed and made known, and what that is called."""

    code: Cadence
    again_after_days: int = Field(default=0, ge=0)
    """After how many days they are computed once more; 0 for once."""


class AssessmentWindow(Coded):
    """The year of the assessment: from a month of the year before up to the month before it."""

    begins_month: int = Field(ge=1, le=12)
    december_counts_from: Grade
    """Accidents so grave count in their own year, also after the window has closed."""
    concealed_from: Grade
    concealed_years: int = Field(gt=0)
    """A concealed accident so grave counts when it is found, if it is found within these years."""


class Band(BaseModel):
    """What a reduction of at least so many per cent earns, in marks of a hundred."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: Decimal | None
    """None for whatever is left."""
    marks: Decimal = Field(ge=0, le=100)


class Indicator(Coded):
    """A figure and how it becomes points.

    A `rate` earns its percentage times the weight, `bands` the marks of its band times the
    weight, a `count` so many points for each. Floor and cap bound the points.
    """

    figure: Figure
    formula: Formula
    groups: tuple[str, ...] = Field(min_length=1)
    cadences: tuple[Cadence, ...] = tuple(Cadence)
    grades: tuple[Grade, ...] = ()
    """Which accidents are counted; all when empty."""
    weight: Decimal | None = Field(default=None, gt=0, le=1, decimal_places=2)
    each: Decimal | None = Field(default=None, decimal_places=2)
    bands: tuple[Band, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None

    @model_validator(mode="after")
    def _fits_its_formula(self) -> Self:
        counted = self.formula is Formula.COUNT
        if counted is (self.each is None) or counted is (self.weight is not None):
            raise ValueError("points for each of a count, a weight of anything else")
        if (self.formula is Formula.BANDS) is not bool(self.bands):
            raise ValueError("bands, just where the formula is of bands")
        leasts = [band.least for band in self.bands]
        stated = [least for least in leasts if least is not None]
        if leasts != [*sorted(stated, reverse=True), *([None] if self.bands else [])]:
            raise ValueError("bands from the highest down, the last without a least")
        return self


class ScoreLimit(Coded):
    """Within how many working days something about scores has to be done."""

    working_days: int = Field(gt=0)


class Threshold(Coded):
    """What of a year's accidents warns or bars the units of a group."""

    card: Card
    group: str
    least_grade: Grade
    count: int = Field(gt=0)
    findings: tuple[Finding, ...] = ()
    """Only accidents of which one of these was confirmed; all when empty."""
    confirmed: bool = True
    """False where the instrument could not be read: a person has to confirm the row."""


class StatedGround(Coded):
    """What bars the units of some groups when an office states it."""

    card: Card
    groups: tuple[str, ...] = Field(min_length=1)
    confirmed: bool = True
    """As of thresholds."""


class CardEffect(Coded):
    """What a card bars, for how long, and how long the unit may take to answer the notice."""

    code: Card
    months: int = Field(gt=0)
    reply_working_days: int = Field(gt=0)
