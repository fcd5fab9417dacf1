"""Whoever has to decide on an objection: told at once, with a clock, and overdue after it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from contracts.tasks_evidence import AppealMade, AppealUndecided
from kernel import calendar, timers
from kernel.outbox import publish
from reference import evidence, holidays
from services.tasks.appeals import queries, rules
from services.tasks.appeals.domain import AppealStatus
from services.tasks.appeals.tables import Appeal
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import LIVE, of_plan
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.parts import operations as parts
from services.tasks.parts.domain import WORKING
from services.tasks.parts.operations import Stands

DECISION_DUE = "appeal_decision_due"


async def owe(
    session: AsyncSession,
    row: Appeal,
    whole: Obligation,
    *,
    parties: Collection[str],
    now: datetime,
) -> None:
    """An objection was made: name the office, and give it its working days.

    Where the packs know no office that may decide there is nobody whose clock could run.
    """
    await name_office(session, row, whole, parties=parties, now=now)
    if row.office is None:
        return
    limit = evidence.appeal_limit(on=calendar.day_of(now))
    row.due_at = rules.decision_due(
        now, working_days=limit.working_days, days_off=holidays.calendar()
    )
    clock = timers.new(kind=DECISION_DUE, entity_id=str(row.id), due_at=row.due_at, rule=limit.rule)
    timers.begin(session, clock)


async def name_office(
    session: AsyncSession,
    row: Appeal,
    whole: Obligation,
    *,
    parties: Collection[str],
    now: datetime,
) -> None:
    """The nearest office that may decide, as things are by now."""
    on = calendar.day_of(now)
    kind = await organisations.kind(session, whole.unit or "", day=on)
    row.office = rules.decider(
        region_code=whole.region_code, unit_kind=kind, parties=parties, on=on
    )


def tell_made(session: AsyncSession, row: Appeal, whole: Obligation, *, now: datetime) -> None:
    """Tell the office of an objection to a whole obligation."""
    publish(
        session,
        AppealMade(occurred_at=now, **_facts(row, whole), ground=row.ground, unit=row.office),
    )


async def note_undecided(session: AsyncSession, *, appeal_id: UUID, now: datetime) -> None:
    """Nobody has decided in time on what is still owed: said once, whatever is decided then."""
    row, about = await locked(session, appeal_id)
    waits = row.status == AppealStatus.MADE and row.overdue_at is None
    if not waits or row.due_at is None or now < row.due_at or not _still_owed(about):
        return
    row.overdue_at = now
    whole = about.row if isinstance(about, Stands) else about
    told = AppealUndecided(
        occurred_at=now, **_facts(row, whole), unit=row.office or "", decision_due_at=row.due_at
    )
    publish(session, told)


def _still_owed(about: Obligation | Stands) -> bool:
    if isinstance(about, Stands):
        return about.row.status in LIVE and about.part.status in WORKING
    return about.status in LIVE


def _facts(row: Appeal, whole: Obligation) -> dict[str, Any]:
    return {
        "obligation_id": whole.id,
        "appeal_id": row.id,
        "part_id": row.part_id,
        "region_code": whole.region_code,
        "subject_code": row.subject,
        "kind": ObligationKind(whole.kind),
        "duty": whole.duty if of_plan(whole.duty) else None,
    }


async def settle(session: AsyncSession, row: Appeal, *, now: datetime) -> None:
    """It was decided on: its clock rings no more."""
    await timers.cancel(session, kind=DECISION_DUE, entity_id=str(row.id), now=now)


async def locked(session: AsyncSession, appeal_id: UUID) -> tuple[Appeal, Obligation | Stands]:
    """An appeal and what it is about: the heir's where it was handed over meanwhile."""
    row = await queries.get(session, appeal_id)
    while True:
        about = await _about(session, row)
        row = await queries.get(session, appeal_id)
        obligation = about.row if isinstance(about, Stands) else about
        if row.obligation_id == obligation.id:
            return row, about


async def _about(session: AsyncSession, row: Appeal) -> Obligation | Stands:
    if row.part_id is None:
        return await owed.get(session, row.obligation_id, lock=True)
    return await parts.locked(session, row.part_id)
