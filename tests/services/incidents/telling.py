"""Reads the story of an accident."""

from typing import Any

from kernel.access import Principal
from tests.services.incidents.conftest import (
    CITY_DESK,
    DAY,
    RECEIVED,
    Body,
)
from tests.services.stage import Stage


async def story(stage: Stage, accident: str, by: Principal = CITY_DESK) -> list[Body]:
    answer = await stage.as_(by).get(f"/incidents/accidents/{accident}/timeline")
    assert answer.status_code == 200, answer.text
    entries: list[Body] = answer.json()["entries"]
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    return entries


async def told(stage: Stage, accident: str, kind: str, by: Principal = CITY_DESK) -> list[Body]:
    return [entry for entry in await story(stage, accident, by) if entry["kind"] == kind]


async def post(stage: Stage, by: Principal, path: str, **body: Any) -> Body:
    answer = await stage.as_(by).post(f"/incidents{path}", json=body)
    assert answer.is_success, answer.text
    result: Body = answer.json()
    return result


async def days_pass(stage: Stage, days: int) -> None:
    """Every timer fires on its day, as it does where nothing is ever away."""
    for day in range(days):
        await stage.fire_until(RECEIVED + day * DAY)
