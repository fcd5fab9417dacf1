"""A hotline order from its receipt to its filing: what is asked, found, told and counted."""

import asyncio
from datetime import timedelta

import pytest

from kernel.ids import uuid7
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.tables import Order, OrderEntry
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    EMERGENCY_UNIT,
    GAS,
    GAS_UNIT,
    GOVERNMENT_LINE,
    HOUSING,
    HOUSING_UNIT,
    OFFICE,
    OPERATOR,
    SAFETY_LINE,
    at,
    new_order,
    post,
)
from tests.services.tasks.story import COUNTY, MINE, registered

SECOND = timedelta(seconds=1)


pytestmark = pytest.mark.usefixtures("monday")


async def test_an_order_goes_from_its_receipt_to_its_filing(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, GOVERNMENT_LINE)
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id)
    await hotline.done(tasks, GOVERNMENT_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})
    await hotline.done(tasks, GOVERNMENT_LINE, f"orders/{order_id}/close")

    story = (await tasks.as_(OPERATOR).get(f"/tasks/orders/{order_id}")).json()

    assert story["status"] == "closed"
    assert [(step["action"], step["status"]) for step in story["entries"]] == [
        ("receive", "received"),
        ("dispatch", "dispatched"),
        ("sign", "signed"),
        ("handle", "handling"),
        ("answer", "answered"),
        ("visit", "visited"),
        ("close", "closed"),
    ]
    assert story["satisfied"] is True
    for past in ("received", "dispatched", "answered", "closed"):
        assert [fact["order_id"] for fact in await hotline.told(tasks, past)] == [order_id]


async def test_an_order_sent_again_has_one_effect_and_the_same_answer(tasks: Stage) -> None:
    body = new_order()
    first = await post(tasks, GOVERNMENT_LINE, "orders", body)
    again = await post(tasks, GOVERNMENT_LINE, "orders", body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert len(await tasks.rows(Order)) == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [("place", "别处"), ("account", "另一件事"), ("deaths_alleged", 2), ("hazard", True)],
)
async def test_a_number_that_is_known_is_not_answered_for_another_story(
    tasks: Stage, name: str, other: object
) -> None:
    body = new_order()
    first = await post(tasks, GOVERNMENT_LINE, "orders", body)

    refused = await post(
        tasks, GOVERNMENT_LINE, "orders", body | {"order_id": str(uuid7()), name: other}
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/number-used")
    assert refused.json()["differs"] == [name]
    assert refused.json()["order_id"] == first.json()["id"]


async def test_a_month_of_orders_replayed_leaves_no_duplicate(tasks: Stage) -> None:
    bodies = [new_order(number=f"2023-06-{n:04}") for n in range(5)]
    for _ in range(2):
        for body in bodies:  # the hotline's retry makes new ids for the same numbers
            answer = await post(tasks, GOVERNMENT_LINE, "orders", body | {"order_id": str(uuid7())})
            assert answer.is_success

    assert answer.status_code == 200
    assert answer.json()["again"] is True
    assert len(await tasks.rows(Order)) == len(bodies)
    assert len(await hotline.told(tasks, "received")) == len(bodies)


async def test_an_id_that_stands_for_another_order_is_refused(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, GOVERNMENT_LINE)

    answer = await post(tasks, SAFETY_LINE, "orders", new_order(order_id=order_id))

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/order-id-taken"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"matter": "witchcraft"}, "/matter"),
        ({"lon": 112.6}, "/lat"),
        ({"happened_at": at(6, 6).isoformat()}, "/happened_at"),
        ({"happened_at": at(1, 1, year=1999).isoformat()}, "/happened_at"),
        ({"region_code": "430499"}, "/region_code"),
        ({"deaths_alleged": -1}, "/deaths_alleged"),
        ({"enterprise_uscc": "91430481MA4T00019X"}, "/enterprise_uscc"),
        ({"order_class": "whim"}, "/order_class"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_what_no_order_can_say_is_refused_field_by_field(
    tasks: Stage, wrong: dict[str, object], pointer: str
) -> None:
    answer = await post(tasks, OPERATOR, "orders", new_order(**wrong))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await tasks.rows(Order) == []


async def test_an_order_of_another_area_is_not_taken(tasks: Stage) -> None:
    county = hotline.person(hotline.Role.HOTLINE_OPERATOR, "430426.emergency")

    answer = await post(tasks, county, "orders", new_order())

    assert answer.status_code == 403


async def test_the_desk_answers_what_it_knows_and_nobody_is_sent_anything(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, order_class="consultation")

    found = await hotline.done(tasks, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})

    assert (found["status"], found["lead"]) == ("answered", None)
    assert await hotline.told(tasks, "dispatched") == []
    (told,) = await hotline.told(tasks, "answered")
    assert told["unit"] == OPERATOR.unit


async def test_every_part_is_answered_before_the_order_is(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, HOUSING_UNIT, GAS_UNIT)
    lead = await hotline.handling(tasks, order_id)

    early = await post(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})
    await hotline.answered(tasks, order_id, GAS)
    between = await hotline.order(tasks, order_id)
    await hotline.done(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})

    assert (early.status_code, early.json()["units"]) == (409, [GAS_UNIT])
    assert between.status == "handling"
    assert (await hotline.order(tasks, order_id)).status == "answered"


@pytest.mark.parametrize(
    ("lead", "supporting"),
    [
        ("430481.nobody", []),
        (HOUSING_UNIT, [HOUSING_UNIT]),
        (HOUSING_UNIT, [GAS_UNIT, GAS_UNIT]),
        (HOUSING_UNIT, ["430481.nobody"]),
    ],
)
async def test_an_order_goes_to_units_that_exist_each_once(
    tasks: Stage, lead: str, supporting: list[str]
) -> None:
    order_id = await hotline.taken(tasks)

    answer = await post(
        tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": lead, "supporting": supporting}
    )

    assert answer.status_code == 422
    assert (await hotline.order(tasks, order_id)).status == "received"


async def test_urging_is_kept_counted_and_told_and_moves_no_clock(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    early = await post(tasks, OPERATOR, f"orders/{order_id}/urge", {"note": "?"})
    await hotline.sent(tasks, order_id)
    before = (await hotline.part(tasks, order_id, HOUSING_UNIT)).due_at

    for _ in range(2):
        await hotline.done(tasks, OFFICE, f"orders/{order_id}/urge", {"note": "请尽快。"})

    assert early.status_code == 409
    assert (await hotline.order(tasks, order_id)).urged == 2
    assert [fact["times"] for fact in await hotline.told(tasks, "urged")] == [1, 2]
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).due_at == before
    urged = await tasks.rows(OrderEntry, order_id=order_id, action="urge")
    assert [entry.note for entry in urged] == ["请尽快。"] * 2


async def test_a_unit_of_another_county_follows_what_it_holds_and_moves_it(tasks: Stage) -> None:
    far = hotline.person(hotline.Role.INSPECTOR, "430426.emergency")
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, "430426.emergency", GAS_UNIT)
    await hotline.answered(tasks, order_id, GAS)

    await hotline.answered(tasks, order_id, far)

    seen = await tasks.as_(far).get(f"/tasks/dispatches/of/{order_id}")
    assert {row["unit"] for row in seen.json()} == {"430426.emergency", GAS_UNIT}
    assert (await hotline.order(tasks, order_id)).status == "answered"


async def test_lists_are_filtered_paged_and_exported(tasks: Stage) -> None:
    ids = [await hotline.taken(tasks, matter=matter) for matter in ("gas", "noise", "noise")]
    client = tasks.as_(OPERATOR)

    first = (await client.get("/tasks/orders", params={"limit": 2})).json()
    assert "items" in first, first
    rest = (
        await client.get("/tasks/orders", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    gas = (await client.get("/tasks/orders", params={"matter": "gas"})).json()
    mistyped = await client.get("/tasks/orders", params={"mater": "gas"})
    file = await client.get("/tasks/orders", headers={"Accept": "text/csv"})

    assert {row["id"] for row in first["items"] + rest["items"]} == set(ids)
    assert [row["id"] for row in gas["items"]] == [ids[0]]
    assert mistyped.status_code == 422
    assert file.text.count("\n") == len(ids) + 1
    assert hotline.SECRET_WORDS not in file.text


async def test_the_order_knows_what_was_proposed_when_it_came_and_why(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, industry="D45"))
    order_id = await hotline.taken(tasks, matter="gas", enterprise_uscc=MINE)

    story = (await tasks.as_(OPERATOR).get(f"/tasks/orders/{order_id}")).json()

    best = story["proposal"][0]
    assert best["unit"] == GAS_UNIT
    assert best["supporting"] == [EMERGENCY_UNIT]
    assert {reason["ground"] for reason in best["reasons"]} == {"line", "chain"}
    assert best["points"] == sum(reason["points"] for reason in best["reasons"])
    await hotline.sent(tasks, order_id, GAS_UNIT)
    assert (await hotline.part(tasks, order_id, GAS_UNIT)).proposed


async def test_two_desks_that_send_an_order_at_once_send_it_once(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    path = f"dispatches/of/{order_id}"

    answers = await asyncio.gather(
        post(tasks, OPERATOR, path, {"lead": HOUSING_UNIT}),
        post(tasks, OFFICE, path, {"lead": GAS_UNIT}),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await tasks.rows(Dispatch, order_id=order_id)) == 1


async def test_a_number_that_comes_twice_at_once_is_one_order(tasks: Stage) -> None:
    bodies = [new_order(number="2023-06-0001") for _ in range(2)]

    answers = await asyncio.gather(
        *(post(tasks, GOVERNMENT_LINE, "orders", body) for body in bodies)
    )

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert len(await tasks.rows(Order)) == 1
