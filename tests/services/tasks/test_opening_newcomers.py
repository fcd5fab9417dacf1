"""Enterprises that are registered later, or change their trade, owe what is left of a period."""

import asyncio
from datetime import date

import pytest

from contracts.tasks import DutyEnded
from kernel import calendar
from services.tasks.handlers import keep_enterprise_on_enterprise_registered
from services.tasks.openings import operations
from services.tasks.openings.tables import Opening
from tests.services.stage import Stage
from tests.services.tasks.city import somebody_waits
from tests.services.tasks.opened import (
    COAL,
    COMMITMENT,
    LED_INSPECTION,
    NEW_YEAR,
    issue,
    owed,
)
from tests.services.tasks.story import COUNTY, MINE, OTHER, registered

OF_ENTERPRISES = {"4.1", "30.4"}


@pytest.mark.parametrize(("day", "owes"), [(16, True), (20, False)])
async def test_a_newcomer_owes_what_is_left_of_a_period(tasks: Stage, day: int, owes: bool) -> None:
    await issue(tasks, only=OF_ENTERPRISES)
    await tasks.fire_until(NEW_YEAR)
    came = registered(MINE, COUNTY, COAL).model_copy(
        update={"occurred_at": calendar.opens_at(date(2023, 1, day))}
    )

    await tasks.hear(came)

    assert bool(await owed(tasks, LED_INSPECTION)) is owes
    assert await owed(tasks, COMMITMENT) == [(MINE, date(2023, 1, 1))]


@pytest.mark.parametrize("first", ["the enterprise", "the period"])
async def test_who_was_registered_before_a_late_opening_owes_it_whichever_is_heard_first(
    tasks: Stage, first: str
) -> None:
    late = calendar.opens_at(date(2023, 1, 29))
    await issue(tasks, at=late, only=OF_ENTERPRISES)
    came = registered(MINE, COUNTY, COAL).model_copy(update={"occurred_at": late})

    if first == "the enterprise":
        await tasks.hear(came)
    await tasks.fire_until(late)
    await tasks.hear(came)

    assert await owed(tasks, LED_INSPECTION) == [(MINE, date(2023, 1, 1))]


async def test_a_registration_told_again_asks_nothing_twice(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL))
    await issue(tasks, only=OF_ENTERPRISES)
    await tasks.fire_until(NEW_YEAR)

    await tasks.hear(
        registered(MINE, COUNTY, COAL).model_copy(
            update={"occurred_at": calendar.opens_at(date(2023, 1, 2))}
        )
    )

    assert await owed(tasks, LED_INSPECTION) == [(MINE, date(2023, 1, 1))]


async def test_an_enterprise_that_becomes_high_risk_owes_what_high_risk_ones_owe(
    tasks: Stage,
) -> None:
    await tasks.hear(registered(MINE, COUNTY, "I64"))
    await issue(tasks, only=OF_ENTERPRISES)
    await tasks.fire_until(NEW_YEAR)
    assert await owed(tasks, LED_INSPECTION) == []

    changed = registered(MINE, COUNTY, COAL)
    await tasks.hear(
        changed.model_copy(update={"occurred_at": calendar.opens_at(date(2023, 1, 3))})
    )

    assert await owed(tasks, LED_INSPECTION) == [(MINE, date(2023, 1, 1))]


async def test_a_newcomer_who_has_not_done_it_is_among_those_who_were_asked(tasks: Stage) -> None:
    await tasks.hear(registered(OTHER, COUNTY, COAL))
    await issue(tasks, only={"4.1"})
    await tasks.fire_until(NEW_YEAR)
    second = calendar.opens_at(date(2023, 1, 2))
    await tasks.hear(registered(MINE, COUNTY, COAL).model_copy(update={"occurred_at": second}))

    await tasks.fire_until(calendar.closes_at(date(2023, 1, 31)))

    (told,) = await tasks.told(DutyEnded)
    assert (told["opened"], told["overdue"]) == (2, 2)


@pytest.mark.parametrize("first", ["the enterprise", "the period"])
async def test_who_is_registered_in_the_moment_a_period_begins_owes_it_once(
    tasks: Stage, first: str
) -> None:
    await issue(tasks, only=OF_ENTERPRISES)
    (opening,) = await tasks.rows(Opening, code="30.4")

    async def begin(through: int) -> None:
        for _ in range(through):
            async with tasks.work() as session:
                await operations.open_some(session, opening_id=opening.id, now=NEW_YEAR)

    came = registered(MINE, COUNTY, COAL).model_copy(update={"occurred_at": NEW_YEAR})
    async with tasks.work() as session:
        if first == "the enterprise":
            await keep_enterprise_on_enterprise_registered(session, came)
            other = asyncio.create_task(begin(through=9))
        else:
            await operations.open_some(session, opening_id=opening.id, now=NEW_YEAR)
            other = asyncio.create_task(tasks.hear(came))
        await somebody_waits(tasks)
    await other
    await begin(through=9)

    assert await owed(tasks, COMMITMENT) == [(MINE, date(2023, 1, 1))]
