"""What a report makes of an accident: pure, so that it can be said while the database is away."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from reference import national
from reference.national.rows import Content, SeriousIncident
from reference.packs import NothingInForce
from reference.terms import Level, Regime
from reference.units import Unit
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures, Verdict, Window
from services.incidents.investigations import rules as investigating
from services.incidents.investigations.rules import Authority
from services.incidents.relays import rules as relaying
from services.incidents.relays.rules import PlannedHop
from services.incidents.reports import rules
from services.incidents.reports.rules import Danger, Lateness


class ReportKind(StrEnum):
    """How a report is made."""

    QUICK = "quick"  # 快报
    WRITTEN = "written"  # 书面报告
    FOLLOWUP = "followup"  # 续报


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The first word of an accident: all that decides its grade, its clocks and its ways."""

    accident_id: UUID
    region_code: str
    occurred_at: datetime
    known_at: datetime
    received_at: datetime
    accident_type: str
    regime: Regime
    figures: Figures
    desk: str | None
    """The unit of the duty desk that took the report; None when the enterprise reported."""
    stated: frozenset[str] = frozenset()
    """The fields that say something."""
    endangered: int = 0
    judged: frozenset[str] = frozenset()
    """Grounds of a larger-risk incident that the reporter states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What follows from a first report."""

    receiver: Unit
    verdict: Verdict
    window: Window
    authority: Authority
    lateness: Lateness
    hops: tuple[PlannedHop, ...]
    owed: tuple[Content, ...]
    """What the accident's reports must still say, the quick report's elements first."""
    risks: tuple[SeriousIncident, ...]
    """Why it is a larger-risk incident; empty when it is none."""


class LawNotLoaded(InvalidPayload):
    """The accident happened on a day whose law is not in the data packs."""


def open_accident(statement: Statement) -> Opening:
    """Grade it, find who investigates, plan its way up, measure how late it is."""
    happened = calendar.day_of(statement.occurred_at)
    today = calendar.day_of(statement.received_at)
    receiver = relaying.receiving_unit(statement.region_code, desk=statement.desk, on=today)
    try:
        verdict = grading.grade(
            statement.figures, on=happened, scale=grading.scale_of(statement.accident_type)
        )
        authority = investigating.authority(
            regime=statement.regime,
            grade=verdict.grade,
            region=statement.region_code,
            on=happened,
            today=today,
        )
        window = grading.window(statement.accident_type, occurred_at=statement.occurred_at)
    except NothingInForce as gap:
        raise law_not_loaded() from gap
    risks = rules.larger_risk(
        danger(statement.figures, endangered=statement.endangered, judged=statement.judged),
        on=today,
    )
    hops = relaying.plan(
        region=statement.region_code,
        receiver=receiver,
        grade=verdict.grade,
        received_at=statement.received_at,
        on=today,
    )
    return Opening(
        receiver=receiver,
        verdict=verdict,
        window=window,
        authority=authority,
        lateness=rules.lateness(
            known_at=statement.known_at, received_at=statement.received_at, on=today
        ),
        hops=_as_near_miss(hops, on=today) if near_miss(statement.figures, risks) else hops,
        owed=owed(statement.stated, on=today),
        risks=risks,
    )


def danger(figures: Figures, *, endangered: int, judged: Collection[str]) -> Danger:
    """Who and what is in danger, from the figures and what is stated beside them."""
    return Danger(
        endangered=endangered,
        stuck=figures.trapped + figures.missing,
        evacuated=figures.evacuated,
        judged=frozenset(judged),
    )


def near_miss(figures: Figures, risks: Collection[SeriousIncident]) -> bool:
    """Whether it is a larger-risk incident that has harmed nobody gravely so far."""
    return bool(risks) and not (figures.counted_deaths or figures.serious_injuries)


def _as_near_miss(hops: tuple[PlannedHop, ...], *, on: date) -> tuple[PlannedHop, ...]:
    """A near miss climbs to the city under a rule of its own (Order 21, 7)."""
    row = national.DEADLINES.get("near_miss_county", on=on)
    return tuple(
        replace(hop, rule=row.rule) if row and hop.level is Level.CITY else hop for hop in hops
    )


def owed(stated: Collection[str], *, on: date) -> tuple[Content, ...]:
    """What quick and written reports together must hold and nobody has said yet."""
    quick = rules.unstated(stated, kind=ReportKind.QUICK, on=on)
    written = rules.unstated(stated, kind=ReportKind.WRITTEN, on=on)
    return quick + tuple(row for row in written if row not in quick)


def law_not_loaded() -> LawNotLoaded:
    """The refusal of a day whose law is not in the packs."""
    return LawNotLoaded(
        FieldFault(
            pointer="/occurred_at",
            code="law_not_loaded",
            zh="该日没有可适用的事故分级规定，应为2007-06-01（493号令施行）及以后",
            en="no grading rules are in force for that day: expected 2007-06-01"
            " (Decree 493) or later",
        )
    )
