"""Return visits, handling again, repeats, dangers and deaths, rewards, and the figures of units."""

from typing import Any

import pytest

from contracts.incidents import LeadSettled
from kernel.ids import uuid7
from reference.terms import LeadSource
from services.tasks.callbacks.tables import Callback
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.tables import OrderEntry
from services.tasks.repeats.tables import OrderRepeat
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GAS,
    GAS_UNIT,
    GOVERNMENT_LINE,
    HOUSING,
    HOUSING_UNIT,
    MONDAY,
    OFFICE,
    OPERATOR,
    SAFETY_LINE,
    SECRET_NAME,
    SECRET_PHONE,
    at,
    post,
)
from tests.services.tasks.story import COUNTY, MINE

CALLER = {"name": SECRET_NAME, "contact": SECRET_PHONE}
NOT_SATISFIED = {"result": "unsatisfied", "note": "没有人来。"}


@pytest.fixture(autouse=True)
def monday(tasks: Stage) -> None:
    tasks.now = MONDAY


async def answered(tasks: Stage, by: Any = OPERATOR, **changed: Any) -> str:
    order_id = await hotline.taken(tasks, by, **changed)
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id, verified=True)
    return order_id


async def visit(tasks: Stage, order_id: str, result: str) -> dict[str, Any]:
    return await hotline.done(tasks, OPERATOR, f"callbacks/of/{order_id}", {"result": result})


async def test_who_is_not_satisfied_has_it_handled_again_by_the_unit_that_led(tasks: Stage) -> None:
    order_id = await answered(tasks)
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
    order_id = await answered(tasks)
    for _ in range(2):
        await visit(tasks, order_id, "unsatisfied")
        held = (await hotline.part(tasks, order_id, HOUSING_UNIT)).id
        await hotline.done(tasks, HOUSING, f"dispatches/{held}/answer", {"answer": "再整改。"})

    last = await visit(tasks, order_id, "unsatisfied")

    assert last["redone"] is False
    order = await hotline.order(tasks, order_id)
    assert (order.status, order.satisfied, order.redone) == ("visited", False, 2)
    await hotline.done(tasks, OPERATOR, f"orders/{order_id}/close")
    (told,) = await hotline.told(tasks, "closed")
    assert told["satisfied"] is False


async def test_a_round_that_is_handled_again_is_not_sent_back(tasks: Stage) -> None:
    order_id = await answered(tasks)
    await visit(tasks, order_id, "unsatisfied")
    held = (await hotline.part(tasks, order_id, HOUSING_UNIT)).id

    answer = await post(
        tasks, HOUSING, f"dispatches/{held}/return", {"reason": "not_our_duty", "note": "?"}
    )

    assert answer.status_code == 409


async def test_who_cannot_be_reached_has_said_nothing(tasks: Stage) -> None:
    order_id = await answered(tasks)

    await visit(tasks, order_id, "unreachable")

    order = await hotline.order(tasks, order_id)
    assert (order.status, order.satisfied) == ("visited", None)


async def test_an_answer_of_the_desk_that_did_not_help_is_dispatched_after_all(
    tasks: Stage,
) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.done(tasks, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})

    await visit(tasks, order_id, "unsatisfied")

    assert (await hotline.order(tasks, order_id)).status == "received"
    await hotline.sent(tasks, order_id)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_caller_is_visited_once_there_is_an_answer(tasks: Stage, when: str) -> None:
    order_id = await hotline.taken(tasks)
    if when == "after":
        await hotline.done(tasks, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})
        await visit(tasks, order_id, "satisfied")

    answer = await post(tasks, OPERATOR, f"callbacks/of/{order_id}", {"result": "satisfied"})

    assert answer.json()["type"] == "/problems/already-visited"


async def test_an_order_is_filed_only_after_the_visit(tasks: Stage) -> None:
    order_id = await answered(tasks)

    answer = await post(tasks, OPERATOR, f"orders/{order_id}/close")

    assert answer.status_code == 409


async def test_a_hotline_visits_only_the_callers_of_its_own_orders(tasks: Stage) -> None:
    order_id = await answered(tasks, GOVERNMENT_LINE)

    other = await post(tasks, SAFETY_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})
    own = await post(tasks, GOVERNMENT_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})

    foreign = await post(tasks, SAFETY_LINE, f"orders/{order_id}/close")
    filed = await post(tasks, GOVERNMENT_LINE, f"orders/{order_id}/close")

    assert (other.status_code, own.status_code) == (403, 201)
    assert (foreign.status_code, filed.status_code) == (403, 200)


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
    assert (await visit(tasks, second, "satisfied"))["unit"] is None


async def test_a_merged_caller_who_is_not_satisfied_has_an_order_of_their_own_again(
    tasks: Stage,
) -> None:
    first, second, alike = await repeated(tasks)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})
    await hotline.sent(tasks, first)
    await hotline.answered(tasks, first)

    await visit(tasks, second, "unsatisfied")

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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, False),
        ({"hazard": True}, True),
        ({"matter": "gas"}, True),
        ({"deaths_alleged": 1}, True),
    ],
)
async def test_a_danger_is_told_once_as_a_clue(
    tasks: Stage, said: dict[str, object], told: bool
) -> None:
    order_id = await hotline.taken(tasks, enterprise_uscc=MINE, **said)
    await hotline.done(
        tasks, OPERATOR, f"orders/{order_id}/safety", {"hazard": told, "note": "核实。"}
    )

    facts = await hotline.told(tasks, "hazard_told")

    assert [fact["enterprise_uscc"] for fact in facts] == [MINE] * told


async def test_deaths_are_told_as_a_sign_of_an_accident_and_of_no_person(tasks: Stage) -> None:
    order_id = await hotline.taken(
        tasks,
        SAFETY_LINE,
        hotline="12350",
        matter="concealed_accident",
        deaths_alleged=2,
        happened_at=at(6, 1, 8).isoformat(),
        caller=CALLER,
        lon=112.6,
        lat=26.9,
    )

    (fact,) = await hotline.told(tasks, "deaths_told")

    order = await hotline.order(tasks, order_id)
    assert fact["lead_id"] == str(order.lead_id)
    assert (fact["deaths_alleged"], fact["uncertain_by_hours"], fact["lon"]) == (2, 0, 112.6)
    said = str(await tasks.told())
    for secret in (SECRET_NAME, SECRET_PHONE, hotline.SECRET_WORDS, "五一路"):
        assert secret not in said


async def test_deaths_that_turn_out_later_are_told_once(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    for _ in range(2):
        await hotline.done(
            tasks,
            OPERATOR,
            f"orders/{order_id}/safety",
            {"deaths_alleged": 1, "note": "说死了人。"},
        )

    (fact,) = await hotline.told(tasks, "deaths_told")

    assert fact["uncertain_by_hours"] == 168  # nobody said when
    assert len(await tasks.rows(OrderEntry, action="tell_safety")) == 2


async def test_the_order_knows_what_the_check_of_the_deaths_found(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, deaths_alleged=1)
    lead_id = (await hotline.order(tasks, order_id)).lead_id
    for lead in (lead_id, uuid7()):  # the other one came from nowhere here
        await tasks.hear(
            LeadSettled(
                occurred_at=at(6, 9),
                lead_id=lead,
                region_code=COUNTY,
                source=LeadSource.HOTLINE,
                unit=f"{COUNTY}.emergency",
                confirmed=True,
            )
        )

    (entry,) = await tasks.rows(OrderEntry, action="lead_settled")
    assert (str(entry.order_id), entry.detail) == (order_id, {"confirmed": True})


@pytest.mark.parametrize(
    ("changed", "verified", "due"),
    [
        ({"caller": CALLER}, True, True),
        ({"caller": CALLER}, False, False),
        ({"caller": {"contact": SECRET_PHONE}}, True, False),  # no name
        ({}, True, False),  # anonymous
        ({"caller": CALLER, "matter": "noise"}, True, False),  # no danger
    ],
)
async def test_a_reward_is_due_to_who_gave_a_name_and_told_what_proved_true(
    tasks: Stage, changed: dict[str, object], verified: bool, due: bool
) -> None:
    order_id = await hotline.taken(tasks, **{"matter": "gas", **changed})
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id, verified=verified)

    await visit(tasks, order_id, "satisfied")

    facts = await hotline.told(tasks, "reward_due")
    assert [fact["unit"] for fact in facts] == [HOUSING_UNIT] * due


async def test_only_the_first_who_told_is_rewarded(tasks: Stage) -> None:
    first = await hotline.taken(tasks, matter="gas", caller=CALLER)
    second = await hotline.taken(tasks, matter="gas", caller=CALLER)
    (alike,) = await tasks.rows(OrderRepeat)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})
    await hotline.sent(tasks, first)
    await hotline.answered(tasks, first, verified=True)

    for order_id in (second, first):
        await visit(tasks, order_id, "satisfied")

    assert [fact["order_id"] for fact in await hotline.told(tasks, "reward_due")] == [first]


async def figures(tasks: Stage, **asked: str) -> dict[str, dict[str, Any]]:
    params = {"since": at(6, 1).isoformat(), "before": at(7, 1).isoformat()} | asked
    answer = await tasks.as_(OFFICE).get("/tasks/punctuality", params=params)
    assert answer.status_code == 200, answer.text
    return {row["unit"]: row for row in answer.json()}


async def test_figures_count_what_fell_due_and_nothing_else(tasks: Stage) -> None:
    on_time = await answered(tasks)
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
    await visit(tasks, on_time, "satisfied")
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
