"""Report a figure with its evidence, and accept or return it. What is accepted is counted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.db import refusing_taken
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload
from reference import figures as pack
from reference.terms import DutyKind
from services.tasks.evidence import queries as evidence
from services.tasks.evidence.operations_review import ReviewNotYours
from services.tasks.figures import domain, operations_bases, queries, queries_duties
from services.tasks.figures.domain import FigureTold, FigureWaits, ReportAction, ReportStatus
from services.tasks.figures.queries_duties import Measured
from services.tasks.figures.schemas import NewFigure
from services.tasks.figures.tables import Figure, FigureReport
from services.tasks.obligations import queries as obligations
from services.tasks.obligations import rules as obligation_rules
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FigureAct

SETTLING_DUE = "figure_settling_due"
"""A figure was reviewed when its period had been settled without it."""


async def report(
    session: AsyncSession, *, figure: NewFigure, by: Principal, now: datetime
) -> FigureReport:
    """Report a figure for a measured duty; it counts once it was accepted."""
    obligation = await obligations.get(session, figure.obligation_id)
    POLICIES.require(by, FigureAct.REPORT_FIGURE, on=obligation, seen_by=FigureAct.READ_FIGURES)
    measured = await queries_duties.measured(session, obligation)
    if measured.rule.told_by != "reported":
        raise FigureTold(metric=measured.duty.metric)
    _refuse_unfit(figure, measured, today=calendar.day_of(now))
    await _refuse_alien(session, figure, obligation)
    row = _reported(figure, obligation, measured, by=by, now=now)
    if _states_base(row, measured):
        await operations_bases.refuse_frozen(session, row=row, year=measured.first.year)
    with refusing_taken(FigureWaits(day=figure.day.isoformat())):
        session.add(row)
        await session.flush()
    _note(session, row, FigureAct.REPORT_FIGURE, by=by)
    return row


def _reported(
    figure: NewFigure,
    obligation: Obligation,
    measured: Measured,
    *,
    by: Principal,
    now: datetime,
) -> FigureReport:
    return FigureReport(
        id=uuid7(),
        obligation_id=obligation.id,
        metric=measured.duty.metric,
        subject=obligation.subject,
        unit=obligation.unit,
        enterprise_uscc=obligation.enterprise_uscc,
        region_code=obligation.region_code,
        day=figure.day,
        amount=figure.count,
        numerator=figure.numerator,
        denominator=figure.denominator,
        note=figure.note,
        files=list(figure.files),
        evidence_id=figure.evidence_id,
        status=ReportStatus.SUBMITTED,
        reported_by=by.subject,
        reported_at=now,
    )


def _states_base(row: FigureReport, measured: Measured) -> bool:
    return measured.kind is DutyKind.REDUCTION_TARGET and row.day.year < measured.first.year


def _refuse_unfit(figure: NewFigure, measured: Measured, *, today: date) -> None:
    rate = pack.is_rate(measured.kind)
    if rate != (figure.count is None):
        name = "numerator" if rate else "count"
        raise _unfit(
            f"/{name}",
            "shape_of_duty",
            zh="该任务按比率考核，应填报分子和分母" if rate else "该任务按数量考核，应填报数量",
            en="this duty takes a numerator and a denominator" if rate else "takes a count",
        )
    if rate and measured.rule.share and (figure.numerator or 0) > (figure.denominator or 0):
        raise _unfit(
            "/numerator",
            "greater_than_denominator",
            zh="分子是分母的一部分，不得大于分母",
            en="the numerator is a part of the denominator and not greater",
        )
    first = measured.first
    if measured.kind is DutyKind.REDUCTION_TARGET:
        first = date(first.year - 1, 1, 1)
    if not first <= figure.day <= min(measured.last, today):
        raise _unfit(
            "/day",
            "day_outside_of_period",
            zh=f"应在 {first} 至 {min(measured.last, today)} 之间",
            en=f"expected a day from {first} to {min(measured.last, today)}",
        )


def _unfit(pointer: str, code: str, *, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer=pointer, code=code, zh=zh, en=en))


async def _refuse_alien(session: AsyncSession, figure: NewFigure, obligation: Obligation) -> None:
    """A reviewer can open whatever proves a figure: it was handed in for the same duty."""
    known = {file.sha256 for file in await evidence.files(session, obligation.id)}
    faults = [
        FieldFault(
            pointer=f"/files/{n}",
            code="file_not_known",
            zh="没有为该任务上传此文件",
            en="no file uploaded for this duty has that hash",
        )
        for n, sha256 in enumerate(figure.files)
        if sha256 not in known
    ]
    if faults:
        raise InvalidPayload(*faults)
    if figure.evidence_id is None:
        return
    handed_in = await evidence.of(session, obligation.id)
    if figure.evidence_id not in {row.id for row in handed_in}:
        raise _unfit(
            "/evidence_id",
            "evidence_not_known",
            zh="不是为该任务提交的佐证",
            en="no evidence handed in for this duty has that id",
        )


async def review(
    session: AsyncSession,
    *,
    report_id: UUID,
    action: ReportAction,
    remark: str | None,
    by: Principal,
    now: datetime,
) -> FigureReport:
    """Accept a reported figure, which counts from then on, or return it.

    Its obligation is settled by what is known then, if its period is over.
    """
    row = await queries.report(session, report_id, lock=True)
    POLICIES.require(by, FigureAct.REVIEW_FIGURE, on=row, seen_by=FigureAct.READ_FIGURES)
    await _refuse_own(session, row, by=by, now=now)
    row.status = domain.after(ReportStatus(row.status), action)
    row.remark, row.reviewed_by, row.reviewed_at = remark, by.subject, now
    # One at a time: two days of a base are not both stated, and no settlement misses this.
    obligation = await obligations.get(session, row.obligation_id, lock=True)
    measured = await queries_duties.measured(session, obligation)
    if action is ReportAction.ACCEPT:
        await _count(session, row, measured, now=now)
    if measured.ends_at <= now:
        await _settle_anew(session, obligation, now=now)
    _note(session, row, FigureAct.REVIEW_FIGURE, by=by)
    return row


async def _settle_anew(session: AsyncSession, obligation: Obligation, *, now: datetime) -> None:
    await timers.arm(
        session,
        kind=SETTLING_DUE,
        entity_id=str(obligation.id),
        due_at=now,
        rule=obligation.rule,
        reason="reviewed after its period",
    )


async def _refuse_own(
    session: AsyncSession, row: FigureReport, *, by: Principal, now: datetime
) -> None:
    kind = None
    if row.unit is not None:
        kind = await organisations.kind(session, row.unit, day=calendar.day_of(now))
    allowed = obligation_rules.may_review(
        reviewer_region=by.region or "", region_code=row.region_code, unit_kind=kind
    )
    if not allowed or row.reported_by == by.subject:
        raise ReviewNotYours


async def _count(
    session: AsyncSession, row: FigureReport, measured: Measured, *, now: datetime
) -> None:
    if _states_base(row, measured):
        await operations_bases.keep_stated(session, row=row, year=measured.first.year)
    source = f"report:{row.subject}@{row.day.isoformat()}"
    number = await session.scalar(
        select(func.max(Figure.version)).where(Figure.metric == row.metric, Figure.source == source)
    )
    session.add(
        Figure(
            id=uuid7(),
            metric=row.metric,
            region_code=row.region_code,
            unit=row.unit,
            enterprise_uscc=row.enterprise_uscc,
            day=row.day,
            amount=row.amount,
            numerator=row.numerator,
            denominator=row.denominator,
            source=source,
            version=(number or 0) + 1,
            told_by=row.id,
            rule=measured.rule.rule,
            recorded_at=now,
        )
    )


def _note(session: AsyncSession, row: FigureReport, act: FigureAct, *, by: Principal) -> None:
    detail = {"metric": row.metric, "status": row.status}
    audit.note(session, by=by, act=act, entity="figure_report", entity_id=row.id, detail=detail)
