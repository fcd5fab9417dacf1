"""The HTTP face of openings. Translates; decides nothing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import select

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Session, act
from kernel.web import rooms
from services.tasks.openings import queries
from services.tasks.openings.schemas import OpeningDetail, OpeningView
from services.tasks.openings.tables import Opening
from services.tasks.policies import Act

router = rooms("/tasks/openings", "openings")


@router.get("", response_model=Page[OpeningView], responses=exports.RESPONSES)
@act(Act.READ_PLANS)
async def list_openings(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.OPENINGS.asked)],
) -> Any:
    """The periods of issued plans: which wait, which run, which are over."""
    return await exports.answer(request, session, select(Opening), asked, view=OpeningView)


@router.get("/{opening_id}")
@act(Act.READ_PLANS)
async def read_opening(opening_id: UUID, session: Session) -> OpeningDetail:
    """One period, with how its obligations stand."""
    row = await queries.get(session, opening_id)
    standing = await queries.standing(session, row)
    return OpeningDetail.model_validate(
        {**OpeningView.model_validate(row).model_dump(), "standing": standing}
    )
