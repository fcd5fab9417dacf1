"""The HTTP face of gaps and overlaps. Translates; decides nothing."""

from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import AsAt, Session, act
from kernel.web import rooms
from services.tasks.coverage import queries
from services.tasks.coverage.schemas import GapView, OverlapView
from services.tasks.policies import Act

router = rooms("/tasks/chains", "coverage")


@router.get("/gaps", response_model=Page[GapView], responses=exports.RESPONSES)
@act(Act.READ_COVERAGE)
async def list_gaps(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.GAPS.asked)],
    on: AsAt,
) -> Any:
    """Enterprises that nobody answers for on a day; as CSV or XLSX by `Accept`."""
    found = await queries.verdicts(session, on=on)
    rows = queries.of_kinds(found, lambda verdict: verdict.lack is not None, on=on)
    shown = GapView.by(found)
    return await exports.answer(request, session, rows, asked, view=GapView, shown=shown)


@router.get("/overlaps", response_model=Page[OverlapView], responses=exports.RESPONSES)
@act(Act.READ_COVERAGE)
async def list_overlaps(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.OVERLAPS.asked)],
    on: AsAt,
) -> Any:
    """Enterprises that several units lead from nearest by; as CSV or XLSX by `Accept`."""
    found = await queries.verdicts(session, on=on)
    rows = queries.of_kinds(found, lambda verdict: verdict.contested, on=on)
    shown = OverlapView.by(found)
    return await exports.answer(request, session, rows, asked, view=OverlapView, shown=shown)
