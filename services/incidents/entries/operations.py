"""Asking for an accident's entry in the statistics, stating that it is made, finding it late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import EntryOverdue
from kernel import audit, timers
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.entries import domain, queries, rules
from services.incidents.entries.domain import EntryAction, EntryStage, EntryStatus
from services.incidents.entries.rules import EntryDue
from services.incidents.entries.tables import Entry
from services.incidents.policies import POLICIES, Act

ENTER_DUE = "entry_enter_due"
COMPLETE_DUE = "entry_complete_due"


async def open_entry(session: AsyncSession, *, accident_id: UUID) -> None:
    """Ask for the entry of an accident and set its two clocks; a second time changes nothing."""
    if await session.get(Entry, accident_id) is not None:
        return
    accident = await accidents.get(session, accident_id)
    due = rules.entry_due(received_at=accident.received_at)
    if due is None:
        return
    session.add(_entry(accident, due))
    clocks = ((ENTER_DUE, due.enter_by), (COMPLETE_DUE, due.complete_by))
    for kind, due_at in clocks:
        clock = timers.new(kind=kind, entity_id=str(accident_id), due_at=due_at, rule=due.rule)
        timers.begin(session, clock)


def _entry(accident: Accident, due: EntryDue) -> Entry:
    return Entry.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        status=str(EntryStatus.OPEN),
        rule=due.rule,
        opened_at=accident.received_at,
        enter_by=due.enter_by,
        complete_by=due.complete_by,
        entered_at=None,
        entered_by=None,
        entered_late=False,
        completed_at=None,
        completed_by=None,
        completed_late=False,
    )


async def enter(session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime) -> Entry:
    """State that the accident stands in the national statistics."""
    entry = await queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.ENTER, on=entry, seen_by=Act.READ_STATISTICS)
    entry.status = str(domain.after(entry.stands, EntryAction.ENTER))
    entry.entered_at, entry.entered_by = now, by.subject
    entry.entered_late = entry.entered_late or rules.late(due_at=entry.enter_by, at=now)
    await timers.cancel(session, kind=ENTER_DUE, entity_id=str(accident_id), now=now)
    audit.note(session, by=by, act="entry.enter", entity="entry", entity_id=accident_id)
    return entry


async def complete(
    session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime
) -> Entry:
    """State that the entry has all that the statistics ask for."""
    entry = await queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.ENTER, on=entry, seen_by=Act.READ_STATISTICS)
    entry.status = str(domain.after(entry.stands, EntryAction.COMPLETE))
    entry.completed_at, entry.completed_by = now, by.subject
    entry.completed_late = entry.completed_late or rules.late(due_at=entry.complete_by, at=now)
    await timers.cancel(session, kind=COMPLETE_DUE, entity_id=str(accident_id), now=now)
    audit.note(session, by=by, act="entry.complete", entity="entry", entity_id=accident_id)
    return entry


async def mark_overdue(
    session: AsyncSession, *, accident_id: UUID, stage: EntryStage, now: datetime
) -> None:
    """A deadline of the entry passed: the mark stays, whatever is stated later, and it is told.

    An accident that goes on as another is entered as that one.
    """
    entry = await queries.get(session, accident_id, lock=True)
    accident = await accidents.get(session, accident_id)
    if accident.merged_into is not None:
        return
    if stage is EntryStage.ENTERED:
        if entry.entered_at is not None:
            return
        entry.entered_late, due_at = True, entry.enter_by
    else:
        if entry.completed_at is not None:
            return
        entry.completed_late, due_at = True, entry.complete_by
    publish(
        session,
        EntryOverdue(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            stage=str(stage),
            unit=accident.receiving_unit,
            due_at=due_at,
            grade=accident.current_grade,
        ),
    )
