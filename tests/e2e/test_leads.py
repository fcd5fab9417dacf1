"""The hotline hands in a sign by a signed request; the desks are alarmed, the source follows it."""

import json
from datetime import timedelta

import pytest

from kernel.ids import uuid7
from tests.city import MESSAGES, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack

LEADS = "/api/v1/incidents/leads"


async def test_the_hotline_hands_in_a_lead_and_follows_it(city: City) -> None:
    stated = {
        "lead_id": str(uuid7()),
        "source": "hotline",
        "region_code": "430481",
        "place": "无名采石场",
        "occurred_at": (city.now - timedelta(days=2)).isoformat(),
        "deaths_alleged": 1,
        "informant": {"name": "来电人", "contact": "0734-0000000"},
    }
    body = json.dumps(stated).encode()
    headers = city.signed("hotline_12350", "POST", LEADS, body=body)
    headers |= {"Content-Type": "application/json"}
    taken = await city.gateway.post(LEADS, headers=headers, content=body)

    assert (taken.status_code, taken.json()["status"]) == (201, "checking")
    lead = taken.json()["id"]

    async def alarmed() -> bool:
        messages = await city.all("county_duty_desk", MESSAGES)
        return any(one["origin"] == lead and one["alarm_id"] for one in messages)

    await eventually(alarmed, within=45)
    path = f"{LEADS}/{lead}/status"
    followed = await city.gateway.get(path, headers=city.signed("hotline_12350", "GET", path))
    assert followed.json()["status"] == "checking"
    strange = await city.gateway.get(path, headers=city.signed("hotline_12345", "GET", path))
    assert strange.status_code == 404
    seen = await city.gateway.get(f"{LEADS}/{lead}", headers=await city.as_("enterprise"))
    assert seen.status_code == 403
