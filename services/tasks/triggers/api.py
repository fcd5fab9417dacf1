"""The HTTP face of triggers. Translates; decides nothing."""

from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.tasks.openings.schemas import OpeningView
from services.tasks.policies import Act
from services.tasks.triggers import operations
from services.tasks.triggers.schemas import HappeningBody

router = rooms("/tasks/triggers", "triggers")


@router.post("", status_code=201)
@act(Act.SET_OFF)
@keyed_by("happening_id")
async def set_off(body: HappeningBody, session: Session, by: Actor, now: Now) -> OpeningView:
    """Say that something happened that a duty of the plan is tied to: it is owed from now on.

    For what no other service tells. It is opened for everybody whom the duty means, or for
    those of them who are named; enterprises follow in the background.
    """
    row = await operations.set_off(session, stated=body, by=by, now=now)
    return OpeningView.model_validate(row)
