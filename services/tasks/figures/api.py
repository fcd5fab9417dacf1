"""The HTTP face of figures. Translates; decides nothing."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.evidence.schemas import FileView
from services.tasks.evidence.tables import EvidenceFile
from services.tasks.figures import operations, operations_bases, queries
from services.tasks.figures.domain import ReportAction
from services.tasks.figures.schemas import (
    FigureRemark,
    FigureReportView,
    FigureReturn,
    FigureView,
    FreezeView,
    NewFigure,
)
from services.tasks.figures.tables import FigureFreeze, FigureReport
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FigureAct

router = rooms("/tasks/figures", "figures")


@router.get("", response_model=Page[FigureView], responses=exports.RESPONSES)
@act(FigureAct.READ_FIGURES)
async def list_figures(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.FIGURES.asked)],
) -> Any:
    """The ledger, newest first, with every version; as CSV or XLSX by `Accept`."""
    return await exports.answer(
        request, session, queries.ledger_reached_by(by), asked, view=FigureView
    )


@router.post("/reports", status_code=201, response_model=FigureReportView)
@act(FigureAct.REPORT_FIGURE)
async def report(body: NewFigure, session: Session, by: Actor, now: Now) -> FigureReport:
    """Report a count, or a numerator and its denominator, with evidence."""
    return await operations.report(session, figure=body, by=by, now=now)


@router.get("/reports", response_model=Page[FigureReportView], responses=exports.RESPONSES)
@act(FigureAct.READ_FIGURES)
async def list_reports(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.REPORTS.asked)],
) -> Any:
    """What was reported, newest first, with the reviewers' verdicts."""
    return await exports.answer(
        request, session, queries.reports_reached_by(by), asked, view=FigureReportView
    )


@router.get("/reports/{report_id}/files", response_model=list[FileView])
@act(FigureAct.READ_FIGURES)
async def list_proofs(report_id: UUID, session: Session, by: Actor) -> Sequence[EvidenceFile]:
    """The files that prove it; each is opened at its obligation."""
    row = await queries.report(session, report_id)
    POLICIES.require(by, FigureAct.READ_FIGURES, on=row, seen_by=FigureAct.READ_FIGURES)
    return await queries.proofs(session, row)


@router.post("/reports/{report_id}/accept", response_model=FigureReportView)
@act(FigureAct.REVIEW_FIGURE)
async def accept(
    report_id: UUID, body: FigureRemark, session: Session, by: Actor, now: Now
) -> FigureReport:
    """Accept a reported figure: it counts from now on."""
    return await operations.review(
        session,
        report_id=report_id,
        action=ReportAction.ACCEPT,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/reports/{report_id}/return", response_model=FigureReportView)
@act(FigureAct.REVIEW_FIGURE)
async def return_to_subject(
    report_id: UUID, body: FigureReturn, session: Session, by: Actor, now: Now
) -> FigureReport:
    """Return a reported figure, saying what is wrong."""
    return await operations.review(
        session,
        report_id=report_id,
        action=ReportAction.RETURN,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/bases/{year}", status_code=201, response_model=FreezeView)
@act(FigureAct.FREEZE_BASE)
async def freeze_base(
    year: Annotated[int, Path(ge=2000, le=2100)], session: Session, by: Actor, now: Now
) -> FigureFreeze:
    """Freeze what a year's reductions are measured from, where history was loaded late."""
    return await operations_bases.freeze(session, year=year, by=by, now=now)
