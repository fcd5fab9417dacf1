"""Anybody may report through the gateway, and what several people report meets a person."""

from typing import Any

import pytest

from kernel.ids import uuid7
from tests.city import REPORTS, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack

FORM = "/api/v1/incidents/public-reports"
DUPLICATES = "/api/v1/incidents/duplicates"


async def test_a_citizen_reports_without_an_account_and_a_desk_opens_the_accident(
    city: City,
) -> None:
    region = city.stack["accounts"]["enterprise"]["region"]
    body = {
        "public_report_id": str(uuid7()),
        "text": f"井口冒烟，听到一声巨响 {uuid7()}",
        "region_code": region,
        "place": "东岭煤矿井口",
        "phone": "13812345678",
    }
    receipt = await city.gateway.post(FORM, json=body)
    assert receipt.status_code == 201, receipt.text
    seen = await city.get("county_duty_desk", f"{FORM}/{body['public_report_id']}")
    assert (seen["phone"], seen["region_code"]) == ("138****5678", region)

    report = {"report": city.report("county_duty_desk", region_code=region)}
    await city.done("county_duty_desk", f"{FORM}/{body['public_report_id']}/open", report)

    code = {"follow_code": receipt.json()["follow_code"]}
    followed = await city.gateway.post(f"{FORM}/status", json=code)
    assert followed.json()["status"] == "confirmed"


async def test_two_reports_of_one_accident_are_offered_to_the_desk(city: City) -> None:
    place = f"采煤工作面 {uuid7()}"
    body = city.report(place=place)
    first = await city.done("enterprise", REPORTS, body)
    again = city.report(place=place, report_id=str(uuid7()))
    later = await city.done("enterprise", REPORTS, again)

    async def pairs() -> list[Any]:
        found = await city.get("county_duty_desk", DUPLICATES, accident_id=later["accident_id"])
        return [pair for pair in found if pair["other_id"] == first["accident_id"]]

    [pair] = await eventually(pairs, within=45)
    assert "same_enterprise" in pair["reasons"]
