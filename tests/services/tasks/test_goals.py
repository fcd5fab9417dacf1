"""What the plan asks of nobody by name is measured for the city as a whole."""

from typing import Any

import pytest

from kernel.ids import uuid7
from reference.terms import Grade
from tests.services.stage import Stage
from tests.services.tasks.measured import planned
from tests.services.tasks.story import CITY_OFFICE, COUNTY_OFFICE, MINE, officer, reported


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


async def goals(tasks: Stage, **query: Any) -> dict[str, Any]:
    answer = await tasks.as_(CITY_OFFICE).get("/tasks/plans/2023/goals", params=query)
    assert answer.status_code == 200, answer.text
    return {goal["duty"].partition("/")[2]: goal for goal in answer.json()}


async def test_the_goals_of_a_plan_have_the_city_s_own_figures(city: Stage) -> None:
    before = await goals(city)
    assert set(before) == {"0.1", "0.2", "0.3", "0.4", "0.5"}
    assert (before["0.1"]["count"], before["0.1"]["verdict"]) == (0, "met")

    await city.hear(reported(), reported(accident_id=uuid7(), grade=Grade.GENERAL))

    found = await goals(city)
    assert (found["0.1"]["count"], found["0.1"]["verdict"]) == (1, "not_met")
    assert (found["0.2"]["count"], found["0.2"]["reason"]["code"]) == (1, "no_target")
    as_then = await goals(city, on="2023-03-09")
    assert (as_then["0.1"]["count"], as_then["0.2"]["count"]) == (0, 0)


async def test_a_goal_that_nothing_counts_has_no_figure_and_is_not_zero(city: Stage) -> None:
    found = await goals(city)

    for code in ("0.3", "0.4", "0.5"):
        shown = found[code]
        assert (shown["count"], shown["value"], shown["verdict"]) == (None, None, "not_measurable")
        assert shown["reason"]["zh"]


async def test_the_city_s_figures_are_for_those_who_see_the_whole_of_it(city: Stage) -> None:
    for by in (COUNTY_OFFICE, officer(MINE)):
        answer = await city.as_(by).get("/tasks/plans/2023/goals")
        assert answer.status_code in (403, 404), answer.text
