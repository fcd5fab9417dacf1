"""Dangers and deaths that orders speak of are told on, and whoever told the truth is rewarded."""

import pytest

from contracts.incidents import LeadSettled
from kernel.ids import uuid7
from reference.terms import LeadSource
from services.tasks.orders.tables import OrderEntry
from services.tasks.repeats.tables import OrderRepeat
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    CALLER,
    HOUSING_UNIT,
    OPERATOR,
    SAFETY_LINE,
    SECRET_NAME,
    SECRET_PHONE,
    at,
)
from tests.services.tasks.story import COUNTY, MINE

pytestmark = pytest.mark.usefixtures("monday")


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

    await hotline.visited(tasks, order_id, "satisfied")

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
        await hotline.visited(tasks, order_id, "satisfied")

    assert [fact["order_id"] for fact in await hotline.told(tasks, "reward_due")] == [first]


async def test_a_later_caller_whose_order_was_taken_up_anew_is_not_the_first_either(
    tasks: Stage,
) -> None:
    first = await hotline.taken(tasks, matter="gas", caller=CALLER)
    second = await hotline.taken(tasks, matter="gas", caller=CALLER)
    (alike,) = await tasks.rows(OrderRepeat)
    await hotline.done(tasks, OPERATOR, f"repeats/{alike.id}/merge", {"why": "同一事项。"})
    await hotline.sent(tasks, first)
    await hotline.answered(tasks, first, verified=True)
    await hotline.visited(tasks, second, "unsatisfied")
    await hotline.sent(tasks, second)
    await hotline.answered(tasks, second, verified=True)

    for order_id in (second, first):
        await hotline.visited(tasks, order_id, "satisfied")

    assert [fact["order_id"] for fact in await hotline.told(tasks, "reward_due")] == [first]
