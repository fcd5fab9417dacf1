"""Enterprises that are registered later, or change their trade, owe what is left of a period."""

from datetime import date

import pytest

from kernel import calendar
from tests.services.stage import Stage
from tests.services.tasks.opened import (
    COAL,
    COMMITMENT,
    LED_INSPECTION,
    NEW_YEAR,
    issue,
    owed,
)
from tests.services.tasks.story import COUNTY, MINE, registered

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
