"""What figures and digests do when incidents speaks of accidents."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentCorrected,
    AccidentMerged,
    AccidentPlaced,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentStruckOff,
    AccidentUpdated,
    InvestigationPublished,
)
from contracts.incidents_cases import InvestigationApproved, InvestigationReckoned
from contracts.incidents_enterprises import AccidentIdentified
from kernel import calendar
from kernel.events import Event
from kernel.inbox import on
from services.tasks.digests import operations_clocks as digests
from services.tasks.figures import operations_bases as bases
from services.tasks.figures import operations_cases as cases
from services.tasks.figures import operations_facts as facts
from services.tasks.figures.operations_facts import Fact, NewAccident, Restated


async def count_accident_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """A new accident enters the figures of its place, its sector and its grade."""
    told = NewAccident(
        accident_id=event.accident_id,
        region_code=event.region_code,
        enterprise_uscc=event.enterprise_uscc,
        day=calendar.day_of(event.happened_at),
        industry=event.industry,
        accident_type=event.accident_type,
        grade=event.grade,
        deaths=_deaths(event),
        left_out=bool(event.left_out),
    )
    await facts.count_accident(session, told=told, fact=_fact(event))
    await bases.arm_freezing(session, now=event.occurred_at)


async def arm_digest_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """What it asks will be due: units hear of it every working day."""
    await digests.arm(session, now=event.occurred_at)


async def recount_on_accident_updated(session: AsyncSession, event: AccidentUpdated) -> None:
    """Who died within the statutory window is counted; who died after it is not."""
    if not event.after_window:
        said = Restated(deaths=_deaths(event), grade=event.grade, left_out=event.left_out)
        await _restate(session, event, said)


async def recount_on_accident_regraded(session: AsyncSession, event: AccidentRegraded) -> None:
    """Another grade moves it from one figure to another."""
    said = Restated(
        deaths=_deaths(event),
        grade=event.grade,
        industry=event.industry,
        left_out=event.left_out,
    )
    await _restate(session, event, said)


async def recount_on_accident_placed(session: AsyncSession, event: AccidentPlaced) -> None:
    """It leaves the figures of where it was thought to be for those of where it lies."""
    await _restate(session, event, Restated(region_code=event.region_code))


async def name_owner_on_accident_identified(
    session: AsyncSession, event: AccidentIdentified
) -> None:
    """It is kept with whose it is; no figure moves by that."""
    await _restate(session, event, Restated(enterprise_uscc=event.enterprise_uscc))


async def recount_on_accident_corrected(session: AsyncSession, event: AccidentCorrected) -> None:
    """It leaves the period, the sector and the kind it was thought to be of for its own."""
    said = Restated(
        day=calendar.day_of(event.happened_at),
        industry=event.industry,
        accident_type=event.accident_type,
        left_out=event.left_out,
    )
    await _restate(session, event, said)


async def uncount_on_accident_merged(session: AsyncSession, event: AccidentMerged) -> None:
    """It is counted as the accident that it goes on as."""
    await _restate(session, event, Restated(counts=False))


async def uncount_on_accident_struck_off(session: AsyncSession, event: AccidentStruckOff) -> None:
    """What was no production-safety accident leaves the figures."""
    await _restate(session, event, Restated(counts=False))


async def count_on_accident_qualified(session: AsyncSession, event: AccidentQualified) -> None:
    """What was found to be one stands in the figures, whatever was thought of it before."""
    await _restate(session, event, Restated(counts=True, grade=event.grade))


async def reckon_case_on_investigation_reckoned(
    session: AsyncSession, event: InvestigationReckoned
) -> None:
    """A case falls due in the period of its last day, wherever its clock moves that."""
    await cases.reckon(
        session,
        accident_id=event.accident_id,
        generation=event.generation,
        due_on=event.due_on,
    )


async def close_case_on_investigation_approved(
    session: AsyncSession, event: InvestigationApproved
) -> None:
    """The approval closes a case, in time or not."""
    on_day = calendar.day_of(event.occurred_at)
    await cases.approve(
        session, accident_id=event.accident_id, generation=event.generation, on=on_day
    )


async def close_case_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """Where no approval was told, the publication closes a case: none is closed too early."""
    await cases.publish(
        session,
        accident_id=event.accident_id,
        generation=event.generation,
        on=event.approved_on or event.published_on,
    )


_About = (
    AccidentUpdated
    | AccidentRegraded
    | AccidentPlaced
    | AccidentIdentified
    | AccidentCorrected
    | AccidentMerged
    | AccidentStruckOff
    | AccidentQualified
)


async def _restate(session: AsyncSession, event: _About, said: Restated) -> None:
    await facts.restate_accident(
        session, accident_id=event.accident_id, said=said, fact=_fact(event)
    )


def _deaths(event: AccidentReported | AccidentUpdated | AccidentRegraded) -> int:
    return event.toll.deaths if event.counted_deaths is None else event.counted_deaths


def _fact(event: Event) -> Fact:
    return Fact(event_id=event.event_id, at=event.occurred_at)


SUBSCRIPTIONS = (
    on(AccidentReported, count_accident_on_accident_reported),
    on(AccidentReported, arm_digest_on_accident_reported),
    on(AccidentUpdated, recount_on_accident_updated),
    on(AccidentRegraded, recount_on_accident_regraded),
    on(AccidentIdentified, name_owner_on_accident_identified),
    on(AccidentPlaced, recount_on_accident_placed),
    on(AccidentCorrected, recount_on_accident_corrected),
    on(AccidentMerged, uncount_on_accident_merged),
    on(AccidentStruckOff, uncount_on_accident_struck_off),
    on(AccidentQualified, count_on_accident_qualified),
    on(InvestigationReckoned, reckon_case_on_investigation_reckoned),
    on(InvestigationApproved, close_case_on_investigation_approved),
    on(InvestigationPublished, close_case_on_investigation_published),
)
