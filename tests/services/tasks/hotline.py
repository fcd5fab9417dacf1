"""Hotline orders to hand in, and those who take, send, handle, judge and follow them."""

from datetime import datetime
from typing import Any

import httpx

from contracts.gateway import Role
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.tables import Order
from tests.services.stage import Stage
from tests.services.tasks.story import CITY, COUNTY, person

MONDAY = datetime(2023, 6, 5, 10, 0, tzinfo=SHANGHAI)
"""A Monday with three working weeks before the next holiday (22 to 24 June)."""


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2023) -> datetime:
    """An instant on the wall clocks of the city."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def client(number: str) -> Principal:
    """The hotline's own system."""
    return Principal(
        subject=f"hotline_{number}",
        roles=frozenset({Role.HOTLINE_CLIENT}),
        unit=f"{CITY}.emergency",
        region="4304",
        client=True,
    )


GOVERNMENT_LINE, SAFETY_LINE = client("12345"), client("12350")
OPERATOR = person(Role.HOTLINE_OPERATOR, f"{CITY}.government_office")
OTHER_OPERATOR = person(Role.HOTLINE_OPERATOR, f"{CITY}.government_office", subject="operator 2")
OFFICE = person(Role.COMMITTEE_OFFICE, f"{CITY}.committee_office")
OFFICE_LEADER = person(Role.LEADER, f"{CITY}.government")
HOUSING_UNIT, GAS_UNIT, EMERGENCY_UNIT = (
    f"{COUNTY}.{slug}" for slug in ("housing", "urban_management", "emergency")
)
HOUSING = person(Role.INSPECTOR, HOUSING_UNIT)
HOUSING_LEADER = person(Role.LEADER, HOUSING_UNIT)
GAS = person(Role.INSPECTOR, GAS_UNIT)
GAS_LEADER = person(Role.LEADER, GAS_UNIT)
EMERGENCY = person(Role.INSPECTOR, EMERGENCY_UNIT)
STRANGER = person(Role.INSPECTOR, "430426.emergency")
AUDITOR = person(Role.AUDITOR, f"{CITY}.emergency")

SECRET_NAME, SECRET_PHONE = "欧阳来电", "13812345678"
SECRET_WORDS = "邻居王某说厂里夜里偷偷开工"
CALLER = {"name": SECRET_NAME, "contact": SECRET_PHONE}

NOT_OURS = {"reason": "not_our_duty", "note": "不属我局职责。"}
RETURN_DUE = at(6, 7)
"""24:00 of 6 June, the working day after MONDAY: until then a unit returns what came then."""


def new_order(**changed: Any) -> dict[str, Any]:
    """An order as a hotline hands it in."""
    body: dict[str, Any] = {
        "order_id": str(uuid7()),
        "hotline": "12345",
        "number": str(uuid7()),
        "order_class": "complaint",
        "matter": "noise",
        "region_code": COUNTY,
        "place": "五一路1号",
        "account": SECRET_WORDS,
    }
    return body | changed


async def taken(tasks: Stage, by: Principal = OPERATOR, **changed: Any) -> str:
    """An order that was taken in; its id."""
    answer = await tasks.as_(by).post("/tasks/orders", json=new_order(**changed))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def post(
    tasks: Stage, by: Principal, path: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    """Do something, whatever comes of it."""
    return await tasks.as_(by).post(f"/tasks/{path}", json=body)


async def done(
    tasks: Stage, by: Principal, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Do something that has to work."""
    answer = await post(tasks, by, path, body)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sent(
    tasks: Stage,
    order_id: str,
    lead: str = HOUSING_UNIT,
    *supporting: str,
    by: Principal = OPERATOR,
) -> str:
    """Send an order; the id of the lead's part."""
    body = {"lead": lead, "supporting": list(supporting)}
    await done(tasks, by, f"dispatches/of/{order_id}", body)
    return (await part(tasks, order_id, lead)).id.hex


async def part(tasks: Stage, order_id: str, unit: str) -> Dispatch:
    """The newest part that a unit has of an order."""
    rows = await tasks.rows(Dispatch, order_id=order_id, unit=unit)
    return max(rows, key=lambda row: row.id)


async def order(tasks: Stage, order_id: str) -> Order:
    """An order as it stands."""
    (found,) = await tasks.rows(Order, id=order_id)
    return found


async def handling(tasks: Stage, order_id: str, by: Principal = HOUSING) -> str:
    """A part that its unit signed for and handles; its id."""
    assert by.unit is not None
    held = (await part(tasks, order_id, by.unit)).id.hex
    await done(tasks, by, f"dispatches/{held}/sign")
    await done(tasks, by, f"dispatches/{held}/handle")
    return held


async def answered(tasks: Stage, order_id: str, by: Principal = HOUSING, **said: Any) -> None:
    """Sign for a part, handle it and answer it."""
    held = await handling(tasks, order_id, by)
    await done(tasks, by, f"dispatches/{held}/answer", {"answer": "已整改。"} | said)


async def dispatched(tasks: Stage, lead: str = HOUSING_UNIT, *supporting: str) -> tuple[str, str]:
    """An order that was taken and sent; its id and that of its lead's part."""
    order_id = await taken(tasks)
    return order_id, await sent(tasks, order_id, lead, *supporting)


async def returned(tasks: Stage) -> tuple[str, str]:
    """An order that its lead has sent back."""
    order_id, held = await dispatched(tasks)
    await done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    return order_id, held


async def heard_out(tasks: Stage, by: Principal = OPERATOR, **changed: Any) -> str:
    """An order that was taken, sent and answered: it proved true."""
    order_id = await taken(tasks, by, **changed)
    await sent(tasks, order_id)
    await answered(tasks, order_id, verified=True)
    return order_id


async def visited(tasks: Stage, order_id: str, result: str) -> dict[str, Any]:
    """What became of a return visit."""
    return await done(tasks, OPERATOR, f"callbacks/of/{order_id}", {"result": result})


async def told(tasks: Stage, name: str) -> list[dict[str, Any]]:
    """What was told of orders with that past participle."""
    return [fact for fact in await tasks.told() if fact["subject"] == f"tasks.order.{name}.v1"]
