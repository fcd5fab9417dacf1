"""Whoever has to decide on an order is told, and is overdue after the limit until they do."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from kernel.calendar import SHANGHAI
from kernel.timers import Timer
from services.tasks.orders import operations_deciding as deciding
from tests.services.stage import Stage
from tests.services.tasks import hotline, test_order_clocks, test_order_objections
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
    at,
)
from tests.services.tasks.story import COUNTY
from tests.services.tasks.test_order_objections import OBJECTION

pytestmark = pytest.mark.usefixtures("monday")

SECOND = timedelta(seconds=1)
DUE = at(6, 7)
"""24:00 of 6 June, the working day after MONDAY."""
COMMITTEE_OFFICE = f"{COUNTY}.committee_office"
MORE = {"days": 3, "reason": "需要检测。"}
CLOCKS = {
    deciding.RETURN_DECISION_DUE,
    deciding.ARBITRATION_DUE,
    deciding.EXTENSION_DECISION_DUE,
}

Waits = Callable[[Stage], Awaitable[None]]


async def returned(tasks: Stage) -> None:
    await hotline.returned(tasks)


async def returned_support(tasks: Stage) -> None:
    order_id, _ = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)
    await hotline.handling(tasks, order_id)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)


async def returned_for_the_last_time(tasks: Stage) -> None:
    order_id, _ = await hotline.returned(tasks)
    held = await hotline.sent(tasks, order_id, GAS_UNIT)
    await hotline.done(tasks, GAS_LEADER, f"dispatches/{held}/return", NOT_OURS)


async def objected(tasks: Stage) -> None:
    await test_order_objections.objected(tasks)


async def objected_against_the_nearest_office(tasks: Stage) -> None:
    _, held = await test_order_objections.refused(tasks)
    body = OBJECTION | {"named": COMMITTEE_OFFICE}
    await hotline.done(tasks, HOUSING, f"objections/to/{held}", body)


async def asked_for_time(tasks: Stage) -> None:
    await test_order_clocks.asked(tasks)


async def asked_for_time_of_its_own(tasks: Stage) -> None:
    assert OPERATOR.unit is not None
    _, held = await hotline.dispatched(tasks, HOUSING_UNIT, OPERATOR.unit)
    await hotline.done(tasks, HOUSING, f"order-extensions/for/{held}", MORE)


WAITING = [
    (returned, OPERATOR.unit, "decide_return", HOUSING_UNIT),
    (returned_support, OPERATOR.unit, "decide_return", GAS_UNIT),
    (returned_for_the_last_time, COMMITTEE_OFFICE, "decide_return", GAS_UNIT),
    (objected, COMMITTEE_OFFICE, "arbitrate", HOUSING_UNIT),
    (objected_against_the_nearest_office, OFFICE.unit, "arbitrate", HOUSING_UNIT),
    (asked_for_time, OPERATOR.unit, "decide_extension", HOUSING_UNIT),
    (asked_for_time_of_its_own, COMMITTEE_OFFICE, "decide_extension", HOUSING_UNIT),
]


async def decisions_missed(tasks: Stage) -> list[tuple[str, str, datetime]]:
    steps = {step for _, _, step, _ in WAITING}
    return [
        (fact["unit"], fact["step"], datetime.fromisoformat(fact["due_at"]))
        for fact in await hotline.told(tasks, "overdue")
        if fact["step"] in steps
    ]


@pytest.mark.parametrize(("waits", "decider", "step", "holder"), WAITING)
async def test_whoever_has_to_decide_is_told_by_when(
    tasks: Stage, waits: Waits, decider: str, step: str, holder: str
) -> None:
    await waits(tasks)

    told = (await hotline.told(tasks, "decision_due"))[-1]

    assert (told["unit"], told["step"], told["holder"]) == (decider, step, holder)
    assert datetime.fromisoformat(told["due_at"]) == DUE


@pytest.mark.parametrize(("waits", "decider", "step", "holder"), WAITING)
async def test_a_decision_that_stays_out_is_overdue_at_its_limit_once(
    tasks: Stage, waits: Waits, decider: str, step: str, holder: str
) -> None:
    await waits(tasks)

    await tasks.fire_until(DUE - SECOND)
    before = await decisions_missed(tasks)
    await tasks.fire_until(DUE)
    after = await decisions_missed(tasks)
    await tasks.fire_until(at(6, 30))

    assert (before, after) == ([], [(decider, step, DUE)])
    assert await decisions_missed(tasks) == after


async def refuse_return(tasks: Stage) -> None:
    _, held = await hotline.returned(tasks)
    tasks.now = DUE - SECOND
    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})


async def send_elsewhere(tasks: Stage) -> None:
    order_id, _ = await hotline.returned(tasks)
    tasks.now = DUE - SECOND
    await hotline.sent(tasks, order_id, EMERGENCY_UNIT)


async def accept_return(tasks: Stage) -> None:
    await returned_support(tasks)
    tasks.now = DUE - SECOND
    (told,) = await hotline.told(tasks, "decision_due")
    theirs = (await hotline.part(tasks, told["order_id"], GAS_UNIT)).id
    await hotline.done(tasks, OPERATOR, f"dispatches/{theirs}/accept-return", {"note": "可以。"})


async def settle(tasks: Stage, **ruling: object) -> None:
    _, _, objection = await test_order_objections.objected(tasks)
    tasks.now = DUE - SECOND
    body = {"ruling": "裁定如下。", **ruling}
    await hotline.done(tasks, OFFICE, f"objections/{objection}/settle", body)


async def dismiss(tasks: Stage) -> None:
    await settle(tasks)


async def uphold(tasks: Stage) -> None:
    await settle(tasks, to={"lead": GAS_UNIT})


async def decide_on_time(tasks: Stage, decision: str) -> None:
    _, _, request = await test_order_clocks.asked(tasks)
    tasks.now = DUE - SECOND
    await hotline.done(
        tasks, OFFICE, f"order-extensions/{request['id']}/{decision}", {"remark": "已阅。"}
    )


async def approve(tasks: Stage) -> None:
    await decide_on_time(tasks, "approve")


async def refuse(tasks: Stage) -> None:
    await decide_on_time(tasks, "refuse")


DECIDED: list[Waits] = [
    refuse_return,
    send_elsewhere,
    accept_return,
    dismiss,
    uphold,
    approve,
    refuse,
]


@pytest.mark.parametrize("decided", DECIDED)
async def test_a_decision_in_time_alarms_nobody(tasks: Stage, decided: Waits) -> None:
    await decided(tasks)

    await tasks.fire_until(at(6, 30))

    assert await decisions_missed(tasks) == []


@pytest.mark.parametrize("decided", DECIDED)
async def test_a_decision_calls_its_clock_off(tasks: Stage, decided: Waits) -> None:
    await decided(tasks)

    clocks = [row for row in await tasks.rows(Timer) if row.kind in CLOCKS]

    assert clocks
    assert [row.kind for row in clocks if row.cancelled_at is None] == []


@pytest.mark.parametrize("decided", DECIDED)
async def test_a_clock_that_fires_while_it_is_decided_finds_it_done(
    tasks: Stage, decided: Waits
) -> None:
    await decided(tasks)
    async with tasks.work() as session:  # as if it had fired at that moment
        await session.execute(update(Timer).where(Timer.kind.in_(CLOCKS)).values(cancelled_at=None))

    assert await tasks.fire_until(DUE, *CLOCKS) > 0

    assert await decisions_missed(tasks) == []


async def test_what_was_answered_needs_no_more_time(tasks: Stage) -> None:
    order_id, held = await hotline.dispatched(tasks)
    await hotline.done(tasks, HOUSING, f"order-extensions/for/{held}", MORE)
    await hotline.answered(tasks, order_id)

    await tasks.fire_until(at(6, 30))

    assert await decisions_missed(tasks) == []


async def test_the_unit_that_an_objection_names_is_told_with_the_office(tasks: Stage) -> None:
    await objected(tasks)

    assert (await hotline.told(tasks, "decision_due"))[-1]["named"] == GAS_UNIT


async def test_a_unit_sends_back_even_where_the_year_of_the_decision_is_not_loaded(
    tasks: Stage,
) -> None:
    tasks.now = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    order_id = await hotline.taken(tasks, order_class="consultation")
    held = await hotline.sent(tasks, order_id)
    tasks.now += timedelta(days=1)

    await hotline.done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    (told,) = await hotline.told(tasks, "decision_due")
    assert datetime.fromisoformat(told["due_at"]) == at(1, 2, year=2027)
