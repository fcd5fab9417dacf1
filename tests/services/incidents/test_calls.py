"""Calls past the levels: by telephone first, the text after, and every level still written to."""

from datetime import timedelta

import pytest

from contracts.incidents import RelayForwarded, RelayOverdue, RelayTelephoned
from kernel.access import Principal
from services.incidents.readings.tables import Reading
from services.incidents.relays.tables import Relay
from tests.services.incidents.conftest import (
    Body,
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    KNOWN,
    OTHER_COUNTY_DESK,
    PROVINCE_DESK,
    RECEIVED,
    called,
    heard,
    report_body,
    reported,
)
from tests.services.incidents.test_followups import followed
from tests.services.stage import Stage

ROUTE = "/incidents/calls"
from sqlalchemy import text
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.phonecalls.tables import PhoneCall
from services.incidents.reports.tables import Report

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
CALLS = "/incidents/relays/calls"


async def opened(stage: Stage, **changes: object) -> Body:
    told = await reported(stage, **changes)
    await heard(stage)
    return told


async def calls(stage: Stage, by: Principal, **asked: str) -> list[Body]:
    answer = await stage.as_(by).get(CALLS, params=asked)
    assert answer.status_code == 200, answer.text
    found: list[Body] = answer.json()
    return found


async def step(stage: Stage, by: Principal, hop: Body, action: str) -> Body:
    answer = await stage.as_(by).post(f"/incidents/relays/{hop['id']}/{action}")
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


async def test_a_larger_accident_owes_the_province_a_call_within_the_hour(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    [call] = await calls(incidents, COUNTY_DESK, mine="true")

    assert (call["from_unit"], call["to_unit"]) == ("430481.emergency", "430000.emergency")
    assert (call["owed"], call["level"], call["status"]) == ("phone", "province", "pending")
    assert call["due_at"] == (RECEIVED + HOUR).isoformat()
    assert call["received_at"] == RECEIVED.isoformat()
    written = await incidents.as_(COUNTY_DESK).get("/incidents/relays")
    assert [hop["id"] for hop in written.json()] == [hop["id"] for hop in told["relays"]]
    assert {hop["owed"] for hop in written.json()} == {"text"}


async def test_a_general_accident_owes_no_call(incidents: Stage) -> None:
    await opened(incidents, casualties={"deaths": 2})

    assert await calls(incidents, COUNTY_DESK) == []


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (MOMENT, True)])
async def test_a_call_comes_first_and_its_text_is_stamped_when_it_arrives(
    incidents: Stage, after: timedelta, late: bool
) -> None:
    told = await opened(incidents)
    [call] = await calls(incidents, COUNTY_DESK)
    incidents.now = RECEIVED + HOUR + after
    phoned = await step(incidents, COUNTY_DESK, call, "phone")
    await heard(incidents)

    assert (phoned["status"], phoned["late"], phoned["text_at"]) == ("phoned", late, None)
    assert phoned["phone_at"] == incidents.now.isoformat()
    [fact] = await incidents.told(RelayTelephoned)
    assert (fact["level"], fact["late"]) == ("province", late)
    first, second = told["relays"]
    await step(incidents, COUNTY_DESK, first, "forward")
    incidents.now += HOUR
    await step(incidents, CITY_DESK, second, "forward")
    await heard(incidents)
    [kept] = await incidents.rows(Relay, id=call["id"])
    assert (kept.status, kept.text_at) == ("forwarded", incidents.now)
    assert kept.phone_at is not None
    assert kept.phone_at < incidents.now


async def test_skipping_levels_never_spares_one_its_own_report(incidents: Stage) -> None:
    told = await opened(incidents)
    [call] = await calls(incidents, COUNTY_DESK)
    await step(incidents, COUNTY_DESK, call, "phone")
    direct = await step(incidents, COUNTY_DESK, call, "forward")
    await heard(incidents)

    assert direct["status"] == "forwarded"
    still = await incidents.as_(COUNTY_DESK).get("/incidents/relays")
    assert [hop["id"] for hop in still.json()] == [hop["id"] for hop in told["relays"]]
    assert await incidents.fire_until(RECEIVED + 2 * HOUR) == 1
    [overdue] = await incidents.told(RelayOverdue)
    assert (overdue["relay_id"], overdue["by_phone"]) == (told["relays"][0]["id"], False)


async def test_a_text_before_its_call_is_refused(incidents: Stage) -> None:
    await opened(incidents)
    [call] = await calls(incidents, COUNTY_DESK)
    answer = await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{call['id']}/forward")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/relay-action-refused")
    assert await incidents.told(RelayForwarded) == []


async def test_a_written_hop_is_not_made_by_telephone(incidents: Stage) -> None:
    told = await opened(incidents)
    path = f"/incidents/relays/{told['relays'][0]['id']}/phone"
    answer = await incidents.as_(COUNTY_DESK).post(path)

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("by", "status"),
    [(CITY_DESK, 403), (PROVINCE_DESK, 403), (OTHER_COUNTY_DESK, 404), (ENTERPRISE, 403)],
)
async def test_only_the_desk_that_owes_a_call_makes_it(
    incidents: Stage, by: Principal, status: int
) -> None:
    await opened(incidents)
    [call] = await calls(incidents, COUNTY_DESK)
    answer = await incidents.as_(by).post(f"/incidents/relays/{call['id']}/phone")

    assert answer.status_code == status
    assert await incidents.told(RelayTelephoned) == []


async def test_a_call_that_was_not_made_alarms_both_ends(incidents: Stage) -> None:
    await opened(incidents)

    assert await incidents.fire_until(RECEIVED + HOUR - MOMENT) == 0
    assert await incidents.fire_until(RECEIVED + HOUR) == 1
    [told] = await incidents.told(RelayOverdue)
    assert told["by_phone"] is True
    assert (told["from_unit"], told["to_unit"]) == ("430481.emergency", "430000.emergency")


async def test_each_level_that_has_the_report_telephones_in_its_turn(incidents: Stage) -> None:
    told = await opened(incidents, casualties={"deaths": 10})
    incidents.now = RECEIVED + HOUR / 2
    await step(incidents, COUNTY_DESK, told["relays"][0], "forward")
    await heard(incidents)
    [mine] = await calls(incidents, CITY_DESK, mine="true")

    assert mine["to_unit"] == "430000.emergency"
    assert mine["due_at"] == (incidents.now + HOUR).isoformat()
    await step(incidents, CITY_DESK, mine, "phone")
    await heard(incidents)
    [further] = await calls(incidents, PROVINCE_DESK, mine="true")
    assert further["to_unit"] == "000000.emergency"
    assert further["due_at"] == (incidents.now + HOUR).isoformat()


async def test_a_graver_grade_asks_every_desk_that_knows_for_its_call(incidents: Stage) -> None:
    told = await opened(incidents, casualties={"deaths": 2})
    await step(incidents, COUNTY_DESK, told["relays"][0], "forward")
    await heard(incidents)
    assert await calls(incidents, CITY_DESK) == []
    incidents.now = RECEIVED + 5 * HOUR
    await followed(incidents, told["accident_id"], casualties={"deaths": 3})
    await heard(incidents)
    found = await calls(incidents, CITY_DESK)

    assert sorted(call["from_unit"] for call in found) == ["430400.emergency", "430481.emergency"]
    assert {call["due_at"] for call in found} == {(RECEIVED + 6 * HOUR).isoformat()}


async def test_what_opens_clocks_twice_opens_them_once(incidents: Stage) -> None:
    """A call is known by its desk and level, whatever fact asks for it and how often."""
    told = await opened(incidents)
    await followed(incidents, told["accident_id"], casualties={"deaths": 10})
    await heard(incidents)

    assert len(await calls(incidents, COUNTY_DESK)) == 1


async def test_a_hop_says_when_its_sender_received_and_who_read_it(incidents: Stage) -> None:
    told = await opened(incidents)
    first, second = told["relays"]
    accident = f"/incidents/accidents/{told['accident_id']}"
    incidents.now = RECEIVED + HOUR / 2
    await step(incidents, COUNTY_DESK, first, "forward")
    incidents.now = RECEIVED + HOUR
    for by in (INVESTIGATOR, CITY_DESK, CITY_DESK, ENTERPRISE):
        await incidents.as_(by).get(accident)
        incidents.now += HOUR / 4

    [made] = await incidents.rows(Relay, id=first["id"])
    [waits] = await incidents.rows(Relay, id=second["id"])
    assert (made.received_at, waits.received_at) == (RECEIVED, RECEIVED + HOUR / 2)
    [reading] = await incidents.rows(Reading)
    assert (reading.unit, reading.read_by) == ("430400.emergency", CITY_DESK.subject)
    [shown] = (await incidents.as_(CITY_DESK).get("/incidents/relays?mine=true")).json()
    assert shown["received_at"] == (RECEIVED + HOUR / 2).isoformat()
    assert shown["read_at"] is None  # the province has not opened it
    again = await incidents.as_(CITY_DESK).post(f"/incidents/relays/{second['id']}/acknowledge")
    assert again.json()["acknowledged_at"] is not None


async def test_the_reading_desk_is_shown_with_the_hop_that_reached_it(incidents: Stage) -> None:
    told = await opened(incidents)
    await incidents.as_(CITY_DESK).get(f"/incidents/accidents/{told['accident_id']}")
    [hop, _] = (await incidents.as_(COUNTY_DESK).get("/incidents/relays")).json()

    assert (hop["read_at"], hop["read_by"]) == (RECEIVED.isoformat(), CITY_DESK.subject)
    [hidden, _] = (await incidents.as_(ENTERPRISE).get("/incidents/relays")).json()
    assert (hidden["read_at"], hidden["read_by"]) == (None, None)


async def test_the_clocks_run_from_the_call_and_not_from_the_typing(incidents: Stage) -> None:
    incidents.now = RECEIVED + HOUR
    taken = await called(incidents)

    assert taken["receipt"]["late"] is False  # KNOWN + 35 min, though typed after the hour
    [accident] = await incidents.rows(Accident)
    assert accident.received_at == RECEIVED
    first = min(await incidents.rows(Relay), key=lambda hop: hop.due_at)
    assert first.due_at == RECEIVED + 2 * HOUR
    [call] = await incidents.rows(PhoneCall)
    assert (call.called_at, call.typed_at) == (RECEIVED, RECEIVED + HOUR)


async def test_a_call_after_the_hour_is_late_by_the_call(incidents: Stage) -> None:
    incidents.now = KNOWN + 3 * HOUR
    taken = await called(incidents, called_at=(KNOWN + HOUR + timedelta(seconds=1)).isoformat())

    assert taken["receipt"]["late_by_seconds"] == 1


async def test_the_caller_is_kept_apart_from_who_typed_and_sealed(incidents: Stage) -> None:
    taken = await called(incidents)

    assert taken["call"]["typed_by"] == COUNTY_DESK.subject
    assert taken["call"]["caller_name"] == "李*"
    assert taken["call"]["caller_phone"] == "139****4321"
    async with incidents.work() as session:
        row = (
            await session.execute(
                text("SELECT caller_name, caller_phone, answered_by FROM phone_call")
            )
        ).one()
    for sealed, plain in zip(row, ("李四", "13987654321", "王五"), strict=True):
        assert plain.encode() not in bytes(sealed)
    [report] = await incidents.rows(Report)
    assert report.reported_by == COUNTY_DESK.subject
    assert "李四" not in str(await incidents.told())


async def test_a_desk_of_the_place_may_ask_who_called_and_leaves_a_record(incidents: Stage) -> None:
    taken = await called(incidents)
    of = f"{ROUTE}/{taken['call']['id']}/caller"

    found = (await incidents.as_(COUNTY_DESK).get(of)).json()
    assert (found["caller_name"], found["answered_by"]) == ("李四", "王五")
    looked = await incidents.rows(AuditRecord, act="see_caller")
    assert [(row.actor, row.entity_id) for row in looked] == [
        (COUNTY_DESK.subject, taken["call"]["id"])
    ]


@pytest.mark.parametrize("by", [OTHER_COUNTY_DESK, ENTERPRISE, INVESTIGATOR])
async def test_nobody_else_may_ask_who_called(incidents: Stage, by: Principal) -> None:
    taken = await called(incidents)
    answer = await incidents.as_(by).get(f"{ROUTE}/{taken['call']['id']}/caller")

    assert answer.status_code in (403, 404)
    assert await incidents.rows(AuditRecord, act="see_caller") == []


async def test_the_calls_about_an_accident_are_listed_masked(incidents: Stage) -> None:
    taken = await called(incidents)
    accident = {"accident_id": taken["receipt"]["accident_id"]}

    [listed] = (await incidents.as_(COUNTY_DESK).get(ROUTE, params=accident)).json()
    assert listed == taken["call"]
    assert (await incidents.as_(OTHER_COUNTY_DESK).get(ROUTE, params=accident)).json() == []


async def test_a_call_may_bring_a_follow_up(incidents: Stage) -> None:
    first = await called(incidents)
    accident_id = first["receipt"]["accident_id"]
    more = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": accident_id,
        "casualties": {"deaths": 6},
    }
    taken = await called(incidents, report=more)

    assert taken["receipt"]["accident_id"] == accident_id
    assert len(await incidents.rows(PhoneCall)) == 2


async def test_a_call_sent_again_has_one_effect(incidents: Stage) -> None:
    body = {"call_id": str(uuid7()), "report": report_body()}
    first, again = await called(incidents, **body), await called(incidents, **body)

    assert first == again
    assert len(await incidents.rows(PhoneCall)) == 1


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (HAPPENED - timedelta(seconds=1), "before_occurrence"),
        (RECEIVED + timedelta(minutes=6), "in_the_future"),
    ],
)
async def test_a_call_out_of_order_is_refused_with_the_field(
    incidents: Stage, at: object, code: str
) -> None:
    body = {"call_id": str(uuid7()), "called_at": at.isoformat(), "report": report_body()}  # type: ignore[attr-defined]
    answer = await incidents.as_(COUNTY_DESK).post(ROUTE, json=body)

    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/called_at", code)]
    assert await incidents.rows(Accident) == []


async def test_a_desk_takes_no_call_for_a_place_that_is_not_its_own(incidents: Stage) -> None:
    body = {
        "call_id": str(uuid7()),
        "called_at": RECEIVED.isoformat(),
        "report": report_body(),
    }
    assert (await incidents.as_(OTHER_COUNTY_DESK).post(ROUTE, json=body)).status_code == 403
    assert await incidents.rows(Accident) == []
