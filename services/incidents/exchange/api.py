"""The HTTP face of the exchange; the gateway passes its own exchange path on to here."""

from typing import Annotated

from fastapi import APIRouter, Query

from kernel import changes
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.incidents.exchange import queries
from services.incidents.exchange.schemas import ChangeView, Page
from services.incidents.policies import Act

router: APIRouter = rooms("", "exchange")


@router.get("/exchange/accidents")
@router.get("/incidents/accidents/changes", include_in_schema=False)
@act(Act.PULL)
async def pull(
    session: Session,
    by: Actor,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=changes.MOST)] = changes.MOST,
) -> Page:
    """Every change of every accident in the client's region since a cursor."""
    scopes = queries.places_below(by.region) if by.region is not None else ()
    pulled = await changes.pull(session, scopes=scopes, cursor=cursor, limit=limit)
    return Page(
        items=[ChangeView.model_validate(one, from_attributes=True) for one in pulled.changes],
        next_cursor=pulled.cursor,
        more=pulled.more,
        reset=pulled.reset,
    )
