"""Whole workbooks of units and posts, in and out."""

import csv
import io
from typing import Any

import httpx

from contracts.tasks import UnitRecorded
from kernel.access import Principal
from kernel.exports import Format
from kernel.spreadsheets import Xlsx
from services.tasks.lines.tables import ReportingLine
from services.tasks.organisations.tables import Post, Unit
from services.tasks.rosters import domain_workbook
from tests.services.stage import Stage
from tests.services.tasks.city import found, get, post, put, reorganised
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_DESK, COUNTY_OFFICE

HEADER = ["code", "name_zh", "name_en", "kind", "superior", "post", "label_zh", "label_en", "email"]
BUREAU = f"{COUNTY}.emergency"
NEW, TRADE = f"{COUNTY}.economy", f"{COUNTY}.trade"
HEAD = ["principal", "局长", "Head", "head@example.org"]
PATH = "/tasks/organisations/roster"


def row(code: str, *, superior: str | None = None, more: list[str] | None = None) -> list[Any]:
    return [code, "新局", "New Bureau", "department", superior, *(more or [])]


async def sent(
    tasks: Stage,
    *rows: list[Any],
    by: Principal = CITY_OFFICE,
    on: str = "2023-03-01",
    dry_run: bool = False,
) -> httpx.Response:
    file = io.BytesIO()
    writer = Xlsx(file)
    writer.write([HEADER, *rows])
    writer.finish()
    return await deliver(tasks, file.getvalue(), by=by, on=on, dry_run=dry_run)


async def deliver(
    tasks: Stage, content: bytes, *, by: Principal, on: str, dry_run: bool
) -> httpx.Response:
    client = tasks.as_(by, **{"Content-Type": Format.XLSX.value})
    query = {"on": on, "dry_run": dry_run}
    return await client.post(PATH, params=query, content=content)


async def codes(answer: httpx.Response) -> set[tuple[int, str]]:
    return {(fault["row"], fault["code"]) for fault in answer.json()["faults"]}


async def test_a_workbook_is_stored_with_its_posts_and_lines(tasks: Stage) -> None:
    await found(tasks)
    answer = await sent(tasks, row(NEW, more=HEAD), row(TRADE, superior=NEW), on="2023-03-01")

    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert (report["units"], report["posts"], report["changed"], report["stored"]) == (
        2,
        1,
        2,
        True,
    )
    assert (await get(tasks, f"units/{TRADE}/line", on="2023-03-01"))["units"][:2] == [TRADE, NEW]
    told = {fact["unit"]: fact for fact in await tasks.told(UnitRecorded)}
    assert told[NEW]["posts"][0]["email"] == "head@example.org"
    gone = await tasks.as_(CITY_OFFICE).get(f"/tasks/organisations/units/{NEW}?on=2023-02-28")
    assert gone.status_code == 404


async def test_a_line_that_is_the_usual_one_is_not_stated(tasks: Stage) -> None:
    await found(tasks)
    answer = await sent(tasks, row(NEW, superior=f"{COUNTY}.government"))

    assert answer.status_code == 200, answer.text
    assert await tasks.rows(ReportingLine) == []


async def test_a_dry_run_says_what_would_change_and_stores_nothing(tasks: Stage) -> None:
    await found(tasks)
    before = len(await tasks.rows(Unit)), len(await tasks.told())

    for faulty in ([], [["x", "甲", "A", "department"]]):
        answer = await sent(tasks, row(NEW, more=HEAD), *faulty, dry_run=True)
        assert answer.status_code == 200
        assert answer.json()["stored"] is False
        assert answer.json()["changed"] == 1
        assert await codes(answer) == ({(3, "string_pattern_mismatch")} if faulty else set())

    assert (len(await tasks.rows(Unit)), len(await tasks.told())) == before


async def test_nothing_is_stored_unless_it_is_said(tasks: Stage) -> None:
    client = tasks.as_(CITY_OFFICE)
    answer = await client.post(f"{PATH}?on=2023-03-01", content=b"nothing")

    assert answer.json()["type"] == "/problems/not-a-workbook"
    await found(tasks)
    file = (await client.get(PATH)).content
    again = (await client.post(f"{PATH}?on=2023-03-01", content=file)).json()
    assert again["stored"] is False


async def test_one_wrong_row_keeps_the_whole_workbook_out(tasks: Stage) -> None:
    await found(tasks)
    answer = await sent(tasks, row(NEW, more=HEAD), row(TRADE, superior=f"{COUNTY}.nothing"))

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/roster-refused"
    assert await codes(answer) == {(3, "superior_unknown")}
    assert await tasks.rows(Unit, code=NEW) == []


async def test_a_circle_within_a_workbook_is_found(tasks: Stage) -> None:
    await found(tasks)
    answer = await sent(tasks, row(NEW, superior=TRADE), row(TRADE, superior=NEW), dry_run=True)

    assert await codes(answer) == {(2, "circular"), (3, "circular")}


async def test_an_office_takes_in_only_its_own_place(tasks: Stage) -> None:
    await found(tasks)
    answer = await sent(tasks, row(NEW), row("430426.economy"), by=COUNTY_OFFICE)

    assert await codes(answer) == {(3, "not_yours")}
    assert (await sent(tasks, row(NEW), by=COUNTY_DESK)).status_code == 403
    assert (await tasks.as_(COUNTY_DESK).get(PATH)).status_code == 403


async def test_history_is_not_rewritten_by_a_workbook(tasks: Stage) -> None:
    await found(tasks)
    await reorganised(tasks, "merge", [f"{COUNTY}.commerce"], [f"{COUNTY}.industry"])
    answer = await sent(
        tasks,
        row(f"{COUNTY}.water"),
        row(f"{COUNTY}.commerce"),
        on="2021-12-31",
        dry_run=True,
    )

    assert await codes(answer) == {(2, "recorded_later"), (3, "ended")}


async def test_a_post_that_a_workbook_leaves_out_ends_with_its_holder(tasks: Stage) -> None:
    await found(tasks)
    await sent(tasks, row(NEW, more=HEAD), on="2023-01-01")
    body = {"name": "张三丰", "effective_from": "2023-01-10"}
    assert (await post(tasks, f"posts/{NEW}.principal/holders", body)).status_code == 201

    assert (await sent(tasks, row(NEW), on="2023-04-01")).status_code == 200

    (ended,) = await tasks.rows(Post, unit=NEW)
    assert str(ended.effective_to) == "2023-03-31"
    terms = await get(tasks, f"posts/{NEW}.principal/holders")
    assert [term["effective_to"] for term in terms["holders"]] == ["2023-03-31"]


async def test_what_is_given_out_comes_in_again_and_changes_nothing(tasks: Stage) -> None:
    await found(tasks)
    await put(
        tasks,
        f"units/{COUNTY}.water/superior",
        {"superior": f"{COUNTY}.housing", "effective_from": "2023-01-01"},
    )
    before = len(await tasks.told())

    answer = await tasks.as_(CITY_OFFICE).get(f"{PATH}?on=2023-03-01")
    assert answer.headers["content-type"] == Format.XLSX.value
    taken = await deliver(tasks, answer.content, by=CITY_OFFICE, on="2023-03-01", dry_run=False)

    assert taken.status_code == 200, taken.text
    report = taken.json()
    assert (report["changed"], report["faults"], report["stored"]) == (0, [], True)
    assert report["units"] > 300
    assert len(await tasks.told()) == before


async def test_an_office_is_given_its_own_place(tasks: Stage) -> None:
    await found(tasks)
    client = tasks.as_(COUNTY_OFFICE, **{"Accept-Language": "zh-CN"})

    (sheet,) = domain_workbook.read((await client.get(f"{PATH}?on=2023-03-01")).content)

    assert sheet.name == "单位"
    assert {line.cells["单位代码"][:6] for line in sheet.lines} == {COUNTY}


async def test_a_roster_is_also_a_csv(tasks: Stage) -> None:
    await found(tasks)

    client = tasks.as_(COUNTY_OFFICE, **{"Accept": "text/csv", "Accept-Language": "zh-CN"})
    answer = await client.get(f"{PATH}?on=2023-03-01")

    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    mine = {(row["单位代码"], row["岗位类别"], row["上级单位"]) for row in rows}
    assert (BUREAU, "duty_desk", f"{COUNTY}.government") in mine
    assert {row["单位代码"][:6] for row in rows} == {COUNTY}


async def test_a_workbook_that_is_too_large_is_refused(tasks: Stage) -> None:
    content = bytes(domain_workbook.MOST_BYTES + 1)
    answer = await deliver(tasks, content, by=CITY_OFFICE, on="2023-03-01", dry_run=True)

    assert answer.json()["type"] == "/problems/workbook-too-large"
