"""The answer to a report, made the same way whether it is stored now or later."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from pydantic import BaseModel, Field

from kernel import calendar
from reference import citations, units
from reference.national.rows import Deadline
from reference.terms import Grade, Level, Regime
from services.incidents.accidents.rules import Verdict
from services.incidents.accidents.schemas import Basis, ShanghaiTime
from services.incidents.contents.schemas import OwedView
from services.incidents.directreports import rules as direct
from services.incidents.directreports.domain import direct_report_id
from services.incidents.followups.operations import Followed
from services.incidents.investigations import rules as investigating
from services.incidents.relays.domain import hop_id
from services.incidents.reports.domain import Opening, Statement


class Durable(StrEnum):
    """Where a report is safe."""

    COMMITTED = "committed"  # 已入库
    SPOOLED = "spooled"  # 已暂存，待入库


class Step(Protocol):
    """A hop, planned or stored."""

    @property
    def level(self) -> str: ...
    @property
    def from_unit(self) -> str: ...
    @property
    def to_unit(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...


class RelayView(BaseModel):
    """One hop of a report up the levels."""

    id: UUID
    level: Level = Field(description="The level it reaches.")
    from_unit: str
    to_unit: str
    to_unit_name: str
    due_at: ShanghaiTime


class DirectView(BaseModel):
    """A level that the unit itself has to tell as well, past those between."""

    id: UUID | None = Field(
        None, description="Under which it says that it told the level; None where it need not."
    )
    level: Level
    label: str
    due_at: ShanghaiTime | None = Field(description="None where the law says: at once.")
    optional: bool = Field(description="It may; it need not.")
    article: str

    @classmethod
    def of(cls, row: Deadline, accident_id: UUID, *, counted_from: datetime, chinese: bool) -> Self:
        """A row of the law, on the clock of this accident."""
        assert row.to_level is not None
        article, level = citations.cite(row.source), row.to_level
        return cls(
            id=None if row.optional else direct_report_id(accident_id, level),
            level=level,
            label=row.zh if chinese else row.en,
            due_at=None if row.hours is None else direct.due(row, counted_from=counted_from),
            optional=row.optional,
            article=article[0] if chinese else article[1],
        )


class Receipt(BaseModel):
    """What a reporter is answered; `spooled` means: keep your copy until it says `committed`."""

    report_id: UUID
    accident_id: UUID
    receipt: Durable
    received_at: ShanghaiTime
    grade: Grade
    grade_label: str
    grade_basis: Basis
    investigating_level: Level
    investigating_unit: str | None
    relays: list[RelayView]
    late: bool
    late_by_seconds: int
    risk_grounds: list[str] = Field([], description="Why it is a larger-risk incident.")
    still_owed: list[OwedView] = Field([], description="What later reports must still say.")
    also_report: list[DirectView] = Field(
        [], description="Whom the unit itself has to tell as well, by telephone at first."
    )

    def spooled(self) -> Self:
        """The same answer for a report that waits for the database."""
        return self.model_copy(update={"receipt": Durable.SPOOLED})


def label(grade: Grade, *, chinese: bool) -> str:
    """A grade in words."""
    return f"{grade.zh}事故" if chinese else f"{grade.en} accident"


def relay_views(
    accident_id: UUID, hops: Iterable[Step], *, at: datetime, chinese: bool
) -> list[RelayView]:
    """Hops with the names of their units."""
    today = calendar.day_of(at)
    views = []
    for hop in hops:
        to = units.unit(hop.to_unit, on=today)
        views.append(
            RelayView(
                id=hop_id(accident_id, Level(hop.level)),
                level=Level(hop.level),
                from_unit=hop.from_unit,
                to_unit=hop.to_unit,
                to_unit_name=to.zh if chinese else to.en,
                due_at=hop.due_at,
            )
        )
    return views


def of_opening(statement: Statement, opening: Opening, *, chinese: bool) -> Receipt:
    """The answer to a first report."""
    verdict = opening.verdict
    return Receipt(
        report_id=statement.accident_id,
        accident_id=statement.accident_id,
        receipt=Durable.COMMITTED,
        received_at=statement.received_at,
        grade=verdict.grade,
        grade_label=label(verdict.grade, chinese=chinese),
        grade_basis=Basis.of(verdict, regime=statement.regime, chinese=chinese),
        investigating_level=opening.authority.level,
        investigating_unit=opening.authority.unit,
        relays=relay_views(
            statement.accident_id, opening.hops, at=statement.received_at, chinese=chinese
        ),
        late=opening.lateness.late,
        late_by_seconds=opening.lateness.by_seconds,
        risk_grounds=[row.code for row in opening.risks],
        still_owed=[OwedView.of(row, chinese=chinese) for row in opening.owed],
        also_report=[
            DirectView.of(
                row, statement.accident_id, counted_from=statement.known_at, chinese=chinese
            )
            for row in direct.named(verdict.grade, on=calendar.day_of(statement.received_at))
        ],
    )


def of_waiting_follow_up(
    *,
    report_id: UUID,
    accident_id: UUID,
    verdict: Verdict,
    regime: Regime,
    received_at: datetime,
    chinese: bool,
) -> Receipt:
    """The answer to a follow-up whose accident cannot be read now: what its own figures say."""
    basis = Basis.of(verdict, regime=regime, chinese=chinese)
    waiting = (
        "暂按本次填报数字判定，入库后与此前报告合并核定"
        if chinese
        else "by the figures of this report alone; settled with the earlier ones once stored"
    )
    return Receipt(
        report_id=report_id,
        accident_id=accident_id,
        receipt=Durable.SPOOLED,
        received_at=received_at,
        grade=verdict.grade,
        grade_label=label(verdict.grade, chinese=chinese),
        grade_basis=basis.model_copy(update={"note": waiting}),
        investigating_level=investigating.level_of(
            regime=regime, grade=verdict.grade, on=calendar.day_of(received_at)
        ),
        investigating_unit=None,
        relays=[],
        late=False,
        late_by_seconds=0,
    )


def of_follow_up(followed: Followed, *, report_id: UUID, at: datetime, chinese: bool) -> Receipt:
    """The answer to a follow-up: the accident as it stands with it."""
    accident, verdict = followed.accident, followed.verdict
    grade, on = accident.current_grade, calendar.day_of(at)
    return Receipt(
        report_id=report_id,
        accident_id=accident.id,
        receipt=Durable.COMMITTED,
        received_at=at,
        grade=grade,
        grade_label=label(grade, chinese=chinese),
        grade_basis=Basis.of(verdict, regime=accident.under, chinese=chinese),
        investigating_level=accident.current_level,
        investigating_unit=accident.investigating_unit,
        relays=relay_views(accident.id, followed.hops, at=at, chinese=chinese),
        late=False,
        late_by_seconds=0,
        risk_grounds=accident.risk_grounds,
        still_owed=[OwedView.of(row, chinese=chinese) for row in followed.owed],
        also_report=[
            DirectView.of(row, accident.id, counted_from=at, chinese=chinese)
            for row in direct.named(grade, on=on, before=followed.before)
        ],
    )
