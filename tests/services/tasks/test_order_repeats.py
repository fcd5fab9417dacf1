"""Repeats are recognised, and merged or kept apart by a person."""

from datetime import timedelta

import pytest

from services.tasks.repeats.tables import OrderRepeat
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    CALLER,
    GAS_UNIT,
    OPERATOR,
    post,
)

pytestmark = pytest.mark.usefixtures("monday")


async def repeated(tasks: Stage) -> tuple[str, str, OrderRepeat]:
    """Two orders of one caller about one matter, and their likeness."""
    first = await hotline.taken(tasks, caller=CALLER)
    second = await hotline.taken(tasks, caller=CALLER | {"contact": "+86 138 1234 5678"})
    (alike,) = await tasks.rows(OrderRepeat)
    return first, second, alike


async def test_a_repeat_is_recognised_and_left_to_a_person(tasks: Stage) -> None:
    first, second, alike = await repeated(tasks)

    assert (str(alike.other_id), str(alike.order_id)) == (first, second)
    assert alike.reasons == ["caller", "matter", "place"]
    assert (await hotline.order(tasks, second)).status == "received"
    listed = (await tasks.as_(OPERATOR).get("/tasks/repeats", params={"status": "offered"})).json()
    assert [row["id"] for row in listed["items"]] == [str(alike.id)]


async def test_an_order_of_another_place_or_one_that_is_answered_is_no_repeat(tasks: Stage) -> None:
    other = await hotline.taken(tasks, region_code="430426", caller=CALLER)
    done = await hotline.taken(tasks, caller=CALLER)
    await hotline.done(tasks, OPERATOR, f"orders/{done}/answer", {"answer": "八点。"})
    await hotline.taken(tasks, caller=CALLER)

    assert other != done
    assert await tasks.rows(OrderRepeat) == []


@pytest.mark.parametrize(("beyond_s", "alike"), [(0, 1), (1, 0)])
async def test_an_order_of_more_than_a_month_before_is_not_repeated(
    tasks: Stage, beyond_s: int, alike: int
) -> None:
    await hotline.taken(tasks, caller=CALLER)
    tasks.now += timedelta(days=30, seconds=beyond_s)
    await hotline.taken(tasks, caller=CALLER)

    assert len(await tasks.rows(OrderRepeat)) == alike


async def test_the_merged_order_is_answered_with_the_other_and_visited_by_itself(
    tasks: Stage,
) -> None:
    first, second, alike = await repeated(tasks)
    await hotline.sent(tasks, second, GAS_UNIT)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})
    withdrawn = (await hotline.part(tasks, second, GAS_UNIT)).status
    await hotline.sent(tasks, first)

    await hotline.answered(tasks, first, verified=True)

    merged = await hotline.order(tasks, second)
    assert withdrawn == "withdrawn"
    assert (merged.status, merged.answer, str(merged.merged_into)) == (
        "answered",
        "已整改。",
        first,
    )
    assert [fact["merged_into"] for fact in await hotline.told(tasks, "merged")] == [first]
    assert {fact["order_id"] for fact in await hotline.told(tasks, "answered")} == {first, second}
    assert (await hotline.visited(tasks, second, "satisfied"))["unit"] is None


async def test_the_merged_order_has_the_desk_s_own_answer_too(tasks: Stage) -> None:
    first, second, alike = await repeated(tasks)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})

    await hotline.done(tasks, OPERATOR, f"orders/{first}/answer", {"answer": "八点。"})

    merged = await hotline.order(tasks, second)
    assert (merged.status, merged.answer) == ("answered", "八点。")
    assert merged.callback_due_at is not None


async def test_a_merged_caller_who_is_not_satisfied_has_an_order_of_their_own_again(
    tasks: Stage,
) -> None:
    first, second, alike = await repeated(tasks)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})
    await hotline.sent(tasks, first)
    await hotline.answered(tasks, first)

    await hotline.visited(tasks, second, "unsatisfied")

    again = await hotline.order(tasks, second)
    assert (again.status, again.merged_into) == ("received", None)
    assert (await hotline.order(tasks, first)).status == "answered"


async def test_what_was_merged_into_a_merged_order_follows_it(tasks: Stage) -> None:
    ids = [await hotline.taken(tasks, caller=CALLER) for _ in range(3)]
    alike = {(str(r.order_id), str(r.other_id)): r.id for r in await tasks.rows(OrderRepeat)}
    await hotline.done(tasks, OPERATOR, f"repeats/{alike[ids[2], ids[1]]}/merge", {"why": "一"})
    await hotline.done(tasks, OPERATOR, f"repeats/{alike[ids[1], ids[0]]}/merge", {"why": "二"})

    await hotline.sent(tasks, ids[0])
    await hotline.answered(tasks, ids[0])

    assert [(await hotline.order(tasks, one)).status for one in ids] == ["answered"] * 3


async def test_orders_kept_apart_go_their_ways_until_somebody_sees_it_otherwise(
    tasks: Stage,
) -> None:
    _, second, alike = await repeated(tasks)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/keep-apart", {"why": "两件事。"})
    before = (await hotline.order(tasks, second)).status

    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "还是一件。"})
    twice = await post(tasks, OPERATOR, f"repeats/{alike.id}/keep-apart", {"why": "?"})

    assert (before, (await hotline.order(tasks, second)).status) == ("received", "merged")
    assert twice.status_code == 409


async def test_nothing_is_merged_into_an_order_that_has_its_answer(tasks: Stage) -> None:
    first, second, alike = await repeated(tasks)
    await hotline.done(tasks, OPERATOR, f"orders/{first}/answer", {"answer": "八点。"})

    answer = await post(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})

    assert answer.json()["type"] == "/problems/cannot-go-on"
    assert (await hotline.order(tasks, second)).status == "received"
