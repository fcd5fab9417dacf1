"""What a unit held of hotline orders when it ended is its heir's, by the same clocks."""

from datetime import datetime, timedelta

import pytest

from contracts.gateway import Role
from kernel.audit import AuditRecord
from services.tasks.dispatches.domain import DispatchStatus
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.domain import OrderStatus
from services.tasks.orders.tables import OrderEntry
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.city import found, reorganised, unit
from tests.services.tasks.hotline import (
    EMERGENCY_UNIT,
    GAS,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    MONDAY,
    NOT_OURS,
    OFFICE,
    OPERATOR,
    at,
    done,
    post,
)
from tests.services.tasks.story import COUNTY, person

HEIR_UNIT = f"{COUNTY}.construction"
HEIR = person(Role.INSPECTOR, HEIR_UNIT)
SECOND = timedelta(seconds=1)
TODAY = "2023-06-05"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    await found(tasks)
    tasks.now = MONDAY
    return tasks


async def merged(city: Stage, *ending: str, into: str = HEIR_UNIT, on: str = TODAY) -> None:
    """Units are one with another bureau's, under a new name or that of one that goes on."""
    after = unit(HEIR_UNIT, "住建局") if into == HEIR_UNIT else into
    before = [*ending, f"{COUNTY}.water"] if into == HEIR_UNIT else [*ending, into]
    await reorganised(city, "merge", before, [after], on=on)
    await city.fire_until(city.now)


async def test_after_a_merger_the_new_unit_signs_and_answers(city: Stage) -> None:
    order_id, held = await hotline.dispatched(city)

    await merged(city, HOUSING_UNIT)

    assert (await hotline.part(city, order_id, HEIR_UNIT)).id.hex == held
    gone = await post(city, HOUSING, f"dispatches/{held}/sign")
    await hotline.answered(city, order_id, HEIR, verified=True)
    order = await hotline.order(city, order_id)
    assert gone.status_code == 404
    assert (order.lead, order.units, order.stands) == (HEIR_UNIT, [HEIR_UNIT], "answered")
    (entry,) = await city.rows(OrderEntry, order_id=order_id, action="hand_over")
    assert (entry.made_by, entry.detail) == ("system", {"unit": HOUSING_UNIT, "heir": HEIR_UNIT})
    assert len(await city.rows(AuditRecord, act="order.hand_over")) == 1
    told = await hotline.told(city, "dispatched")
    assert [fact["unit"] for fact in told] == [HOUSING_UNIT, HEIR_UNIT]
    assert len({datetime.fromisoformat(fact["due_at"]) for fact in told}) == 1


async def test_the_new_unit_sends_back_what_is_not_its_own(city: Stage) -> None:
    order_id, held = await hotline.dispatched(city)
    await merged(city, HOUSING_UNIT)

    await done(city, HEIR, f"dispatches/{held}/return", NOT_OURS)
    again = await post(city, OPERATOR, f"dispatches/of/{order_id}", {"lead": GAS_UNIT})

    assert again.is_success, again.text
    assert (await hotline.part(city, order_id, HEIR_UNIT)).stands is DispatchStatus.RETURNED
    assert (await hotline.part(city, order_id, GAS_UNIT)).stands is DispatchStatus.SENT


async def test_the_clocks_go_on_and_ring_for_the_new_unit(city: Stage) -> None:
    order_id, held = await hotline.dispatched(city)
    before = await hotline.part(city, order_id, HOUSING_UNIT)
    await merged(city, HOUSING_UNIT)
    assert before.sign_due_at is not None

    await city.fire_until(before.sign_due_at - SECOND)
    early = await hotline.told(city, "overdue")
    await city.fire_until(before.due_at)

    late = [(fact["unit"], fact["step"]) for fact in await hotline.told(city, "overdue")]
    assert early == []
    assert late == [(HEIR_UNIT, "sign"), (HEIR_UNIT, "handle")]
    after = await hotline.part(city, order_id, HEIR_UNIT)
    assert (after.id.hex, after.due_at, after.delayed_by) == (held, before.due_at, [HEIR_UNIT])


async def test_what_was_late_is_the_new_unit_s_as_late_as_it_was(city: Stage) -> None:
    order_id, _ = await hotline.dispatched(city)
    await hotline.handling(city, order_id)
    due_at = (await hotline.part(city, order_id, HOUSING_UNIT)).due_at
    city.now = due_at + timedelta(hours=9)
    await city.fire_until(city.now)

    await merged(city, HOUSING_UNIT, on="2023-06-13")

    late = await hotline.part(city, order_id, HEIR_UNIT)
    assert (late.overdue_at, late.delayed_by) == (city.now, [HEIR_UNIT])
    handled = [fact for fact in await hotline.told(city, "overdue") if fact["step"] == "handle"]
    assert [fact["unit"] for fact in handled] == [HOUSING_UNIT]


@pytest.mark.parametrize(
    ("lead", "supporting"), [(HOUSING_UNIT, GAS_UNIT), (GAS_UNIT, HOUSING_UNIT)]
)
async def test_an_heir_that_holds_a_part_already_goes_on_with_the_foremost(
    city: Stage, lead: str, supporting: str
) -> None:
    order_id, held = await hotline.dispatched(city, lead, supporting)

    await merged(city, HOUSING_UNIT, into=GAS_UNIT)

    live = [part for part in await city.rows(Dispatch, order_id=order_id) if part.ended_at is None]
    (other,) = [part for part in await city.rows(Dispatch, order_id=order_id) if part.ended_at]
    assert [(part.id.hex, part.unit, part.part) for part in live] == [(held, GAS_UNIT, "lead")]
    assert other.stands is DispatchStatus.WITHDRAWN
    order = await hotline.order(city, order_id)
    assert (order.lead, order.units) == (GAS_UNIT, [GAS_UNIT])
    for step, body in (("sign", None), ("handle", None), ("answer", {"answer": "已整改。"})):
        await done(city, GAS, f"dispatches/{held}/{step}", body)


async def test_a_lead_that_takes_over_what_it_waited_for_has_its_own_time_to_sum_up(
    city: Stage,
) -> None:
    order_id, held = await hotline.dispatched(city, GAS_UNIT, HOUSING_UNIT)
    await hotline.handling(city, order_id, GAS)
    await hotline.handling(city, order_id, HOUSING)
    city.now = at(6, 13, 9)
    await city.fire_until(city.now)

    await merged(city, HOUSING_UNIT, into=GAS_UNIT, on="2023-06-13")

    lead = await hotline.part(city, order_id, GAS_UNIT)
    assert (lead.id.hex, lead.overdue_at, lead.due_at) == (held, None, at(6, 15))
    await city.fire_until(at(6, 15))
    assert (await hotline.part(city, order_id, GAS_UNIT)).overdue_at == at(6, 15)


async def test_what_a_unit_answered_is_its_own_and_is_handled_once_more_by_its_heir(
    city: Stage,
) -> None:
    order_id, _ = await hotline.dispatched(city)
    await hotline.answered(city, order_id)
    await merged(city, HOUSING_UNIT)
    before = await hotline.part(city, order_id, HOUSING_UNIT)

    await hotline.visited(city, order_id, "unsatisfied")

    again = await hotline.part(city, order_id, HEIR_UNIT)
    assert (before.stands, before.round, again.round) == (DispatchStatus.ANSWERED, 1, 2)
    assert again.stands is DispatchStatus.HANDLING
    await done(city, HEIR, f"dispatches/{again.id}/answer", {"answer": "已整改。"})
    assert (await hotline.order(city, order_id)).stands is OrderStatus.ANSWERED


async def test_a_unit_that_an_objection_names_answers_it_by_its_heir(city: Stage) -> None:
    _, held = await hotline.returned(city)
    await done(city, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})
    body = {"named": GAS_UNIT, "grounds": "燃气管线由城管局主管。"}
    objection = await done(city, HOUSING, f"objections/to/{held}", body)
    await merged(city, GAS_UNIT)

    replied = await post(
        city, HEIR, f"objections/{objection['id']}/reply", {"reply": "不是我局的。"}
    )
    ruling = {"to": {"lead": EMERGENCY_UNIT}, "ruling": "由应急局办理。"}
    settled = await post(city, OFFICE, f"objections/{objection['id']}/settle", ruling)

    assert replied.is_success, replied.text
    assert replied.json()["named"] == HEIR_UNIT
    assert settled.is_success, settled.text
