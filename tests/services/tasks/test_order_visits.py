"""Return visits: who was not helped has it handled again, at most as often as may be."""

import pytest

from services.tasks.dispatches.tables import Dispatch
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GOVERNMENT_LINE,
    HOUSING,
    HOUSING_UNIT,
    OPERATOR,
    SAFETY_LINE,
    at,
    post,
)

pytestmark = pytest.mark.usefixtures("monday")

NOT_SATISFIED = {"result": "unsatisfied", "note": "没有人来。"}


async def test_who_is_not_satisfied_has_it_handled_again_by_the_unit_that_led(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks)
    tasks.now = at(6, 8, 10)

    visited = await hotline.done(tasks, OPERATOR, f"callbacks/of/{order_id}", NOT_SATISFIED)

    assert visited["redone"] is True
    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.round, part.status, part.due_at) == (2, "handling", at(6, 16))
    assert (await hotline.order(tasks, order_id)).status == "handling"
    first = min(await tasks.rows(Dispatch, order_id=order_id), key=lambda row: row.id)
    assert (first.status, first.round) == ("answered", 1)
    await tasks.fire_until(at(6, 16))
    assert [fact["unit"] for fact in await hotline.told(tasks, "overdue")] == [HOUSING_UNIT]


async def test_it_is_handled_again_twice_and_then_filed_as_it_is(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks)
    for _ in range(2):
        await hotline.visited(tasks, order_id, "unsatisfied")
        held = (await hotline.part(tasks, order_id, HOUSING_UNIT)).id
        await hotline.done(tasks, HOUSING, f"dispatches/{held}/answer", {"answer": "再整改。"})

    last = await hotline.visited(tasks, order_id, "unsatisfied")

    assert last["redone"] is False
    order = await hotline.order(tasks, order_id)
    assert (order.status, order.satisfied, order.redone) == ("visited", False, 2)
    await hotline.done(tasks, OPERATOR, f"orders/{order_id}/close")
    (told,) = await hotline.told(tasks, "closed")
    assert told["satisfied"] is False


async def test_a_round_that_is_handled_again_is_not_sent_back(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks)
    await hotline.visited(tasks, order_id, "unsatisfied")
    held = (await hotline.part(tasks, order_id, HOUSING_UNIT)).id

    answer = await post(
        tasks, HOUSING, f"dispatches/{held}/return", {"reason": "not_our_duty", "note": "?"}
    )

    assert answer.status_code == 409


async def test_who_cannot_be_reached_has_said_nothing(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks)

    await hotline.visited(tasks, order_id, "unreachable")

    order = await hotline.order(tasks, order_id)
    assert (order.status, order.satisfied) == ("visited", None)


async def test_an_answer_of_the_desk_that_did_not_help_is_dispatched_after_all(
    tasks: Stage,
) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.done(tasks, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})

    await hotline.visited(tasks, order_id, "unsatisfied")

    assert (await hotline.order(tasks, order_id)).status == "received"
    await hotline.sent(tasks, order_id)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_caller_is_visited_once_there_is_an_answer(tasks: Stage, when: str) -> None:
    order_id = await hotline.taken(tasks)
    if when == "after":
        await hotline.done(tasks, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})
        await hotline.visited(tasks, order_id, "satisfied")

    answer = await post(tasks, OPERATOR, f"callbacks/of/{order_id}", {"result": "satisfied"})

    assert answer.json()["type"] == "/problems/already-visited"


async def test_an_order_is_filed_only_after_the_visit(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks)

    answer = await post(tasks, OPERATOR, f"orders/{order_id}/close")

    assert answer.status_code == 409


async def test_a_hotline_visits_only_the_callers_of_its_own_orders(tasks: Stage) -> None:
    order_id = await hotline.heard_out(tasks, GOVERNMENT_LINE)

    other = await post(tasks, SAFETY_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})
    own = await post(tasks, GOVERNMENT_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})

    foreign = await post(tasks, SAFETY_LINE, f"orders/{order_id}/close")
    filed = await post(tasks, GOVERNMENT_LINE, f"orders/{order_id}/close")

    assert (other.status_code, own.status_code) == (403, 201)
    assert (foreign.status_code, filed.status_code) == (403, 200)
