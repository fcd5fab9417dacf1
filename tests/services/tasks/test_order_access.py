"""Every role, in every relation to an order, through the table, the routes and the database."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts.gateway import Role
from kernel.access import Principal, Relation, relation
from services.tasks.callers.tables import Caller
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.tables import Order, OrderEntry
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GAS,
    GAS_UNIT,
    GOVERNMENT_LINE,
    HOUSING,
    HOUSING_UNIT,
    MONDAY,
    OPERATOR,
    SAFETY_LINE,
    STRANGER,
    post,
)
from tests.services.tasks.story import CITY, COUNTY, MINE, officer, person

HELD = Order(unit=f"{CITY}.emergency", units=[HOUSING_UNIT], region_code=COUNTY)
STANDS: dict[Relation, Principal] = {
    Relation.UNIT: Principal(subject="a", unit=HOUSING_UNIT, region=COUNTY),
    Relation.SUBTREE: Principal(subject="b", unit=f"{CITY}.committee_office", region="4304"),
    Relation.ELSEWHERE: Principal(subject="c", unit="430426.emergency", region="430426"),
}
HANDLERS = {"committee_office", "leader", "duty_desk", "inspector"}
DESK = {"hotline_operator", "committee_office"}
LINES = {"hotline_client", "hotline_operator"}


def expected(act: OrderAct, role: Role, how: Relation) -> bool:
    """The table once more, said the other way round."""
    if act is OrderAct.READ_CATALOGUE:
        return role in HANDLERS | DESK | {"auditor"}
    if how is Relation.ELSEWHERE:
        return False
    unit = how is Relation.UNIT
    who = {
        OrderAct.TAKE_ORDER: LINES,
        OrderAct.FOLLOW_ORDER: LINES,
        OrderAct.VISIT_CALLER: LINES,
        OrderAct.READ_ORDERS: DESK | {"leader", "auditor"} | (HANDLERS if unit else set()),
        OrderAct.DISPATCH_ORDER: DESK,
        OrderAct.MERGE_ORDERS: DESK,
        OrderAct.SEE_CALLER: DESK,
        OrderAct.WORK_ORDER: HANDLERS if unit else set(),
        OrderAct.TELL_SAFETY: DESK | (HANDLERS if unit else set()),
        OrderAct.ARBITRATE_ORDER: set() if unit else {"committee_office"},
        OrderAct.DECIDE_EXTENSION: set() if unit else DESK,
        OrderAct.URGE_ORDER: DESK | {"leader"},
        OrderAct.WRITE_CATALOGUE: {"committee_office"},
        OrderAct.REVEAL_CALLER: {"leader", "committee_office"},
        OrderAct.READ_CALLER_LOOKS: {"committee_office", "auditor"},
    }
    return role in who[act]


@pytest.mark.parametrize("act", OrderAct)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("how", STANDS)
def test_a_role_may_do_only_what_the_table_says(act: OrderAct, role: Role, how: Relation) -> None:
    who = STANDS[how]
    actor = Principal(
        subject=who.subject, roles=frozenset({role}), unit=who.unit, region=who.region
    )

    assert relation(actor, HELD) is how
    assert POLICIES.allows(actor, act, HELD) is expected(act, role, how)


@pytest.mark.parametrize("act", OrderAct)
def test_an_enterprise_has_no_part_in_orders_not_even_in_those_about_it(act: OrderAct) -> None:
    about = Order(units=[], region_code=COUNTY, enterprise_uscc=MINE)

    assert not POLICIES.allows(officer(MINE), act, about)


@pytest.fixture
async def orders(tasks: Stage) -> Stage:
    """One order of each of two counties, each held by a unit, with its caller."""
    tasks.now = MONDAY
    for region, unit in ((COUNTY, HOUSING_UNIT), ("430426", "430426.emergency")):
        caller = {"name": "甲", "contact": "13812345678"}
        order_id = await hotline.taken(
            tasks, region_code=region, caller=caller, enterprise_uscc=MINE
        )
        await hotline.sent(tasks, order_id, unit)
    return tasks


@pytest.mark.parametrize("table", [Order, OrderEntry, Dispatch, Caller])
@pytest.mark.parametrize(
    ("by", "regions"),
    [
        (OPERATOR, {COUNTY, "430426"}),
        (HOUSING, {COUNTY}),
        (STRANGER, {"430426"}),
        (officer(MINE), set()),
        (Principal(subject="nobody"), set()),
    ],
)
async def test_the_database_itself_shows_an_order_only_where_it_may(
    orders: Stage, table: type[Order], by: Principal, regions: set[str]
) -> None:
    async with orders.work(by) as session:
        assert set(await session.scalars(select(table.region_code))) == regions


async def test_the_database_itself_shows_a_unit_what_it_holds_wherever_it_is(
    orders: Stage,
) -> None:
    order_id = await hotline.taken(orders)
    await hotline.sent(orders, order_id, HOUSING_UNIT, "430426.emergency")

    async with orders.work(STRANGER) as session:
        seen = {str(found) for found in await session.scalars(select(Order.id))}
        callers = set(await session.scalars(select(Caller.region_code)))

    assert order_id in seen
    assert callers == {"430426"}  # who called is not seen by holding the order


async def test_a_unit_that_holds_no_part_finds_no_order(orders: Stage) -> None:
    (row,) = await orders.rows(Order, region_code=COUNTY)
    hidden = await orders.as_(GAS).get(f"/tasks/orders/{row.id}")
    absent = await orders.as_(GAS).get(f"/tasks/orders/{uuid4()}")
    listed = (await orders.as_(GAS).get("/tasks/orders")).json()
    parts = (await orders.as_(GAS).get("/tasks/dispatches")).json()

    assert hidden.status_code == absent.status_code == 404
    assert hidden.json()["type"] == absent.json()["type"]
    assert (listed["items"], parts["items"]) == ([], [])


async def test_a_unit_works_only_on_its_own_part(orders: Stage) -> None:
    order_id = await hotline.taken(orders)
    held = await hotline.sent(orders, order_id, HOUSING_UNIT, GAS_UNIT)

    beside = await post(orders, GAS, f"dispatches/{held}/sign")
    outside = await post(orders, STRANGER, f"dispatches/{held}/sign")

    assert (beside.status_code, outside.status_code) == (403, 404)


async def test_a_hotline_follows_only_the_orders_it_handed_in(orders: Stage) -> None:
    order_id = await hotline.taken(orders, GOVERNMENT_LINE)

    own = await orders.as_(GOVERNMENT_LINE).get(f"/tasks/orders/{order_id}/status")
    other = await orders.as_(SAFETY_LINE).get(f"/tasks/orders/{order_id}/status")
    story = await orders.as_(GOVERNMENT_LINE).get(f"/tasks/orders/{order_id}")

    assert (own.status_code, other.status_code, story.status_code) == (200, 404, 403)
    assert "account" not in own.json()


async def test_an_enterprise_is_refused_at_every_door(orders: Stage) -> None:
    (row,) = await orders.rows(Order, region_code=COUNTY)
    client = orders.as_(officer(MINE))

    for path in (
        "orders",
        f"orders/{row.id}",
        "dispatches",
        "objections",
        "repeats",
        "punctuality",
    ):
        assert (await client.get(f"/tasks/{path}")).status_code == 403


async def test_an_old_holder_sees_the_order_no_more_once_it_went_elsewhere(orders: Stage) -> None:
    far = person(Role.INSPECTOR, "430426.emergency")
    order_id = await hotline.taken(orders)
    held = await hotline.sent(orders, order_id, "430426.emergency")
    await hotline.done(
        orders, far, f"dispatches/{held}/return", {"reason": "wrong_place", "note": "不在我县。"}
    )

    await hotline.sent(orders, order_id, HOUSING_UNIT)

    assert (await orders.as_(far).get(f"/tasks/orders/{order_id}")).status_code == 404
    own = (await orders.as_(far).get("/tasks/dispatches", params={"order": order_id})).json()
    assert [row["status"] for row in own["items"]] == ["returned"]
