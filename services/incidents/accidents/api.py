"""The HTTP face of accidents."""

from uuid import UUID

from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries
from services.incidents.accidents.schemas import AccidentView
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/accidents", "accidents")


@router.get("/{accident_id}", response_model=AccidentView)
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor) -> Accident:
    """One accident as it stands."""
    accident = await queries.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    return accident
