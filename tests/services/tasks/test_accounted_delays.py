"""Whoever is late with a task of the plan is held to account: it alone, once for a day."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import text, update

from kernel import calendar
from kernel.ids import uuid7
from kernel.inbox import Turn
from services.tasks.handlers_self import account_for_delay_on_obligation_overdue
from services.tasks.obligations.domain import Cause
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.tables import Opening
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.ownfacts import OVERDUE, heard, issued, owing, told
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY, MINE, registered

ACCOUNTED = "33.1"
GOVERNMENT, BUREAU = f"{COUNTY}.government", f"{COUNTY}.emergency"
SAID_ON = date(2023, 6, 1)
FOUND = calendar.closes_at(date(2023, 7, 3))
"""24:00 of a Monday: thirty days after the first of June end on a Saturday."""


async def asked(
    tasks: Stage, duty: str = "3.5", *, on: date = SAID_ON, only: list[str] | None = None
) -> None:
    """Somebody says that what a duty is tied to has happened: everybody meant owes it."""
    tasks.now = calendar.opens_at(on)
    body: dict[str, Any] = {
        "happening_id": str(uuid7()),
        "year": on.year,
        "duty": duty,
        "happened_on": on.isoformat(),
        "reason": "市安委办交办函〔2023〕12号",
    }
    answer = await tasks.as_(CITY_OFFICE).post(
        "/tasks/triggers", json=body | ({"only": only} if only else {})
    )
    assert answer.status_code == 201, answer.text


async def late(tasks: Stage, *, by: datetime = FOUND, **more: Any) -> None:
    """The county's government has not done by its time what it was asked."""
    await asked(tasks, **{"only": [GOVERNMENT]} | more)
    await tasks.fire_until(by)


async def test_the_late_unit_and_nobody_else_is_held_to_account(tasks: Stage) -> None:
    await late(tasks)
    [fact] = await told(tasks, OVERDUE)

    await heard(tasks)

    [row] = await owing(tasks, ACCOUNTED)
    assert (row.subject, row.cause, row.kind) == (GOVERNMENT, Cause.OVERDUE, "accountability")
    assert fact.occurred_at == FOUND
    assert row.due_at == calendar.closes_at(date(2023, 8, 3))  # thirty days after it was found


async def test_told_twice_it_is_owed_once(tasks: Stage) -> None:
    await late(tasks)
    [fact] = await told(tasks, OVERDUE)

    await tasks.hear(fact, fact.model_copy(update={"event_id": uuid7()}))

    assert len(await owing(tasks, ACCOUNTED)) == 1


async def test_facts_that_are_heard_together_ask_once(tasks: Stage) -> None:
    await asked(tasks, only=[GOVERNMENT])
    await late(tasks)

    async with tasks.work() as session:
        for fact in await told(tasks, OVERDUE):
            await account_for_delay_on_obligation_overdue(session, fact)  # type: ignore[arg-type]

    assert len(await owing(tasks, ACCOUNTED)) == 1


async def test_what_was_given_more_time_before_it_was_heard_of_is_not_late(tasks: Stage) -> None:
    await late(tasks)
    async with tasks.work() as session:
        await session.execute(update(Obligation).values(overdue_at=None))

    assert await heard(tasks) == 1

    assert await owing(tasks, ACCOUNTED) == []


async def test_what_was_told_before_tasks_heard_itself_sets_nothing_off(tasks: Stage) -> None:
    await late(tasks)
    step = import_module("services.tasks.migrations.versions.0258_what_was_told_before")
    async with tasks.work() as session:
        await session.execute(text(step.HEARD))
    [fact] = await told(tasks, OVERDUE)

    assert await tasks.hear(fact) == [Turn.SEEN]

    assert await owing(tasks, ACCOUNTED) == []


async def test_what_is_found_late_on_one_day_is_accounted_for_at_once(tasks: Stage) -> None:
    for _ in range(2):
        await asked(tasks, only=[GOVERNMENT])
    await late(tasks)
    assert await heard(tasks) == 3

    assert len(await owing(tasks, ACCOUNTED)) == 1


async def test_what_is_found_late_on_another_day_is_accounted_for_by_itself(tasks: Stage) -> None:
    await late(tasks)
    await late(tasks, on=date(2023, 6, 5), by=calendar.closes_at(date(2023, 7, 5)))
    assert await heard(tasks) == 2

    rows = await owing(tasks, ACCOUNTED)
    assert [row.subject for row in rows] == [GOVERNMENT] * 2
    assert len({row.due_at for row in rows}) == 2


async def test_everybody_late_at_once_owes_it_once_and_nothing_is_opened_for_all(
    tasks: Stage,
) -> None:
    for _ in range(2):
        await asked(tasks)
    await tasks.fire_until(FOUND)
    meant = [row.subject for row in await owing(tasks, "3.5")]

    assert await heard(tasks) == len(meant)

    assert len(meant) > 100
    assert [row.subject for row in await owing(tasks, ACCOUNTED)] == sorted(set(meant))
    assert {row.code for row in await tasks.rows(Opening)} == {"3.5"}


async def test_what_a_delay_set_off_sets_nothing_off_when_it_is_late_itself(tasks: Stage) -> None:
    await late(tasks)
    await heard(tasks)
    [row] = await owing(tasks, ACCOUNTED)
    await tasks.fire_until(row.due_at)
    _, itself = await told(tasks, OVERDUE)
    assert itself.aggregate_id == str(row.id)

    await tasks.hear(itself)

    assert [one.id for one in await owing(tasks, ACCOUNTED)] == [row.id]


async def test_a_late_unit_whom_the_duty_does_not_mean_is_nobodys_to_account_for(
    tasks: Stage,
) -> None:
    # 4.5, one list and four systems: county bureaus owe it, and 33.1 does not name them.
    await late(tasks, duty="4.5", only=[BUREAU], by=calendar.closes_at(date(2023, 6, 30)))

    assert await heard(tasks) == 1
    assert await owing(tasks, ACCOUNTED) == []


async def test_late_enterprises_are_counted_and_set_nothing_off(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY))
    await late(tasks, duty="4.4", only=[MINE], by=calendar.closes_at(date(2023, 6, 30)))

    assert await heard(tasks) == 0
    [row] = await owing(tasks, "4.4")
    assert row.overdue_at is not None
    assert await owing(tasks, ACCOUNTED) == []


@pytest.mark.parametrize("duty", ["investigation", "2022/3.5"])
async def test_what_no_plan_here_asks_for_is_not_accounted_for_by_one(
    tasks: Stage, duty: str
) -> None:
    due = FOUND - timedelta(days=1)
    async with tasks.work() as session:
        session.add(_row(duty, due=due))
    [row] = await tasks.rows(Obligation)

    await tasks.hear(_fact(row, now=due))

    assert await tasks.rows(Obligation, cause="overdue") == []


async def test_a_task_that_ends_with_its_year_is_accounted_for_by_the_plan_of_that_year(
    tasks: Stage,
) -> None:
    found = calendar.closes_at(date(2024, 1, 2))  # the thirty days end on a Sunday, then New Year
    await late(tasks, on=date(2023, 12, 1), by=found)

    assert await heard(tasks) == 1

    [row] = await owing(tasks, ACCOUNTED)
    assert row.due_at == calendar.closes_at(date(2024, 2, 2))


def _row(duty: str, *, due: datetime) -> Obligation:
    return Obligation(
        id=uuid7(),
        kind="investigation",
        cause=Cause.INVESTIGATION,
        status="open",
        origin=uuid7(),
        duty=duty,
        subject=GOVERNMENT,
        unit=GOVERNMENT,
        region_code=COUNTY,
        rule="test",
        due_at=due,
        opened_at=due - timedelta(days=60),
        overdue_at=due,
    )


def _fact(row: Obligation, *, now: datetime) -> Any:
    return OVERDUE(
        occurred_at=now,
        obligation_id=row.id,
        unit=GOVERNMENT,
        region_code=COUNTY,
        kind="investigation",
        origin=row.origin,
        due_at=row.due_at,
    )


async def test_where_a_plan_names_offices_the_one_over_the_late_owes_it_once_a_day(
    tasks: Stage,
) -> None:
    offices = ["city:committee_office", "county:committee_office"]
    await late(tasks, duty="4.5", only=[BUREAU, f"{COUNTY}.housing", f"{CITY}.housing"])
    await issued(tasks, ACCOUNTED, year=2023, at=at(6, 2), subjects=offices)

    assert await heard(tasks) == 3

    owed = [row.subject for row in await owing(tasks, ACCOUNTED)]
    assert owed == [f"{CITY}.committee_office", f"{COUNTY}.committee_office"]
