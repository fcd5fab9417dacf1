"""The HTTP face of timelines."""

from uuid import UUID

from pydantic import BaseModel

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part
from services.incidents.timeline import operations
from services.incidents.timeline.schemas import Entry

router = rooms("/incidents/accidents", "accidents")


class Timeline(BaseModel):
    """An accident's story, oldest first."""

    accident_id: UUID
    entries: list[Entry]


@router.get("/{accident_id}/timeline")
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Timeline:
    """Who told whom about an accident, when it was due and what was late."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    await readers.remember(session, accident=accident, part=Part.TIMELINE, by=by, now=now)
    entries = await operations.story(session, accident=accident, by=by)
    return Timeline(accident_id=accident_id, entries=list(entries))
