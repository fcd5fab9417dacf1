"""What reporters send."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
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
from kernel.problems import FieldFault, InvalidPayload
from reference import accidents, industries
from services.incidents.accidents.rules import Figures
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


class NewReport(Message):
    """A report of an accident. A follow-up names the accident and may leave the rest out."""

    report_id: UUID7 = Field(description="Made by the client; sent again, it has one effect.")
    kind: ReportKind
    accident_id: UUID | None = Field(
        None, description="The accident a follow-up is about. A first report opens one."
    )
    enterprise_uscc: Uscc | None = None
    occurred_at: Instant | None = None
    known_at: Instant | None = Field(None, description="When the unit's head was told.")
    region_code: RegionCode | None = None
    place: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    location: Location | None = None
    industry: Industry | None = None
    accident_type: AccidentKind | None = None
    casualties: Casualties | None = None
    missing_presumed_dead: StrictBool | None = None
    direct_loss_wan: Loss | None = Field(None, description="Ten thousand yuan.")
    burnt_area_ha: Area | None = Field(None, description="Burnt forest in hectares.")
    summary: Annotated[str, Field(max_length=4000)] | None = None
    measures: Annotated[str, Field(max_length=4000)] | None = None

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


_SKEW_S = 300
"""How far a reporter's clock may run ahead."""

_FOR_OPENING = ("occurred_at", "known_at", "region_code", "place", "accident_type")


def refuse_implausible(report: NewReport, *, now: datetime) -> None:
    """Refuse what no single field can show: the future, a wrong order, a missing companion."""
    faults = [*_missing(report), *_out_of_time(report, now)]
    if faults:
        raise InvalidPayload(*faults)


def _missing(report: NewReport) -> list[FieldFault]:
    if report.kind is ReportKind.FOLLOWUP and report.accident_id is None:
        return [
            _fault("accident_id", "missing", zh="续报须写明事故编号", en="required of a follow-up")
        ]
    if report.kind is ReportKind.QUICK and report.accident_id is not None:
        zh, en = (
            "快报不写事故编号；补充已报事故请用 followup",
            "only a follow-up or a written report names one",
        )
        return [_fault("accident_id", "extra_forbidden", zh=zh, en=en)]
    if not report.opens:
        return []
    absent = (name for name in _FOR_OPENING if getattr(report, name) is None)
    return [_fault(name, "missing", zh="必填", en="required") for name in absent]


def _out_of_time(report: NewReport, now: datetime) -> list[FieldFault]:
    faults = _in_the_future({"occurred_at": report.occurred_at, "known_at": report.known_at}, now)
    if report.occurred_at and report.known_at and report.known_at < report.occurred_at:
        zh, en = "不得早于事故发生时间 occurred_at", "expected a time not before occurred_at"
        faults.append(_fault("known_at", "before_occurrence", zh=zh, en=en))
    return faults


def refuse_future(stated: Mapping[str, datetime | None], *, now: datetime) -> None:
    """Refuse times that have not come yet, but for a reporter's clock that runs ahead."""
    faults = _in_the_future(stated, now)
    if faults:
        raise InvalidPayload(*faults)


def _in_the_future(stated: Mapping[str, datetime | None], now: datetime) -> list[FieldFault]:
    zh, en = "不得晚于当前时间", "expected a time that is not in the future"
    return [
        _fault(name, "in_the_future", zh=zh, en=en)
        for name, at in stated.items()
        if at is not None and (at - now).total_seconds() > _SKEW_S
    ]


def _fault(field: str, code: str, *, zh: str, en: str) -> FieldFault:
    return FieldFault(pointer=f"/{field}", code=code, zh=zh, en=en)
