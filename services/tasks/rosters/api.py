"""The HTTP face of rosters. Translates; decides nothing."""

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.schemas import UnitView
from services.tasks.organisations.tables import Unit
from services.tasks.policies import Act
from services.tasks.rosters import operations
from services.tasks.rosters.schemas import Statement

router = rooms("/tasks/organisations", "rosters")


@router.put("/units", response_model=UnitView)
@act(Act.CHANGE_ORGANISATION)
async def state(body: Statement, session: Session, by: Actor, now: Now) -> Unit:
    """State what a unit and its posts are from a day on; what they were before stays readable."""
    units = [body.unit.stated()]
    await operations.state(session, units=units, on=body.effective_from, by=by, now=now)
    await session.flush()
    return await organisations.unit(session, body.unit.code, day=body.effective_from)
