"""An office says by which groups plans mean a unit; where it says nothing the packs do."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from contracts.tasks import UnitRecorded
from kernel import calendar
from services.tasks.organisations.tables import Unit
from tests.services.stage import Stage
from tests.services.tasks.city import found, get, put, reorganised
from tests.services.tasks.city import unit as bureau
from tests.services.tasks.opened import NEW_YEAR, issue
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY
from tests.services.tasks.test_newly_meant_units import YEAR, asked, hear_of

NEW, TRADE, COMMERCE = f"{CITY}.low_altitude", f"{CITY}.trade", f"{CITY}.commerce"
ENFORCING = "2023/6.1"
"""Every regulator of the city and its counties makes a plan once a year."""
PLAN = """全市安全生产工作要点
一、强化责任
1.开好会议。各负有安全生产监管职责的部门每季度至少召开4次专题会议。(市安委办牵头)
"""
MEET = "2024/1.1"


async def state(tasks: Stage, code: str = NEW, on: str = "2023-03-01", **more: Any) -> Any:
    answer = await stating(tasks, code, on, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stating(tasks: Stage, code: str, on: str, **more: Any) -> httpx.Response:
    unit = bureau(code, "某局") | more
    return await put(tasks, "units", {"unit": unit, "effective_from": on})


async def test_the_roles_of_a_unit_can_be_asked_for_as_at_any_day(tasks: Stage) -> None:
    first = await state(tasks, on="2023-01-01")
    given = await state(tasks, on="2023-03-01", roles=["regulator", "party_group", "regulator"])
    await state(tasks, on="2023-05-01", roles=[])

    assert first["roles"] is None
    assert given["roles"] == ["party_group", "regulator"]
    days = ("2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01")
    roles = [(await get(tasks, f"units/{NEW}", on=day))["roles"] for day in days]
    assert roles == [None, given["roles"], given["roles"], []]
    history = (await get(tasks, f"units/{NEW}"))["history"]
    assert [row["roles"] for row in history] == [None, given["roles"], []]


async def test_a_changed_role_is_a_change_of_the_unit_and_told_as_such(tasks: Stage) -> None:
    for on, roles in (("2023-01-01", ["regulator"]), ("2023-02-01", []), ("2023-03-01", None)):
        await state(tasks, on=on, roles=roles)
    await state(tasks, on="2023-04-01", roles=None)

    told = await tasks.told(UnitRecorded)
    assert [fact["roles"] for fact in told] == [["regulator"], [], None]
    assert len(await tasks.rows(Unit)) == 3


async def test_a_changed_contact_and_a_new_name_leave_the_roles_as_they_are(tasks: Stage) -> None:
    unit = bureau(NEW, "某局", "department", "principal") | {"roles": ["regulator"]}
    await put(tasks, "units", {"unit": unit, "effective_from": "2023-01-01"})
    contact = {"email": "new@example.org", "effective_from": "2023-02-01"}
    assert (await put(tasks, f"posts/{NEW}.principal/contact", contact)).status_code == 200
    await reorganised(tasks, "rename", [NEW], [bureau(NEW, "新名局")], on="2023-03-01")

    renamed = await get(tasks, f"units/{NEW}", on="2023-03-01")
    assert (renamed["name_zh"], renamed["roles"]) == ("新名局", ["regulator"])


@pytest.mark.parametrize("role", ["watchdog", "member_unit", "", "监管部门"])
async def test_a_role_that_nobody_can_record_is_refused_with_the_known_ones_named(
    tasks: Stage, role: str
) -> None:
    body = {"unit": bureau(NEW) | {"roles": ["regulator", role]}, "effective_from": "2023-03-01"}
    said = {}
    for language in ("zh-CN", "en"):
        client = tasks.as_(CITY_OFFICE, **{"Accept-Language": language})
        answer = await client.put("/tasks/organisations/units", json=body)
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/unit/roles/1", "role_unknown")
        said[language] = fault["detail"].partition("：" if language == "zh-CN" else ": ")[2]

    known = ["regulator", "industry_authority", "party_group", "public_institution"]
    assert all(code in text for code in known for text in said.values())
    assert not any("member_unit" in text for text in said.values())
    assert "监管部门（regulator）" in said["zh-CN"]
    assert await tasks.rows(Unit, code=NEW) == []


async def test_units_of_the_packs_come_with_no_roles_stated(tasks: Stage) -> None:
    await found(tasks)

    assert {row.roles for row in await tasks.rows(Unit)} == {None}


async def test_a_unit_that_gets_a_role_while_a_period_runs_owes_its_share_from_then(
    tasks: Stage,
) -> None:
    await enforced(tasks)
    await state(tasks, on="2023-02-01")
    await tasks.fire_until(calendar.opens_at(date(2023, 2, 1)))
    assert await asked(tasks, ENFORCING, NEW) == []

    await state(tasks, on="2023-03-01", roles=["regulator"])
    day = calendar.opens_at(date(2023, 3, 1))
    await tasks.fire_until(day - timedelta(seconds=1))
    assert await asked(tasks, ENFORCING, NEW) == []
    await tasks.fire_until(day)

    assert await asked(tasks, ENFORCING, NEW) == [1]
    assert await asked(tasks, ENFORCING, COMMERCE) == [1]


async def test_a_role_that_is_put_right_on_the_very_day_is_owed_by_as_well(tasks: Stage) -> None:
    await enforced(tasks)
    tasks.now = calendar.opens_at(date(2023, 2, 1))
    await state(tasks, on="2023-02-01")
    await tasks.fire_until(tasks.now)

    tasks.now += timedelta(hours=9)
    await state(tasks, on="2023-02-01", roles=["regulator"])
    await tasks.fire_until(tasks.now)

    assert await asked(tasks, ENFORCING, NEW) == [1]
    assert len(await tasks.rows(Unit, code=NEW)) == 1


async def test_a_unit_of_the_packs_gets_a_role_and_loses_one(tasks: Stage) -> None:
    await issue(tasks, only={"6.1"})
    tasks.now = NEW_YEAR
    publicity = f"{CITY}.publicity"
    for code, kind, role in (
        (COMMERCE, "department", "party_group"),
        (publicity, "party_department", "regulator"),
    ):
        posts = (await get(tasks, f"units/{code}", on="2023-01-01"))["posts"]
        kept = [{name: post[name] for name in ("kind", "label_zh", "label_en")} for post in posts]
        await state(tasks, code, on="2023-01-01", kind=kind, posts=kept, roles=[role])

    await tasks.fire_until(NEW_YEAR)

    assert await asked(tasks, ENFORCING, COMMERCE) == []
    assert await asked(tasks, ENFORCING, publicity) == [1]
    assert await asked(tasks, ENFORCING, f"{COUNTY}.emergency") == [1]


async def test_who_loses_a_role_owes_what_runs_and_nothing_that_begins_later(tasks: Stage) -> None:
    await quarters(tasks)
    await state(tasks, COMMERCE, on="2024-02-01", roles=[])

    await tasks.fire_until(calendar.opens_at(date(2024, 4, 1)))

    assert await asked(tasks, MEET, COMMERCE) == [4]
    assert await asked(tasks, MEET, f"{CITY}.emergency") == [4, 4]


async def test_an_heir_bears_what_the_packs_ask_of_its_predecessor(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    tasks.now = YEAR - timedelta(days=30)
    await reorganised(tasks, "move", [COMMERCE], [bureau(TRADE, "贸易局")], on="2023-12-15")

    await quarters(tasks)

    assert await asked(tasks, MEET, TRADE) == [4]
    assert await asked(tasks, MEET, COMMERCE) == []


async def test_an_heir_bears_by_the_roles_that_its_predecessor_had_last(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    tasks.now = YEAR - timedelta(days=30)
    publicity, press = f"{CITY}.publicity", f"{CITY}.press"
    await state(tasks, COMMERCE, on="2023-12-10", roles=[])
    await state(tasks, publicity, on="2023-12-10", kind="party_department", roles=["regulator"])
    for gone, heir in ((COMMERCE, TRADE), (publicity, press)):
        merged = [bureau(heir, "新局")]
        await reorganised(tasks, "merge", [gone], merged, on="2023-12-15")

    await quarters(tasks)

    assert await asked(tasks, MEET, TRADE) == []
    assert await asked(tasks, MEET, press) == [4]


@pytest.mark.parametrize(
    ("stated", "owes"), [({}, [4]), ({"roles": ["party_group"]}, []), ({"roles": []}, [])]
)
async def test_a_unit_that_moves_keeps_its_roles_unless_others_are_stated(
    tasks: Stage, stated: dict[str, Any], owes: list[int]
) -> None:
    await issue(tasks, only={"3.1"})
    tasks.now = YEAR - timedelta(days=30)
    await state(tasks, NEW, on="2023-12-01", roles=["regulator"])
    moved = bureau(TRADE, "贸易局") | stated
    await reorganised(tasks, "move", [NEW], [moved], on="2023-12-15")

    await quarters(tasks)

    assert await asked(tasks, MEET, TRADE) == owes


async def test_a_listed_unit_shows_its_roles_and_so_does_the_tree(tasks: Stage) -> None:
    await state(tasks, on="2023-01-01", roles=["regulator"])

    (listed,) = (await get(tasks, "units", region=CITY))["items"]
    (grown,) = (await get(tasks, "tree", region=CITY))["units"]
    asking = tasks.as_(CITY_OFFICE, **{"Accept": "text/csv", "Accept-Language": "zh-CN"})
    file = await asking.get("/tasks/organisations/units")

    assert listed["roles"] == grown["roles"] == ["regulator"]
    assert "角色" in file.text
    assert ",regulator," in file.text


async def enforced(tasks: Stage) -> None:
    """The year of the plan has begun."""
    await issue(tasks, only={"6.1"})
    await tasks.fire_until(NEW_YEAR)
    tasks.now = NEW_YEAR + timedelta(days=5)


async def quarters(tasks: Stage) -> None:
    """A plan asks the regulators to meet; its first quarter has begun."""
    if not await tasks.rows(Unit, code=COMMERCE):
        await issue(tasks, only={"3.1"})
    tasks.now = YEAR - timedelta(days=10)
    await hear_of(tasks, PLAN)
    await tasks.fire_until(YEAR)
    tasks.now = YEAR + timedelta(days=1)
