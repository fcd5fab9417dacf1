"""Calls past the levels: by telephone first, the text after, and every level still written to."""

from datetime import timedelta

import pytest

from contracts.incidents import RelayForwarded, RelayOverdue, RelayTelephoned
from kernel.access import Principal
from services.incidents.readings.tables import DeskReading
from services.incidents.relays.operations import RELAY_DUE
from services.incidents.relays.tables import Relay
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    PROVINCE_DESK,
    RECEIVED,
    Body,
    heard,
    reported,
)
from tests.services.incidents.test_followups import followed
from tests.services.stage import Stage

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
    await incidents.fire_until(RECEIVED + 2 * HOUR)
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

    assert await incidents.fire_until(RECEIVED + HOUR - MOMENT, RELAY_DUE) == 0
    assert await incidents.fire_until(RECEIVED + HOUR, RELAY_DUE) == 1
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
    [reading] = await incidents.rows(DeskReading)
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
