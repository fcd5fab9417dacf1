"""Objections to what was sent, and the arbitration that settles who handles it."""

from datetime import datetime, timedelta

import pytest

from services.tasks.catalogue.rules import Lesson
from services.tasks.catalogue.tables import LearntLesson
from services.tasks.dispatches.tables import Dispatch
from services.tasks.objections.tables import Objection
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.city import put, unit
from tests.services.tasks.hotline import (
    EMERGENCY_UNIT,
    GAS,
    GAS_LEADER,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    NOT_OURS,
    OFFICE,
    OPERATOR,
    RETURN_DUE,
    at,
    post,
)
from tests.services.tasks.story import person

pytestmark = pytest.mark.usefixtures("monday")

SECOND = timedelta(seconds=1)
OBJECTION = {"named": GAS_UNIT, "grounds": "燃气管线由城管局主管。"}


async def refused(tasks: Stage) -> tuple[str, str]:
    """An order whose lead was refused its return on MONDAY."""
    order_id, held = await hotline.returned(tasks)
    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})
    return order_id, held


@pytest.mark.parametrize(("when", "code"), [(RETURN_DUE - SECOND, 201), (RETURN_DUE, 409)])
async def test_a_unit_objects_within_a_day_of_the_refusal(
    tasks: Stage, when: datetime, code: int
) -> None:
    order_id, held = await refused(tasks)
    tasks.now = when

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)

    assert answer.status_code == code
    assert (await hotline.order(tasks, order_id)).status == (
        "disputed" if code == 201 else "dispatched"
    )


async def test_a_unit_returns_before_it_objects(tasks: Stage) -> None:
    _, held = await hotline.dispatched(tasks)

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)

    assert answer.json()["type"] == "/problems/nothing-to-object-to"


@pytest.mark.parametrize("named", [HOUSING_UNIT, "430481.nobody"])
async def test_an_objection_names_another_unit(tasks: Stage, named: str) -> None:
    _, held = await refused(tasks)

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION | {"named": named})

    assert answer.status_code == 422


async def test_an_objection_may_name_a_unit_that_an_office_recorded(tasks: Stage) -> None:
    _, held = await refused(tasks)
    recorded = {"unit": unit("430481.gas_office", "燃气办"), "effective_from": "2023-01-01"}
    assert (await put(tasks, "units", recorded)).status_code == 200

    objection = OBJECTION | {"named": "430481.gas_office"}
    assert (await post(tasks, HOUSING, f"objections/to/{held}", objection)).status_code == 201


async def objected(tasks: Stage) -> tuple[str, str, str]:
    order_id, held = await refused(tasks)
    made = await hotline.done(tasks, HOUSING, f"objections/to/{held}", OBJECTION)
    return order_id, held, made["id"]


async def test_the_unit_that_is_named_says_what_it_thinks_once(tasks: Stage) -> None:
    _, _, objection = await objected(tasks)

    foreign = await post(tasks, HOUSING, f"objections/{objection}/reply", {"reply": "是的。"})
    said = await hotline.done(tasks, GAS, f"objections/{objection}/reply", {"reply": "不是。"})
    again = await post(tasks, GAS, f"objections/{objection}/reply", {"reply": "不是。"})

    assert (foreign.status_code, again.status_code) == (403, 409)
    assert (said["status"], said["reply"]) == ("replied", "不是。")


async def test_an_upheld_objection_moves_the_order_for_good(tasks: Stage) -> None:
    order_id, _, objection = await objected(tasks)
    tasks.now = at(6, 8, 10)

    settled = await hotline.done(
        tasks,
        OFFICE,
        f"objections/{objection}/settle",
        {"ruling": "由城管局办理。", "to": {"lead": GAS_UNIT}},
    )

    assert (settled["status"], settled["assigned"]) == ("upheld", GAS_UNIT)
    before = await hotline.part(tasks, order_id, HOUSING_UNIT)
    after = await hotline.part(tasks, order_id, GAS_UNIT)
    assert (before.status, after.due_at, after.arbitrated) == ("released", at(6, 16), True)
    final = await post(tasks, GAS_LEADER, f"dispatches/{after.id}/return", NOT_OURS)
    assert final.status_code == 409
    assert {(row.unit, row.lesson) for row in await tasks.rows(LearntLesson)} == {
        (HOUSING_UNIT, Lesson.RETURNED)
    }


async def test_a_dismissed_objection_leaves_it_where_it_was_for_good(tasks: Stage) -> None:
    order_id, held, objection = await objected(tasks)

    await hotline.done(tasks, OFFICE, f"objections/{objection}/settle", {"ruling": "由住建办理。"})

    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.status, part.arbitrated, part.due_at) == ("sent", True, at(6, 13))
    again = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)
    assert again.json()["type"] == "/problems/nothing-to-object-to"
    assert await tasks.rows(LearntLesson) == []
    twice = await post(tasks, OFFICE, f"objections/{objection}/settle", {"ruling": "再裁。"})
    assert twice.status_code == 409


@pytest.mark.parametrize("unit", [HOUSING_UNIT, GAS_UNIT, EMERGENCY_UNIT])
async def test_nobody_arbitrates_whose_unit_is_a_party_or_holds_a_part(
    tasks: Stage, unit: str
) -> None:
    _, held = await hotline.dispatched(tasks, HOUSING_UNIT, EMERGENCY_UNIT)
    await hotline.done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})
    objection = (await hotline.done(tasks, HOUSING, f"objections/to/{held}", OBJECTION))["id"]
    party = person(hotline.Role.COMMITTEE_OFFICE, unit)

    answer = await post(tasks, party, f"objections/{objection}/settle", {"ruling": "由他办理。"})

    assert answer.status_code == 403
    (row,) = await tasks.rows(Objection)
    assert row.decided_at is None


async def test_a_supporting_unit_objects_and_another_one_takes_its_part(tasks: Stage) -> None:
    order_id, lead = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)
    await hotline.done(tasks, OPERATOR, f"dispatches/{theirs}/refuse-return", {"note": "是你的。"})
    objection = await hotline.done(
        tasks,
        GAS,
        f"objections/to/{theirs}",
        {"named": EMERGENCY_UNIT, "grounds": "应由应急办理。"},
    )

    await hotline.done(
        tasks,
        OFFICE,
        f"objections/{objection['id']}/settle",
        {"ruling": "由应急局协办。", "to": {"lead": EMERGENCY_UNIT}},
    )

    assert (await hotline.part(tasks, order_id, GAS_UNIT)).status == "released"
    new = await hotline.part(tasks, order_id, EMERGENCY_UNIT)
    assert (new.part, new.status, new.arbitrated) == ("supporting", "sent", True)
    order = await hotline.order(tasks, order_id)
    assert (order.lead, order.units) == (HOUSING_UNIT, [HOUSING_UNIT, EMERGENCY_UNIT])
    assert (await tasks.rows(Dispatch, id=lead))[0].status == "sent"
    assert await tasks.rows(LearntLesson) == []
