"""What a report makes of an accident: pure, so that it can be said while the database is away."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from reference.packs import NothingInForce
from reference.terms import Regime
from reference.units import Unit
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures, Verdict, Window
from services.incidents.investigations import rules as investigating
from services.incidents.investigations.rules import Authority
from services.incidents.relays import rules as relaying
from services.incidents.relays.rules import PlannedHop
from services.incidents.reports import rules
from services.incidents.reports.rules import Lateness


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What follows from a first report."""

    receiver: Unit
    verdict: Verdict
    window: Window
    authority: Authority
    lateness: Lateness
    hops: tuple[PlannedHop, ...]


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
    return Opening(
        receiver=receiver,
        verdict=verdict,
        window=window,
        authority=authority,
        lateness=rules.lateness(
            known_at=statement.known_at, received_at=statement.received_at, on=today
        ),
        hops=relaying.plan(
            region=statement.region_code,
            receiver=receiver,
            grade=verdict.grade,
            received_at=statement.received_at,
            on=today,
        ),
    )


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
