"""The city's organisation as the packs name it, recorded, and what changes it."""

from datetime import date
from typing import Any

import httpx
from sqlalchemy import text

from services.tasks.organisations import operations
from services.tasks.organisations.domain import of_pack
from tests.eventually import eventually
from tests.services.stage import NOON, Stage
from tests.services.tasks.story import CITY_OFFICE

FOUNDED = date(2022, 1, 1)
ORGANISATIONS = "/tasks/organisations"


async def found(tasks: Stage) -> Stage:
    """Every unit of the packs is on record since the founding day."""
    await tasks.begin_with(_record)
    return tasks


async def _record(tasks: Stage) -> None:
    units = of_pack(on=FOUNDED, address=lambda code: f"{code}@example.org")
    async with tasks.work() as session:
        await operations.record_units(session, units=units, on=FOUNDED, now=NOON)


async def somebody_waits(tasks: Stage) -> None:
    """Return once a transaction waits for another one's lock."""
    async with tasks.work() as session:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        await eventually(lambda: session.scalar(waiting))


async def get(tasks: Stage, path: str, **query: Any) -> Any:
    """What the city's office reads; a refusal fails the test."""
    answer = await tasks.as_(CITY_OFFICE).get(f"{ORGANISATIONS}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(tasks: Stage, path: str, body: dict[str, Any], by: Any = None) -> httpx.Response:
    """What somebody, else the city's office, asks to be done."""
    return await tasks.as_(by or CITY_OFFICE).post(f"{ORGANISATIONS}/{path}", json=body)


async def put(tasks: Stage, path: str, body: dict[str, Any], by: Any = None) -> httpx.Response:
    """What somebody, else the city's office, states anew."""
    return await tasks.as_(by or CITY_OFFICE).put(f"{ORGANISATIONS}/{path}", json=body)


def unit(code: str, name: str = "新局", kind: str = "department", *posts: str) -> dict[str, Any]:
    """A unit as an office states it, with posts of some kinds."""
    held = [{"kind": one, "label_zh": f"{name}{one}", "label_en": one} for one in posts]
    return {"code": code, "name_zh": name, "name_en": code, "kind": kind, "posts": held}


async def reorganised(
    tasks: Stage, kind: str, before: list[str], after: list[Any], **more: Any
) -> Any:
    """A reorganisation that is accepted."""
    on = more.pop("on", "2023-03-01")
    body = {"kind": kind, "before": before, "after": after, "effective_from": on, **more}
    answer = await post(tasks, "successions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()
