"""The HTTP face of the dispatch catalogue."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from contracts.identifiers import RegionCode
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.catalogue import operations, queries
from services.tasks.catalogue.rules import Line
from services.tasks.catalogue.schemas import CandidateView, LineView, NewLine
from services.tasks.catalogue.tables import CatalogueLine
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/catalogue", "catalogue")


@router.get("/lines", response_model=list[LineView])
@act(OrderAct.READ_CATALOGUE)
async def list_lines(
    session: Session,
    on: AsAt,
) -> Sequence[Line]:
    """The whole catalogue of a day, by matter and place."""
    return await queries.lines(session, on=on)


@router.post("/lines", status_code=201, response_model=LineView)
@act(OrderAct.WRITE_CATALOGUE)
async def write_line(body: NewLine, session: Session, by: Actor, now: Now) -> CatalogueLine:
    """State where orders about a matter go from a day on. One that loops is refused."""
    return await operations.write(session, new=body, by=by, now=now)


@router.get("/proposal")
@act(OrderAct.READ_CATALOGUE)
async def propose(
    session: Session,
    now: Now,
    matter: Annotated[str, Query(max_length=50)],
    region: Annotated[RegionCode, Query(description="Where it is")],
    sector: Annotated[str | None, Query(max_length=50, description="Of the enterprise")] = None,
) -> list[CandidateView]:
    """Which units an order would go to now, best first, each with its reasons."""
    found = await queries.proposal(session, matter=matter, region=region, sector=sector, at=now)
    return [CandidateView.of(candidate) for candidate in found]
