"""The steps that are taken with the parts of a shared obligation, and how far it is."""

from dataclasses import replace
from datetime import date
from typing import Any

from httpx import Response
from sqlalchemy import select

from contracts.gateway import Role
from kernel.access import Principal
from kernel.calendar import closes_at
from reference import units
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import operations_opening as opening
from services.tasks.parts.tables import Part
from services.tasks.plans.tables import Duty
from tests.services.stage import NOON, Stage
from tests.services.tasks.measured import HOUSING, OPENING
from tests.services.tasks.story import CITY, CITY_OFFICE, person

FIRE = f"{CITY}.fire_rescue"
HELPERS = {
    f"{CITY}.{slug}"
    for slug in (
        "transport",
        "water",
        "agriculture",
        "natural_resources",
        "market_regulation",
        "fire_rescue",
    )
}
DUE = closes_at(date(2023, 6, 9))
DONE = {"note": "All twelve sites were looked at on 5 June.", "happened_on": "2023-06-01"}


def of(code: str) -> Principal:
    return person(Role.INSPECTOR, code)


async def divide(city: Stage, **named: Any) -> int:
    """Open the parts of what was asked; `named` is what its duty says otherwise."""
    async with city.work() as session:
        asked = (await session.scalars(select(Obligation).limit(1))).one()
        year, _, code = asked.duty.partition("/")
        duty = (await session.get_one(Duty, (int(year), asked.plan_version, code))).asks
        return await opening.open_parts(
            session,
            origin=OPENING,
            duty=replace(duty, **named),
            asked=opening.Asked(roll=units.roll(on=NOON.date()), on=NOON.date()),
            now=NOON,
        )


async def part(city: Stage, of_unit: str) -> Part:
    (found,) = await city.rows(Part, unit=of_unit)
    return found


async def step(
    city: Stage, by: Principal, of_unit: str, action: str, body: dict[str, Any] | None = None
) -> Response:
    found = await part(city, of_unit)
    default = DONE if action == "hand-in" else {}
    return await city.as_(by).post(
        f"/tasks/parts/{found.id}/{action}", json=default if body is None else body
    )


async def took(city: Stage, by: Principal, of_unit: str, action: str, **body: Any) -> None:
    answer = await step(city, by, of_unit, action, body or None)
    assert answer.status_code == 200, answer.text


async def read(city: Stage, row: Obligation, **query: Any) -> Any:
    answer = await city.as_(CITY_OFFICE).get(f"/tasks/parts/of/{row.id}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def all_but(city: Stage, *left: str) -> None:
    """Every supporting part is handed in and accepted by the lead, but for some."""
    for code in sorted(HELPERS - set(left)):
        await took(city, of(code), code, "hand-in")
        await took(city, of(HOUSING), code, "accept")
