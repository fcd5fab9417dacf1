"""What is asked of a trial grading and what it answers."""

from pydantic import BaseModel, Field, StrictBool

from contracts.identifiers import RegionCode
from reference.terms import Grade, Level
from services.incidents.accidents.rules import Figures
from services.incidents.accidents.schemas import Basis
from services.incidents.reports.schemas import (
    AccidentKind,
    Area,
    Casualties,
    Industry,
    Instant,
    Loss,
    Message,
)


class Question(Message):
    """Figures to grade. The day decides which law applies; without one it is today's."""

    casualties: Casualties = Casualties()
    missing_presumed_dead: StrictBool = False
    direct_loss_wan: Loss | None = Field(None, description="Ten thousand yuan.")
    burnt_area_ha: Area | None = Field(None, description="Burnt forest in hectares.")
    industry: Industry | None = None
    accident_type: AccidentKind | None = None
    occurred_at: Instant | None = None
    region_code: RegionCode | None = None

    def figures(self) -> Figures:
        """The figures as the rules read them."""
        return Figures(
            **self.casualties.model_dump(),
            missing_presumed_dead=self.missing_presumed_dead,
            direct_loss_wan=self.direct_loss_wan,
            burnt_area_ha=self.burnt_area_ha,
        )


class Graded(BaseModel):
    """The grade and what follows from it."""

    grade: Grade
    grade_label: str
    grade_basis: Basis
    investigating_level: Level
    investigating_unit: str | None = Field(description="Only when the region is given.")
    fact_finding_unit: str | None = Field(
        None, description="Who finds out the facts of a fire or on the road, in a given region."
    )
    relays: list[Level] = Field(description="The levels above the county that must hear of it.")
