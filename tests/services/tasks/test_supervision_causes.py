"""What orders are about: overdue duties and hotline orders in one call; heirs; one at a time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from contracts.gateway import Role
from contracts.tasks_supervisions import SupervisionAccepted, SupervisionIssued
from services.tasks.obligations.tables import Obligation
from services.tasks.supervisions.tables import Supervision, SupervisionReceipt
from tests.services.stage import Stage
from tests.services.tasks.city import found, reorganised, unit
from tests.services.tasks.hotline import OPERATOR, at, dispatched, done, taken
from tests.services.tasks.story import ACCIDENT, COUNTY, FIRST_HOP, RECEIVED, person, reported
from tests.services.tasks.supervising import (
    COLLEAGUE,
    DRAFTER,
    ELSEWHERE,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    SIGNER,
    SUPERVISIONS,
    answered,
    do,
    drafted,
    issued,
    new,
    received,
    row,
)

pytestmark = pytest.mark.usefixtures("monday")
EMERGENCY_UNIT, NEW_UNIT = f"{COUNTY}.emergency", f"{COUNTY}.safety"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units."""
    return await found(tasks)


async def late_duty(tasks: Stage) -> str:
    """The duty of a county's desk to pass a report on, which is overdue; its id."""
    await tasks.hear(reported())
    await tasks.fire_until(RECEIVED + timedelta(hours=3))
    (duty,) = await tasks.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    return str(duty.id)


async def supervise(tasks: Stage, by: Any = DRAFTER, **body: Any) -> Any:
    return await tasks.as_(by).post(SUPERVISIONS, json=body)


async def test_an_overdue_duty_becomes_an_order_in_one_call(city: Stage) -> None:
    duty = await late_duty(city)
    made = await supervise(city, kind="supervision", cause="obligation", cause_id=duty)
    shown = (await city.as_(DRAFTER).get(SUPERVISIONS, params={"cause_id": duty})).json()["items"]

    assert made.status_code == 201, made.text
    assert [one["id"] for one in shown] == [made.json()["id"]]
    assert (shown[0]["addressee"], shown[0]["cause"]) == (EMERGENCY_UNIT, "obligation")
    assert f"relay:{FIRST_HOP}" in shown[0]["title"]


async def test_what_is_not_overdue_is_not_supervised_as_overdue(city: Stage) -> None:
    await city.hear(reported())
    (duty,) = await city.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    order_id, _ = await dispatched(city)
    answers = [
        await supervise(city, kind="supervision", cause="obligation", cause_id=str(duty.id)),
        await supervise(city, kind="urging", cause="order", cause_id=order_id),
    ]

    assert [a.json()["type"] for a in answers] == ["/problems/cause-not-overdue"] * 2


async def test_a_late_hotline_order_becomes_an_order_in_one_call(city: Stage) -> None:
    order_id, _ = await dispatched(city)
    await city.fire_until(at(6, 20))
    made = await supervise(city, kind="urging", cause="order", cause_id=order_id)

    assert (made.status_code, made.json()["addressee"]) == (201, HOUSING_UNIT)


async def test_an_order_whose_desk_was_late_and_answered_it_is_late_no_more(city: Stage) -> None:
    order_id = await taken(city)
    await city.fire_until(at(6, 9))
    body = {"kind": "urging", "cause": "order", "cause_id": order_id}
    late = await supervise(city, **body, addressees=[HOUSING_UNIT])
    await done(city, OPERATOR, f"orders/{order_id}/answer", {"answer": "八点。"})
    after = await supervise(city, **body, addressees=[GAS_UNIT])

    assert (late.status_code, after.json()["type"]) == (201, "/problems/cause-not-overdue")


async def test_a_duty_of_another_place_is_nobody_s_cause(city: Stage) -> None:
    duty = await late_duty(city)
    office = person(Role.COMMITTEE_OFFICE, "430426.committee_office")
    refused = await supervise(city, office, kind="supervision", cause="obligation", cause_id=duty)

    assert refused.status_code == 404


async def test_a_second_order_of_a_kind_about_a_thing_names_the_first(city: Stage) -> None:
    duty = await late_duty(city)
    body = {"kind": "supervision", "cause": "obligation", "cause_id": duty}
    first = (await supervise(city, **body)).json()["id"]
    second = await supervise(city, COLLEAGUE, **body)
    another = await supervise(city, **body | {"kind": "warning"})
    await do(city, SIGNER, f"{first}/withdraw", reason="改由县里办")
    after = await supervise(city, **body)

    assert (second.status_code, second.json()["first"]) == (409, first)
    assert (another.status_code, after.status_code) == (201, 201)


async def test_a_draft_that_would_become_a_second_one_is_not_readdressed(city: Stage) -> None:
    await city.hear(reported())
    body = {"cause": "accident", "cause_id": str(ACCIDENT)}
    first, other = [await drafted(city, **body, addressees=[u]) for u in (HOUSING_UNIT, GAS_UNIT)]

    changed = await city.as_(COLLEAGUE).patch(
        f"{SUPERVISIONS}/{other}", json={"addressees": [HOUSING_UNIT]}
    )

    assert (changed.status_code, changed.json()["first"]) == (409, first)


async def test_of_two_who_draft_the_same_at_once_one_is_refused(city: Stage) -> None:
    duty = await late_duty(city)
    body = {"kind": "supervision", "cause": "obligation", "cause_id": duty}
    answers = await asyncio.gather(
        *(supervise(city, by, **body) for by in (DRAFTER, COLLEAGUE) * 2)
    )

    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


async def test_an_accident_is_a_cause_for_whoever_is_named(city: Stage) -> None:
    await city.hear(reported())
    body = {"cause": "accident", "cause_id": str(ACCIDENT)}
    made = [await supervise(city, **new("warning", **body, addressees=[one]))
            for one in (HOUSING_UNIT, GAS_UNIT)]  # fmt: skip

    assert [a.status_code for a in made] == [201, 201]


@pytest.mark.parametrize(
    ("kind", "then", "status"),
    [
        ("listing", "supervision", 201),
        ("assignment", "interview", 422),
        ("warning", "listing", 422),
    ],
)
async def test_a_kind_follows_only_from_the_kinds_that_its_row_names(
    city: Stage, kind: str, then: str, status: int
) -> None:
    before = await issued(city, then)
    answer = await supervise(city, **new(kind, follows=before))

    assert answer.status_code == status


async def test_nothing_follows_from_a_draft_or_from_what_one_does_not_see(city: Stage) -> None:
    draft = await drafted(city, "supervision")
    early = await supervise(city, **new("listing", follows=draft))
    await do(city, SIGNER, f"{draft}/issue")
    unseen = await supervise(
        city,
        person(Role.COMMITTEE_OFFICE, "430426.committee_office"),
        **new("listing", follows=draft, addressees=["430426.housing"]),
    )

    assert (early.status_code, unseen.status_code) == (422, 404)


async def merged(tasks: Stage, *ending: str) -> None:
    await reorganised(
        tasks, "merge", list(ending), [unit(NEW_UNIT, "安全局", "emergency")], on="2023-06-06"
    )


async def test_a_unit_that_ended_before_it_was_signed_leaves_it_to_its_heir(city: Stage) -> None:
    supervision = await drafted(city)
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    city.now = at(6, 6, 9)
    await do(city, SIGNER, f"{supervision}/issue")
    straight = await drafted(city, addressees=[GAS_UNIT, HOUSING_UNIT])

    [told] = await city.told(SupervisionIssued)
    assert (told["unit"], told["units"]) == (NEW_UNIT, [NEW_UNIT])
    assert (await row(city, straight)).addressees == [NEW_UNIT]


async def test_what_is_open_follows_the_heir_with_its_number_deadline_and_story(
    city: Stage,
) -> None:
    supervision = await received(city, addressees=[HOUSING_UNIT, GAS_UNIT])
    before = await row(city, supervision)
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    await city.fire_until(at(6, 6))
    city.now = at(6, 6, 9)
    heir = person(Role.INSPECTOR, NEW_UNIT)

    after = await row(city, supervision)
    assert (after.number_text, after.due_at) == (before.number_text, before.due_at)
    assert (after.addressee, after.addressees) == (NEW_UNIT, [NEW_UNIT])
    story = (await city.as_(heir).get(f"{SUPERVISIONS}/{supervision}")).json()
    assert story["entries"][0]["action"] == "draft"
    assert (await do(city, heir, f"{supervision}/answers", text="已办")).status_code == 201
    assert (await city.as_(HOUSING).get(f"{SUPERVISIONS}/{supervision}")).status_code == 404
    assert {one.addressee for one in await city.rows(SupervisionReceipt)} == {NEW_UNIT}


async def test_an_heir_signs_for_each_of_those_that_became_one(city: Stage) -> None:
    supervision = await received(city, "bulletin", addressees=[HOUSING_UNIT, GAS_UNIT])
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    await city.fire_until(at(6, 6))
    city.now = at(6, 6, 9)

    answer = await do(city, person(Role.INSPECTOR, NEW_UNIT), f"{supervision}/receive")

    assert (answer.status_code, answer.json()["status"]) == (200, "closed")


async def test_an_heir_does_not_owe_the_same_twice(city: Stage) -> None:
    await city.hear(reported())
    body = {"cause": "accident", "cause_id": str(ACCIDENT)}
    orders = [await received(city, **body)]
    orders.append(await issued(city, **body, addressees=[GAS_UNIT]))
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    await city.fire_until(at(6, 6))

    stands = [(await row(city, one)).status for one in orders]
    assert sorted(stands) == ["received", "withdrawn"]


async def test_a_draft_gives_way_to_what_is_out_when_its_addressees_become_one(
    city: Stage,
) -> None:
    await city.hear(reported())
    body = {"cause": "accident", "cause_id": str(ACCIDENT)}
    draft = await drafted(city, **body, addressees=[GAS_UNIT])
    out = await received(city, **body)
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    await city.fire_until(at(6, 6))

    assert (await row(city, draft)).status == "withdrawn"
    stands = await row(city, out)
    assert (stands.status, stands.addressee) == ("received", NEW_UNIT)


async def test_the_heir_of_an_issuer_judges_what_it_issued(city: Stage) -> None:
    head = person(Role.LEADER, EMERGENCY_UNIT, subject="head")
    supervision = await drafted(city, by=head)
    await do(city, head, f"{supervision}/issue")
    await do(city, HOUSING, f"{supervision}/receive")
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    await merged(city, EMERGENCY_UNIT, f"{COUNTY}.water")
    await city.fire_until(at(6, 6))
    heir = person(Role.LEADER, NEW_UNIT, subject="new head")

    assert (await do(city, heir, f"{supervision}/accept")).status_code == 200
    assert (await row(city, supervision)).issuer == EMERGENCY_UNIT
    assert [fact["issuer"] for fact in await city.told(SupervisionAccepted)] == [NEW_UNIT]


async def test_a_draft_of_an_issuer_that_ended_becomes_the_heir_s_own_letter(city: Stage) -> None:
    head = person(Role.LEADER, EMERGENCY_UNIT, subject="head")
    supervision = await drafted(city, by=head)
    await merged(city, EMERGENCY_UNIT, f"{COUNTY}.water")
    await city.fire_until(at(6, 6))
    city.now = at(6, 6, 9)

    out = await do(city, person(Role.LEADER, NEW_UNIT, subject="new"), f"{supervision}/issue")

    assert (out.status_code, out.json()["issuer"]) == (200, NEW_UNIT)


async def test_what_has_ended_stays_with_whom_it_was(city: Stage) -> None:
    supervision = await answered(city)
    await do(city, COLLEAGUE, f"{supervision}/accept")
    await do(city, COLLEAGUE, f"{supervision}/close")
    await merged(city, HOUSING_UNIT, GAS_UNIT)
    await city.fire_until(at(6, 6))

    assert (await row(city, supervision)).addressee == HOUSING_UNIT
    assert (await city.as_(ELSEWHERE).get(f"{SUPERVISIONS}/{supervision}")).status_code == 404
    assert len(await city.rows(Supervision)) == 1
