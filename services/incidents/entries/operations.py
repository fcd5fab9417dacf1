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
from services.incidents.entries.domain import ASKED_FOR, EntryAction, EntryStage, EntryStatus
from services.incidents.entries.rules import EntryDue
from services.incidents.entries.tables import Entry
from services.incidents.policies import POLICIES, Act

ENTER_DUE = "entry_enter_due"
COMPLETE_DUE = "entry_complete_due"


async def follow(
    session: AsyncSession, *, accident: Accident, slight: bool, known_at: datetime
) -> None:
    """Ask for the entry of just what the statistics count (Statistics Measures, 5).

    `known_at` is when it was known what the accident is now: the two clocks run from then. The
    caller holds the accident's lock; nothing new changes nothing.
    """
    entry = await session.get(Entry, accident.id, with_for_update=True)
    if entry is None:
        if not slight:
            _open(session, accident, known_at)
    elif slight and entry.stands in ASKED_FOR:
        await _leave_out(session, entry, now=known_at)
    elif not slight and entry.stands is EntryStatus.LEFT_OUT:
        await _ask_again(session, entry, known_at)


def _open(session: AsyncSession, accident: Accident, known_at: datetime) -> None:
    due = rules.entry_due(received_at=known_at)
    if due is None:
        return
    session.add(_entry(accident, due, known_at))
    for kind, due_at in ((ENTER_DUE, due.enter_by), (COMPLETE_DUE, due.complete_by)):
        clock = timers.new(kind=kind, entity_id=str(accident.id), due_at=due_at, rule=due.rule)
        timers.begin(session, clock)


async def _leave_out(session: AsyncSession, entry: Entry, *, now: datetime) -> None:
    entry.status = str(domain.after(entry.stands, EntryAction.LEAVE_OUT))
    for kind in (ENTER_DUE, COMPLETE_DUE):
        await timers.cancel(session, kind=kind, entity_id=str(entry.accident_id), now=now)


async def _ask_again(session: AsyncSession, entry: Entry, known_at: datetime) -> None:
    due = rules.entry_due(received_at=known_at)
    assert due is not None  # it was asked for on an earlier day
    entered = entry.entered_at is not None
    action = EntryAction.RESUME if entered else EntryAction.ASK
    entry.status = str(domain.after(entry.stands, action))
    entry.opened_at, entry.rule = known_at, due.rule
    entry.complete_by = due.complete_by
    clocks = [(COMPLETE_DUE, due.complete_by)]
    if not entered:
        entry.enter_by = due.enter_by
        clocks.append((ENTER_DUE, due.enter_by))
    for kind, due_at in clocks:
        await timers.arm(
            session,
            kind=kind,
            entity_id=str(entry.accident_id),
            due_at=due_at,
            rule=due.rule,
            reason="counted again",
        )


def _entry(accident: Accident, due: EntryDue, known_at: datetime) -> Entry:
    return Entry.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        status=str(EntryStatus.OPEN),
        rule=due.rule,
        opened_at=known_at,
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

    An accident that goes on as another is entered as that one, one left out is not entered.
    """
    entry = await queries.get(session, accident_id, lock=True)
    accident = await accidents.get(session, accident_id)
    if accident.merged_into is not None or entry.stands is EntryStatus.LEFT_OUT:
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
