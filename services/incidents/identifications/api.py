"""The HTTP face of identifications."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents.schemas import AccidentView
from services.incidents.accidents.tables import Accident
from services.incidents.identifications import operations
from services.incidents.identifications.schemas import NewIdentification
from services.incidents.policies import Act

router = rooms("/incidents/accidents", "accidents")


@router.put("/{accident_id}/enterprise", response_model=AccidentView)
@act(Act.IDENTIFY)
async def identify(
    accident_id: UUID, body: NewIdentification, session: Session, by: Actor, now: Now
) -> Accident:
    """Say whose an accident is that was reported without a credit code, and how it is known."""
    return await operations.identify(session, accident_id=accident_id, new=body, by=by, now=now)
