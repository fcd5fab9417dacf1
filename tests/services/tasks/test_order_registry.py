"""Orders go to units as the registry has them today: to the new ones, and to none that ended."""

from typing import Any

import pytest

from contracts.gateway import Role
from services.tasks.orders.domain import OrderStatus
from services.tasks.orders.tables import OrderEntry
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.city import found, reorganised, unit
from tests.services.tasks.hotline import HOUSING_UNIT, MONDAY, OPERATOR, post
from tests.services.tasks.story import COUNTY, person

NEW_UNIT = f"{COUNTY}.construction"
FAR_UNIT = "430426.construction"
TODAY = "2023-06-05"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    await found(tasks)
    tasks.now = MONDAY
    return tasks


async def changed(city: Stage, kind: str, before: list[str], *after: Any, **more: Any) -> None:
    await reorganised(city, kind, before, list(after), on=TODAY, **more)
    await city.fire_until(city.now)


async def moved(city: Stage) -> None:
    await changed(city, "move", [HOUSING_UNIT], unit(NEW_UNIT, "住建局"))


async def split(city: Stage) -> None:
    other = unit(f"{COUNTY}.real_estate", "房产局")
    await changed(city, "split", [HOUSING_UNIT], unit(NEW_UNIT, "住建局"), other, heir=NEW_UNIT)


async def merged(city: Stage) -> None:
    before = [HOUSING_UNIT, f"{COUNTY}.water"]
    await changed(city, "merge", before, unit(NEW_UNIT, "住建局"))


WAYS = [split, merged, moved]


@pytest.mark.parametrize("change", WAYS)
async def test_an_order_goes_to_the_unit_that_follows_and_not_to_the_one_that_ended(
    city: Stage, change: Any
) -> None:
    order_id = await hotline.taken(city)
    await change(city)

    ended = await post(city, OPERATOR, f"dispatches/of/{order_id}", {"lead": HOUSING_UNIT})
    following = await post(city, OPERATOR, f"dispatches/of/{order_id}", {"lead": NEW_UNIT})

    assert (ended.status_code, ended.json()["heir"]) == (422, NEW_UNIT)
    assert following.is_success, following.text
    assert (await hotline.order(city, order_id)).lead == NEW_UNIT


async def test_a_unit_that_nobody_knows_is_refused_by_its_code(city: Stage) -> None:
    order_id = await hotline.taken(city)
    body = {"lead": HOUSING_UNIT, "supporting": [f"{COUNTY}.nobody"]}

    answer = await post(city, OPERATOR, f"dispatches/of/{order_id}", body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/addressees-unclear")
    assert f"{COUNTY}.nobody" in answer.json()["detail"]
    assert (await hotline.order(city, order_id)).stands is OrderStatus.RECEIVED


@pytest.mark.parametrize("change", WAYS)
async def test_what_is_held_is_handed_over_and_its_story_read_by_the_heir(
    city: Stage, change: Any
) -> None:
    order_id, held = await hotline.dispatched(city)
    await change(city)

    heir = city.as_(person(Role.INSPECTOR, NEW_UNIT))
    story = (await heir.get(f"/tasks/orders/{order_id}")).json()

    assert (await hotline.part(city, order_id, NEW_UNIT)).id.hex == held
    assert [entry["action"] for entry in story["entries"]] == ["receive", "dispatch", "hand_over"]


async def test_an_heir_in_another_place_reads_what_was_done_before(city: Stage) -> None:
    order_id, _ = await hotline.dispatched(city)
    await changed(city, "merge", [HOUSING_UNIT, "430426.housing"], unit(FAR_UNIT, "住建局"))

    heir = city.as_(person(Role.INSPECTOR, FAR_UNIT))
    story = (await heir.get(f"/tasks/orders/{order_id}")).json()

    kept = await city.rows(OrderEntry, order_id=order_id)
    assert len(story["entries"]) == len(kept) == 3


async def test_the_desk_that_took_an_order_is_followed_by_its_heir(city: Stage) -> None:
    order_id = await hotline.taken(city)
    desk = (await hotline.order(city, order_id)).unit
    new = desk.partition(".")[0] + ".service_office"

    await changed(city, "move", [desk], unit(new, "政务服务局"))

    due_at = (await hotline.order(city, order_id)).dispatch_due_at
    assert (await hotline.order(city, order_id)).unit == new
    await city.fire_until(due_at)
    assert [fact["unit"] for fact in await hotline.told(city, "overdue")] == [new]


async def test_the_catalogue_proposes_whoever_follows(city: Stage) -> None:
    path = {"matter": "noise", "region": COUNTY}
    before = await city.as_(OPERATOR).get("/tasks/catalogue/proposal", params=path)
    lead = before.json()[0]["unit"]
    heir = lead.partition(".")[0] + ".follower"

    await changed(city, "move", [lead], unit(heir, "接续局"))

    after = await city.as_(OPERATOR).get("/tasks/catalogue/proposal", params=path)
    assert after.json()[0]["unit"] == heir


async def test_a_unit_under_another_name_is_sent_orders_as_before(city: Stage) -> None:
    order_id = await hotline.taken(city)
    await changed(city, "rename", [HOUSING_UNIT], unit(HOUSING_UNIT, "住房建设局"))

    await hotline.sent(city, order_id, HOUSING_UNIT)

    assert (await hotline.order(city, order_id)).lead == HOUSING_UNIT
