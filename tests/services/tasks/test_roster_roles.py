"""The roles of units in the workbook: given out, taken in, and refused by row and column."""

import io
from typing import Any

import httpx
import pytest

from kernel.spreadsheets import Xlsx
from services.tasks.organisations.tables import Unit
from services.tasks.rosters import domain_workbook
from tests.services.stage import Stage
from tests.services.tasks.city import found, get, put
from tests.services.tasks.city import unit as bureau
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_OFFICE
from tests.services.tasks.test_rosters import NEW, PATH, deliver

HEADER = ["code", "name_zh", "name_en", "kind", "roles", "post", "label_zh", "label_en"]
ON, TRADE = "2023-03-01", f"{COUNTY}.trade"


def row(code: str, roles: str | None, post: str | None = None) -> list[Any]:
    held = [post, "岗位", "Post"] if post else []
    return [code, "新局", "New Bureau", "department", roles, *held]


async def sent(
    tasks: Stage, *rows: list[Any], header: list[str] | None = None, dry_run: bool = False
) -> httpx.Response:
    file = io.BytesIO()
    writer = Xlsx(file)
    writer.begin("机构")
    writer.write([header or HEADER, *rows])
    writer.finish()
    return await deliver(tasks, file.getvalue(), by=CITY_OFFICE, on=ON, dry_run=dry_run)


async def roles(tasks: Stage, code: str, on: str = ON) -> Any:
    return (await get(tasks, f"units/{code}", on=on))["roles"]


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("regulator", ["regulator"]),
        ("监管部门、行业主管部门", ["industry_authority", "regulator"]),
        ("regulator; 党组（党委）,regulator", ["party_group", "regulator"]),
        ("无", []),
        ("None", []),
        (None, None),
    ],
)
async def test_a_cell_names_roles_by_code_or_in_chinese_or_none_or_leaves_them_to_the_packs(
    tasks: Stage, cell: str | None, stored: list[str] | None
) -> None:
    answer = await sent(tasks, row(NEW, cell))

    assert answer.status_code == 200, answer.text
    assert await roles(tasks, NEW) == stored


@pytest.mark.parametrize(
    "cell", ["regulator、看门人", "member_unit", "成员单位", "无、regulator", "、"]
)
async def test_a_role_that_nobody_can_record_is_refused_with_sheet_row_and_column(
    tasks: Stage, cell: str
) -> None:
    rows = [row(TRADE, "regulator"), row(NEW, cell)]

    dry = (await sent(tasks, *rows, dry_run=True)).json()
    answer = await sent(tasks, *rows)

    assert answer.status_code == 422
    assert answer.json()["faults"] == dry["faults"]
    (fault,) = dry["faults"]
    place = (fault["sheet"], fault["row"], fault["column"], fault["code"])
    assert place == ("机构", 3, "角色", "role_unknown")
    assert "监管部门（regulator）" in fault["zh"]
    assert "regulator, industry_authority" in fault["en"]
    assert await tasks.rows(Unit) == []


async def test_the_rows_of_a_unit_name_the_same_roles(tasks: Stage) -> None:
    rows = [row(NEW, "regulator", "principal"), row(NEW, None, "deputy")]

    (fault,) = (await sent(tasks, *rows, dry_run=True)).json()["faults"]

    assert (fault["row"], fault["column"], fault["code"]) == (3, "角色", "unit_differs")


async def test_roles_are_given_out_and_come_in_again_and_change_nothing(tasks: Stage) -> None:
    await found(tasks)
    for code, said in ((NEW, ["regulator", "party_group"]), (TRADE, [])):
        body = {"unit": bureau(code) | {"roles": said}, "effective_from": "2023-01-01"}
        assert (await put(tasks, "units", body)).status_code == 200
    client = tasks.as_(COUNTY_OFFICE, **{"Accept-Language": "zh-CN"})

    content = (await client.get(f"{PATH}?on={ON}")).content
    taken = await deliver(tasks, content, by=CITY_OFFICE, on=ON, dry_run=False)

    sheet, *_ = domain_workbook.read(content)
    cells = {line.cells["单位代码"]: line.cells.get("角色") for line in sheet.lines}
    assert (cells[NEW], cells[TRADE]) == ("party_group, regulator", "none")
    assert cells[f"{COUNTY}.emergency"] is None
    assert (taken.json()["changed"], taken.json()["faults"]) == (0, [])
    assert await roles(tasks, TRADE) == []


async def test_a_workbook_changes_roles_from_its_day_on(tasks: Stage) -> None:
    await put(
        tasks,
        "units",
        {"unit": bureau(NEW, "新局") | {"roles": ["regulator"]}, "effective_from": "2023-01-01"},
    )

    (trial, earnest) = [
        (await sent(tasks, row(NEW, "行业主管部门"), dry_run=dry)).json() for dry in (True, False)
    ]

    assert (trial["changed"], trial["stored"]) == (1, False)
    assert (earnest["changed"], earnest["stored"]) == (1, True)
    assert await roles(tasks, NEW, on="2023-02-28") == ["regulator"]
    assert await roles(tasks, NEW) == ["industry_authority"]


async def test_a_sheet_without_the_column_leaves_roles_as_they_are(tasks: Stage) -> None:
    unit = bureau(NEW, "旧局") | {"roles": ["regulator"]}
    await put(tasks, "units", {"unit": unit, "effective_from": "2023-01-01"})

    plain = [name for name in HEADER if name != "roles"]
    rows = [[code, "新局", "New Bureau", "department"] for code in (NEW, TRADE)]
    answer = await sent(tasks, *rows, header=plain)

    assert answer.json()["changed"] == 2
    renamed = await get(tasks, f"units/{NEW}", on=ON)
    assert (renamed["name_zh"], renamed["roles"]) == ("新局", ["regulator"])
    assert await roles(tasks, TRADE) is None
