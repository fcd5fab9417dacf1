"""A measured duty whose deadline was moved, or objected to in vain, is settled by its figure."""

from datetime import datetime, timedelta

import pytest

from contracts.tasks import ObligationOverdue
from kernel.calendar import SHANGHAI
from reference.terms import DutyKind
from services.tasks.measures.operations import Settled
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.measured import (
    COUNTY_GOVERNMENT,
    HOUSING,
    YEAR_END,
    accepted,
    asked,
    builder,
    figure,
    planned,
    standing,
)
from tests.services.tasks.test_appeals import decided, objected
from tests.services.tasks.test_settling import found, settle

LATER = datetime(2024, 2, 1, tzinfo=SHANGHAI)
WHY = {"ground": "wrong_deadline"}
SECOND = timedelta(seconds=1)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def pipes(city: Stage) -> Obligation:
    """At least 55 km of gas pipes are renewed in the year (12.1)."""
    return await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING)


async def moved(city: Stage, row: Obligation, to: datetime = LATER) -> None:
    """An appeal of the department moves its deadline."""
    appeal = (await objected(city, row, by=builder(), **WHY)).json()
    answer = await decided(city, appeal, "move", due_at=to.isoformat())
    assert answer.status_code == 200, answer.text


async def test_what_is_done_until_a_deadline_that_was_moved_meets_the_target(
    city: Stage, pipes: Obligation
) -> None:
    await moved(city, pipes)
    await accepted(city, pipes, builder(), day="2023-05-31", count=30)
    await city.fire_until(YEAR_END)
    city.now = datetime(2024, 1, 25, 12, tzinfo=SHANGHAI)
    await accepted(city, pipes, builder(), day="2024-01-20", count=25)
    shown = await standing(city, pipes)

    await city.fire_until(LATER - SECOND)
    before = await found(city, pipes)
    await city.fire_until(LATER)

    assert (shown["count"], shown["verdict"], shown["final"]) == (55, "met", False)
    assert (before, await found(city, pipes)) == ((Status.OPEN, False), (Status.FULFILLED, False))


async def test_what_is_not_done_by_then_is_overdue(city: Stage, pipes: Obligation) -> None:
    await moved(city, pipes)
    await accepted(city, pipes, builder(), day="2023-05-31", count=54)

    await city.fire_until(LATER)

    assert await found(city, pipes) == (Status.OPEN, True)
    assert [fact["obligation_id"] for fact in await city.told(ObligationOverdue)] == [str(pipes.id)]


async def test_a_figure_of_after_the_moved_deadline_is_not_taken(
    city: Stage, pipes: Obligation
) -> None:
    await moved(city, pipes)
    city.now = LATER + timedelta(days=2)

    answers = [
        await city.as_(builder()).post(
            "/tasks/figures/reports", json=figure(pipes, day=day, count=1)
        )
        for day in ("2024-01-31", "2024-02-01")
    ]

    assert [answer.status_code for answer in answers] == [201, 422]


async def test_a_figure_of_the_last_hours_settles_what_was_found_overdue_at_noon(
    city: Stage, pipes: Obligation
) -> None:
    noon = datetime(2024, 1, 31, 12, tzinfo=SHANGHAI)
    await moved(city, pipes, noon)
    await city.fire_until(noon)
    late = await found(city, pipes)
    city.now = noon + timedelta(hours=3)
    await accepted(city, pipes, builder(), day="2024-01-31", count=55)

    await city.fire_until(city.now)

    assert (late, await found(city, pipes)) == ((Status.OPEN, True), (Status.FULFILLED, True))


@pytest.mark.parametrize(
    ("count", "stands"), [(55, (Status.FULFILLED, False)), (54, (Status.OPEN, True))]
)
async def test_a_refusal_after_the_period_settles_it_by_its_figure(
    city: Stage, pipes: Obligation, count: int, stands: tuple[str, bool]
) -> None:
    appeal = (await objected(city, pipes, by=builder(), **WHY)).json()
    await accepted(city, pipes, builder(), count=count)
    city.now = YEAR_END + timedelta(days=5)

    refused = await decided(city, appeal, "refuse")
    await city.fire_until(city.now)

    assert refused.status_code == 200, refused.text
    assert await found(city, pipes) == stands
    assert len(await city.told(ObligationOverdue)) == stands[1]


async def test_what_happens_less_is_of_the_days_of_its_period(city: Stage) -> None:
    """More days would only add to it: the year before has no more than its own."""
    row = await asked(city, "22.3", DutyKind.REDUCTION_TARGET, unit=HOUSING)
    await moved(city, row)
    city.now = LATER - timedelta(days=2)
    late = figure(row, day="2024-01-20", count=1)
    refused = await city.as_(builder()).post("/tasks/figures/reports", json=late)
    for day, count in (("2022-12-31", 10), ("2023-12-31", 4)):
        await accepted(city, row, builder(), day=day, count=count)

    await city.fire_until(LATER)

    assert refused.status_code == 422
    assert await found(city, row) == (Status.FULFILLED, False)


async def test_one_whose_deadline_was_moved_keeps_nobody_else_of_its_duty_waiting(
    city: Stage,
) -> None:
    own = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING, due_at=LATER)
    other = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=COUNTY_GOVERNMENT)

    assert await settle(city) == Settled(missed=2)
    assert [await found(city, row) for row in (own, other)] == [
        (Status.OPEN, False),
        (Status.OPEN, True),
    ]
