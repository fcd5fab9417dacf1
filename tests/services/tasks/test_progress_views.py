"""How far an obligation is, in figures and words, and whose part of a quota is how much."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks import test_obligations
from tests.services.tasks.city import post as ask
from tests.services.tasks.quotas import (
    OBLIGATIONS,
    PARTY,
    SECRETARY,
    appointed,
    handed_in,
    planned,
    post,
    quota,
)
from tests.services.tasks.story import CITY_OFFICE, COUNTY_DESK, FIRST_HOP, OTHER_DESK, forwarded


@pytest.fixture
async def meetings(tasks: Stage) -> Obligation:
    await planned(tasks)
    tasks.now = datetime(2023, 9, 1, 4, tzinfo=UTC)
    return await quota(tasks, least=4)


async def read(tasks: Stage, row: Obligation, what: str) -> Any:
    answer = await tasks.as_(SECRETARY).get(f"{OBLIGATIONS}/{row.id}/{what}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def accepted(tasks: Stage, row: Obligation, *days: str, **more: Any) -> None:
    for on in days:
        piece = await handed_in(tasks, row, on=on, **more)
        body = {"evidence_id": piece["id"], "remark": "属实"}
        answer = await post(tasks, CITY_OFFICE, row, "accept", body)
        assert answer.status_code == 200, answer.text


async def test_progress_says_what_counts_what_is_missing_and_by_when(
    tasks: Stage, meetings: Obligation
) -> None:
    await accepted(tasks, meetings, "2023-02-10", "2023-05-10", "2023-05-20")
    await handed_in(tasks, meetings, on="2023-08-10")

    found = await read(tasks, meetings, "progress")

    assert (found["least"], found["counted"], found["waiting"], found["missing"]) == (4, 2, 1, 2)
    assert (found["by"], found["last_on"]) == ("2023-12-31", "2023-05-10")
    assert found["empty_months"] == [f"2023-0{n}" for n in (1, 3, 4, 6, 7, 8, 9)]
    assert (found["on_pace"], found["possible"]) == (True, True)
    assert found["en"] == "2 more by 31 December 2023, none since May, 1 waiting for review."
    assert found["zh"].startswith("还差 2 次，须在 2023 年 12 月 31 日 前完成，5 月以来没有开展")
    assert found["asks"]["spacing"] == "month"
    assert found["asks"]["needs"] == ["minutes"]
    assert found["asks"]["rule"] == "platform whole@2023-01-01"
    counts = {piece["happened_on"]: piece for piece in found["evidence"]}
    assert counts["2023-05-10"]["counts"] is True
    assert counts["2023-05-20"]["counts"] is False
    assert counts["2023-05-20"]["why_not_zh"] == "同一时段内至多计一次"
    assert (counts["2023-08-10"]["state"], counts["2023-08-10"]["counts"]) == ("waiting", False)


async def test_what_would_not_count_beside_what_does_is_known_before_it_is_accepted(
    tasks: Stage, meetings: Obligation
) -> None:
    one = await handed_in(tasks, meetings, on="2023-02-10")
    other = await handed_in(tasks, meetings, on="2023-02-20")
    assert (one["uncounted"], other["uncounted"]) == (None, None)

    await post(tasks, CITY_OFFICE, meetings, "accept", {"evidence_id": one["id"]})

    found = await read(tasks, meetings, "progress")
    (left,) = [row for row in found["evidence"] if row["evidence_id"] == other["id"]]
    assert (left["state"], left["counts"], left["why_not"]) == ("waiting", False, "too_close")
    returned = {"evidence_id": other["id"], "remark": "同月已有一次"}
    back = await post(tasks, CITY_OFFICE, meetings, "return", returned)
    assert back.json()["uncounted"] is None


async def test_the_head_before_and_the_head_after_each_owe_by_their_days(
    tasks: Stage, meetings: Obligation
) -> None:
    answer = await tasks.as_(CITY_OFFICE).get(
        f"/tasks/organisations/posts/{PARTY}.principal/holders"
    )
    (first,) = answer.json()["holders"]
    relief = {"last_day": "2023-04-30"}
    assert (await ask(tasks, f"holders/{first['id']}/relief", relief)).status_code == 200
    second = await appointed(tasks, "2023-07-01")
    await accepted(tasks, meetings, "2023-02-10", "2023-05-10", "2023-08-10")

    found = await read(tasks, meetings, "holders")

    assert [(part["days"], part["owed"], part["counted"]) for part in found] == [
        (120, 1, 1),
        (184, 2, 1),
        (61, 1, 1),
    ]
    assert [part["holder"] and part["holder"]["id"] for part in found] == [
        first["id"],
        second["id"],
        None,
    ]


async def test_a_duty_of_a_unit_has_no_parts_of_heads(tasks: Stage, meetings: Obligation) -> None:
    units = await quota(tasks, "2.1", least=1)

    answer = await tasks.as_(SECRETARY).get(f"{OBLIGATIONS}/{units.id}/holders")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-of-principals")


async def test_others_see_nothing_of_it(tasks: Stage, meetings: Obligation) -> None:
    for what in ("progress", "holders"):
        answer = await tasks.as_(OTHER_DESK).get(f"{OBLIGATIONS}/{meetings.id}/{what}")
        assert answer.status_code == 404


async def test_what_an_accident_asks_has_its_progress_too(tasks: Stage) -> None:
    relay = await test_obligations.prepared(tasks)
    client = tasks.as_(COUNTY_DESK)

    before = (await client.get(f"{OBLIGATIONS}/{relay.id}/progress")).json()
    await post(tasks, COUNTY_DESK, relay, "evidence", test_obligations.NOTE)
    await post(tasks, CITY_OFFICE, relay, "accept", {})
    after = (await client.get(f"{OBLIGATIONS}/{relay.id}/progress")).json()

    assert before["asks"] is None
    assert (before["missing"], after["missing"], after["en"]) == (1, 0, "Done: 1 of 1.")


async def test_what_a_fact_proves_done_lacks_nothing(tasks: Stage) -> None:
    relay = await test_obligations.prepared(tasks)
    await tasks.hear(forwarded(FIRST_HOP))

    answer = await tasks.as_(COUNTY_DESK).get(f"{OBLIGATIONS}/{relay.id}/progress")

    found = answer.json()
    assert (found["missing"], found["en"]) == (0, "It has ended: nothing more is asked.")
