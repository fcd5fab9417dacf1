"""The same report many times over is one accident; a report meant otherwise is none of it."""

import asyncio
from typing import Any

import httpx
import pytest

from kernel.ids import uuid7
from tests.city import ACCIDENTS, REPORTS, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack


async def taken(city: City, headers: dict[str, str], body: dict[str, Any]) -> httpx.Response:
    """The answer once it is committed: a busy machine may first say that it waits on disk."""

    async def answer() -> httpx.Response:
        said = await city.gateway.post(REPORTS, headers=headers, json=body)
        assert said.status_code == 201, said.text
        return said

    return await eventually(answer, within=45)


async def test_a_report_sent_a_hundred_times_at_once_is_one_accident(city: City) -> None:
    body = city.report(casualties={"deaths": 3})
    headers = await city.as_("enterprise")
    answers = await asyncio.gather(*(taken(city, headers, body) for _ in range(100)))
    assert len({answer.content for answer in answers}) == 1
    accident = answers[0].json()["accident_id"]
    told = await city.get("county_duty_desk", f"{ACCIDENTS}/{accident}/timeline")
    assert [entry["kind"] for entry in told["entries"]].count("reported") == 1

    async def alarms() -> list[str]:
        inbox = await city.all("city_duty_desk", "/api/v1/notifications/messages")
        return [m["alarm_id"] for m in inbox if m["origin"] == accident and m["alarm_id"]]

    assert len(await eventually(alarms, within=45)) == 1
    pulled = [
        change
        async for page in city.pulled()
        for change in page["items"]
        if change["entity_id"] == accident
    ]
    assert len(pulled) == 1


async def test_a_follow_up_sent_often_counts_once(city: City) -> None:
    accident = (await city.done("enterprise", REPORTS, city.report()))["accident_id"]
    headers = await city.as_("enterprise")
    body = city.follow_up(accident, casualties={"deaths": 2})
    answers = await asyncio.gather(*(taken(city, headers, body) for _ in range(30)))
    assert len({answer.content for answer in answers}) == 1
    told = await city.get("county_duty_desk", f"{ACCIDENTS}/{accident}/timeline")
    assert [entry["kind"] for entry in told["entries"]].count("followed_up") == 1


async def test_a_key_used_for_another_report_is_refused(city: City) -> None:
    body = city.report()
    await city.done("enterprise", REPORTS, body)
    other = await city.post("enterprise", REPORTS, body | {"place": "另一处"})
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-reused"
    taken = city.report("county_duty_desk", report_id=body["report_id"])
    assert (await city.post("county_duty_desk", REPORTS, taken)).status_code == 409


async def test_any_other_act_sent_twice_has_one_effect_too(city: City) -> None:
    accident = (await city.done("enterprise", REPORTS, city.report()))["accident_id"]
    finding = {"accident_id": accident, "kind": "late", "evidence": "值班记录"}
    headers = await city.as_("investigator") | {"Idempotency-Key": str(uuid7())}
    path = "/api/v1/incidents/findings"
    sending = [city.gateway.post(path, headers=headers, json=finding) for _ in range(10)]
    answers = await asyncio.gather(*sending)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
