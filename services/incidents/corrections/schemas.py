"""What may be corrected of a report, and how its versions are shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import UUID7, BaseModel, ConfigDict, Field, StrictBool

from contracts.identifiers import RegionCode
from services.incidents.accidents.schemas import ShanghaiTime, in_shanghai
from services.incidents.corrections.tables import Correction
from services.incidents.reports.schemas import (
    AccidentKind,
    Account,
    Area,
    Casualties,
    Industry,
    Instant,
    Loss,
    Message,
    Name,
)
from services.incidents.reports.tables import Report

FIGURES = ("casualties", "missing_presumed_dead", "direct_loss_wan", "burnt_area_ha")
TIMES = ("occurred_at", "known_at")
KINDS = ("accident_type", "industry")
WORDS = ("place", "summary", "measures", "unit_profile", "scene")
PEOPLE = tuple(Casualties.model_fields)


class Changes(Message):
    """What the report should have said. What is left out stands."""

    occurred_at: Instant | None = None
    known_at: Instant | None = None
    accident_type: AccidentKind | None = None
    industry: Industry | None = None
    region_code: RegionCode | None = Field(
        None, description="Where it lies after all. A desk moves it inside its own area."
    )
    place: Name | None = None
    summary: Account | None = None
    measures: Account | None = None
    unit_profile: Account | None = None
    scene: Account | None = None
    casualties: Casualties | None = None
    missing_presumed_dead: StrictBool | None = None
    direct_loss_wan: Loss | None = Field(None, description="Ten thousand yuan.")
    burnt_area_ha: Area | None = Field(None, description="Burnt forest in hectares.")


class NewCorrection(Message):
    """A correction with its reason."""

    correction_id: UUID7 = Field(description="Made by the client; sent again, it has one effect.")
    changes: Changes
    why: Annotated[str, Field(min_length=1, max_length=1000)]


class CorrectionView(BaseModel):
    """One correction: who, when, why, and what stood before."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    before: dict[str, Any]
    after: dict[str, Any]
    why: str
    moved: bool = Field(description="Whether it changed the accident, not only the record.")
    corrected_at: ShanghaiTime
    corrected_by: str
    unit: str | None


class Versions(BaseModel):
    """A report as it was made, each correction, and what it says with all of them."""

    report_id: UUID
    accident_id: UUID
    as_made: dict[str, Any]
    corrections: list[CorrectionView]
    now_says: dict[str, Any]


def as_made(report: Report) -> dict[str, Any]:
    """What a report said when it was made, by the fields that may be corrected."""
    loss, area = report.direct_loss_wan, report.burnt_area_ha
    return {
        **_read_here({name: getattr(report, name) for name in TIMES}),
        **{name: getattr(report, name) for name in (*KINDS, *WORDS)},
        "casualties": {name: getattr(report, name) for name in PEOPLE},
        "missing_presumed_dead": report.missing_presumed_dead,
        "direct_loss_wan": str(loss) if loss is not None else None,
        "burnt_area_ha": str(area) if area is not None else None,
    }


def as_corrected(changes: Changes) -> dict[str, Any]:
    """What a correction says, by the fields that it names."""
    said = changes.model_dump(mode="json", exclude_none=True)
    return said | _read_here({name: getattr(changes, name) for name in TIMES if name in said})


def _read_here(times: dict[str, datetime | None]) -> dict[str, str | None]:
    return {name: in_shanghai(instant) if instant else None for name, instant in times.items()}


def now_says(report: Report, corrections: Iterable[Correction]) -> dict[str, Any]:
    """What a report says with all its corrections."""
    says = as_made(report)
    for correction in corrections:
        says |= correction.after
    return says
