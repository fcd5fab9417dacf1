"""Open a duty for everybody in scope, set by set, in one transaction.

Two hundred thousand enterprises are a few bounded statements, not as many inserts: nothing
of them passes through this process but counts.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import DutyTriggered
from kernel import timers
from kernel.ids import uuid7
from kernel.outbox import publish
from reference.cityrows import EnterpriseGroup
from reference.terms import DutyKind
from services.tasks.obligations import operations
from services.tasks.obligations.domain import OWED, Cause
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations_sets
from services.tasks.openings.operations_sets import Asking
from services.tasks.successions import queries as successions
from services.tasks.triggers.domain import ForEverybody
from services.tasks.triggers.tables import TriggeredDuty

DUE = "triggered_duty_due"


async def open_for_everybody(
    session: AsyncSession, *, origin: UUID, duties: Sequence[ForEverybody], now: datetime
) -> None:
    """Open duties for every unit and enterprise they mean; each is told once, with its count.

    Told again, an event opens only what is missing: an occurrence is one per event, duty and
    subject.
    """
    for duty in duties:
        opened = await _open(session, origin=origin, duty=duty, now=now)
        if opened:
            await _keep(session, origin=origin, duty=duty, opened=opened, now=now)
            publish(session, _triggered(origin, duty, opened=opened, now=now))


async def _open(session: AsyncSession, *, origin: UUID, duty: ForEverybody, now: datetime) -> int:
    asking = Asking(
        kind=duty.kind,
        duty_kind=DutyKind.EVENT_TRIGGERED,
        origin=origin,
        cause=Cause.PUBLICATION,
        duty=duty.duty.name,
        rule=duty.duty.rule,
        due_at=duty.due_at,
        now=now,
        plan_version=duty.duty.version,
        least=1,
    )
    heirs = await successions.bearing(session, duty.units, on=operations.today(now))
    opened = await operations_sets.open_units(session, asking, sorted(set(heirs.values())))
    for group in duty.enterprises:
        opened += await _open_group(session, asking, group)
    return opened


async def _open_group(session: AsyncSession, asking: Asking, group: EnterpriseGroup) -> int:
    total, after = 0, ""
    while True:
        chunk = await operations_sets.open_enterprises(session, asking, group, after=after)
        if chunk.last is None:
            return total
        total += chunk.opened
        after = chunk.last


async def _keep(
    session: AsyncSession, *, origin: UUID, duty: ForEverybody, opened: int, now: datetime
) -> None:
    """Remember the duty and arm its one clock; a second telling adds to the count."""
    row = insert(TriggeredDuty).values(
        id=uuid7(),
        origin=origin,
        duty=duty.duty.name,
        kind=duty.kind,
        region_code=duty.region_code,
        opened=opened,
        opened_at=now,
        due_at=duty.due_at,
    )
    more = row.on_conflict_do_update(
        index_elements=["origin", "duty"], set_={"opened": TriggeredDuty.opened + opened}
    )
    kept = (await session.scalars(more.returning(TriggeredDuty))).one()
    if kept.opened == opened:
        clock = timers.new(
            kind=DUE, entity_id=str(kept.id), due_at=duty.due_at, rule=duty.duty.rule
        )
        timers.begin(session, clock)


def _triggered(origin: UUID, duty: ForEverybody, *, opened: int, now: datetime) -> DutyTriggered:
    return DutyTriggered(
        occurred_at=now,
        origin=origin,
        plan=str(duty.duty.year),
        duty=duty.duty.code,
        kind=duty.kind,
        opened=opened,
        region_code=duty.region_code,
        due_at=duty.due_at,
    )


async def note_overdue(session: AsyncSession, *, triggered_id: UUID, now: datetime) -> None:
    """Mark everybody who has handed nothing in; units are told one by one, enterprises listed."""
    duty = await session.get_one(TriggeredDuty, triggered_id, with_for_update=True)
    late = (
        Obligation.origin == duty.origin,
        Obligation.duty == duty.duty,
        Obligation.status.in_(OWED),
        Obligation.overdue_at.is_(None),
    )
    of_units = select(Obligation).where(*late, Obligation.unit.is_not(None))
    for row in await session.scalars(of_units):
        publish(session, operations.overdue(row, now=now))
    while True:
        some = select(Obligation.id).where(*late).limit(operations_sets.CHUNK).scalar_subquery()
        mark = update(Obligation).where(Obligation.id.in_(some)).values(overdue_at=now)
        marked = mark.returning(Obligation.id).execution_options(synchronize_session=False)
        if len((await session.scalars(marked)).all()) < operations_sets.CHUNK:
            return
