"""The HTTP face of readings."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import queries
from services.incidents.readers.schemas import ReadingView

router = rooms("/incidents/accidents", "accidents")


@router.get("/{accident_id}/readers", response_model=Page[ReadingView], responses=exports.RESPONSES)
@act(Act.READ_READERS)
async def list_readers(
    accident_id: UUID,
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.READERS.asked)],
) -> Any:
    """Who opened an accident, the newest reading first; as CSV or XLSX by `Accept`."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_READERS, on=accident, seen_by=Act.READ)
    found = queries.of_accident(accident_id)
    return await exports.answer(request, session, found, asked, view=ReadingView)
