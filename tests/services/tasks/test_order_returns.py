"""Returns: within their limit, signed the second time, accepted or refused by the desk."""

from datetime import datetime, timedelta

import pytest

from services.tasks.catalogue.tables import LearntLesson
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    EMERGENCY_UNIT,
    GAS,
    GAS_LEADER,
    GAS_UNIT,
    HOUSING,
    HOUSING_LEADER,
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


@pytest.mark.parametrize(("when", "code"), [(RETURN_DUE - SECOND, 200), (RETURN_DUE, 409)])
@pytest.mark.parametrize("signed", [False, True])
async def test_a_unit_sends_back_what_is_not_its_own_until_the_limit(
    tasks: Stage, when: datetime, code: int, signed: bool
) -> None:
    order_id, held = await hotline.dispatched(tasks)
    if signed:
        await hotline.done(tasks, HOUSING, f"dispatches/{held}/sign")
    tasks.now = when

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.status_code == code
    stands = (await hotline.order(tasks, order_id)).status
    assert stands == ("returned" if code == 200 else "signed" if signed else "dispatched")
    if code == 409:
        assert answer.json()["type"] == "/problems/return-too-late"
        assert await hotline.told(tasks, "returned") == []


@pytest.mark.parametrize(("when", "code"), [(at(6, 26) - SECOND, 200), (at(6, 26), 409)])
async def test_the_limit_of_a_return_runs_past_a_holiday(
    tasks: Stage, when: datetime, code: int
) -> None:
    tasks.now = at(6, 21, 16)  # the eve of the Dragon Boat holiday; Sunday 25 June is worked
    _, held = await hotline.dispatched(tasks)
    tasks.now = when

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.status_code == code


async def test_a_return_says_why(tasks: Stage) -> None:
    _, held = await hotline.dispatched(tasks)

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", {"reason": "not_our_duty"})

    assert answer.status_code == 422


async def test_what_is_being_handled_is_not_sent_back(tasks: Stage) -> None:
    order_id, _ = await hotline.dispatched(tasks)
    held = await hotline.handling(tasks, order_id)

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.json()["type"] == "/problems/dispatch-action-refused"


async def test_an_accepted_return_goes_elsewhere_with_the_whole_time(tasks: Stage) -> None:
    order_id, _ = await hotline.returned(tasks)
    tasks.now = at(6, 8, 10)

    await hotline.sent(tasks, order_id, GAS_UNIT)

    before = await hotline.part(tasks, order_id, HOUSING_UNIT)
    after = await hotline.part(tasks, order_id, GAS_UNIT)
    assert (before.status, after.status) == ("returned", "sent")
    assert after.due_at == at(6, 16)
    order = await hotline.order(tasks, order_id)
    assert (order.lead, order.units, order.returns) == (GAS_UNIT, [GAS_UNIT], 1)
    await tasks.fire_until(at(6, 14))
    blamed = {fact["unit"] for fact in await hotline.told(tasks, "overdue")}
    assert HOUSING_UNIT not in blamed


async def test_it_does_not_go_back_to_the_unit_that_returned_it(tasks: Stage) -> None:
    order_id, _ = await hotline.returned(tasks)

    answer = await post(tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": HOUSING_UNIT})

    assert answer.json()["type"] == "/problems/back-to-returner"
    assert (await hotline.order(tasks, order_id)).status == "returned"
    assert await tasks.rows(LearntLesson) == []


async def test_a_refused_return_leaves_the_unit_the_time_it_had(tasks: Stage) -> None:
    order_id, held = await hotline.returned(tasks)
    tasks.now = at(6, 8, 10)

    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})

    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.status, part.due_at, part.sign_due_at) == ("sent", at(6, 13), at(6, 10))
    again = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    assert again.json()["type"] == "/problems/returns-used-up"


async def test_no_unit_is_overdue_while_its_return_is_decided_but_may_be_after_it(
    tasks: Stage,
) -> None:
    order_id, held = await hotline.returned(tasks)
    await tasks.fire_until(at(6, 14))
    waiting = await hotline.part(tasks, order_id, HOUSING_UNIT)
    tasks.now = at(6, 14, 10)

    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})

    assert waiting.overdue_at is None
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at == tasks.now
    told = [(fact["unit"], fact["step"]) for fact in await hotline.told(tasks, "overdue")]
    assert told == [(OPERATOR.unit, "decide_return"), (HOUSING_UNIT, "handle")]


async def test_a_supporting_unit_is_not_overdue_while_its_return_is_decided(tasks: Stage) -> None:
    order_id, _ = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    await hotline.handling(tasks, order_id)
    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)

    await tasks.fire_until(at(6, 13))

    part = await hotline.part(tasks, order_id, GAS_UNIT)
    lead = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.overdue_at, lead.overdue_at) == (None, None)
    assert lead.delayed_by == [OPERATOR.unit]  # the desk has not decided


async def test_a_second_return_is_signed_by_a_leader_and_a_third_is_not_made(tasks: Stage) -> None:
    order_id, _ = await hotline.returned(tasks)
    second = await hotline.sent(tasks, order_id, GAS_UNIT)

    clerk = await post(tasks, GAS, f"dispatches/{second}/return", NOT_OURS)
    await hotline.done(tasks, GAS_LEADER, f"dispatches/{second}/return", NOT_OURS)
    desk = await post(tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": EMERGENCY_UNIT})
    third = await hotline.sent(tasks, order_id, EMERGENCY_UNIT, by=OFFICE)
    chief = person(hotline.Role.LEADER, EMERGENCY_UNIT)
    last = await post(tasks, chief, f"dispatches/{third}/return", NOT_OURS)

    assert clerk.json()["type"] == "/problems/leader-signs"
    assert desk.json()["type"] == "/problems/arbitration-needed"
    assert last.json()["type"] == "/problems/returns-used-up"
    assert (await hotline.part(tasks, order_id, EMERGENCY_UNIT)).arbitrated


async def test_a_supporting_unit_s_return_leaves_the_order_with_its_lead(tasks: Stage) -> None:
    order_id, _ = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    lead = await hotline.handling(tasks, order_id)

    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)
    waiting = await post(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})
    await hotline.done(tasks, OPERATOR, f"dispatches/{theirs}/accept-return", {"note": "可以。"})
    done = await post(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})

    assert (waiting.status_code, done.status_code) == (409, 200)
    assert await tasks.rows(LearntLesson) == []


async def test_a_lead_s_return_is_accepted_only_by_sending_it_elsewhere(tasks: Stage) -> None:
    _, held = await hotline.returned(tasks)

    answer = await post(tasks, OPERATOR, f"dispatches/{held}/accept-return", {"note": "可以。"})

    assert answer.status_code == 409


async def test_no_unit_decides_on_its_own_return(tasks: Stage) -> None:
    _, held = await hotline.returned(tasks)
    of_the_unit = person(hotline.Role.COMMITTEE_OFFICE, HOUSING_UNIT)

    answer = await post(tasks, of_the_unit, f"dispatches/{held}/refuse-return", {"note": "?"})

    assert answer.status_code == 403


async def test_a_leader_of_another_unit_does_not_return_it(tasks: Stage) -> None:
    _, held = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)

    answer = await post(tasks, GAS_LEADER, f"dispatches/{held}/return", NOT_OURS)
    own = await post(tasks, HOUSING_LEADER, f"dispatches/{held}/return", NOT_OURS)

    assert (answer.status_code, own.status_code) == (403, 200)
