"""The figures of units count what fell due in a period, and nothing else."""

from typing import Any

import pytest

from services.tasks.callbacks.tables import Callback
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GAS,
    GAS_UNIT,
    HOUSING_UNIT,
    OFFICE,
    at,
)

pytestmark = pytest.mark.usefixtures("monday")


async def figures(tasks: Stage, **asked: str) -> dict[str, dict[str, Any]]:
    params = {"since": at(6, 1).isoformat(), "before": at(7, 1).isoformat()} | asked
    answer = await tasks.as_(OFFICE).get("/tasks/punctuality", params=params)
    assert answer.status_code == 200, answer.text
    return {row["unit"]: row for row in answer.json()}


async def test_figures_count_what_fell_due_and_nothing_else(tasks: Stage) -> None:
    on_time = await hotline.heard_out(tasks)
    late = await hotline.taken(tasks, matter="wages")
    await hotline.sent(tasks, late)
    open_yet = await hotline.taken(tasks, matter="consumer")
    back = await hotline.sent(tasks, open_yet, GAS_UNIT)
    tasks.now = at(6, 5, 11)
    await hotline.done(
        tasks, GAS, f"dispatches/{back}/return", {"reason": "not_our_duty", "note": "?"}
    )
    before = await figures(tasks)
    await hotline.sent(tasks, open_yet)
    await hotline.visited(tasks, on_time, "satisfied")
    tasks.now = at(6, 13)
    after = await figures(tasks)

    nothing = {"numerator": 0, "denominator": 0, "rate": None}
    assert before[HOUSING_UNIT]["answered"] == nothing  # nothing is due yet
    assert after[HOUSING_UNIT]["answered"] == {
        "numerator": 1,
        "denominator": 3,
        "rate": "0.3333",
    }
    assert after[HOUSING_UNIT]["satisfied"]["rate"] == "1.0000"
    assert after[GAS_UNIT]["answered"] == nothing  # what was returned is not its own
    assert after[GAS_UNIT]["returned"] == {"numerator": 1, "denominator": 1, "rate": "1.0000"}
    assert await figures(tasks, region="430426") == {}


async def test_a_lead_that_waits_for_others_is_in_no_figure(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, HOUSING_UNIT, GAS_UNIT)
    await hotline.handling(tasks, order_id)
    await tasks.fire_until(at(6, 13))
    tasks.now = at(6, 13)

    found = await figures(tasks)

    params = {"since": at(6, 1).isoformat(), "before": at(7, 1).isoformat()}
    own = (await tasks.as_(GAS).get("/tasks/punctuality", params=params)).json()
    assert [row["unit"] for row in own] == [GAS_UNIT]  # a unit reads its own and no other's
    assert found[HOUSING_UNIT]["answered"]["denominator"] == 0
    assert found[GAS_UNIT]["answered"] == {"numerator": 0, "denominator": 1, "rate": "0.0000"}


async def test_figures_of_a_period_that_does_not_begin_are_refused(tasks: Stage) -> None:
    params = {"since": at(7, 1).isoformat(), "before": at(7, 1).isoformat()}

    answer = await tasks.as_(OFFICE).get("/tasks/punctuality", params=params)

    assert answer.status_code == 422
    assert await tasks.rows(Callback) == []
