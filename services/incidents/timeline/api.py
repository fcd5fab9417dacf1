"""The HTTP face of timelines."""

from uuid import UUID

from pydantic import BaseModel

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part
from services.incidents.timeline import (
    operations,
    queries_aftermath,
    schemas_aftermath,
)
from services.incidents.timeline.schemas import Entry
from services.incidents.notices import queries as notices
from services.incidents.readings import queries as readings
from services.incidents.rescues import queries as rescues
from services.incidents.timeline import schemas_clocks as clocks
from services.incidents.tolls import queries as tolls

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
    entries = await operations.story(session, accident=accident)
    return Timeline(accident_id=accident_id, entries=list(entries))
    hops = await relays.of_accident(session, accident_id)
    entries = [
        *schemas.occurred(accident),
        *schemas.reported(await queries.reports(session, accident_id)),
        *schemas.graded(await accidents.grades(session, accident_id)),
        *schemas.found(await queries.findings(session, accident_id)),
        *schemas.investigated(await investigations.assignments(session, accident_id)),
        *schemas.relayed(hops),
        *clocks.called(await relays.calls_of(session, accident_id)),
        *clocks.notified(await notices.of_accident(session, accident_id)),
        *clocks.read(await readings.of_accident(session, accident_id)),
        *clocks.rescued(await rescues.steps(session, accident_id)),
        *clocks.missed(await rescues.days(session, accident_id)),
        *clocks.corrected(await tolls.of_accident(session, accident_id)),
        *schemas.published(await investigations.publication(session, accident_id)),
        *schemas_aftermath.told(await queries_aftermath.of(session, accident_id)),
    ]
    return Timeline(accident_id=accident_id, entries=sorted(entries, key=lambda entry: entry.at))
