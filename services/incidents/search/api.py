"""The HTTP face of the search."""

from typing import Annotated

from fastapi import Depends

from kernel.listing import Asked
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.incidents.policies import Act
from services.incidents.search import queries
from services.incidents.search.queries import Results
from services.incidents.search.schemas import FoundAccidents

router = rooms("/incidents/accidents", "accidents")


@router.get("/search", response_model=FoundAccidents)
@act(Act.READ)
async def search(
    session: Session, by: Actor, asked: Annotated[Asked, Depends(queries.SEARCH.asked)]
) -> Results:
    """The accidents whose place, enterprise or reports say all that is sought, newest first."""
    return await queries.search(session, by=by, asked=asked)
