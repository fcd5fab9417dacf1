"""Putting an accident's story together."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import queries as investigations
from services.incidents.relays import queries as relays
from services.incidents.timeline import queries, schemas
from services.incidents.timeline.schemas import Entry


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
        *schemas.published(await investigations.publication(session, known)),
    ]
    return sorted(entries, key=lambda entry: entry.at)
