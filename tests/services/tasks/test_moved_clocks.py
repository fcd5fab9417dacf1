"""The duty to investigate is due when the limit of the case ends: extended, stopped, moved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.incidents_cases import ClockMove, InvestigationClockMoved
from contracts.tasks import ObligationKind
from kernel.audit import AuditRecord
from kernel.timers import Timer
from services.tasks.obligations import operations
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.story import (
    ACCIDENT,
    CITY,
    CITY_OFFICE,
    clock_moved,
    escalated,
    published,
    reported,
)
from tests.services.tasks.test_accidents import overdue_investigations, standing

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FIRST_DUE = datetime(2023, 5, 9, 16, 0, tzinfo=UTC)  # 24:00 in Shanghai of the sixtieth day
LATER = FIRST_DUE + 30 * DAY
HOLDER = f"{CITY}.government"


async def investigation(tasks: Stage) -> Obligation:
    [found] = (await standing(tasks, ObligationKind.INVESTIGATION)).values()
    return found


async def clocks(tasks: Stage, row: Obligation) -> list[Timer]:
    found = await tasks.rows(Timer, kind=operations.DUE, entity_id=str(row.id))
    return sorted(found, key=lambda timer: timer.generation)


async def test_an_extension_is_the_next_generation_of_the_clock_with_its_reason(
    tasks: Stage,
) -> None:
    await tasks.hear(reported(relays=()), clock_moved(ClockMove.EXTENDED, LATER))

    row = await investigation(tasks)
    assert (row.due_at, row.status) == (LATER, Status.OPEN)
    first, second = await clocks(tasks, row)
    assert first.due_at == FIRST_DUE
    assert first.cancelled_at is not None
    assert (second.due_at, second.reason, second.generation) == (LATER, "extended", 2)
    [note] = await tasks.rows(AuditRecord, act="obligation.move_due")
    assert note.entity_id == str(row.id)
    assert note.detail == {"reason": "extended", "due_at": LATER.isoformat()}


async def test_it_is_overdue_at_the_later_instant_and_not_before(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()), clock_moved(ClockMove.EXTENDED, LATER))
    await tasks.fire_until(LATER - SECOND)
    assert await overdue_investigations(tasks) == []
    await tasks.fire_until(LATER)
    await tasks.fire_until(LATER + DAY)

    assert await overdue_investigations(tasks) == [HOLDER]


async def test_while_an_appraisal_goes_on_nothing_is_overdue(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()), clock_moved(ClockMove.APPRAISAL_BEGAN, None))
    await tasks.fire_until(LATER)
    row = await investigation(tasks)
    assert await overdue_investigations(tasks) == []
    assert row.stopped_at is not None
    [stopped] = await clocks(tasks, row)
    assert (stopped.cancelled_at is not None, stopped.fired_at) == (True, None)
    async with tasks.as_(CITY_OFFICE) as client:
        shown = (await client.get(f"/tasks/obligations/{row.id}")).json()
    assert datetime.fromisoformat(shown["stopped_at"]) == row.stopped_at

    ended = clock_moved(ClockMove.APPRAISAL_ENDED, LATER + DAY, occurred_at=LATER)
    await tasks.hear(ended)
    assert (await investigation(tasks)).stopped_at is None
    await tasks.fire_until(LATER + DAY)
    assert await overdue_investigations(tasks) == [HOLDER]


async def test_what_is_returned_while_the_clock_stands_still_is_not_overdue(
    tasks: Stage,
) -> None:
    await tasks.hear(reported(relays=()), clock_moved(ClockMove.APPRAISAL_BEGAN, None))
    row = await investigation(tasks)
    async with tasks.work() as session:
        found = await session.get_one(Obligation, row.id)
        operations.note_overdue(session, found, now=LATER)

    assert await overdue_investigations(tasks) == []


async def test_what_was_found_overdue_and_has_more_time_can_be_overdue_again(
    tasks: Stage,
) -> None:
    await tasks.hear(reported(relays=()))
    await tasks.fire_until(FIRST_DUE)
    assert (await investigation(tasks)).overdue_at == FIRST_DUE
    late = FIRST_DUE + DAY  # an appraisal of before, recorded now
    await tasks.hear(clock_moved(ClockMove.APPRAISAL_ENDED, LATER, occurred_at=late))
    assert (await investigation(tasks)).overdue_at is None
    await tasks.fire_until(LATER)

    assert await overdue_investigations(tasks) == [HOLDER, HOLDER]


@pytest.mark.parametrize("due_at", [LATER, None])
async def test_another_authority_takes_the_clock_over_as_it_runs(
    tasks: Stage, due_at: datetime | None
) -> None:
    moved = clock_moved(ClockMove.EXTENDED if due_at else ClockMove.APPRAISAL_BEGAN, due_at)
    await tasks.hear(reported(relays=()), moved, escalated())
    await tasks.fire_until(LATER - SECOND)

    row = await investigation(tasks)
    assert (row.unit, row.due_at) == ("430000.government", due_at or FIRST_DUE)
    assert (row.stopped_at is None) is (due_at is not None)
    assert await overdue_investigations(tasks) == []


async def test_a_duty_that_is_done_is_left_alone(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()), published())
    await tasks.hear(clock_moved(ClockMove.REOPENED, LATER, occurred_at=LATER - 9 * DAY))

    [row] = await tasks.rows(Obligation, origin=ACCIDENT, kind=ObligationKind.INVESTIGATION)
    assert (row.status, row.due_at) == (Status.FULFILLED, FIRST_DUE)
    await tasks.fire_until(LATER)
    assert await overdue_investigations(tasks) == []


def reopened(due_at: datetime, **changed: object) -> InvestigationClockMoved:
    at = datetime(2023, 9, 1, 2, 0, tzinfo=UTC)
    return clock_moved(
        ClockMove.REOPENED, due_at, generation=2, unit=HOLDER, occurred_at=at, **changed
    )


async def test_a_reopened_case_asks_for_its_investigation_anew(tasks: Stage) -> None:
    due = datetime(2023, 10, 31, 16, 0, tzinfo=UTC)
    await tasks.hear(reported(relays=()), published(), reopened(due))

    first, second = await tasks.rows(Obligation, origin=ACCIDENT, kind=ObligationKind.INVESTIGATION)
    assert (first.duty, first.status) == ("investigation", Status.FULFILLED)
    assert (second.duty, second.status, second.unit) == ("investigation:2", Status.OPEN, HOLDER)
    assert second.due_at == due
    await tasks.fire_until(due - SECOND)
    assert await overdue_investigations(tasks) == []
    await tasks.fire_until(due)
    assert await overdue_investigations(tasks) == [HOLDER]


async def test_the_clock_of_a_reopened_case_moves_and_its_report_ends_it(tasks: Stage) -> None:
    due = datetime(2023, 10, 31, 16, 0, tzinfo=UTC)
    further = {"generation": 2, "unit": HOLDER}
    await tasks.hear(
        reported(relays=()),
        published(),
        reopened(due),
        clock_moved(ClockMove.EXTENDED, due + 30 * DAY, **further),
        clock_moved(ClockMove.APPROVED, None),  # of the first generation: it is over
    )
    [second] = await tasks.rows(Obligation, duty="investigation:2")
    assert (second.due_at, second.stopped_at) == (due + 30 * DAY, None)
    await tasks.hear(escalated())

    [third] = await tasks.rows(Obligation, duty="investigation:2", status=Status.OPEN)
    assert (third.duty, third.unit) == ("investigation:2", "430000.government")
    assert (third.due_at, third.stopped_at) == (due + 30 * DAY, None)
    await tasks.hear(published(published_on=date(2023, 11, 20)))

    rows = await tasks.rows(Obligation, duty="investigation:2", unit="430000.government")
    assert [row.status for row in rows] == [Status.FULFILLED]
