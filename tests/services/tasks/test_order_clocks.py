"""The clocks of orders: warned, overdue once, whose delay it is; both sides of each limit."""

from datetime import datetime, timedelta

import pytest

from kernel.calendar import SHANGHAI
from services.tasks.orders.domain import OrderStatus
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GAS,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    MONDAY,
    OFFICE,
    OPERATOR,
    at,
    post,
)

SECOND = timedelta(seconds=1)
DUE = at(6, 13)
"""24:00 of 12 June, the fifth working day after MONDAY."""


pytestmark = pytest.mark.usefixtures("monday")


async def overdue(tasks: Stage) -> list[tuple[str, str]]:
    return [(fact["unit"], fact["step"]) for fact in await hotline.told(tasks, "overdue")]


async def test_a_desk_that_finds_nobody_is_overdue_once(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)

    await tasks.fire_until(at(6, 7) - SECOND)
    before = await overdue(tasks)
    await tasks.fire_until(at(6, 7))
    await tasks.fire_until(at(6, 30))

    assert before == []
    assert await overdue(tasks) == [(OPERATOR.unit, "dispatch")]
    assert (await hotline.order(tasks, order_id)).dispatch_overdue_at == at(6, 7)


async def test_an_order_that_was_sent_owes_no_dispatch(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id)

    await tasks.fire_until(at(6, 7) - SECOND)

    assert await overdue(tasks) == []


async def test_danger_to_life_is_signed_for_within_two_hours(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, order_class="urgent")
    await hotline.sent(tasks, order_id)

    await tasks.fire_until(MONDAY + timedelta(hours=2) - SECOND)
    before = await overdue(tasks)
    await tasks.fire_until(MONDAY + timedelta(hours=2))

    assert before == []
    assert await overdue(tasks) == [(HOUSING_UNIT, "sign")]


async def test_a_unit_that_signs_in_time_is_not_found_unsigned(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    held = await hotline.sent(tasks, order_id)
    tasks.now = at(6, 7) - SECOND
    await hotline.done(tasks, HOUSING, f"dispatches/{held}/sign")

    await tasks.fire_until(at(6, 8))

    assert await overdue(tasks) == []


async def test_a_unit_is_warned_and_then_overdue_and_said_so_once(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id)
    await hotline.handling(tasks, order_id)

    await tasks.fire_until(at(6, 9) - SECOND)
    early = await hotline.told(tasks, "warned")
    await tasks.fire_until(DUE - SECOND)
    before = await overdue(tasks)
    await tasks.fire_until(at(6, 30))

    assert (early, before) == ([], [])
    assert [fact["unit"] for fact in await hotline.told(tasks, "warned")] == [HOUSING_UNIT]
    assert await overdue(tasks) == [(HOUSING_UNIT, "handle")]
    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.overdue_at is not None, part.delayed_by) == (True, [HOUSING_UNIT])


@pytest.mark.parametrize(("when", "late"), [(DUE - SECOND, False), (DUE, True)])
async def test_what_comes_at_the_end_of_the_last_day_comes_too_late(
    tasks: Stage, when: datetime, late: bool
) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id)
    held = await hotline.handling(tasks, order_id)
    tasks.now = when

    await hotline.done(tasks, HOUSING, f"dispatches/{held}/answer", {"answer": "已整改。"})

    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.overdue_at is not None) is late
    await tasks.fire_until(DUE)
    assert await overdue(tasks) == []


async def test_the_delay_of_a_supporting_unit_is_not_the_lead_s(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, HOUSING_UNIT, GAS_UNIT)
    lead = await hotline.handling(tasks, order_id)
    late = await hotline.handling(tasks, order_id, GAS)
    await tasks.fire_until(DUE)
    waiting = await hotline.part(tasks, order_id, HOUSING_UNIT)
    tasks.now = at(6, 14, 10)
    await hotline.done(tasks, GAS, f"dispatches/{late}/answer", {"answer": "已查。"})

    assert await overdue(tasks) == [(GAS_UNIT, "handle")]
    assert (waiting.overdue_at, waiting.delayed_by) == (None, [GAS_UNIT])
    # The lead has a working day of its own to sum up.
    given = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert given.due_at == at(6, 16)
    tasks.now = at(6, 16) - SECOND
    await hotline.done(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at is None


async def test_a_lead_that_does_not_sum_up_in_its_own_day_is_overdue(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, HOUSING_UNIT, GAS_UNIT)
    await hotline.handling(tasks, order_id)
    late = await hotline.handling(tasks, order_id, GAS)
    await tasks.fire_until(DUE)
    tasks.now = at(6, 14, 10)
    await hotline.done(tasks, GAS, f"dispatches/{late}/answer", {"answer": "已查。"})

    await tasks.fire_until(at(6, 16))

    assert await overdue(tasks) == [(GAS_UNIT, "handle"), (HOUSING_UNIT, "handle")]


async def test_a_caller_whom_nobody_asks_is_owed_a_return_visit(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id)

    await tasks.fire_until(at(6, 9) - SECOND)
    before = await overdue(tasks)
    await tasks.fire_until(at(6, 9))

    assert before == []
    assert await overdue(tasks) == [(OPERATOR.unit, "callback")]


async def test_an_order_is_taken_beyond_the_calendar_but_sent_only_when_it_is_loaded(
    tasks: Stage,
) -> None:
    tasks.now = datetime(2026, 12, 31, 10, tzinfo=SHANGHAI)
    order_id = await hotline.taken(tasks)

    answer = await post(tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": HOUSING_UNIT})

    assert answer.status_code == 409
    assert (answer.json()["type"], answer.json()["year"]) == ("/problems/calendar-not-loaded", 2027)
    assert (await hotline.order(tasks, order_id)).status == OrderStatus.RECEIVED


async def asked(tasks: Stage, days: int = 3) -> tuple[str, str, dict[str, str]]:
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id, HOUSING_UNIT, GAS_UNIT)
    held = await hotline.handling(tasks, order_id)
    body = {"days": days, "reason": "需要检测。"}
    return order_id, held, await hotline.done(tasks, HOUSING, f"order-extensions/for/{held}", body)


async def test_an_extension_moves_what_is_due_for_all_who_hold_a_part(tasks: Stage) -> None:
    order_id, _, request = await asked(tasks)
    listed = {
        by.subject: (await tasks.as_(by).get("/tasks/order-extensions?status=asked")).json()
        for by in (OFFICE, HOUSING, hotline.STRANGER)
    }

    given = await hotline.done(
        tasks, OFFICE, f"order-extensions/{request['id']}/approve", {"remark": "同意。"}
    )

    assert [len(page["items"]) for page in listed.values()] == [1, 1, 0]
    assert given["due_after"] == "2023-06-16T00:00:00+08:00"
    for unit in (HOUSING_UNIT, GAS_UNIT):
        part = await hotline.part(tasks, order_id, unit)
        assert (part.due_at, part.extended) == (at(6, 16), 1)
    await tasks.fire_until(at(6, 16) - SECOND)
    assert ("handle" in {step for _, step in await overdue(tasks)}) is False


async def test_what_was_asked_in_time_and_given_later_is_not_overdue(tasks: Stage) -> None:
    order_id, _, request = await asked(tasks)
    await hotline.answered(tasks, order_id, GAS)
    await tasks.fire_until(DUE)
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at == DUE
    tasks.now = at(6, 13, 10)

    await hotline.done(
        tasks, OFFICE, f"order-extensions/{request['id']}/approve", {"remark": "同意。"}
    )

    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at is None
    await tasks.fire_until(at(6, 16))
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at == at(6, 16)


async def test_a_refused_extension_moves_nothing_and_another_may_be_asked_for(tasks: Stage) -> None:
    order_id, held, request = await asked(tasks)
    waiting = await post(
        tasks, HOUSING, f"order-extensions/for/{held}", {"days": 1, "reason": "再。"}
    )

    await hotline.done(
        tasks, OFFICE, f"order-extensions/{request['id']}/refuse", {"remark": "不同意。"}
    )
    twice = await post(
        tasks, OFFICE, f"order-extensions/{request['id']}/approve", {"remark": "同意。"}
    )
    again = await post(
        tasks, HOUSING, f"order-extensions/for/{held}", {"days": 1, "reason": "再。"}
    )

    assert (waiting.status_code, twice.status_code, again.status_code) == (409, 409, 201)
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).due_at == DUE


@pytest.mark.parametrize(("days", "code"), [(10, 201), (11, 409)])
async def test_an_extension_is_ten_working_days_at_most(tasks: Stage, days: int, code: int) -> None:
    order_id = await hotline.taken(tasks)
    held = await hotline.sent(tasks, order_id)

    answer = await post(
        tasks, HOUSING, f"order-extensions/for/{held}", {"days": days, "reason": "需要检测。"}
    )

    assert answer.status_code == code


async def test_the_time_is_extended_once(tasks: Stage) -> None:
    _, held, request = await asked(tasks)
    await hotline.done(
        tasks, OFFICE, f"order-extensions/{request['id']}/approve", {"remark": "同意。"}
    )

    again = await post(
        tasks, HOUSING, f"order-extensions/for/{held}", {"days": 1, "reason": "再。"}
    )

    assert again.json()["type"] == "/problems/extensions-used-up"


@pytest.mark.parametrize(("when", "code"), [(DUE - SECOND, 201), (DUE, 409)])
async def test_more_time_is_asked_for_before_the_time_is_up(
    tasks: Stage, when: datetime, code: int
) -> None:
    order_id = await hotline.taken(tasks)
    held = await hotline.sent(tasks, order_id)
    tasks.now = when

    answer = await post(
        tasks, HOUSING, f"order-extensions/for/{held}", {"days": 1, "reason": "需要检测。"}
    )

    assert answer.status_code == code


async def test_a_unit_neither_extends_for_the_lead_nor_decides_for_itself(tasks: Stage) -> None:
    order_id, _, request = await asked(tasks)
    supporting = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    of_the_lead = hotline.person(hotline.Role.COMMITTEE_OFFICE, HOUSING_UNIT)

    theirs = await post(
        tasks, GAS, f"order-extensions/for/{supporting}", {"days": 1, "reason": "再。"}
    )
    own = await post(
        tasks, of_the_lead, f"order-extensions/{request['id']}/approve", {"remark": "同意。"}
    )

    assert (theirs.status_code, own.status_code) == (403, 403)
