"""Open, move and close what an accident asks, as incidents tells its story."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import Hop
from kernel import calendar
from reference.terms import Finding, FindingStatus, Grade
from reference.triggers import Happening
from services.tasks.accidents import domain
from services.tasks.accidents.domain import Known
from services.tasks.accidents.tables import Accident
from services.tasks.chains import queries as chains
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Cause
from services.tasks.plans import queries as plans
from services.tasks.rolls import queries as rolls

FINDING_MADE = "incidents.finding.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What is told of the clock of a case."""

    generation: int
    unit: str
    due_at: datetime | None
    """None while it stands still."""
    reason: str


class AccidentUnheardOf(LookupError):
    """A later fact came of an accident whose report never did."""


async def take_report(session: AsyncSession, *, accident_id: UUID, known: Known, unit: str) -> None:
    """Keep what is known of a new accident, and who investigates it."""
    session.add(
        Accident(
            accident_id=accident_id,
            region_code=known.region_code,
            enterprise_uscc=known.enterprise_uscc,
            industry=known.industry,
            happened_at=known.happened_at,
            received_at=known.received_at,
            grade=known.grade,
            investigating_unit=unit,
        )
    )
    await session.flush()


async def move_grade(
    session: AsyncSession, *, accident_id: UUID, grade: Grade, industry: str | None, unit: str
) -> None:
    """Keep the new grade, and who investigates now."""
    accident = await get(session, accident_id)
    accident.grade, accident.investigating_unit = grade, unit
    accident.industry = industry or accident.industry


async def move_place(
    session: AsyncSession, *, accident_id: UUID, region_code: str, unit: str
) -> None:
    """Keep where it lies after all, and who investigates it there."""
    accident = await get(session, accident_id)
    accident.region_code, accident.investigating_unit = region_code, unit


async def identify(session: AsyncSession, *, accident_id: UUID, uscc: str) -> None:
    """Keep whose it is after all."""
    (await get(session, accident_id)).enterprise_uscc = uscc


async def correct(session: AsyncSession, *, accident_id: UUID, happened_at: datetime) -> None:
    """Keep when it happened after all."""
    (await get(session, accident_id)).happened_at = happened_at


async def open_relays(
    session: AsyncSession, *, accident_id: UUID, hops: Sequence[Hop], now: datetime
) -> None:
    """Each desk on the way up has its own duty and clock.

    Hours are over before anybody could find that it is an accident after all: what is asked
    while it is struck off is not asked later.
    """
    if (await get(session, accident_id)).struck_off_at is not None:
        return
    wanted = domain.relays(hops)
    await obligations.open_single(session, origin=accident_id, wanted=wanted, now=now)


async def ask_by_grade(
    session: AsyncSession, *, accident_id: UUID, event: str, casualties: bool, now: datetime
) -> None:
    """Open what the present grade asks; what an earlier one asked alone is superseded.

    While it is struck off nothing is asked; what was told is kept for the day it stands again.
    """
    accident = await get(session, accident_id)
    if accident.struck_off_at is not None:
        accident.told_harmed = casualties
        return
    known = await _known(session, accident)
    on = calendar.day_of(now)
    what = Happening(event=event, grade=known.grade, casualties=casualties)
    duties = await plans.set_off(session, what, on=on)
    roll = await rolls.roll(session, on=on, places=known.places) if duties else {}
    asked = domain.asked_by_grade(known, duties, roll=roll, on=on)
    await obligations.align(
        session,
        origin=accident_id,
        cause=Cause.GRADE,
        wanted=[*domain.attendance(known), *asked],
        now=now,
    )
    await _ask_for_investigation(session, accident, now=now)


async def move_investigation(
    session: AsyncSession, *, accident_id: UUID, unit: str, now: datetime
) -> None:
    """Another authority has the investigation; its clock runs on."""
    accident = await get(session, accident_id)
    accident.investigating_unit = unit
    await _ask_for_investigation(session, accident, now=now)


async def move_clock(
    session: AsyncSession, *, accident_id: UUID, moved: Moved, now: datetime
) -> None:
    """The limit of the investigation ends at another instant, or stands still.

    The first that is heard of a further generation opens its duty: the case was reopened.
    """
    accident = await get(session, accident_id)
    known, generation = accident.investigation_generation, moved.generation
    if generation < known:
        return
    accident.investigation_due_at = moved.due_at or accident.investigation_due_at
    accident.investigation_stands = moved.due_at is None
    if generation > known:
        accident.investigation_generation, accident.investigating_unit = generation, moved.unit
        await _ask_for_investigation(session, accident, now=now)
        return
    await _move_due(session, accident, reason=moved.reason, now=now)


async def _move_due(
    session: AsyncSession, accident: Accident, *, reason: str, now: datetime
) -> None:
    stands = accident.investigation_stands
    await obligations.move_due(
        session,
        origin=accident.accident_id,
        duty=domain.investigation_duty(accident.investigation_generation),
        due_at=None if stands else accident.investigation_due_at,
        reason=reason,
        now=now,
    )


async def renew_investigation(
    session: AsyncSession, accident: Accident, *, reason: str, now: datetime
) -> None:
    """Whoever has the case by now owes its investigation, by the limit that was told last.

    That limit is incidents' own: it has run on, and only what they tell moves it.
    """
    await _ask_for_investigation(session, accident, now=now)
    if accident.investigation_stands or accident.investigation_due_at is not None:
        await _move_due(session, accident, reason=reason, now=now)


async def end_investigation(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """The report is published: whoever investigated has done that duty."""
    accident = await session.get(Accident, accident_id)
    generation = accident.investigation_generation if accident else 1
    duty = domain.investigation_duty(generation)
    await obligations.fulfil(session, origin=accident_id, duty=duty, now=now)


async def _ask_for_investigation(
    session: AsyncSession, accident: Accident, *, now: datetime
) -> None:
    if accident.struck_off_at is not None:
        return
    wanted = domain.investigation(
        _facts(accident),
        unit=accident.investigating_unit,
        generation=accident.investigation_generation,
        due_at=accident.investigation_due_at,
        stands=accident.investigation_stands,
    )
    await obligations.align(
        session,
        origin=accident.accident_id,
        cause=Cause.INVESTIGATION,
        wanted=[wanted],
        now=now,
    )


async def close(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Supersede what still stands of an accident that turned out to be another one."""
    for cause in Cause:
        await obligations.align(session, origin=accident_id, cause=cause, wanted=[], now=now)


async def hold_to_account(
    session: AsyncSession,
    *,
    accident_id: UUID,
    finding: Finding,
    status: FindingStatus,
    now: datetime,
) -> None:
    """Those who answer for a report that fell short account for it, once per duty."""
    accident = await get(session, accident_id)
    if accident.struck_off_at is not None:
        return
    known = await _known(session, accident)
    on = calendar.day_of(now)
    what = Happening(event=FINDING_MADE, grade=known.grade, finding=finding, finding_status=status)
    duties = await plans.set_off(session, what, on=on)
    roll = await rolls.roll(session, on=on, places=known.places) if duties else {}
    wanted = domain.asked_by_finding(known, duties, finding=finding, roll=roll, on=on)
    await obligations.open_missing(
        session, origin=accident_id, cause=Cause.FINDING, wanted=wanted, now=now
    )


async def get(session: AsyncSession, accident_id: UUID) -> Accident:
    """One accident, locked; refused where its report was never heard of."""
    accident = await session.get(Accident, accident_id, with_for_update=True)
    if accident is None:
        raise AccidentUnheardOf(accident_id)
    return accident


async def _known(session: AsyncSession, accident: Accident) -> Known:
    """The accident with its enterprise's trade, and the decision on that, as of its day."""
    known = _facts(accident)
    industry = await chains.trade(
        session, stated=known.industry, uscc=known.enterprise_uscc, on=known.on
    )
    if industry is None:
        return known
    found = await chains.decided(session, industry, region=known.region_code, on=known.on)
    return replace(known, industry=industry, decided=found)


def _facts(accident: Accident) -> Known:
    return Known(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        industry=accident.industry,
        happened_at=accident.happened_at,
        received_at=accident.received_at,
        grade=Grade(accident.grade),
    )
