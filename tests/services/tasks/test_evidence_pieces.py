"""What is owed several times is reviewed piece by piece and counted by dated rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.tasks import ObligationOverdue
from contracts.tasks_evidence import CreditWithdrawn, EvidenceQuestioned, EvidenceReturned
from kernel.audit import AuditRecord
from services.tasks.credits.rules import Uncounted
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.quotas import (
    CITY_AUDITOR,
    PROVINCE_OFFICE,
    SECRETARY,
    handed_in,
    minutes,
    planned,
    post,
    quota,
    status,
)
from tests.services.tasks.story import CITY_OFFICE, COUNTY_OFFICE

IN_DECEMBER = datetime(2023, 12, 20, 2, tzinfo=UTC)
AT_NINE = "2023-02-10T09:00:00+08:00"
CAMPAIGNS = "32.2"
"""Several may be on one day."""


@pytest.fixture
async def meetings(tasks: Stage) -> Obligation:
    """Two meetings a year that the head of a county's Party committee chairs."""
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Obligation:
    await planned(tasks)
    tasks.now = IN_DECEMBER
    return await quota(tasks)


async def reviewed(tasks: Stage, row: Obligation, step: str, piece: Any, **body: Any) -> Any:
    answer = await post(tasks, CITY_OFFICE, row, step, {"evidence_id": piece["id"], **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_of_several_pieces_is_reviewed_by_itself(
    tasks: Stage, meetings: Obligation
) -> None:
    first = await handed_in(tasks, meetings, on="2023-02-10")
    assert await status(tasks, meetings) == (Status.OPEN, 0, 1)
    second = await handed_in(tasks, meetings, on="2023-05-10")
    assert await status(tasks, meetings) == (Status.SUBMITTED, 0, 2)

    await reviewed(tasks, meetings, "accept", first)
    assert await status(tasks, meetings) == (Status.SUBMITTED, 1, 1)
    await reviewed(tasks, meetings, "return", second, remark="没有签名")
    assert await status(tasks, meetings) == (Status.RETURNED, 1, 0)
    third = await handed_in(tasks, meetings, on="2023-06-10")
    await reviewed(tasks, meetings, "accept", third)

    assert await status(tasks, meetings) == (Status.ACCEPTED, 2, 0)
    (row,) = await tasks.rows(Obligation, id=meetings.id)
    assert row.closed_at == IN_DECEMBER


async def test_of_two_in_one_month_one_counts_and_the_other_is_kept_with_the_reason(
    tasks: Stage, meetings: Obligation
) -> None:
    one = await handed_in(tasks, meetings, on="2023-02-10")
    other = await handed_in(tasks, meetings, on="2023-02-20")
    await reviewed(tasks, meetings, "accept", one)

    kept = await reviewed(tasks, meetings, "accept", other)

    assert (kept["state"], kept["uncounted"]) == ("accepted", "too_close")
    assert kept["uncounted_zh"] == "同一时段内至多计一次"
    assert await status(tasks, meetings) == (Status.OPEN, 1, 0)


@pytest.mark.parametrize("times", [(None, AT_NINE), (AT_NINE, None)])
async def test_one_act_handed_in_with_and_without_its_time_counts_once(
    tasks: Stage, meetings: Obligation, times: tuple[str | None, ...]
) -> None:
    rounds = await quota(tasks, CAMPAIGNS)
    pieces = [
        await handed_in(tasks, rounds, on="2023-02-10", happened_at=time, activity="campaign")
        for time in times
    ]

    kept = [await reviewed(tasks, rounds, "accept", piece) for piece in pieces]

    assert [piece["uncounted"] for piece in kept] == [None, "same_act"]
    assert await status(tasks, rounds) == (Status.OPEN, 1, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"activity": "government_executive_meeting"}, "other_activity"),
        ({"kind": "document"}, "incomplete"),
        ({"held_with": ["430481.government"], "host": "430481.government"}, "joint"),
        ({"on": "2022-12-31"}, "other_day"),
    ],
)
async def test_what_is_not_asked_for_does_not_count_though_it_is_accepted(
    tasks: Stage, meetings: Obligation, changed: dict[str, Any], reason: str
) -> None:
    piece = await handed_in(tasks, meetings, **changed)
    assert (piece["state"], piece["uncounted"]) == ("waiting", reason)
    assert piece["uncounted_en"] == Uncounted(reason).en

    kept = await reviewed(tasks, meetings, "accept", piece, remark="属实")

    assert (kept["state"], kept["uncounted"]) == ("accepted", reason)
    assert await status(tasks, meetings) == (Status.OPEN, 0, 0)


async def test_falling_short_after_the_deadline_is_overdue_at_once(
    tasks: Stage, meetings: Obligation
) -> None:
    first = await handed_in(tasks, meetings, on="2023-02-10")
    second = await handed_in(tasks, meetings, on="2023-03-10")
    tasks.now = datetime(2024, 1, 2, tzinfo=UTC)
    await reviewed(tasks, meetings, "accept", first)
    assert await tasks.told(ObligationOverdue) == []

    await reviewed(tasks, meetings, "return", second, remark="不清楚")

    late = [fact["obligation_id"] for fact in await tasks.told(ObligationOverdue)]
    assert late == [str(meetings.id)]


async def test_nobody_is_late_while_a_question_is_open_and_an_answer_gives_it_back(
    tasks: Stage, meetings: Obligation
) -> None:
    await handed_in(tasks, meetings, on="2023-02-10")
    piece = await handed_in(tasks, meetings, on="2023-03-10")
    asked = await post(
        tasks, CITY_OFFICE, meetings, "ask", {"evidence_id": piece["id"], "question": "谁主持？"}
    )
    assert (asked.status_code, asked.json()["state"]) == (200, "asked")
    assert await status(tasks, meetings) == (Status.SUBMITTED, 0, 2)
    tasks.now = datetime(2024, 1, 2, tzinfo=UTC)

    answered = await post(
        tasks, SECRETARY, meetings, "answer", {"evidence_id": piece["id"], "answer": "县委书记。"}
    )
    again = await post(
        tasks, SECRETARY, meetings, "answer", {"evidence_id": piece["id"], "answer": "又一次"}
    )

    assert (answered.status_code, answered.json()["state"]) == (200, "waiting")
    assert [(q["question"], q["answer"]) for q in answered.json()["questions"]] == [
        ("谁主持？", "县委书记。")
    ]
    assert (again.status_code, again.json()["type"]) == (409, "/problems/piece-refused")
    assert await tasks.told(ObligationOverdue) == []


async def test_whoever_handed_it_in_is_told_that_it_came_back_and_not_what_the_reviewer_wrote(
    tasks: Stage, meetings: Obligation
) -> None:
    returned = await handed_in(tasks, meetings, on="2023-02-10")
    doubtful = await handed_in(tasks, meetings, on="2023-03-10")

    await reviewed(tasks, meetings, "return", returned, remark="没有签名")
    question = {"evidence_id": doubtful["id"], "question": "谁主持？"}
    await post(tasks, CITY_OFFICE, meetings, "ask", question)

    (back,), (asked,) = await tasks.told(EvidenceReturned), await tasks.told(EvidenceQuestioned)
    assert (back["evidence_id"], asked["evidence_id"]) == (returned["id"], doubtful["id"])
    assert back["subject_code"] == asked["subject_code"] == meetings.subject
    assert back["duty"] == meetings.duty
    assert "没有签名" not in str(back)
    assert "谁主持" not in str(asked)


async def test_an_accepted_piece_sends_nothing_back(tasks: Stage, meetings: Obligation) -> None:
    await reviewed(tasks, meetings, "accept", await handed_in(tasks, meetings, on="2023-02-10"))

    assert await tasks.told(EvidenceReturned) == []


async def accepted_twice(tasks: Stage, row: Obligation) -> list[Any]:
    pieces = [await handed_in(tasks, row, on=on) for on in ("2023-02-10", "2023-03-10")]
    for piece in pieces:
        await reviewed(tasks, row, "accept", piece)
    assert await status(tasks, row) == (Status.ACCEPTED, 2, 0)
    return pieces


async def test_an_acceptance_that_proved_false_is_taken_back_and_it_is_owed_again(
    tasks: Stage, meetings: Obligation
) -> None:
    false, _ = await accepted_twice(tasks, meetings)
    body = {"evidence_id": false["id"], "why": "会议没有召开"}

    beside = await post(tasks, CITY_OFFICE, meetings, "withdraw", body)
    above = await post(tasks, PROVINCE_OFFICE, meetings, "withdraw", body)

    assert (beside.status_code, beside.json()["type"]) == (403, "/problems/withdrawal-not-yours")
    assert above.status_code == 200, above.text
    assert await status(tasks, meetings) == (Status.OPEN, 1, 0)
    (kept,) = [row for row in await tasks.rows(Evidence) if str(row.id) == false["id"]]
    assert (kept.state, kept.verdict, kept.withdrawn_why) == (
        "withdrawn",
        "accepted",
        "会议没有召开",
    )
    (told,) = await tasks.told(CreditWithdrawn)
    assert (told["evidence_id"], told["owed_again"]) == (false["id"], True)
    notes = await tasks.rows(AuditRecord, act="withdraw_credit")
    assert [note.actor for note in notes] == [PROVINCE_OFFICE.subject]


async def test_an_auditor_of_the_place_takes_an_acceptance_back(
    tasks: Stage, meetings: Obligation
) -> None:
    _, false = await accepted_twice(tasks, meetings)
    tasks.now = datetime(2024, 3, 1, tzinfo=UTC)

    body = {"evidence_id": false["id"], "why": "照片系旧照"}
    answer = await post(tasks, CITY_AUDITOR, meetings, "withdraw", body)

    assert answer.status_code == 200, answer.text
    (row,) = await tasks.rows(Obligation, id=meetings.id)
    assert (row.status, row.closed_at, row.overdue_at) == (Status.OPEN, None, tasks.now)


async def test_nobody_stands_above_an_acceptance_of_the_nation(
    tasks: Stage, meetings: Obligation
) -> None:
    nation = replace(PROVINCE_OFFICE, unit="000000.committee_office", region="")
    piece = {"evidence_id": (await handed_in(tasks, meetings))["id"]}

    accepted = await post(tasks, nation, meetings, "accept", piece)
    answer = await post(tasks, PROVINCE_OFFICE, meetings, "withdraw", piece | {"why": "不实"})

    assert (accepted.status_code, answer.status_code) == (200, 403)
    assert answer.json()["type"] == "/problems/withdrawal-not-yours"


async def test_a_credit_taken_back_lets_the_next_of_that_month_count(
    tasks: Stage, meetings: Obligation
) -> None:
    one = await handed_in(tasks, meetings, on="2023-02-10")
    other = await handed_in(tasks, meetings, on="2023-02-20")
    for piece in (one, other):
        await reviewed(tasks, meetings, "accept", piece)

    body = {"evidence_id": one["id"], "why": "不实"}
    await post(tasks, PROVINCE_OFFICE, meetings, "withdraw", body)

    assert await status(tasks, meetings) == (Status.OPEN, 1, 0)
    (left,) = [row for row in await tasks.rows(Evidence) if str(row.id) == other["id"]]
    assert left.uncounted is None


async def test_a_closed_period_takes_no_evidence_and_says_since_when(
    tasks: Stage, meetings: Obligation
) -> None:
    closes_at = datetime(2024, 1, 15, 16, tzinfo=UTC)  # 15 days after the last, in Shanghai
    tasks.now = closes_at - timedelta(seconds=1)
    await handed_in(tasks, meetings, on="2023-02-10")
    tasks.now = closes_at

    late = await post(tasks, SECRETARY, meetings, "evidence", minutes("2023-03-10"))

    assert late.status_code == 409
    assert late.json()["type"] == "/problems/period-closed"
    assert late.json()["closed_on"] == "2024-01-15"
    assert await status(tasks, meetings) == (Status.OPEN, 0, 1)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"happened_on": None}, "/happened_on"),
        ({"activity": "tea_party"}, "/activity"),
        ({"held_with": ["430481.party_committee"]}, "/held_with"),
        ({"held_with": ["430481.no_such_office"]}, "/held_with"),
        ({"host": "430481.government"}, "/host"),
        ({"files": ["01890000-0000-7000-8000-00000000ffff"]}, "/files/0"),
        ({"kind": "hearsay"}, "/kind"),
        ({"held_with": ["张三"]}, "/held_with/0"),
        ({"attending": -1}, "/attending"),
        ({"happened_at": "0001-01-01T00:00:00+08:00"}, "/happened_at"),
        ({"happened_at": "9999-12-31T23:00:00Z"}, "/happened_at"),
        ({"point": {"lon": 200, "lat": 26}}, "/point/lon"),
    ],
)
async def test_evidence_that_says_nothing_countable_is_refused_by_its_field(
    tasks: Stage, meetings: Obligation, changed: dict[str, Any], pointer: str
) -> None:
    answer = await post(tasks, SECRETARY, meetings, "evidence", minutes("2023-02-10") | changed)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await status(tasks, meetings) == (Status.OPEN, 0, 0)


async def test_what_is_met_takes_nothing_more_and_is_reviewed_no_more(
    tasks: Stage, meetings: Obligation
) -> None:
    await accepted_twice(tasks, meetings)

    more = await post(tasks, SECRETARY, meetings, "evidence", minutes("2023-06-10"))
    again = await post(tasks, CITY_OFFICE, meetings, "return", {"remark": "再看"})

    assert (more.status_code, again.status_code) == (409, 409)


async def test_evidence_is_listed_for_the_reviewer_by_its_state(
    tasks: Stage, meetings: Obligation
) -> None:
    first = await handed_in(tasks, meetings, on="2023-02-10")
    await handed_in(tasks, meetings, on="2023-03-10")
    await reviewed(tasks, meetings, "accept", first)

    waiting = (await tasks.as_(CITY_OFFICE).get("/tasks/evidence?state=waiting")).json()
    county = (await tasks.as_(COUNTY_OFFICE).get("/tasks/evidence?flagged=false")).json()

    assert [row["happened_on"] for row in waiting["items"]] == [str(date(2023, 3, 10))]
    assert len(county["items"]) == 2


async def test_the_catalogue_of_acts_is_read_by_who_hands_in(
    tasks: Stage, meetings: Obligation
) -> None:
    rows = (await tasks.as_(SECRETARY).get("/tasks/evidence/activities?on=2023-06-01")).json()

    found = {row["code"]: row["zh"] for row in rows}
    assert found["party_standing_committee_meeting"] == "党委常委会会议"
    assert found["drill"] == "应急演练"
