"""The province pulls every change of every accident by signed requests, and misses nothing."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.city import ACCIDENTS, REPORTS, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack


async def newest(city: City) -> str:
    """The cursor after everything there is."""
    return str([page async for page in city.pulled()][-1]["next_cursor"])


async def changes(city: City, cursor: str, limit: int) -> list[Any]:
    """Every change after a cursor, page by page."""
    return [one async for page in city.pulled(cursor, limit) for one in page["items"]]


async def test_every_change_of_every_accident_is_pulled(city: City) -> None:
    before = await newest(city)

    async def accident(number: int) -> str:
        account = ("enterprise", "other_enterprise")[number % 2]
        told = await city.done(account, REPORTS, city.report(account))
        for deaths in (2, 3):
            more = city.follow_up(told["accident_id"], casualties={"deaths": deaths})
            await city.done(account, REPORTS, more)
        return str(told["accident_id"])

    accidents = await asyncio.gather(*(accident(number) for number in range(12)))
    pulled: list[Any] = []

    async def all_there() -> bool:
        """A transaction that is still open elsewhere holds back what comes after it."""
        pulled[:] = await changes(city, before, limit=5)
        stages = Counter(change["entity_id"] for change in pulled)
        return all(stages[one] == 3 for one in accidents)

    await eventually(all_there, within=45)
    for one in accidents:
        versions = [change["version"] for change in pulled if change["entity_id"] == one]
        assert versions == sorted(set(versions))
        shown = await city.get("province_duty_desk", f"{ACCIDENTS}/{one}")
        last = [change["body"] for change in pulled if change["entity_id"] == one][-1]
        assert (last["deaths"], last["version"]) == (shown["deaths"], shown["version"])
        assert (last["deaths"], last["grade"]) == (3, "larger")


async def test_pulling_while_reports_come_in_misses_none(city: City) -> None:
    cursor = await newest(city)
    seen: list[str] = []

    async def report() -> str:
        told = await city.done("enterprise", REPORTS, city.report())
        return str(told["accident_id"])

    async def read_on() -> bool:
        nonlocal cursor
        async for page in city.pulled(cursor, limit=3):
            seen.extend(change["entity_id"] for change in page["items"])
            cursor = page["next_cursor"]
        return reporting.done() and set(reporting.result()) <= set(seen)

    reporting = asyncio.gather(*(report() for _ in range(40)))
    await eventually(read_on, within=45)
    assert {seen.count(one) for one in reporting.result()} == {1}  # and none came twice


async def test_a_cursor_nobody_gave_out_is_refused(city: City) -> None:
    for wrong in ("rubbish", "0" * 16 + ".1.2", "9" * 200):
        headers = city.signed(
            "province", "GET", "/api/v1/exchange/accidents", query=f"cursor={wrong}"
        )
        answer = await city.gateway.get(
            f"/api/v1/exchange/accidents?cursor={wrong}", headers=headers
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "query:cursor"
