"""What the clock does by itself: alarms climb, hops fall due, the window closes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from devstack import ports, travel
from devstack.quiet import until_quiet
from kernel import clock
from tests.city import ACCIDENTS, MESSAGES, OBLIGATIONS, REPORTS, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack

HEARD_S = 60.0


def go_to(city: City, moment: datetime) -> None:
    travel.to(city.layout, moment.isoformat(), now=clock.wall())


async def alarms(city: City, account: str, accident: str, kind: str) -> list[Any]:
    inbox = await city.all(account, MESSAGES)
    return [m for m in inbox if m["origin"] == accident and m["kind"] == kind]


async def kinds(city: City, accident: str) -> list[str]:
    told = await city.get("province_duty_desk", f"{ACCIDENTS}/{accident}/timeline")
    return [entry["kind"] for entry in told["entries"]]


async def test_time_does_what_nobody_does(movable_city: City) -> None:
    """One stack and one clock that only goes forward: the steps build on one another."""
    city = movable_city
    told = await city.done("enterprise", REPORTS, city.report(casualties={"deaths": 3}))
    await silence_calls_the_next_step(city, told["accident_id"])
    await both_ends_hear_of_an_overdue_hop(city, told)
    await a_hop_made_now_is_late(city, told["accident_id"])
    await the_window_closes(city, told["accident_id"])


async def silence_calls_the_next_step(city: City, accident: str) -> None:
    kind = "incidents.accident.reported"
    (first, *_) = await eventually(
        lambda: alarms(city, "county_duty_desk", accident, kind), within=HEARD_S
    )
    assert not await alarms(city, "committee_office", accident, kind)
    go_to(city, datetime.fromisoformat(first["acknowledge_by"]) + timedelta(seconds=1))
    await eventually(lambda: alarms(city, "committee_office", accident, kind), within=HEARD_S)


async def both_ends_hear_of_an_overdue_hop(city: City, told: Any) -> None:
    accident = told["accident_id"]
    due = datetime.fromisoformat(told["relays"][0]["due_at"])
    go_to(city, due - timedelta(minutes=5))
    await until_quiet(ports.remembered(city.layout.ports))
    assert "relay_overdue" not in await kinds(city, accident)
    go_to(city, due + timedelta(seconds=1))
    for account in ("county_duty_desk", "city_duty_desk"):

        async def alarmed(account: str = account) -> list[Any]:
            return await alarms(city, account, accident, "incidents.relay.overdue")

        await eventually(alarmed, within=HEARD_S)
    assert "relay_overdue" in await kinds(city, accident)

    async def overdue() -> list[Any]:
        asked = {"origin": accident, "kind": "relay", "overdue": True}
        return await city.all("county_duty_desk", OBLIGATIONS, **asked)

    await eventually(overdue, within=HEARD_S)


async def a_hop_made_now_is_late(city: City, accident: str) -> None:
    hops = "/api/v1/incidents/relays"
    (hop,) = await city.get("county_duty_desk", hops, mine=True, accident_id=accident)
    passed = await city.done("county_duty_desk", f"{hops}/{hop['id']}/forward")
    assert passed["late"]


async def the_window_closes(city: City, opened: str) -> None:
    """After nine days: past the seven that a fire has, within the thirty of the others."""
    fire = city.report(accident_type="fire", casualties={"deaths": 2})
    burnt = (await city.done("enterprise", REPORTS, fire))["accident_id"]
    go_to(city, city.now + timedelta(days=9))
    for accident, grade, counted, late in ((burnt, "general", 2, 8), (opened, "major", 10, 0)):
        more = city.follow_up(accident, casualties={"deaths": 10})
        assert (await city.done("enterprise", REPORTS, more))["grade"] == grade
        shown = await city.get("enterprise", f"{ACCIDENTS}/{accident}")
        assert (shown["deaths"], shown["late_deaths"]) == (counted, late)
