"""Answers: examined by others than gave them, returned for more, the five in place, more time."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kernel.files import Objects
from services.tasks.supervisionanswers.tables import SupervisionCommitment
from tests.services.stage import Stage
from tests.services.tasks.city import found
from tests.services.tasks.hotline import MONDAY, at
from tests.services.tasks.supervising import (
    COLLEAGUE,
    DRAFTER,
    DUE,
    FIVE,
    GAS,
    HOUSING,
    MAYOR,
    SIGNER,
    SUPERVISIONS,
    answered,
    do,
    issued,
    received,
    row,
)

pytestmark = pytest.mark.usefixtures("monday")
PDF = b"%PDF-1.7\nminutes\n%%EOF\n"
HAZARD = "01890000-0000-7000-8000-00000000beef"


@pytest.fixture
async def city(tasks: Stage, tmp_path: Path) -> Stage:
    """The tasks service with the city's units and an object store."""
    tasks.application.state.runtime.objects = Objects.at(str(tmp_path))
    return await found(tasks)


async def handed_in(tasks: Stage, by: Any, supervision: str, content: bytes = PDF) -> Any:
    """A file that somebody hands in about an order."""
    return await tasks.as_(by, **{"content-type": "application/pdf"}).post(
        f"{SUPERVISIONS}/{supervision}/files", params={"title": "材料"}, content=content
    )


async def test_nobody_accepts_or_returns_their_own_answer(city: Stage) -> None:
    supervision = await answered(city)

    for path, body in (("accept", {}), ("return", {"missing": "照片"})):
        refused = await do(city, HOUSING, f"{supervision}/{path}", **body)
        assert refused.json()["type"] == "/problems/own-answer"
    assert (await do(city, GAS, f"{supervision}/accept")).status_code == 404


async def test_an_answer_after_the_acceptance_is_refused_and_told_where_it_stands(
    city: Stage,
) -> None:
    supervision = await answered(city)
    await do(city, COLLEAGUE, f"{supervision}/accept")
    late = await do(city, HOUSING, f"{supervision}/answers", text="补充")

    assert (late.status_code, late.json()["supervision_status"]) == (409, "accepted")


async def test_a_return_says_what_is_missing_and_begins_a_round_with_its_own_deadline(
    city: Stage,
) -> None:
    supervision = await answered(city)
    past = await do(city, COLLEAGUE, f"{supervision}/return", missing="照片", due_on="2023-06-05")
    back = await do(city, COLLEAGUE, f"{supervision}/return", missing="缺验收照片")
    stands = await row(city, supervision)
    assert (past.status_code, back.status_code) == (422, 200)
    assert (stands.status, stands.round, stands.due_at) == ("returned", 2, at(6, 13))

    await do(city, HOUSING, f"{supervision}/answers", text="已补照片")
    await do(city, COLLEAGUE, f"{supervision}/return", missing="仍缺", due_on="2023-06-30")
    assert (await row(city, supervision)).due_at == at(7, 1)
    await do(city, HOUSING, f"{supervision}/answers", text="已补齐")
    answers = (await city.as_(COLLEAGUE).get(f"{SUPERVISIONS}/{supervision}/answers")).json()
    assert [(one["round"], one["verdict"], one["remark"]) for one in answers] == [
        (1, "returned", "缺验收照片"),
        (2, "returned", "仍缺"),
        (3, None, None),
    ]


@pytest.mark.parametrize("missing", sorted(FIVE))
async def test_a_rectification_is_not_accepted_while_one_of_the_five_is_not_in_place(
    city: Stage, missing: str
) -> None:
    supervision = await received(city, cause="hazard", cause_id=HAZARD)
    five = FIVE | {missing: {"in_place": False, "evidence": "资金尚未到位"}}
    await do(city, HOUSING, f"{supervision}/answers", text="正在整改", five=five)
    refused = await do(city, COLLEAGUE, f"{supervision}/accept")

    assert (refused.status_code, refused.json()["lacking"]) == (409, [missing])
    assert (await row(city, supervision)).status == "answered"
    await do(city, COLLEAGUE, f"{supervision}/return", missing="五落实未到位")
    await do(city, HOUSING, f"{supervision}/answers", text="已到位", five=FIVE)
    assert (await do(city, COLLEAGUE, f"{supervision}/accept")).status_code == 200


async def test_all_of_the_five_are_shown_exactly_where_they_are_asked_for(city: Stage) -> None:
    hazard = await received(city, cause="hazard", cause_id=HAZARD)
    plain = await received(city)
    some = {"measures": FIVE["measures"]}

    without = await do(city, HOUSING, f"{hazard}/answers", text="已整改")
    partly = await do(city, HOUSING, f"{hazard}/answers", text="已整改", five=some)
    unasked = await do(city, HOUSING, f"{plain}/answers", text="已整改", five=FIVE)

    assert [a.json()["type"] for a in (without, partly, unasked)] == [
        "/problems/five-not-shown"
    ] * 3
    assert partly.json()["missing"] == ["responsibility", "funds", "time_limit", "emergency_plan"]


async def test_a_listing_is_lifted_after_a_check_on_site_by_another_than_listed_it(
    city: Stage,
) -> None:
    supervision = await answered(city, "listing")
    record = (await handed_in(city, COLLEAGUE, supervision)).json()["sha256"]
    body = {"checked_on": "2023-06-05", "note": "现场核查，隐患已消除。", "record": record}
    early = await do(city, COLLEAGUE, f"{supervision}/lift", **body)
    await do(city, COLLEAGUE, f"{supervision}/accept")
    closed = await do(city, COLLEAGUE, f"{supervision}/close")
    own = [await do(city, by, f"{supervision}/lift", **body) for by in (DRAFTER, SIGNER)]
    ahead = await do(city, COLLEAGUE, f"{supervision}/lift", **body | {"checked_on": "2023-06-06"})
    bare = await do(city, COLLEAGUE, f"{supervision}/lift", **body | {"record": "0" * 64})
    lifted = await do(city, COLLEAGUE, f"{supervision}/lift", **body)

    assert (early.status_code, closed.status_code) == (409, 409)
    assert [a.json()["type"] for a in own] == ["/problems/lister-lifts"] * 2
    assert (ahead.status_code, bare.status_code, lifted.json()["status"]) == (422, 422, "lifted")


async def test_a_check_on_site_that_finds_it_undone_returns_an_accepted_listing(
    city: Stage,
) -> None:
    supervision, plain = await answered(city, "listing"), await answered(city)
    for one in (supervision, plain):
        await do(city, COLLEAGUE, f"{one}/accept")
    back = await do(city, COLLEAGUE, f"{supervision}/return", missing="现场仍有夹层")
    kept = await do(city, COLLEAGUE, f"{plain}/return", missing="改主意了")

    assert (back.status_code, kept.status_code) == (200, 409)


async def test_a_request_for_time_that_waits_lapses_with_the_answer_and_bars_no_later_one(
    city: Stage,
) -> None:
    supervision = await received(city)
    ask = {"working_days": 3, "reason": "夹层拆除须专业队伍"}
    first = (await do(city, HOUSING, f"{supervision}/extensions", **ask)).json()["id"]
    await do(city, HOUSING, f"{supervision}/answers", text="已拆除")
    decided = await do(city, COLLEAGUE, f"extensions/{first}/approve", remark="同意")
    await do(city, COLLEAGUE, f"{supervision}/return", missing="缺验收照片")
    again = await do(city, HOUSING, f"{supervision}/extensions", **ask)

    assert (decided.status_code, again.status_code) == (409, 201)
    asked = (await city.as_(COLLEAGUE).get(f"{SUPERVISIONS}/{supervision}/extensions")).json()
    assert [one["status"] for one in asked] == ["lapsed", "asked"]


async def test_more_time_is_given_once_by_the_issuer_from_the_end_of_the_time_there_was(
    city: Stage,
) -> None:
    supervision = await received(city)
    ask = {"working_days": 3, "reason": "夹层拆除须专业队伍"}
    too_much = await do(city, HOUSING, f"{supervision}/extensions", **ask | {"working_days": 11})
    asked = await do(city, HOUSING, f"{supervision}/extensions", **ask)
    twice = await do(city, HOUSING, f"{supervision}/extensions", **ask)
    extension = asked.json()["id"]
    own = await do(city, HOUSING, f"extensions/{extension}/approve", remark="同意")
    city.now = at(6, 21, 9)
    await city.fire_until(city.now)
    assert (await row(city, supervision)).overdue_at == city.now
    given = await do(city, COLLEAGUE, f"extensions/{extension}/approve", remark="同意")
    again = await do(city, COLLEAGUE, f"extensions/{extension}/refuse", remark="改主意")
    used_up = await do(city, HOUSING, f"{supervision}/extensions", **ask)

    stands = await row(city, supervision)
    assert (too_much.status_code, twice.status_code, own.status_code) == (409, 409, 403)
    assert (given.status_code, again.status_code, used_up.status_code) == (200, 409, 409)
    # 20 and 21 June are worked, 22 to 24 are the holiday, 25 is worked instead.
    assert (stands.due_at, stands.overdue_at) == (at(6, 26), None)
    await city.fire_until(at(6, 26))
    assert (await row(city, supervision)).overdue_at == at(6, 26)


async def test_more_time_is_not_asked_for_when_the_time_is_up(city: Stage) -> None:
    supervision = await received(city)
    city.now = DUE
    refused = await do(city, HOUSING, f"{supervision}/extensions", working_days=1, reason="晚了")

    assert refused.json()["type"] == "/problems/more-time-refused"


async def test_an_interview_is_answered_once_it_was_held_and_its_promises_are_kept_by_then(
    city: Stage,
) -> None:
    supervision = await received(city, "interview")
    early = await do(city, HOUSING, f"{supervision}/answers", text="已整改")
    city.now = at(6, 8, 12)
    minutes = (await handed_in(city, COLLEAGUE, supervision)).json()["sha256"]
    body: dict[str, Any] = {
        "held_at": "2023-06-08T09:00:00+08:00",
        "attended": ["430481.housing.principal", "430400.committee_office.deputy"],
        "minutes": minutes,
        "commitments": [{"text": "六月底前完成整改", "due_on": "2023-06-30"}],
    }
    unknown = await do(city, COLLEAGUE, f"{supervision}/minutes", **body | {"minutes": "0" * 64})
    by_them = await do(city, HOUSING, f"{supervision}/minutes", **body)
    held = await do(city, COLLEAGUE, f"{supervision}/minutes", **body)
    twice = await do(city, COLLEAGUE, f"{supervision}/minutes", **body)
    given = await do(city, HOUSING, f"{supervision}/answers", text="已整改", files=[minutes])

    assert (early.json()["type"], unknown.status_code) == ("/problems/not-heard-yet", 422)
    assert (by_them.status_code, held.status_code, twice.status_code) == (403, 200, 409)
    assert given.status_code == 201
    await do(city, COLLEAGUE, f"{supervision}/accept")
    await city.fire_until(at(7, 2))
    [promise] = await city.rows(SupervisionCommitment)
    assert (promise.kept_at, promise.overdue_at) == (city.now, None)


async def test_a_promise_that_is_not_shown_to_be_kept_is_told_once(city: Stage) -> None:
    supervision = await received(city, "interview")
    city.now = at(6, 8, 12)
    minutes = (await handed_in(city, COLLEAGUE, supervision)).json()["sha256"]
    promise = {"text": "十日内拆除", "due_on": "2023-06-12"}
    body = {"held_at": "2023-06-08T09:00:00+08:00", "attended": ["430481.housing.principal"]}
    await do(
        city, COLLEAGUE, f"{supervision}/minutes", minutes=minutes, commitments=[promise], **body
    )
    for now in (at(6, 12, 23, 59), at(6, 13), at(6, 14)):
        await city.fire_until(now)

    late = [f for f in await city.told() if f.get("step") == "commitment"]
    assert [fact["due_at"] for fact in late] == ["2023-06-12T16:00:00Z"]


async def test_files_are_handed_in_and_read_by_both_sides_and_nobody_else(city: Stage) -> None:
    supervision = await issued(city)
    entered, again = [await handed_in(city, HOUSING, supervision) for _ in range(2)]
    path = f"{SUPERVISIONS}/{supervision}/files/{entered.json()['sha256']}"
    read = [await city.as_(by).get(path) for by in (HOUSING, COLLEAGUE, GAS)]

    assert (entered.status_code, again.status_code) == (201, 200)
    assert [r.status_code for r in read] == [200, 200, 404]
    assert read[1].content == PDF
    assert (await handed_in(city, GAS, supervision)).status_code == 404
    assert (await handed_in(city, MAYOR, supervision)).status_code == 403
    wild = await do(city, HOUSING, f"{supervision}/receive")
    wild = await do(city, HOUSING, f"{supervision}/answers", text="已办", files=["a" * 64])
    assert wild.json()["missing"] == ["a" * 64]


@pytest.mark.parametrize(("fired", "late"), [(at(6, 12, 23, 59), False), (at(6, 13), True)])
async def test_an_issuer_that_does_not_examine_an_answer_is_late_itself(
    city: Stage, fired: datetime, late: bool
) -> None:
    supervision = await answered(city)
    assert (await row(city, supervision)).acceptance_due_at == at(6, 13)
    await city.fire_until(fired)

    told = [f["unit"] for f in await city.told() if f.get("step") == "acceptance"]
    assert told == (["430400.committee_office"] if late else [])


async def test_a_withdrawn_order_takes_nothing_any_more(city: Stage) -> None:
    supervision = await received(city)
    theirs = await do(city, HOUSING, f"{supervision}/withdraw", reason="不想办")
    await do(city, COLLEAGUE, f"{supervision}/withdraw", reason="事项已另行处理")
    late = await do(city, HOUSING, f"{supervision}/answers", text="已办")
    await city.fire_until(at(9, 1))

    assert (theirs.status_code, late.status_code) == (403, 409)
    assert not [f for f in await city.told() if f["subject"].endswith("overdue.v1")]
    assert (await row(city, supervision)).closed_at == MONDAY
