"""Callers stay sealed: encrypted, masked, opened by two people, and every look is kept."""

import json

import pytest
from sqlalchemy import text

from kernel.access import Principal
from services.tasks.callers.tables import CallerLook
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    AUDITOR,
    CALLER,
    GAS,
    HOUSING,
    HOUSING_LEADER,
    OFFICE,
    OFFICE_LEADER,
    OPERATOR,
    OTHER_OPERATOR,
    SECRET_NAME,
    SECRET_PHONE,
    SECRET_WORDS,
    done,
    post,
)

pytestmark = pytest.mark.usefixtures("monday")


async def sealed(tasks: Stage) -> str:
    order_id = await hotline.taken(tasks, caller=CALLER)
    story = await tasks.as_(OPERATOR).get(f"/tasks/orders/{order_id}")
    return str(story.json()["caller_id"])


async def test_nothing_that_was_told_stands_in_the_database_in_clear(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, caller=CALLER)
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id, answer=f"已联系{SECRET_NAME}")

    async with tasks.work() as session:
        names = await session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        stored = [
            row
            for name in names
            for row in await session.scalars(text(f"SELECT t::text FROM {name} t"))
        ]

    for secret in (SECRET_NAME, SECRET_PHONE, SECRET_WORDS, "五一路"):
        held = secret.encode().hex()
        assert [row for row in stored if secret in row or held in row] == []


async def test_an_order_shows_nobody_who_called(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, caller=CALLER)
    await hotline.sent(tasks, order_id)

    for by in (OPERATOR, OFFICE, HOUSING):
        story = await tasks.as_(by).get(f"/tasks/orders/{order_id}")
        listed = await tasks.as_(by).get("/tasks/orders", headers={"Accept": "text/csv"})
        assert story.status_code == 200
        assert SECRET_NAME not in story.text + listed.text
        assert SECRET_PHONE not in story.text + listed.text


async def test_the_first_look_is_masked_and_kept(tasks: Stage) -> None:
    caller = await sealed(tasks)

    seen = await tasks.as_(OPERATOR).get(f"/tasks/callers/{caller}")
    looks = await tasks.as_(AUDITOR).get(f"/tasks/callers/{caller}/looks")

    assert (seen.json()["name"], seen.json()["contact"]) == ("欧***", "***5678")
    assert [(row["looked_by"], row["in_full"]) for row in looks.json()] == [
        (OPERATOR.subject, False)
    ]


async def test_two_people_open_a_caller_and_only_for_the_one_who_asked(tasks: Stage) -> None:
    caller = await sealed(tasks)
    request = await done(tasks, OPERATOR, f"callers/{caller}/reveals", {"reason": "回访。"})
    waiting = await tasks.as_(OFFICE_LEADER).get("/tasks/callers/reveals?status=asked")
    path = f"/tasks/callers/reveals/{request['id']}"

    early = await tasks.as_(OPERATOR).get(path)
    await done(tasks, OFFICE_LEADER, f"callers/reveals/{request['id']}/approve")
    seen = await tasks.as_(OPERATOR).get(path)
    other = await tasks.as_(OTHER_OPERATOR).get(path)

    assert [row["id"] for row in waiting.json()["items"]] == [request["id"]]
    assert early.status_code == 409
    assert (seen.json()["name"], seen.json()["contact"]) == (SECRET_NAME, SECRET_PHONE)
    assert other.status_code == 403
    assert [(row.looked_by, row.in_full) for row in await tasks.rows(CallerLook)] == [
        (OPERATOR.subject, True)
    ]


async def test_nobody_agrees_to_their_own_request_and_a_refused_one_opens_nothing(
    tasks: Stage,
) -> None:
    caller = await sealed(tasks)
    request = await done(tasks, OFFICE, f"callers/{caller}/reveals", {"reason": "核实。"})

    own = await post(tasks, OFFICE, f"callers/reveals/{request['id']}/approve")
    await done(tasks, OFFICE_LEADER, f"callers/reveals/{request['id']}/refuse")
    after = await post(tasks, OFFICE_LEADER, f"callers/reveals/{request['id']}/approve")
    seen = await tasks.as_(OFFICE).get(f"/tasks/callers/reveals/{request['id']}")

    assert (own.status_code, after.status_code, seen.status_code) == (403, 409, 409)


@pytest.mark.parametrize("by", [HOUSING, HOUSING_LEADER, GAS, AUDITOR])
async def test_who_handles_an_order_never_sees_who_called(tasks: Stage, by: Principal) -> None:
    caller = await sealed(tasks)

    masked = await tasks.as_(by).get(f"/tasks/callers/{caller}")
    asked = await post(tasks, by, f"callers/{caller}/reveals", {"reason": "想知道。"})

    assert {masked.status_code, asked.status_code} <= {403, 404}
    assert await tasks.rows(CallerLook) == []


async def test_an_office_of_another_county_finds_no_request(tasks: Stage) -> None:
    caller = await sealed(tasks)
    await done(tasks, OPERATOR, f"callers/{caller}/reveals", {"reason": "回访。"})
    elsewhere = hotline.person(hotline.Role.LEADER, "430426.government")

    listed = await tasks.as_(elsewhere).get("/tasks/callers/reveals")

    assert listed.json()["items"] == []


async def test_an_office_of_another_county_finds_no_caller(tasks: Stage) -> None:
    caller = await sealed(tasks)
    elsewhere = hotline.person(hotline.Role.COMMITTEE_OFFICE, "430426.committee_office")

    for path in (f"/tasks/callers/{caller}", f"/tasks/callers/{caller}/looks"):
        assert (await tasks.as_(elsewhere).get(path)).status_code == 404


async def test_the_hotline_s_own_answer_holds_no_caller(tasks: Stage) -> None:
    answer = await tasks.as_(OPERATOR).post("/tasks/orders", json=hotline.new_order(caller=CALLER))

    assert SECRET_NAME not in json.dumps(answer.json(), ensure_ascii=False)
