"""Putting an accident's story together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.directreports import queries as direct_reports
from services.incidents.entries.tables import Entry as StatisticsEntry
from services.incidents.investigations import queries as investigations
from services.incidents.notices import queries as notices
from services.incidents.phonecalls import queries as phonecalls
from services.incidents.policies import POLICIES, Act
from services.incidents.qualifications import queries as qualifications
from services.incidents.readings import queries as readings
from services.incidents.relays import queries as relays
from services.incidents.rescues import queries as rescues
from services.incidents.timeline import (
    queries_aftermath,
    queries_case,
    queries_duplicates,
    queries_reports,
    schemas_aftermath,
    schemas_case,
    schemas_clocks,
    schemas_direct,
    schemas_duplicates,
    schemas_findings,
    schemas_grades,
    schemas_relays,
    schemas_reports,
    schemas_standing,
)
from services.incidents.timeline.schemas import Entry, EntryKind
from services.incidents.tolls import queries as tolls


async def story(session: AsyncSession, *, accident: Accident, by: Principal) -> Sequence[Entry]:
    """All that happened to an accident as far as the actor may know it, oldest first.

    Row-level security hides from enterprises what is not theirs to see; what offices alone may
    read is not even asked for.
    """
    entries = [
        *await _told(session, accident),
        *await _graded(session, accident),
        *await _passed_on(session, accident),
        *await _doubled(session, accident),
        *await _investigated(session, accident, by),
        *await _suspected(session, accident, by),
        *schemas_aftermath.told(await queries_aftermath.of(session, accident.id)),
    ]
    if POLICIES.allows(by, Act.READ_STATISTICS, accident):
        entered = await session.get(StatisticsEntry, accident.id)
        entries.extend(schemas_grades.entered([entered] if entered else []))
    return sorted(entries, key=_place)


_IN_ORDER = {kind: place for place, kind in enumerate(EntryKind)}


def _place(entry: Entry) -> tuple[datetime, int]:
    """By time; what happened at one instant in the order in which it follows from each other."""
    return entry.at, _IN_ORDER[entry.kind]


async def _told(session: AsyncSession, accident: Accident) -> Sequence[Entry]:
    reports = await queries_reports.reports(session, accident.id)
    return [
        *schemas_reports.occurred(accident),
        *schemas_reports.seen(await queries_reports.public_reports(session, accident.id)),
        *schemas_reports.called_in(await phonecalls.of_accident(session, accident.id)),
        *schemas_reports.reported(reports, closes_at=accident.window_closes_at),
        *schemas_reports.identified(await queries_reports.identification(session, accident.id)),
        *schemas_reports.corrected(await queries_reports.corrections(session, reports)),
    ]


async def _graded(session: AsyncSession, accident: Accident) -> Sequence[Entry]:
    return [
        *schemas_grades.graded(await accidents.grades(session, accident.id)),
        *schemas_grades.qualified(await qualifications.versions(session, accident.id)),
    ]


async def _passed_on(session: AsyncSession, accident: Accident) -> Sequence[Entry]:
    known = accident.id
    return [
        *schemas_relays.relayed(await relays.of_accident(session, known)),
        *schemas_clocks.called(await relays.calls_of(session, known)),
        *schemas_direct.told_directly(await direct_reports.of_accident(session, known)),
        *schemas_clocks.notified(await notices.of_accident(session, known)),
        *schemas_clocks.read(await readings.of_accident(session, known)),
        *schemas_clocks.rescued(await rescues.steps(session, known)),
        *schemas_clocks.missed(await rescues.days(session, known)),
        *schemas_clocks.recounted(await tolls.of_accident(session, known)),
    ]


async def _doubled(session: AsyncSession, accident: Accident) -> Sequence[Entry]:
    doubles = await queries_duplicates.of(session, accident)
    return [
        *schemas_duplicates.likened(accident, doubles),
        *schemas_duplicates.merged(accident, doubles),
        *schemas_duplicates.shared(doubles.shares),
    ]


async def _investigated(
    session: AsyncSession, accident: Accident, by: Principal
) -> Sequence[Entry]:
    held = await investigations.assignments(session, accident.id)
    course = await queries_case.course(session, accident.id)
    entries = [*schemas_case.investigated(held), *schemas_case.run(course)]
    if POLICIES.allows(by, Act.READ_CASE, accident):
        case = await queries_case.inside(session, accident.id)
        entries.extend(schemas_standing.inside(case))
    return entries


async def _suspected(session: AsyncSession, accident: Accident, by: Principal) -> Sequence[Entry]:
    entries: list[Entry] = []
    if POLICIES.allows(by, Act.READ_FINDINGS, accident):
        found = await queries_reports.findings(session, accident.id)
        entries.extend(schemas_findings.found(found))
    if POLICIES.allows(by, Act.READ_LEADS, accident):
        steps = await queries_reports.leads(session, accident.id)
        entries.extend(schemas_findings.traced(accident, steps))
    return entries
