"""The HTTP face of readings: opening an accident, and who did."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.schemas import AccidentView
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations, queries
from services.incidents.readers.domain import Part
from services.incidents.readers.schemas import ReadingView
from services.incidents.readings import operations as readings

router = rooms("/incidents/accidents", "accidents")


@router.get("/{accident_id}", response_model=AccidentView)
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Accident:
    """One accident as it stands. That a person opened it is remembered, and a desk stamped."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    await operations.remember(session, accident=accident, part=Part.ACCIDENT, by=by, now=now)
    await readings.stamp(session, accident=accident, by=by, now=now)
    return accident


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
