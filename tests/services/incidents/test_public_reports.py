"""What anybody at the scene reports: it waits for a desk, is never dropped and never forgotten."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from contracts.incidents import (
    AccidentReported,
)
from contracts.incidents_reports import (
    PublicReportOverdue,
    PublicReportReceived,
)
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from kernel.transactions import ANYBODY
from services.incidents.accidents.tables import Accident
from services.incidents.bystanders.tables import PublicReport
from services.incidents.relays.tables import Relay
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    RECEIVED,
    public_body,
    report_body,
    reported,
    told_by_the_public,
)
from tests.services.stage import Stage

ROUTE = "/incidents/public-reports"
MINUTE = timedelta(minutes=1)


def anybody(stage: Stage, address: str = "203.0.113.9") -> httpx.AsyncClient:
    return stage.as_(ANYBODY, **{"X-Forwarded-For": address})


async def status(stage: Stage, code: str) -> httpx.Response:
    return await anybody(stage).post(f"{ROUTE}/status", json={"follow_code": code})


async def test_a_public_report_waits_and_opens_no_accident(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)

    assert receipt["status"] == "awaiting"
    assert receipt["due_at"] == (RECEIVED + 30 * MINUTE).isoformat()
    assert "12350" in receipt["telephone"]
    assert await incidents.rows(Accident) == []
    [told] = await incidents.told(PublicReportReceived)
    assert (told["region_code"], told["doubtful"]) == ("430481", False)
    assert "张三丰" not in str(told)


async def test_its_reporter_follows_it_by_the_code_alone(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)

    found = await status(incidents, receipt["follow_code"])
    assert (found.status_code, found.json()["status"]) == (200, "awaiting")
    stranger = await status(incidents, "AAAA-AAAA-AAAA-AAAA-AAAA")
    assert stranger.status_code == 404


async def test_sent_again_it_is_one_report_with_the_same_answer(incidents: Stage) -> None:
    body = public_body()
    first = await anybody(incidents).post(ROUTE, json=body)
    again = await anybody(incidents).post(ROUTE, json=body)
    other = await anybody(incidents).post(ROUTE, json=body | {"text": "别的事情发生了"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert len(await incidents.rows(PublicReport)) == 1


async def test_what_did_not_come_through_the_gateway_is_refused(incidents: Stage) -> None:
    client = anybody(incidents)
    del client.headers["X-Anlian-Actor"]

    assert (await client.post(ROUTE, json=public_body())).status_code == 401


async def test_who_and_what_is_sealed_in_the_database(incidents: Stage) -> None:
    await told_by_the_public(incidents)

    async with incidents.work() as session:
        row = (await session.execute(text("SELECT name, phone, text FROM public_report"))).one()
    for sealed, plain in zip(row, ("张三丰", "13812345678", "二号井"), strict=True):
        assert plain.encode() not in bytes(sealed)


async def test_a_desk_reads_it_masked_and_asking_who_leaves_a_record(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)
    desk, of = incidents.as_(COUNTY_DESK), f"{ROUTE}/{receipt['public_report_id']}"

    seen = (await desk.get(of)).json()
    assert (seen["name"], seen["phone"]) == ("张*", "138****5678")
    assert seen["text"].startswith("二号井")
    assert (await desk.get(f"{of}/reporter")).json()["phone"] == "13812345678"
    looked = await incidents.rows(AuditRecord, act="see_caller")
    assert [row.entity_id for row in looked] == [receipt["public_report_id"]]
    listed = (await desk.get(ROUTE)).json()["items"]
    assert [item["id"] for item in listed] == [receipt["public_report_id"]]
    assert "text" not in listed[0]


@pytest.mark.parametrize("by", [OTHER_COUNTY_DESK, ENTERPRISE, INVESTIGATOR])
async def test_nobody_but_the_desks_of_the_place_sees_it(incidents: Stage, by: object) -> None:
    receipt = await told_by_the_public(incidents)
    answer = await incidents.as_(by).get(f"{ROUTE}/{receipt['public_report_id']}")

    assert answer.status_code in (403, 404)


async def test_a_desk_opens_an_accident_on_clocks_that_run_from_the_first_word(
    incidents: Stage,
) -> None:
    receipt = await told_by_the_public(incidents)
    incidents.now = RECEIVED + 20 * MINUTE
    body = report_body(casualties={"missing": 2})
    answer = await incidents.as_(COUNTY_DESK).post(
        f"{ROUTE}/{receipt['public_report_id']}/open", json={"report": body}
    )

    assert answer.status_code == 201, answer.text
    [accident] = await incidents.rows(Accident)
    assert accident.received_at == RECEIVED
    [hop] = await incidents.rows(Relay)
    assert hop.due_at == RECEIVED + timedelta(hours=2)
    [kept] = await incidents.rows(PublicReport)
    assert (kept.status, kept.accident_id) == ("confirmed", accident.id)
    assert len(await incidents.told(AccidentReported)) == 1
    assert (await status(incidents, receipt["follow_code"])).json()["status"] == "confirmed"


async def test_a_desk_joins_it_to_an_accident_that_is_known(incidents: Stage) -> None:
    first = await reported(incidents)
    receipt = await told_by_the_public(incidents)
    answer = await incidents.as_(COUNTY_DESK).post(
        f"{ROUTE}/{receipt['public_report_id']}/join", json={"accident_id": first["accident_id"]}
    )

    assert answer.json()["accident_id"] == first["accident_id"]
    assert len(await incidents.rows(Accident)) == 1


async def test_a_dismissal_needs_a_reason_and_its_reporter_reads_it(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)
    of = f"{ROUTE}/{receipt['public_report_id']}/dismiss"
    desk = incidents.as_(COUNTY_DESK)

    assert (await desk.post(of, json={})).status_code == 422
    assert (await desk.post(of, json={"reason": "系演练"})).json()["status"] == "dismissed"
    assert (await desk.post(of, json={"reason": "系演练"})).status_code == 409
    followed = (await status(incidents, receipt["follow_code"])).json()
    assert (followed["status"], followed["reason"]) == ("dismissed", "系演练")
    [kept] = await incidents.rows(PublicReport)
    assert (kept.decided_by, kept.unit) == (COUNTY_DESK.subject, "430481.emergency")


async def test_what_no_desk_looks_into_alarms_once_at_the_limit(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)
    due = RECEIVED + 30 * MINUTE

    assert await incidents.fire_until(due - timedelta(microseconds=1)) == 0
    assert await incidents.fire_until(due) == 1
    [told] = await incidents.told(PublicReportOverdue)
    assert told["public_report_id"] == receipt["public_report_id"]
    [kept] = await incidents.rows(PublicReport)
    assert (kept.overdue_at, kept.status) == (due, "awaiting")


async def test_what_a_desk_has_decided_alarms_nobody(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)
    await incidents.as_(COUNTY_DESK).post(
        f"{ROUTE}/{receipt['public_report_id']}/dismiss", json={"reason": "系演练"}
    )
    await incidents.fire_until(RECEIVED + timedelta(days=1))

    assert await incidents.told(PublicReportOverdue) == []


async def test_over_the_allowance_reports_are_kept_to_be_checked_and_then_told_to_telephone(
    incidents: Stage,
) -> None:
    answers = [
        await anybody(incidents).post(ROUTE, json=public_body(text=f"第{n}次看见冒烟"))
        for n in range(31)
    ]

    taken = [answer.json()["status"] for answer in answers[:30]]
    assert taken == ["awaiting"] * 5 + ["to_check"] * 25
    assert answers[30].status_code == 429
    assert "12350" in answers[30].json()["telephone"]
    assert int(answers[30].headers["Retry-After"]) > 0
    kept = await incidents.rows(PublicReport)
    assert len(kept) == 30  # every one that was answered 201 is there
    assert (await told_by_the_public(incidents, address="203.0.113.10"))["status"] == "awaiting"


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"text": "着火了"}, "bare"),
        ({"place": None, "region_code": None}, "nowhere"),
        ({"location": {"lon": 116.4, "lat": 39.9}}, "far_away"),
        ({"seen_at": (HAPPENED - timedelta(days=40)).isoformat()}, "long_ago"),
    ],
)
async def test_what_is_doubtful_waits_with_its_doubt(
    incidents: Stage, changes: dict[str, object], doubt: str
) -> None:
    receipt = await told_by_the_public(incidents, **changes)

    assert receipt["status"] == "to_check"
    [kept] = await incidents.rows(PublicReport)
    assert kept.doubts == [doubt]
    assert (await incidents.told(PublicReportReceived))[0]["doubtful"] is True


async def test_the_same_words_again_are_looked_at_more_closely(incidents: Stage) -> None:
    await told_by_the_public(incidents)
    again = await told_by_the_public(incidents, address="203.0.113.77")

    assert again["status"] == "to_check"


async def test_without_a_place_it_goes_to_the_desk_of_the_city(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents, place=None, region_code=None)
    of = f"{ROUTE}/{receipt['public_report_id']}"

    assert (await incidents.as_(CITY_DESK).get(of)).json()["region_code"] == "430400"
    assert (await incidents.as_(COUNTY_DESK).get(of)).status_code == 404


async def test_coordinates_alone_find_the_county(incidents: Stage) -> None:
    await told_by_the_public(
        incidents, place=None, region_code=None, location={"lon": 112.86, "lat": 26.42}
    )

    [kept] = await incidents.rows(PublicReport)
    assert (kept.region_code, kept.status) == ("430481", "awaiting")


async def test_an_accident_from_the_future_is_refused_with_the_field(incidents: Stage) -> None:
    later = (RECEIVED + timedelta(hours=1)).isoformat()
    answer = await anybody(incidents).post(ROUTE, json=public_body(seen_at=later))

    assert answer.json()["errors"][0]["pointer"] == "/seen_at"


async def test_an_id_that_somebody_else_used_is_refused(incidents: Stage) -> None:
    first = await told_by_the_public(incidents)
    async with incidents.work() as session:
        await session.execute(text("DELETE FROM idempotency"))
    body = public_body(public_report_id=first["public_report_id"], text="另一件事情发生了")
    answer = await anybody(incidents).post(ROUTE, json=body)

    assert answer.status_code == 409
    assert str(uuid7()) not in answer.text
