"""Taking a report: the first word of an accident, or one more of an accident that is known."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentReported, Toll
from kernel import audit, calendar
from kernel.access import NotYours, Place, Principal
from kernel.db import refusing_taken
from kernel.outbox import publish
from kernel.problems import Problem
from reference import industries
from reference.terms import Regime
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures
from services.incidents.accidents.tables import Accident, figures_of
from services.incidents.investigations import operations as investigations
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import operations as relays
from services.incidents.relays.tables import Relay
from services.incidents.reports.domain import Opening, Statement
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.tables import Report
from services.incidents.writing import write_at_once


class ReportIdTaken(Problem):
    """Somebody else's report has this id."""

    status = 409
    title_zh = "报告编号已被使用，请换一个新的编号"
    title_en = "The report id is taken; make a new one"


def enterprise_of(report: NewReport, by: Principal) -> str | None:
    """Whose accident it is: an enterprise that leaves its code out means itself."""
    return report.enterprise_uscc or by.uscc


def where(report: NewReport, by: Principal) -> str:
    """The place a first report is kept under: as stated, else where its coordinates lie.

    A desk that only has coordinates keeps what seems to lie elsewhere under its own area.
    """
    region = report.region
    assert region is not None
    mine = by.region if by.uscc is None else None
    if report.region_code is None and mine and not region.startswith(mine):
        return mine.ljust(len(region), "0")
    return region


def refuse_strangers(report: NewReport, *, by: Principal) -> None:
    """An enterprise reports for itself, a desk for the places below it and for the last time."""
    if report.opens:
        place = Place(where(report, by), enterprise_of(report, by))
        if not POLICIES.allows(by, Act.REPORT, place):
            raise NotYours(
                "只能报告本企业或本辖区内的事故",
                "You may report accidents of your own enterprise or of your own area.",
            )
    if report.final and not POLICIES.granted(by, Act.END_RESCUE):
        raise NotYours(
            "只有值班室可以报终报（宣布救援结束）",
            "Only a duty desk may say that a follow-up is the last one.",
        )


def state(report: NewReport, *, by: Principal, received_at: datetime) -> Statement:
    """What decides the grade, the clocks and the ways of a first report."""
    assert report.occurred_at is not None
    assert report.known_at is not None
    assert report.accident_type is not None
    return Statement(
        accident_id=report.report_id,
        region_code=where(report, by),
        occurred_at=report.occurred_at,
        known_at=report.known_at,
        received_at=received_at,
        accident_type=report.accident_type,
        regime=regime_of(report.industry),
        figures=report.figures(),
        desk=None if by.uscc else by.unit,
        stated=report.stated | ({"enterprise_uscc"} if by.uscc else set()),
        endangered=report.endangered or 0,
        judged=frozenset(report.risk_grounds),
    )


def regime_of(industry: str | None) -> Regime:
    """Which law decides who investigates accidents of an industry."""
    known = industries.resolve(industry) if industry else None
    return known.regime if known else Regime.STANDARD


async def open_accident(
    session: AsyncSession,
    *,
    report: NewReport,
    statement: Statement,
    opening: Opening,
    by: Principal,
    now: datetime,
) -> None:
    """Store a first report and all that follows from it, and tell."""
    accident = _accident(report, statement, opening, by)
    session.add(accident)
    session.add(said(report, accident=accident, figures=statement.figures, by=by, now=now))
    at = statement.received_at
    accidents.keep_grade(
        session, accident=accident, verdict=opening.verdict, report_id=report.report_id, now=at
    )
    investigations.assign(
        session,
        accident=accident,
        authority=opening.authority,
        reason=AssignmentReason.GRADED,
        rule=opening.authority.rule,
        now=at,
    )
    hops = relays.add_hops(session, accident=accident, hops=opening.hops, now=at)
    accidents.record_change(session, accident=accident, now=at)
    audit.note(session, by=by, act=Act.REPORT, entity="report", entity_id=report.report_id)
    publish(session, _reported(report, statement, opening, accident, hops))
    with refusing_taken_id(report.report_id):
        await write_at_once(session)


def refusing_taken_id(report_id: UUID) -> AbstractContextManager[None]:
    """Refuse an id that another report has."""
    return refusing_taken(ReportIdTaken(report_id=str(report_id)))


def _accident(report: NewReport, statement: Statement, opening: Opening, by: Principal) -> Accident:
    return Accident.new(
        region_code=statement.region_code,
        enterprise_uscc=enterprise_of(report, by),
        id=statement.accident_id,
        version=0,
        statements=1,
        occurred_at=statement.occurred_at,
        received_at=statement.received_at,
        place=report.place_in_words,
        lon=report.location.lon if report.location else None,
        lat=report.location.lat if report.location else None,
        industry=report.industry,
        regime=str(statement.regime),
        accident_type=statement.accident_type,
        late_deaths=0,
        grade_version=0,
        levels_up=0,
        receiving_unit=opening.receiver.code,
        receiving_level=str(opening.receiver.level),
        window_closes_at=opening.window.closes_at,
        window_rule=opening.window.row.rule,
        late=opening.lateness.late,
        late_by_seconds=opening.lateness.by_seconds,
        enterprise_name=report.enterprise_name,
        risk_grounds=[row.code for row in opening.risks],
        unplaced=report.region_code is None,
        **figures_of(statement.figures),
    )


def said(
    report: NewReport,
    *,
    accident: Accident,
    figures: Figures,
    by: Principal,
    now: datetime,
    received_at: datetime | None = None,
    counted: bool = True,
) -> Report:
    """The report as it was made, with the whole toll it states."""
    opens = report.opens
    return Report.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=report.report_id,
        accident_id=accident.id,
        version=accident.statements,
        kind=str(report.kind),
        reported_by=by.subject,
        reporting_unit=by.unit,
        occurred_at=report.occurred_at,
        known_at=report.known_at,
        received_at=received_at or accident.received_at,
        stored_at=now,
        late_by_seconds=accident.late_by_seconds if opens else 0,
        counted=counted,
        accident_type=report.accident_type,
        industry=report.industry,
        place=report.place,
        summary=report.summary,
        measures=report.measures,
        endangered=report.endangered,
        unit_profile=report.unit_profile,
        scene=report.scene,
        stated=sorted(report.stated),
        **figures_of(figures),
    )


def toll(figures: Figures) -> Toll:
    """The counts that events carry."""
    return Toll(
        deaths=figures.deaths,
        missing=figures.missing,
        serious_injuries=figures.serious_injuries,
        minor_injuries=figures.minor_injuries,
    )


def slight(accident: Accident) -> bool:
    """Whether the counts leave an accident out as it stands: listeners do as the statistics."""
    return grading.left_out(
        accident.figures,
        scale=grading.scale_of(accident.accident_type),
        on=calendar.day_of(accident.occurred_at),
    )


def _reported(
    report: NewReport,
    statement: Statement,
    opening: Opening,
    accident: Accident,
    hops: Sequence[Relay],
) -> AccidentReported:
    return AccidentReported(
        occurred_at=statement.received_at,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        report_id=report.report_id,
        industry=accident.industry,
        accident_type=accident.accident_type,
        happened_at=accident.occurred_at,
        received_at=accident.received_at,
        grade=opening.verdict.grade,
        estimated_grade=opening.verdict.estimated_grade,
        toll=toll(statement.figures),
        counted_deaths=statement.figures.counted_deaths,
        direct_loss_wan=statement.figures.direct_loss_wan,
        receiving_unit=opening.receiver.code,
        investigating_level=opening.authority.level,
        investigating_unit=opening.authority.unit,
        relays=tuple(relays.told(hop) for hop in hops),
        late=accident.late,
        late_by_seconds=accident.late_by_seconds,
        also_in=report.also_in,
        risk_grounds=tuple(accident.risk_grounds),
        left_out=slight(accident),
    )
