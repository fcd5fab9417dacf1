"""Hops: acknowledged, forwarded, overdue, each on its own clock."""

from datetime import timedelta

import pytest

from contracts.incidents import RelayForwarded, RelayOverdue
from kernel.access import Principal
from kernel.timers import Timer
from services.incidents.relays import rules
from services.incidents.relays.tables import Relay
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    PROVINCE_DESK,
    RECEIVED,
    reported,
)
from tests.services.stage import Stage

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


async def test_a_desk_acknowledges_and_forwards(incidents: Stage) -> None:
    [first, second] = (await reported(incidents))["relays"]
    county = incidents.as_(COUNTY_DESK)
    incidents.now = RECEIVED + HOUR / 2
    acknowledged = await county.post(f"/incidents/relays/{first['id']}/acknowledge")
    incidents.now = RECEIVED + HOUR
    forwarded = await county.post(
        f"/incidents/relays/{first['id']}/forward", json={"note": "已电话"}
    )

    assert acknowledged.json()["status"] == "acknowledged"
    assert (forwarded.json()["status"], forwarded.json()["late"]) == ("forwarded", False)
    assert forwarded.json()["acknowledged_at"] == (RECEIVED + HOUR / 2).isoformat()
    assert forwarded.json()["acknowledged_by"] == COUNTY_DESK.subject
    assert (acknowledged.json()["forwarded_by"], forwarded.json()["forwarded_by"]) == (
        None,
        COUNTY_DESK.subject,
    )
    [told] = await incidents.told(RelayForwarded)
    assert (told["level"], told["late"]) == ("city", False)
    [next_hop] = await incidents.rows(Relay, id=second["id"])
    assert next_hop.due_at == RECEIVED + 3 * HOUR  # two hours from when the city had it
    assert next_hop.planned_due_at == RECEIVED + 4 * HOUR


async def test_a_restarted_clock_keeps_the_one_before_as_evidence(incidents: Stage) -> None:
    [first, second] = (await reported(incidents))["relays"]
    incidents.now = RECEIVED + HOUR
    await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")

    clocks = sorted(
        await incidents.rows(Timer, entity_id=second["id"]), key=lambda clock: clock.generation
    )
    assert [clock.due_at for clock in clocks] == [RECEIVED + 4 * HOUR, RECEIVED + 3 * HOUR]
    assert clocks[0].cancelled_at is not None
    assert clocks[1].reason is not None


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (MOMENT, True)])
async def test_a_hop_made_after_its_deadline_is_late(
    incidents: Stage, after: timedelta, late: bool
) -> None:
    [first, _] = (await reported(incidents))["relays"]
    incidents.now = RECEIVED + 2 * HOUR + after
    answer = await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")

    assert answer.json()["late"] is late
    [told] = await incidents.told(RelayForwarded)
    assert told["late"] is late


async def test_a_hop_not_made_in_time_alarms_both_ends_once(incidents: Stage) -> None:
    [first, _] = (await reported(incidents))["relays"]

    assert await incidents.fire_until(RECEIVED + 2 * HOUR - MOMENT) == 0
    assert await incidents.fire_until(RECEIVED + 2 * HOUR) == 1
    assert await incidents.fire_until(RECEIVED + 2 * HOUR) == 0
    [told] = await incidents.told(RelayOverdue)
    assert (told["relay_id"], told["from_unit"], told["to_unit"]) == (
        first["id"],
        "430481.emergency",
        "430400.emergency",
    )
    assert told["grade"] == "larger"
    [relay] = await incidents.rows(Relay, id=first["id"])
    assert (relay.status, relay.overdue_at) == ("pending", RECEIVED + 2 * HOUR)


async def test_an_overdue_hop_can_still_be_made_and_keeps_the_mark(incidents: Stage) -> None:
    [first, _] = (await reported(incidents))["relays"]
    incidents.now = RECEIVED + 2 * HOUR + 5 * MOMENT
    await incidents.fire_until(incidents.now)
    answer = await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")

    assert answer.json()["late"] is True
    assert answer.json()["overdue_at"] is not None


async def test_a_hop_that_was_made_alarms_nobody(incidents: Stage) -> None:
    [first, second] = (await reported(incidents))["relays"]
    await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")
    await incidents.as_(CITY_DESK).post(f"/incidents/relays/{second['id']}/forward")

    assert await incidents.fire_until(RECEIVED + 24 * HOUR) == 0
    assert await incidents.told(RelayOverdue) == []


async def test_a_level_that_was_skipped_must_still_be_told(incidents: Stage) -> None:
    [first, second] = (await reported(incidents))["relays"]
    await incidents.as_(CITY_DESK).post(f"/incidents/relays/{second['id']}/forward")
    incidents.now = RECEIVED + HOUR
    answer = await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")

    assert answer.status_code == 200
    [made] = await incidents.rows(Relay, id=second["id"])
    assert made.due_at == RECEIVED + 4 * HOUR  # made already: its clock is left alone


@pytest.mark.parametrize("steps", [["forward", "forward"], ["forward", "acknowledge"]])
async def test_what_is_made_is_made(incidents: Stage, steps: list[str]) -> None:
    [first, _] = (await reported(incidents))["relays"]
    answers = [
        await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/{step}")
        for step in steps
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["type"] == "/problems/relay-action-refused"


@pytest.mark.parametrize(
    ("by", "status"),
    [(CITY_DESK, 403), (PROVINCE_DESK, 403), (OTHER_COUNTY_DESK, 404), (ENTERPRISE, 403)],
)
async def test_only_the_desk_whose_turn_it_is_may_act(
    incidents: Stage, by: Principal, status: int
) -> None:
    [first, _] = (await reported(incidents))["relays"]
    answer = await incidents.as_(by).post(f"/incidents/relays/{first['id']}/forward")

    assert answer.status_code == status
    assert await incidents.told(RelayForwarded) == []


async def test_a_desk_lists_the_hops_it_must_make(incidents: Stage) -> None:
    [first, second] = (await reported(incidents))["relays"]

    async def listed(by: Principal, **asked: str) -> list[str]:
        answer = await incidents.as_(by).get("/incidents/relays", params=asked)
        return [hop["id"] for hop in answer.json()]

    assert await listed(CITY_DESK) == [first["id"], second["id"]]
    assert await listed(CITY_DESK, mine="true") == [second["id"]]
    assert await listed(OTHER_COUNTY_DESK) == []


async def test_a_hop_that_is_late_only_a_second_after_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a deadline that forgives a second."""
    monkeypatch.setattr(rules, "late", lambda *, due_at, at: at > due_at + timedelta(seconds=1))

    with pytest.raises(AssertionError):
        await test_a_hop_made_after_its_deadline_is_late(incidents, MOMENT, True)
