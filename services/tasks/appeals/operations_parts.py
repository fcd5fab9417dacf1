"""What an appeal about a part asks of its part, and who hears of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from contracts.tasks_parts import PartAppealDecided, PartAppealed
from kernel.access import NotYours, Principal
from kernel.outbox import publish
from services.tasks.appeals import operations_deciding as deciding
from services.tasks.appeals import queries
from services.tasks.appeals.domain import (
    AppealDecided,
    AppealNotNow,
    AppealStatus,
    AppealTooLate,
    DeadlineNotLater,
)
from services.tasks.appeals.tables import Appeal
from services.tasks.evidence.operations_review import ReviewNotYours
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import LIVE, of_plan
from services.tasks.parts import operations as parts
from services.tasks.parts import operations_objecting as objecting
from services.tasks.parts.domain import DONE, WORKING, PartRole, SoleLead
from services.tasks.parts.operations import Stands
from services.tasks.policies import POLICIES, Act
from services.tasks.policies_figures import PartAct


async def objected_by(
    session: AsyncSession, part_id: UUID, *, by: Principal, now: datetime
) -> Stands:
    """A part, locked, if its own unit objects to it in time; the lead objects to the whole."""
    stands = await parts.locked(session, part_id)
    part, row = stands.part, stands.row
    POLICIES.require(by, Act.APPEAL, on=part, seen_by=PartAct.READ_PARTS)
    if by.unit != part.unit:
        raise NotYours
    if part.role == PartRole.LEAD:
        raise SoleLead
    open_still = row.status in LIVE and part.status in WORKING
    if not open_still or await queries.made(session, row.id, part_id=part.id):
        raise AppealNotNow
    if now >= part.due_with(row):
        raise AppealTooLate(due_at=part.due_with(row).isoformat())
    return stands


def refuse_sharing(stands: Stands, *, by: Principal) -> None:
    """Whoever shares the whole does not decide on a part of it."""
    if by.unit in stands.part.units:
        raise ReviewNotYours


async def carry_out(
    session: AsyncSession,
    stands: Stands,
    row: Appeal,
    *,
    due_at: datetime | None,
    by: Principal,
    now: datetime,
) -> None:
    """Release the part, give it more time, or let it be owed as before."""
    part, whole = stands.part, stands.row
    if row.status != AppealStatus.REFUSED and (whole.status not in LIVE or part.status in DONE):
        raise AppealDecided(obligation_status=whole.status, part_status=part.status)
    if row.status == AppealStatus.EXCUSED:
        if part.role == PartRole.LEAD:  # it has come to lead since
            raise SoleLead
        await parts.release(session, stands, reason=row.remark or "", by=by, now=now)
    elif row.status == AppealStatus.MOVED:
        if due_at is None or due_at <= max(part.due_with(whole), now):
            raise DeadlineNotLater
        row.due_after = due_at
        await objecting.give_time(session, stands, due_at, reason=f"appeal {row.id}", now=now)
    else:
        await objecting.go_on(session, stands, now=now)


async def hand_over(session: AsyncSession, *, now: datetime) -> None:
    """What waits of a part is about the part as it is now: of the heir, and of the heir's whole.

    Called after parts were handed over.
    """
    for row, part in await queries.left_behind(session):
        row.obligation_id, row.region_code = part.obligation_id, part.region_code
        row.unit, row.subject = part.unit, part.unit
        whole = await owed.get(session, part.obligation_id)
        await deciding.name_office(session, row, whole, parties=part.units, now=now)
    await session.flush()


def tell_made(session: AsyncSession, stands: Stands, row: Appeal, *, now: datetime) -> None:
    """Tell the unit, the lead, and the office that is to decide."""
    publish(session, PartAppealed(**_facts(stands, now=now), ground=row.ground, office=row.office))


def tell_decided(session: AsyncSession, stands: Stands, row: Appeal, *, now: datetime) -> None:
    """Tell the unit and the lead what was decided, and by when the part is due now."""
    publish(session, PartAppealDecided(**_facts(stands, now=now), status=row.status))


def _facts(stands: Stands, *, now: datetime) -> dict[str, Any]:
    part, whole = stands.part, stands.row
    return {
        "occurred_at": now,
        "obligation_id": whole.id,
        "part_id": part.id,
        "unit": part.unit,
        "lead": stands.lead.unit,
        "region_code": part.region_code,
        "kind": ObligationKind(whole.kind),
        "role": part.role,
        "duty": whole.duty if of_plan(whole.duty) else None,
        "due_at": part.due_with(whole),
    }
