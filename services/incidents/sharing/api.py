"""The HTTP face of sharing."""

from collections.abc import Sequence
from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents.schemas import AccidentView
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part
from services.incidents.sharing import operations, queries
from services.incidents.sharing.schemas import NewPlace, ShareView
from services.incidents.sharing.tables import Share

router = rooms("/incidents", "sharing")


@router.get("/shared", response_model=list[ShareView])
@act(Act.READ)
async def list_shared(session: Session, by: Actor) -> Sequence[Share]:
    """Accidents led by another place that reach into the actor's, newest first."""
    found = await queries.newest(session, below=by.region) if by.region is not None else []
    return [share for share in found if POLICIES.allows(by, Act.READ, share)]


@router.get("/shared/{accident_id}", response_model=AccidentView)
@act(Act.READ)
async def read_along(accident_id: UUID, session: Session, by: Actor, now: Now) -> Accident:
    """An accident that another place leads, which sees who of the further places opened it."""
    accident = await operations.read_along(session, accident_id=accident_id, by=by)
    await readers.remember(session, accident=accident, part=Part.ACCIDENT, by=by, now=now)
    return accident


@router.post("/accidents/{accident_id}/places", response_model=AccidentView)
@act(Act.PLACE)
async def name_place(
    accident_id: UUID, body: NewPlace, session: Session, by: Actor, now: Now
) -> Accident:
    """Say where an accident lies, or into which further place it reaches; that desk is told."""
    return await operations.name_place(
        session, accident_id=accident_id, place=body.region_code, by=by, now=now
    )
