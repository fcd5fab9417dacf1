"""What reporters send."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    UUID7,
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
)
from pydantic_core import PydanticCustomError

from contracts.identifiers import RegionCode, Uscc
from kernel import calendar
from reference import accidents, industries
from reference.cityrows import Place
from services.incidents.accidents.rules import Figures
from services.incidents.reports import rules
from services.incidents.reports.domain import ReportKind

MOST_PEOPLE = 1_000_000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def _only_text(value: Any) -> Any:
    """Refuse numbers, which would be read as seconds since 1970."""
    if isinstance(value, str) and "T" in value.upper():
        return value
    raise PydanticCustomError(
        "datetime_type",
        "{en}",
        {
            "zh": "应为带时区的 RFC 3339 时间，例如 2023-05-01T08:00:00+08:00",
            "en": "expected an RFC 3339 time with an offset, such as 2023-05-01T08:00:00+08:00",
        },
    )


def _not_before_2000(value: datetime) -> datetime:
    if value < EARLIEST:
        raise PydanticCustomError(
            "too_early",
            "{en}",
            {"zh": "应在2000-01-01及以后", "en": "expected 2000-01-01 or later"},
        )
    return value


def _accident_type(value: str) -> str:
    found = accidents.resolve(value)
    if found is None:
        raise PydanticCustomError(
            "accident_type_unknown",
            "{en}",
            {
                "zh": f"事故类型“{value}”不在字典中，应为 GB/T 6441 的名称、编号或代码，如 透水",
                "en": f"{value!r} is not in the dictionary of accident types: expected a name or"
                " number of GB/T 6441 or a code such as water_inrush",
            },
        )
    return found.code


def _industry(value: str) -> str:
    found = industries.resolve(value)
    if found is None:
        raise PydanticCustomError(
            "industry_unknown",
            "{en}",
            {
                "zh": f"行业“{value}”不在字典中，应为 GB/T 4754 的门类、大类或其代码，例如 B06",
                "en": f"{value!r} is not in the dictionary of industries: expected a section or"
                " division of GB/T 4754 or its code, such as B06",
            },
        )
    return found.code


Instant = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(_not_before_2000)]
Count = Annotated[StrictInt, Field(ge=0, le=MOST_PEOPLE)]
Loss = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False, max_digits=13, decimal_places=4),
]
Area = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False, max_digits=13, decimal_places=4),
]
Industry = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_industry)]
AccidentKind = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_accident_type)]


class Message(BaseModel):
    """A body whose every field is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Location(Message):
    """A point in CGCS2000 degrees."""

    lon: Annotated[float, Field(strict=True, ge=-180, le=180, description="Degrees east.")]
    lat: Annotated[float, Field(strict=True, ge=-90, le=90, description="Degrees north.")]


class Casualties(Message):
    """People harmed or in danger, as counts of the whole accident so far."""

    deaths: Count = 0
    missing: Count = 0
    serious_injuries: Count = 0
    minor_injuries: Count = 0
    trapped: Count = 0
    evacuated: Count = 0


class RiskGround(StrEnum):
    """A ground of a larger-risk incident that is judged, not counted."""

    ENVIRONMENT = "environment"  # 对环境造成严重污染
    FACILITIES = "facilities"  # 危及重要场所和设施安全
    OTHER = "other"  # 其他较大涉险情形


Name = Annotated[str, Field(min_length=1, max_length=200)]
Account = Annotated[str, Field(min_length=1, max_length=4000)]


class Said(Message):
    """What may be said of an accident, all of it optional."""

    enterprise_uscc: Uscc | None = None
    enterprise_name: Name | None = Field(
        None, description="The unit as people call it; enough where it has no code."
    )
    occurred_at: Instant | None = None
    known_at: Instant | None = Field(
        None,
        description="When the unit's head was told; of a follow-up, when the change was known.",
    )
    region_code: RegionCode | None = Field(
        None, description="Where it happened, or the lead of several; a location is enough."
    )
    also_in: Annotated[tuple[RegionCode, ...], Field(max_length=4)] = Field(
        (), description="Further places that the accident reaches into; their desks are told."
    )
    place: Name | None = None
    location: Location | None = None
    industry: Industry | None = Field(
        None, description="Said later if nobody knew it; what stands is put right by a desk."
    )
    accident_type: AccidentKind | None = Field(
        None, description="Of a later report it stays with it; a desk puts right what stands."
    )
    casualties: Casualties | None = None
    missing_presumed_dead: StrictBool | None = None
    direct_loss_wan: Loss | None = Field(None, description="Ten thousand yuan.")
    burnt_area_ha: Area | None = Field(None, description="Burnt forest in hectares.")
    endangered: Count | None = Field(None, description="Everybody at risk, harmed or not.")
    risk_grounds: Annotated[tuple[RiskGround, ...], Field(max_length=3)] = ()
    unit_profile: Account | None = Field(None, description="What kind of unit it is.")
    scene: Account | None = Field(None, description="What the scene looks like.")
    summary: Annotated[str, Field(max_length=4000)] | None = None
    measures: Annotated[str, Field(max_length=4000)] | None = None

    @property
    def stated(self) -> frozenset[str]:
        """The fields that say something."""
        given = self.model_fields_set
        return frozenset(name for name in given if getattr(self, name) not in (None, "", ()))

    @property
    def region(self) -> str | None:
        """The place as stated, else where the coordinates lie; None when neither is given."""
        if self.region_code is not None or self.location is None:
            return self.region_code
        point = Place(lon=self.location.lon, lat=self.location.lat)
        day = calendar.day_of(self.occurred_at) if self.occurred_at else date.max
        return rules.placing(point, on=day).region_code

    @property
    def place_in_words(self) -> str | None:
        """The place as stated, else its coordinates."""
        if self.place is None and self.location is not None:
            return f"{self.location.lon:.5f}, {self.location.lat:.5f}"
        return self.place


class NewReport(Said):
    """A report of an accident. A follow-up names the accident and may leave the rest out."""

    report_id: UUID7 = Field(description="Made by the client; sent again, it has one effect.")
    kind: ReportKind
    accident_id: UUID | None = Field(
        None, description="The accident a follow-up is about. A first report opens one."
    )
    final: StrictBool = Field(False, description="The last follow-up: the rescue has ended.")

    @property
    def opens(self) -> bool:
        """Whether it is the first word of an accident."""
        return self.kind is not ReportKind.FOLLOWUP and self.accident_id is None

    def figures(self, before: Figures | None = None) -> Figures:
        """The whole toll it states; what it leaves out stays as it was before."""
        known = before or Figures()
        people = self.casualties
        presumed, loss = self.missing_presumed_dead, self.direct_loss_wan
        burnt = self.burnt_area_ha
        return Figures(
            deaths=people.deaths if people else known.deaths,
            missing=people.missing if people else known.missing,
            serious_injuries=people.serious_injuries if people else known.serious_injuries,
            minor_injuries=people.minor_injuries if people else known.minor_injuries,
            trapped=people.trapped if people else known.trapped,
            evacuated=people.evacuated if people else known.evacuated,
            missing_presumed_dead=known.missing_presumed_dead if presumed is None else presumed,
            direct_loss_wan=known.direct_loss_wan if loss is None else loss,
            burnt_area_ha=known.burnt_area_ha if burnt is None else burnt,
        )
