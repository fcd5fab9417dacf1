"""Putting an accident's story together."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import queries as investigations
from services.incidents.notices import queries as notices
from services.incidents.readings import queries as readings
from services.incidents.relays import queries as relays
from services.incidents.rescues import queries as rescues
from services.incidents.timeline import queries, queries_aftermath, schemas, schemas_aftermath
from services.incidents.timeline import schemas_clocks as clocks
from services.incidents.timeline.schemas import Entry
from services.incidents.tolls import queries as tolls


async def story(session: AsyncSession, *, accident: Accident) -> Sequence[Entry]:
    """All that happened to an accident as far as the actor may know it, oldest first."""
    known = accident.id
    entries = [
        *schemas.occurred(accident),
        *schemas.reported(await queries.reports(session, known)),
        *schemas.graded(await accidents.grades(session, known)),
        *schemas.found(await queries.findings(session, known)),
        *schemas.investigated(await investigations.assignments(session, known)),
        *schemas.relayed(await relays.of_accident(session, known)),
        *clocks.called(await relays.calls_of(session, known)),
        *clocks.notified(await notices.of_accident(session, known)),
        *clocks.read(await readings.of_accident(session, known)),
        *clocks.rescued(await rescues.steps(session, known)),
        *clocks.missed(await rescues.days(session, known)),
        *clocks.corrected(await tolls.of_accident(session, known)),
        *schemas.published(await investigations.publication(session, known)),
        *schemas_aftermath.told(await queries_aftermath.of(session, known)),
    ]
    return sorted(entries, key=lambda entry: entry.at)
