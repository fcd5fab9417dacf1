"""A supervisory order from its draft to its end, as offices and units live it."""

import asyncio
from typing import Any

import pytest

from contracts.tasks_supervisions import SupervisionIssued
from services.tasks.obligations.tables import Obligation
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks.city import found
from tests.services.tasks.hotline import at
from tests.services.tasks.story import COUNTY, MINE, officer, registered
from tests.services.tasks.supervising import (
    CITY_HOUSING_HEAD,
    COLLEAGUE,
    COUNTY_OFFICE,
    DRAFTER,
    DUE,
    ELSEWHERE,
    GAS,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    MAYOR,
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


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units."""
    return await found(tasks)


async def test_an_assignment_goes_from_draft_to_closed_and_tells_each_step(city: Stage) -> None:
    supervision = await answered(city)
    accepted = await do(city, COLLEAGUE, f"{supervision}/accept", remark="属实")
    closed = await do(city, DRAFTER, f"{supervision}/close")

    assert (accepted.status_code, closed.status_code) == (200, 200)
    story = (await city.as_(HOUSING).get(f"{SUPERVISIONS}/{supervision}")).json()
    assert story["number_text"] == "交办〔2023〕1号"
    assert story["due_at"] == "2023-06-20T00:00:00+08:00"
    assert [step["action"] for step in story["entries"]] == [
        "draft", "issue", "receive", "answer", "accept", "close",
    ]  # fmt: skip
    told = [fact["subject"].split(".")[2] for fact in await city.told()]
    assert [one for one in told if one != "recorded"] == [
        "issued", "received", "answered", "accepted", "closed",
    ]  # fmt: skip
    assert (await row(city, supervision)).due_at == DUE


async def test_what_an_order_assigns_is_owed_by_the_order_and_by_no_duty_of_the_plan_as_well(
    city: Stage,
) -> None:
    # 3.5 asks for the same: to put it right in time, and to report back.
    supervision = await issued(city, addressees=[f"{COUNTY}.government"])
    [fact] = await city.told(SupervisionIssued)

    await city.hear(SupervisionIssued.model_validate(fact))
    await city.fire_until(DUE)

    assert await city.rows(Obligation) == []
    assert (await row(city, supervision)).overdue_at == DUE


async def test_numbers_have_no_gap_and_no_twin_however_many_sign_at_once(city: Stage) -> None:
    drafts = [await drafted(city) for _ in range(8)]
    refused = await drafted(city, "listing")

    answers = await asyncio.gather(
        *(do(city, SIGNER, f"{one}/issue") for one in drafts),
        do(city, COLLEAGUE, f"{refused}/issue"),
    )

    assert [a.status_code for a in answers] == [200] * 8 + [403]
    numbers = [one.number for one in await city.rows(Supervision, kind="assignment")]
    assert sorted(n for n in numbers if n) == list(range(1, 9))


async def test_each_unit_kind_and_year_counts_for_itself_and_no_number_comes_back(
    city: Stage,
) -> None:
    first = await issued(city)
    await do(city, SIGNER, f"{first}/withdraw", reason="重复")
    second, warning = await issued(city), await issued(city, "warning")
    city.now = at(1, 3, 10, year=2024)
    third = await issued(city)

    numbers = [(await row(city, one)).number_text for one in (first, second, warning, third)]
    assert numbers == ["交办〔2023〕1号", "交办〔2023〕2号", "警示〔2023〕1号", "交办〔2024〕1号"]


@pytest.mark.parametrize(
    ("kind", "two"), [("listing", True), ("interview", True), ("supervision", False)]
)
async def test_a_listing_and_an_interview_are_signed_by_another_than_drafted_them(
    city: Stage, kind: str, two: bool
) -> None:
    own = await drafted(city, kind, by=SIGNER)
    alone = await do(city, SIGNER, f"{own}/issue")
    by_another = await do(city, MAYOR, f"{own}/issue") if two else alone

    assert alone.status_code == (403 if two else 200)
    assert by_another.status_code == 200


async def test_whoever_had_a_hand_in_a_listing_does_not_sign_it(city: Stage) -> None:
    own = await drafted(city, "listing", by=SIGNER)
    await city.as_(COLLEAGUE).patch(f"{SUPERVISIONS}/{own}", json={"title": "关于另一事项"})

    assert (await do(city, SIGNER, f"{own}/issue")).status_code == 403
    assert (await do(city, MAYOR, f"{own}/issue")).status_code == 200


async def test_a_leader_of_another_unit_or_place_does_not_sign(city: Stage) -> None:
    supervision = await drafted(city)
    answers = [await do(city, by, f"{supervision}/issue") for by in (CITY_HOUSING_HEAD, ELSEWHERE)]
    own = await do(city, HOUSING, f"{supervision}/issue")

    assert [a.status_code for a in answers] == [403, 404]
    assert own.status_code == 403


async def test_only_whom_it_is_addressed_to_signs_for_it(city: Stage) -> None:
    supervision = await issued(city)

    assert (await do(city, GAS, f"{supervision}/receive")).status_code == 404
    assert (await do(city, COLLEAGUE, f"{supervision}/receive")).status_code == 403
    first, again = [await do(city, HOUSING, f"{supervision}/receive") for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["supervision_status"] == "received"


async def test_every_addressee_signs_and_the_first_one_answers(city: Stage) -> None:
    supervision = await issued(city, addressees=[HOUSING_UNIT, GAS_UNIT])
    support = await do(city, GAS, f"{supervision}/receive")
    assert support.json()["status"] == "issued"
    await do(city, HOUSING, f"{supervision}/receive")

    refused = await do(city, GAS, f"{supervision}/answers", text="已办")
    taken = await do(city, HOUSING, f"{supervision}/answers", text="已办")

    assert (refused.status_code, taken.status_code) == (403, 201)
    assert refused.json()["type"] == "/problems/lead-answers"


@pytest.mark.parametrize("kind", ["urging", "bulletin"])
async def test_what_asks_for_no_answer_ends_with_the_last_receipt(city: Stage, kind: str) -> None:
    supervision = await issued(city, kind, addressees=[HOUSING_UNIT, GAS_UNIT])
    await do(city, HOUSING, f"{supervision}/receive")
    assert (await row(city, supervision)).status == "received"
    refused = await do(city, HOUSING, f"{supervision}/answers", text="收到")
    await do(city, GAS, f"{supervision}/receive")

    assert refused.status_code == 409
    assert (await row(city, supervision)).status == "closed"


async def test_a_warning_is_done_with_its_answer(city: Stage) -> None:
    supervision = await answered(city, "warning")

    assert (await row(city, supervision)).status == "closed"


async def test_an_enterprise_sees_answers_and_is_asked_nothing_before_it_is_issued(
    city: Stage,
) -> None:
    await city.hear(registered(MINE, COUNTY))
    supervision = await drafted(city, addressees=[], enterprise_uscc=MINE)
    hers, path = officer(MINE), f"{SUPERVISIONS}/{supervision}"
    early = await city.as_(hers).get(path)
    await do(city, SIGNER, f"{supervision}/issue")
    seen = await city.as_(hers).get(path)
    await do(city, hers, f"{supervision}/receive")
    given = await do(city, hers, f"{supervision}/answers", text="已整改")

    assert (early.status_code, seen.status_code, given.status_code) == (404, 200, 201)
    listed = (await city.as_(hers).get(SUPERVISIONS)).json()["items"]
    assert [one["status"] for one in listed] == ["answered"]
    assert (await do(city, hers, f"{supervision}/accept")).status_code == 403


async def test_a_draft_is_not_seen_by_those_it_will_go_to(city: Stage) -> None:
    supervision = await drafted(city, cc=[f"{COUNTY}.committee_office"])
    path = f"{SUPERVISIONS}/{supervision}"
    before = [(await city.as_(by).get(path)).status_code for by in (HOUSING, COUNTY_OFFICE)]
    await do(city, SIGNER, f"{supervision}/issue")
    after = [(await city.as_(by).get(path)).status_code for by in (HOUSING, COUNTY_OFFICE)]

    assert (before, after) == ([404, 404], [200, 200])
    assert (await city.as_(ELSEWHERE).get(path)).status_code == 404


async def test_a_draft_is_hidden_from_an_addressee_of_the_issuer_s_own_place(city: Stage) -> None:
    supervision = await drafted(city, addressees=["430400.housing"])
    path, head = f"{SUPERVISIONS}/{supervision}", city.as_(CITY_HOUSING_HEAD)
    before = ((await head.get(path)).status_code, (await head.get(SUPERVISIONS)).json()["items"])
    await do(city, SIGNER, f"{supervision}/issue")
    after = (await head.get(path)).status_code, len((await head.get(SUPERVISIONS)).json()["items"])

    assert (before, after) == ((404, []), (200, 1))


async def test_a_list_is_filtered_and_handed_out_as_a_file(city: Stage) -> None:
    await issued(city)
    await drafted(city, "supervision")
    client = city.as_(DRAFTER)
    kinds = (await client.get(SUPERVISIONS, params={"kind": "supervision"})).json()["items"]
    to = (await client.get(SUPERVISIONS, params={"addressee": HOUSING_UNIT})).json()["items"]
    late = (await client.get(SUPERVISIONS, params={"overdue": True})).json()["items"]
    file = await city.as_(DRAFTER, Accept="text/csv", **{"Accept-Language": "zh-CN"}).get(
        SUPERVISIONS
    )

    assert ([one["kind"] for one in kinds], len(to), late) == (["supervision"], 2, [])
    assert file.headers["content-type"].startswith("text/csv")
    assert "交办〔2023〕1号" in file.text


async def test_an_amended_draft_says_what_was_said_last(city: Stage) -> None:
    supervision = await drafted(city)
    body: dict[str, Any] = {
        "title": "关于另一事项",
        "due_on": "2023-06-30",
        "addressees": [GAS_UNIT],
    }
    changed = await city.as_(COLLEAGUE).patch(f"{SUPERVISIONS}/{supervision}", json=body)
    await do(city, SIGNER, f"{supervision}/issue")
    late = await city.as_(COLLEAGUE).patch(f"{SUPERVISIONS}/{supervision}", json=body)

    stands = await row(city, supervision)
    assert (changed.status_code, late.status_code) == (200, 409)
    assert (stands.title, stands.addressees) == ("关于另一事项", [GAS_UNIT])
    assert stands.due_at == at(7, 1)


@pytest.mark.parametrize(
    ("changed", "status", "problem"),
    [
        ({"due_on": "2023-06-05"}, 422, "deadline-past"),
        ({"enterprise_uscc": MINE, "addressees": []}, 404, "not-found"),
        ({"addressees": [f"{COUNTY}.nowhere"]}, 404, "not-found"),
        ({"addressees": []}, 422, "supervision-unfit"),
        ({"cause_reason": None}, 422, "supervision-unfit"),
        ({"issuer": "430426.emergency"}, 403, "not-yours"),
        ({"kind": "interview"}, 422, "supervision-unfit"),
        (
            {"cause": "accident", "cause_id": "01890000-0000-7000-8000-0000000000aa"},
            404,
            "not-found",
        ),
        ({"cause": "obligation", "cause_id": "none"}, 404, "not-found"),
        ({"cause": "duty", "cause_id": "2023/99.9"}, 404, "not-found"),
        ({"cause": "duty", "cause_id": "²⁰²³/9.2"}, 422, "supervision-unfit"),
        ({"addressees": ["430400.committee_office"]}, 422, "supervision-unfit"),
        ({"addressees": ["430000.emergency"]}, 403, "beyond-reach"),
        ({"due_on": "9999-12-31"}, 422, "invalid-payload"),
        ({"colour": "red"}, 422, "invalid-payload"),
    ],
)
async def test_what_cannot_be_is_refused_and_says_why(
    city: Stage, changed: dict[str, Any], status: int, problem: str
) -> None:
    answer = await city.as_(DRAFTER).post(SUPERVISIONS, json=new() | changed)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


async def test_a_unit_that_issues_no_interviews_is_told_who_does(city: Stage) -> None:
    answer = await city.as_(HOUSING).post(
        SUPERVISIONS, json=new("interview", addressees=[GAS_UNIT])
    )

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-issued-here")


async def test_the_office_issues_in_the_name_of_its_committee(city: Stage) -> None:
    supervision = await issued(city, issuer="430400.safety_committee")

    assert (await row(city, supervision)).issuer == "430400.safety_committee"
    await do(city, HOUSING, f"{supervision}/receive")
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    assert (await do(city, COLLEAGUE, f"{supervision}/accept")).status_code == 200


async def test_an_answer_is_late_at_the_end_of_its_last_day(city: Stage) -> None:
    supervision, other = await received(city), await received(city)
    city.now = at(6, 19, 23, 59)
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    city.now = DUE
    await do(city, HOUSING, f"{other}/answers", text="已办")

    late = [fact["late"] for fact in await city.told() if fact["subject"].endswith("answered.v1")]
    assert late == [False, True]
