"""Evidence is handed in by whoever has to act and reviewed from where it may be."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from contracts.gateway import Role
from contracts.tasks import ObligationKind, ObligationOverdue
from kernel.access import Principal
from kernel.audit import AuditRecord
from services.tasks.obligations import operations, queries
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import domain as organisations
from services.tasks.organisations import operations as recording
from tests.services.stage import NOON, Stage
from tests.services.tasks.story import (
    CITY,
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    COUNTY_OFFICE,
    FIRST_HOP,
    MINE,
    OTHER,
    OTHER_DESK,
    RECEIVED,
    officer,
    person,
    published,
    registered,
    reported,
)

NOTE = {"note": "Called the city desk at 11:20.", "figures": {"calls": 1}}


@pytest.fixture
async def relay(tasks: Stage) -> Obligation:
    """The county desk's duty to pass a report on."""
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Obligation:
    """The city's units are on record, two enterprises are known, and an accident is reported."""
    await tasks.begin_with(_reported)
    tasks.now = RECEIVED + timedelta(minutes=30)
    (row,) = await tasks.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    return row


async def _reported(tasks: Stage) -> None:
    units = organisations.of_pack(on=RECEIVED.date(), address=lambda _: None)
    async with tasks.work() as session:
        await recording.record_units(session, units=units, on=RECEIVED.date(), now=RECEIVED)
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"), reported())


async def post(
    tasks: Stage, by: Principal, row: Obligation, step: str, body: dict[str, Any]
) -> httpx.Response:
    return await tasks.as_(by).post(f"/tasks/obligations/{row.id}/{step}", json=body)


async def status(tasks: Stage, row: Obligation) -> str:
    (found,) = await tasks.rows(Obligation, id=row.id)
    return found.status


async def test_what_a_unit_hands_in_waits_for_review(tasks: Stage, relay: Obligation) -> None:
    answer = await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)

    assert answer.status_code == 201
    assert answer.json()["figures"] == {"calls": 1.0}
    assert await status(tasks, relay) == Status.SUBMITTED


async def test_an_accepted_duty_is_closed_and_its_clock_stopped(
    tasks: Stage, relay: Obligation
) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)

    answer = await post(tasks, CITY_OFFICE, relay, "accept", {})
    await tasks.fire_until(RECEIVED + timedelta(hours=3))

    assert answer.status_code == 200
    assert await status(tasks, relay) == Status.ACCEPTED
    assert await tasks.told(ObligationOverdue) == []


async def test_a_returned_duty_can_be_handed_in_again(tasks: Stage, relay: Obligation) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)
    await post(tasks, COUNTY_OFFICE, relay, "return", {"remark": "Who took the call?"})
    again = await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)

    read = await tasks.as_(COUNTY_DESK).get(f"/tasks/obligations/{relay.id}")

    assert again.status_code == 201
    assert [found["verdict"] for found in read.json()["evidence"]] == ["returned", None]
    assert read.json()["evidence"][0]["remark"] == "Who took the call?"
    assert read.json()["due_at"].endswith("+08:00")


async def test_what_was_handed_in_on_time_is_not_overdue_while_it_waits(
    tasks: Stage, relay: Obligation
) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)

    await tasks.fire_until(relay.due_at)

    (row,) = await tasks.rows(Obligation, id=relay.id)
    assert row.overdue_at is None


async def test_a_return_after_the_deadline_makes_the_duty_overdue_at_once(
    tasks: Stage, relay: Obligation
) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)
    await tasks.fire_until(relay.due_at)
    tasks.now = relay.due_at + timedelta(minutes=1)

    await post(tasks, CITY_OFFICE, relay, "return", {"remark": "Not enough."})

    told = [fact["obligation_id"] for fact in await tasks.told(ObligationOverdue)]
    assert told == [str(relay.id)]


async def test_what_is_not_handed_in_cannot_be_accepted(tasks: Stage, relay: Obligation) -> None:
    answer = await post(tasks, CITY_OFFICE, relay, "accept", {})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/action-refused"


async def test_nobody_accepts_what_they_handed_in_themselves(
    tasks: Stage, relay: Obligation
) -> None:
    both = Principal(
        subject="both",
        roles=frozenset({Role.COMMITTEE_OFFICE, Role.DUTY_DESK}),
        unit=f"{COUNTY}.emergency",
        region=COUNTY,
    )
    moved = Principal(
        subject="both",
        roles=frozenset({Role.COMMITTEE_OFFICE}),
        unit=f"{COUNTY}.committee_office",
        region=COUNTY,
    )
    await post(tasks, both, relay, "evidence", NOTE)

    answer = await post(tasks, moved, relay, "accept", {})

    assert answer.status_code == 403
    assert await status(tasks, relay) == Status.SUBMITTED


async def test_an_office_does_not_review_its_own_unit(tasks: Stage, relay: Obligation) -> None:
    (row,) = await tasks.rows(Obligation, duty="2023/35.5")
    assert row.unit == f"{CITY}.committee_office"
    await post(tasks, CITY_OFFICE, row, "evidence", NOTE)

    answer = await post(tasks, CITY_OFFICE, row, "accept", {})

    assert answer.status_code == 403


async def test_a_government_is_reviewed_from_above(tasks: Stage, relay: Obligation) -> None:
    (row,) = await tasks.rows(Obligation, duty="2023/9.2", subject=f"{COUNTY}.government")
    mayor = person(Role.LEADER, f"{COUNTY}.government")
    await post(tasks, mayor, row, "evidence", NOTE)

    beside = await post(tasks, COUNTY_OFFICE, row, "accept", {})
    above = await post(tasks, CITY_OFFICE, row, "accept", {})

    assert (beside.status_code, above.status_code) == (403, 200)
    assert beside.json()["type"] == "/problems/review-not-yours"


async def test_an_enterprise_hands_in_its_own_and_sees_no_other(
    tasks: Stage, relay: Obligation
) -> None:
    await tasks.hear(published())
    await tasks.fire_until(published().occurred_at)
    (own,) = await tasks.rows(Obligation, subject=MINE, duty="2023/1.4")
    (other,) = await tasks.rows(Obligation, subject=OTHER, duty="2023/1.4")

    answers = [
        (await post(tasks, officer(MINE), row, "evidence", NOTE)).status_code
        for row in (own, other)
    ]

    listed = (await tasks.as_(officer(MINE)).get("/tasks/obligations?duty=2023/1.4")).json()
    assert answers == [201, 404]
    assert [row["enterprise_uscc"] for row in listed["items"]] == [MINE]


async def test_a_desk_of_another_county_sees_nothing_of_it(tasks: Stage, relay: Obligation) -> None:
    read = await tasks.as_(OTHER_DESK).get(f"/tasks/obligations/{relay.id}")
    handed_in = await post(tasks, OTHER_DESK, relay, "evidence", NOTE)
    listed = await tasks.as_(OTHER_DESK).get("/tasks/obligations")

    assert (read.status_code, handed_in.status_code) == (404, 404)
    assert listed.json()["items"] == []


async def test_a_list_is_paged_by_what_is_due_first(tasks: Stage, relay: Obligation) -> None:
    client = tasks.as_(CITY_OFFICE)
    seen: list[dict[str, Any]] = []
    url = "/tasks/obligations?limit=3"
    cursor = ""
    while cursor is not None:
        page = (await client.get(url + (f"&cursor={cursor}" if cursor else ""))).json()
        seen += page["items"]
        cursor = page["next_cursor"]

    reached = [row for row in await tasks.rows(Obligation) if row.region_code.startswith("4304")]
    assert len(seen) == len({row["id"] for row in seen}) == len(reached)
    assert [row["due_at"] for row in seen] == sorted(row["due_at"] for row in seen)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=relay", {ObligationKind.RELAY}),
        ("kind=relay&kind=attendance", {ObligationKind.RELAY, ObligationKind.ATTENDANCE}),
        (f"unit={COUNTY}.emergency&kind=relay", {ObligationKind.RELAY}),
        ("status=accepted", set()),
        ("overdue=true", set()),
    ],
)
async def test_a_list_is_narrowed_by_its_filters(
    tasks: Stage, relay: Obligation, query: str, kinds: set[str]
) -> None:
    page = (await tasks.as_(CITY_OFFICE).get(f"/tasks/obligations?{query}")).json()

    assert {row["kind"] for row in page["items"]} == kinds


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/note"),
        ({"note": ""}, "/note"),
        ({"note": "x", "more": 1}, "/more"),
        ({"note": "x", "figures": {"rate": "high"}}, "/figures/rate"),
    ],
)
async def test_malformed_evidence_is_refused_by_its_field(
    tasks: Stage, relay: Obligation, body: dict[str, Any], pointer: str
) -> None:
    answer = await post(tasks, COUNTY_DESK, relay, "evidence", body)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await status(tasks, relay) == Status.OPEN


async def test_a_list_is_given_as_a_file_with_chinese_headings(
    tasks: Stage, relay: Obligation
) -> None:
    answer = await tasks.as_(CITY_OFFICE, **{"Accept": "text/csv", "Accept-Language": "zh-CN"}).get(
        "/tasks/obligations?kind=relay"
    )

    header, *rows = answer.text.lstrip("\ufeff").splitlines()
    assert header.startswith("编号,类别,状态")
    assert len(rows) == 2


async def test_who_handed_in_and_who_reviewed_is_on_record(tasks: Stage, relay: Obligation) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)
    await post(tasks, CITY_OFFICE, relay, "accept", {})

    notes = await tasks.rows(AuditRecord, entity_id=str(relay.id))
    assert [(note.actor, note.act) for note in sorted(notes, key=lambda note: note.id)] == [
        (COUNTY_DESK.subject, "submit_evidence"),
        (CITY_OFFICE.subject, "review_evidence"),
    ]


async def test_the_same_evidence_sent_twice_is_one(tasks: Stage, relay: Obligation) -> None:
    client = tasks.as_(COUNTY_DESK, **{"Idempotency-Key": "once"})

    answers = [
        await client.post(f"/tasks/obligations/{relay.id}/evidence", json=NOTE) for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()


async def test_a_duty_handed_in_is_fulfilled_by_the_fact_and_then_not_reviewed(
    tasks: Stage, relay: Obligation
) -> None:
    await post(tasks, COUNTY_DESK, relay, "evidence", NOTE)
    async with tasks.work() as session:
        await operations.fulfil(session, origin=relay.origin, duty=relay.duty, now=NOON)

    answer = await post(tasks, CITY_OFFICE, relay, "accept", {})

    assert answer.status_code == 409
    async with tasks.work() as session:
        assert (await queries.get(session, relay.id)).status == Status.FULFILLED
