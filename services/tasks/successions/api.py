"""The HTTP face of reorganisations. Translates; decides nothing."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.access import NotFound
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.policies import Act
from services.tasks.successions import operations, queries
from services.tasks.successions.schemas import Answering, Reorganisation, SuccessionView
from services.tasks.successions.tables import Succession

router = rooms("/tasks/organisations", "successions")


@router.post("/successions", status_code=201, response_model=list[SuccessionView])
@act(Act.CHANGE_ORGANISATION)
async def reorganise(
    body: Reorganisation, session: Session, by: Actor, now: Now
) -> Sequence[Succession]:
    """Rename, move, split or merge units from a day on; nothing that was is lost."""
    return await operations.reorganise(session, stated=body, by=by, now=now)


@router.get("/successions", response_model=Page[SuccessionView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_successions(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.SUCCESSIONS.asked)],
    on: AsAt,
) -> Any:
    """What had become of units by a day, newest first; as CSV or XLSX by `Accept`."""
    found = queries.until(on)
    return await exports.answer(request, session, found, asked, view=SuccessionView)


@router.get("/units/{code}/answering")
@act(Act.READ_UNITS)
async def read_answering(code: str, session: Session, on: AsAt) -> Answering:
    """Who answers on a day for what a unit owed, however often units changed since."""
    found = (await queries.answering(session, [code], on=on))[code]
    if found is None:
        raise NotFound
    return Answering(unit=code, on=on, answering=found)
