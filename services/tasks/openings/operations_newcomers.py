"""Let whoever is new, or newly meant, owe what is running from now on."""

from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.ids import uuid7
from reference import subjects
from reference.units import Roll
from services.tasks.chains.tables import Enterprise
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import domain, operations, operations_sets, queries
from services.tasks.openings.domain import Occurrence
from services.tasks.openings.operations_sets import Asking
from services.tasks.openings.tables import Opening
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.rolls import queries as rolls
from services.tasks.successions import queries as successions


async def owe_from_now(session: AsyncSession, *, enterprise: Enterprise, now: datetime) -> int:
    """Open what runs and means the enterprise and is not open for it; of how many duties.

    A quota is owed in the share of the period that is left. What the enterprise owes already
    stays as it is.
    """
    on = calendar.day_of(now)
    opened = 0
    await queries.hold_beginning(session, on=on)
    for opening, duty in await queries.running(session, on=on):
        asked = _asked(opening, duty, now=now)
        meant = asked.least != 0 and _means(opening, duty, enterprise)
        if meant and await queries.hold(session, opening.id):
            opened += await _open(session, asked, enterprise)
    return opened


def _means(opening: Opening, duty: PlanDuty, enterprise: Enterprise) -> bool:
    if opening.only is not None and enterprise.uscc not in opening.only:
        return False
    groups = duty.groups(on=opening.begun_on or opening.period_from)
    return any(
        subjects.includes(
            group,
            sector=enterprise.sector,
            high_risk=enterprise.high_risk,
            flags=enterprise.groups,
        )
        for group in groups
    )


def _asked(opening: Opening, duty: PlanDuty, *, now: datetime) -> Asking:
    one = Occurrence(first=opening.period_from, last=opening.period_to, least=opening.least)
    left = domain.owed_since(
        one,
        kind=duty.kind,
        since=calendar.day_of(now),
        begun_on=opening.begun_on or opening.period_from,
    )
    return replace(operations.asking(opening, duty, now=now), least=left)


async def units_owe_from_now(session: AsyncSession, *, since: date, now: datetime) -> int:
    """The same for units that are there, or sit on a committee, since a day; how many came to owe.

    What it or its predecessor was asked once is not asked anew, whatever became of it. What
    several share stays divided as it was.
    """
    on = calendar.day_of(now)
    units = await rolls.joined(session, since)
    running = await queries.running(session, on=on) if units else []
    if not running:
        return 0
    await queries.hold_beginning(session, on=on)
    roll = await rolls.roll(session, on=on)
    heirs = await successions.heirs(session, on=on)
    opened = 0
    for opening, duty in running:
        asked = _asked(opening, duty, now=now)
        meant = units & _units_meant(opening, duty, roll, on=on)
        if meant and asked.least != 0 and await queries.hold(session, opening.id):
            known = await queries.asked_among(session, opening, {*meant, *heirs})
            inheriting = {heirs[unit] for unit in known & heirs.keys()}
            fresh = sorted(meant - known - inheriting)
            opened += await operations_sets.open_units(session, asked, fresh)
    return opened


def _units_meant(opening: Opening, duty: PlanDuty, roll: Roll, *, on: date) -> frozenset[str]:
    meant = frozenset(duty.meant(roll, on=on).units) - duty.sharing(roll, on=on)
    return meant if opening.only is None else meant & frozenset(opening.only)


async def _open(session: AsyncSession, asked: Asking, enterprise: Enterprise) -> int:
    values = asdict(asked) | {
        "id": uuid7(),
        "status": Status.OPEN,
        "subject": enterprise.uscc,
        "enterprise_uscc": enterprise.uscc,
        "region_code": enterprise.region_code,
        "opened_at": asked.now,
    }
    del values["now"]
    row = insert(Obligation).values(values)
    fresh = await session.scalar(row.on_conflict_do_nothing().returning(Obligation.id))
    return int(fresh is not None)
