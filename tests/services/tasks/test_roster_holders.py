"""Who holds the posts and who sits on committees, in and out with the workbook of the units."""

import io
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.spreadsheets import Xlsx
from services.tasks.committees import operations as committees
from services.tasks.committees.tables import Membership
from services.tasks.holders.tables import Holding
from services.tasks.organisations.tables import Unit
from services.tasks.rosters import domain_workbook, schemas_workbooks
from services.tasks.rosters.domain_workbook import Sheet
from tests.services.stage import Stage
from tests.services.tasks.city import FOUNDED, found, get, post
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_OFFICE
from tests.services.tasks.test_rosters import HEAD as NEW_POST
from tests.services.tasks.test_rosters import HEADER as UNITS
from tests.services.tasks.test_rosters import NEW, PATH, deliver, row

HOLDERS = ["岗位代码", "姓名", "任职日期", "任职最后一日", "任职文号", "免职文号", "人员编号"]
MEMBERS = ["committee", "unit", "capacity", "effective_from", "effective_to"]
HEAD, LIAISON = f"{COUNTY}.emergency.principal", f"{COUNTY}.emergency.liaison"
COMMITTEE, WATER = f"{COUNTY}.safety_committee", f"{COUNTY}.water"
ON, SINCE, LATER = "2023-03-01", date(2023, 1, 10), date(2023, 5, 1)
ELSEWHERE = "430426"


def book(**sheets: list[list[Any]]) -> bytes:
    """A workbook of these sheets, each from its header down."""
    file = io.BytesIO()
    writer = Xlsx(file)
    for name, rows in sheets.items():
        writer.begin(name)
        writer.write(rows)
    writer.finish()
    return file.getvalue()


async def sent(
    tasks: Stage,
    *,
    holders: list[list[Any]] | None = None,
    members: list[list[Any]] | None = None,
    units: list[list[Any]] | None = None,
    by: Principal = CITY_OFFICE,
    dry_run: bool = False,
) -> httpx.Response:
    """Units first, where there are any; then the further sheets that are given."""
    sheets = {
        "Units": [UNITS, *units] if units else None,
        "任职": [HOLDERS, *holders] if holders is not None else None,
        "Members": [MEMBERS, *members] if members is not None else None,
    }
    content = book(**{name: rows for name, rows in sheets.items() if rows})
    return await deliver(tasks, content, by=by, on=ON, dry_run=dry_run)


async def stored(tasks: Stage, **sheets: list[list[Any]]) -> dict[str, Any]:
    answer = await sent(tasks, **sheets)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    assert report["stored"] is True
    return report


def places(faults: list[dict[str, Any]]) -> list[tuple[str, int, str, str]]:
    assert all(fault["zh"] and fault["en"] for fault in faults)
    return [(one["sheet"], one["row"], one["column"], one["code"]) for one in faults]


async def faults(tasks: Stage, **sheets: Any) -> list[tuple[str, int, str, str]]:
    """What is wrong: the same in a dry run and in earnest, and nothing stays of either."""
    before = await left(tasks)
    dry = await sent(tasks, **sheets, dry_run=True)
    assert dry.status_code == 200, dry.text
    real = await sent(tasks, **sheets)
    assert real.status_code == 422, real.text
    assert real.json()["type"] == "/problems/roster-refused"
    assert real.json()["faults"] == dry.json()["faults"]
    assert await left(tasks) == before
    return places(dry.json()["faults"])


async def left(tasks: Stage) -> tuple[Any, ...]:
    """Everything that a workbook may leave behind."""
    terms = sorted(
        (one.post, one.effective_from, str(one.effective_to)) for one in await tasks.rows(Holding)
    )
    seats = sorted(
        (one.committee, one.unit, one.effective_from, str(one.effective_to))
        for one in await tasks.rows(Membership)
    )
    units = len(await tasks.rows(Unit))
    return terms, seats, units, len(await tasks.rows(AuditRecord)), len(await tasks.told())


async def exported(tasks: Stage, *, by: Principal = CITY_OFFICE, language: str = "zh-CN") -> bytes:
    answer = await tasks.as_(by, **{"Accept-Language": language}).get(f"{PATH}?on={ON}")
    assert answer.status_code == 200, answer.text
    return answer.content


def sheets_of(content: bytes) -> list[Sheet]:
    return domain_workbook.read(content, named=schemas_workbooks.FURTHER)


async def test_holders_and_members_are_stored_with_the_unit_that_the_same_workbook_states(
    tasks: Stage,
) -> None:
    await found(tasks)
    report = await stored(
        tasks,
        units=[row(NEW, more=NEW_POST)],
        holders=[[f"{NEW}.principal", "张三丰", date(2023, 3, 1), None, "任〔2023〕1号"]],
        members=[[COMMITTEE, NEW, "办公室所在单位", date(2023, 3, 1)]],
    )

    assert (report["changed"], report["holders_changed"], report["members_changed"]) == (1, 1, 1)
    (held,) = (await get(tasks, "holders", on=ON))["items"]
    assert (held["post"], held["name"], held["document"]) == (
        f"{NEW}.principal",
        "张三丰",
        "任〔2023〕1号",
    )
    (seat,) = (await get(tasks, "committees/members", unit=NEW, on=ON))["items"]
    assert (seat["committee"], seat["capacity"]) == (COMMITTEE, "office")


async def test_each_row_leaves_what_a_single_request_leaves(tasks: Stage) -> None:
    await found(tasks)
    one = {"name": "张三丰", "effective_from": "2023-01-10"}
    assert (await post(tasks, f"posts/{LIAISON}/holders", one)).status_code == 201
    seat = {"unit": f"{COUNTY}.transport", "effective_from": "2023-01-10"}
    assert (await post(tasks, f"committees/{COMMITTEE}/members", seat)).status_code == 201
    await stored(
        tasks, holders=[[HEAD, "李四光", SINCE]], members=[[COMMITTEE, WATER, None, SINCE]]
    )

    first, second = await tasks.rows(AuditRecord, act="appoint")
    assert first.detail.keys() == second.detail.keys()
    assert len(await tasks.rows(AuditRecord, act="seat")) == 2
    async with tasks.work() as session:
        sealed = (await session.scalars(text("SELECT name FROM holding"))).all()
    assert not any("李四光".encode() in bytes(name) for name in sealed)
    assert "李四光" not in str(await tasks.told())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_what_is_given_out_with_holders_and_members_changes_nothing(
    tasks: Stage, language: str
) -> None:
    await found(tasks)
    async with tasks.work() as session:
        await committees.record_of_pack(session, on=FOUNDED)
    await stored(
        tasks,
        holders=[
            [HEAD, "张三丰", SINCE, date(2023, 6, 30), "任〔2023〕1号", "免〔2023〕2号"],
            [LIAISON, "李四光", SINCE],
            ["430400.power_company.principal", "王五", SINCE, date(2023, 12, 31)],
        ],
    )
    seated = [one for one in await tasks.rows(Membership) if one.committee.startswith("4304")]
    content = await exported(tasks, language=language)
    before = [(one.id, one.name, one.relieved_at) for one in await tasks.rows(Holding)]
    seats = await left(tasks)

    taken = await deliver(tasks, content, by=CITY_OFFICE, on=ON, dry_run=False)

    assert taken.status_code == 200, taken.text
    report = taken.json()
    assert (report["faults"], report["stored"]) == ([], True)
    assert [report[name] for name in ("changed", "holders_changed", "members_changed")] == [0, 0, 0]
    assert (report["holders"], report["members"]) == (3, len(seated))
    assert [(one.id, one.name, one.relieved_at) for one in await tasks.rows(Holding)] == before
    assert (await left(tasks))[:3] == seats[:3]
    assert sheets_of(await exported(tasks, language=language)) == sheets_of(content)


async def test_a_file_shows_no_name_that_the_list_does_not(tasks: Stage) -> None:
    await found(tasks)
    await stored(tasks, holders=[[HEAD, "张三丰", SINCE], [LIAISON, "李四光", SINCE]])

    content = await exported(tasks)
    _, terms, _ = sheets_of(content)

    names = {line.cells["岗位代码"]: line.cells["姓名"] for line in terms.lines}
    listed = await get(tasks, "holders", on=ON)
    assert names == {one["post"]: one["name"] for one in listed["items"]}
    assert names == {HEAD: "张三丰", LIAISON: "李**"}
    assert b"\xe6\x9d\x8e\xe5\x9b\x9b\xe5\x85\x89" not in content  # 李四光


async def test_an_office_is_given_the_holders_and_members_of_its_own_place(tasks: Stage) -> None:
    await found(tasks)
    there = f"{ELSEWHERE}.emergency"
    await stored(
        tasks,
        holders=[[HEAD, "张三丰", SINCE], [f"{there}.principal", "王五", SINCE]],
        members=[
            [COMMITTEE, WATER, None, SINCE],
            [f"{ELSEWHERE}.safety_committee", there, None, SINCE],
        ],
    )

    units, terms, seats = sheets_of(await exported(tasks, by=COUNTY_OFFICE))

    assert [sheet.name for sheet in (units, terms, seats)] == ["单位", "任职", "成员"]
    assert [line.cells["岗位代码"] for line in terms.lines] == [HEAD]
    assert [line.cells["成员单位"] for line in seats.lines] == [WATER]


async def test_a_dry_run_counts_what_would_change_and_leaves_nothing(tasks: Stage) -> None:
    await found(tasks)
    before = await left(tasks)

    answer = await sent(
        tasks,
        units=[row(NEW, more=NEW_POST)],
        holders=[[f"{NEW}.principal", "张三丰", date(2023, 3, 1)]],
        members=[[COMMITTEE, NEW, None, date(2023, 3, 1)]],
        dry_run=True,
    )

    report = answer.json()
    assert (report["faults"], report["stored"]) == ([], False)
    assert [report[name] for name in ("changed", "holders_changed", "members_changed")] == [1, 1, 1]
    assert await left(tasks) == before


async def test_two_holders_of_one_post_on_one_day_are_refused(tasks: Stage) -> None:
    await found(tasks)
    await stored(tasks, holders=[[HEAD, "张三丰", SINCE]])

    assert await faults(
        tasks,
        holders=[
            [HEAD, "李四光", LATER],
            [LIAISON, "王五", LATER],
            [LIAISON, "赵六", SINCE, LATER],
        ],
    ) == [
        ("任职", 2, "任职日期", "post_occupied"),
        ("任职", 3, "任职日期", "days_overlap"),
    ]


async def test_a_row_that_stands_twice_is_refused(tasks: Stage) -> None:
    await found(tasks)
    seat = [COMMITTEE, WATER, None, SINCE]

    assert await faults(
        tasks, holders=[[HEAD, "张三丰", SINCE]] * 2, members=[seat, [None], seat]
    ) == [
        ("任职", 3, "任职日期", "days_overlap"),
        ("Members", 4, "起始日期", "days_overlap"),
    ]


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ([f"{COUNTY}.emergency.nothing", "张三丰", SINCE], ("岗位代码", "not_found")),
        ([HEAD, "张三丰", date(2021, 12, 31)], ("岗位代码", "not_found")),
        ([None, "张三丰", SINCE], ("岗位代码", "missing")),
        ([HEAD, None, SINCE], ("姓名", "missing")),
        ([HEAD, "张" * 101, SINCE], ("姓名", "string_too_long")),
        ([HEAD, "张**", SINCE], ("姓名", "name_masked")),
        ([HEAD, "张三丰"], ("任职日期", "missing")),
        ([HEAD, "张三丰", "二月"], ("任职日期", "date_from_datetime_parsing")),
        ([HEAD, "张三丰", "1949-09-30"], ("任职日期", "greater_than_equal")),
        ([HEAD, "张三丰", LATER, SINCE], ("任职最后一日", "ends_before_it_begins")),
        ([HEAD, "张三丰", SINCE, None, None, "免1号"], ("任职最后一日", "date_type")),
        ([HEAD, "张三丰", SINCE, None, None, None, "张三"], ("人员编号", "uuid_parsing")),
    ],
)
async def test_a_wrong_row_of_a_holder_names_its_column(
    tasks: Stage, stated: list[Any], fault: tuple[str, str]
) -> None:
    await found(tasks)

    wrong = await faults(tasks, holders=[[LIAISON, "李四光", SINCE], stated])
    assert wrong == [("任职", 3, *fault)]


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ([COMMITTEE, f"{COUNTY}.nothing", None, SINCE], ("成员单位", "not_found")),
        ([COMMITTEE, WATER, None, date(2021, 12, 31)], ("委员会", "not_found")),
        ([f"{COUNTY}.nothing", WATER, None, SINCE], ("委员会", "not_found")),
        ([f"{COUNTY}.housing", WATER, None, SINCE], ("委员会", "no_committee")),
        ([None, WATER, None, SINCE], ("委员会", "missing")),
        ([COMMITTEE, None, None, SINCE], ("成员单位", "missing")),
        ([COMMITTEE, WATER, "主席", SINCE], ("身份", "enum")),
        ([COMMITTEE, WATER, None, LATER, SINCE], ("最后一日", "ends_before_it_begins")),
        ([COMMITTEE, WATER, None, SINCE, "2200-01-01"], ("最后一日", "less_than_equal")),
    ],
)
async def test_a_wrong_row_of_a_member_names_its_column(
    tasks: Stage, stated: list[Any], fault: tuple[str, str]
) -> None:
    await found(tasks)

    good = [COMMITTEE, f"{COUNTY}.transport", None, SINCE]
    assert await faults(tasks, members=[good, stated]) == [("Members", 3, *fault)]


async def test_faults_of_all_sheets_are_named_at_once(tasks: Stage) -> None:
    await found(tasks)
    wrong = await faults(
        tasks,
        units=[row(NEW, more=NEW_POST), ["x", "甲", "A", "department"]],
        holders=[
            [f"{NEW}.principal", "张三丰", date(2023, 3, 1)],
            [f"{NEW}.deputy", "李四", LATER],
        ],
        members=[[COMMITTEE, "x", None, SINCE]],
    )

    assert wrong == [
        ("Units", 3, "单位代码", "string_pattern_mismatch"),
        ("任职", 3, "岗位代码", "not_found"),
        ("Members", 2, "成员单位", "string_too_short"),
    ]


async def test_a_faulty_row_of_a_unit_does_not_take_its_holders_from_it(tasks: Stage) -> None:
    await found(tasks)
    await stored(
        tasks,
        units=[row(NEW, more=NEW_POST)],
        holders=[[f"{NEW}.principal", "张三丰", date(2023, 3, 1)]],
    )
    mobile = [*NEW_POST[:3], "no address"]

    assert await faults(
        tasks,
        units=[row(NEW, more=mobile)],
        holders=[[f"{NEW}.principal", "张三丰", date(2023, 3, 1)]],
    ) == [("Units", 2, "邮箱", "email_not_valid")]


async def test_a_last_day_that_is_added_relieves_and_makes_room_for_the_next(tasks: Stage) -> None:
    await found(tasks)
    seats = [[COMMITTEE, WATER, None, SINCE]]
    await stored(tasks, holders=[[HEAD, "张三丰", SINCE]], members=seats)

    report = await stored(
        tasks,
        holders=[
            [HEAD, "李四光", LATER],
            [HEAD, "张三丰", SINCE, date(2023, 4, 30), None, "免〔2023〕2号"],
        ],
        members=[
            [COMMITTEE, WATER, "vice_chair", LATER, date(2023, 5, 31)],
            [COMMITTEE, WATER, None, SINCE, date(2023, 4, 30)],
        ],
    )

    assert (report["holders_changed"], report["members_changed"]) == (2, 2)
    before, after = (await get(tasks, f"posts/{HEAD}/holders"))["holders"]
    assert (before["effective_to"], before["relief_document"]) == ("2023-04-30", "免〔2023〕2号")
    assert before["relieved_at"] is not None
    assert (after["name"], after["effective_to"]) == ("李四光", None)
    rows = [
        (str(one.effective_from), str(one.effective_to)) for one in await tasks.rows(Membership)
    ]
    assert sorted(rows) == [("2023-01-10", "2023-04-30"), ("2023-05-01", "2023-05-31")]


async def test_what_is_on_record_is_not_rewritten(tasks: Stage) -> None:
    await found(tasks)
    last = date(2023, 3, 31)
    await stored(
        tasks,
        holders=[
            [HEAD, "张三丰", SINCE, last, "任1号", "免1号"],
            [LIAISON, "李四光", SINCE, last],
        ],
        members=[[COMMITTEE, WATER, None, SINCE, last]],
    )
    (held,) = await tasks.rows(Holding, post=HEAD)

    for stated, fault in (
        ([HEAD, "王五", SINCE, last], ("姓名", "post_occupied")),
        ([HEAD, "张三丰", SINCE], ("任职最后一日", "recorded_otherwise")),
        ([HEAD, "张三丰", SINCE, date(2023, 2, 1)], ("任职最后一日", "already_relieved")),
        ([LIAISON, "李**", SINCE, LATER], ("任职最后一日", "last_day_wrong")),
        ([HEAD, "张三丰", SINCE, last, "任2号"], ("任职文号", "recorded_otherwise")),
        (
            [HEAD, "王五", LATER, None, None, None, str(held.person)],
            ("人员编号", "person_of_another"),
        ),
    ):
        assert await faults(tasks, holders=[stated]) == [("任职", 2, *fault)]
    for stated, fault in (
        ([COMMITTEE, WATER, "chair", SINCE, last], ("身份", "recorded_otherwise")),
        ([COMMITTEE, WATER, None, SINCE], ("最后一日", "recorded_otherwise")),
        ([COMMITTEE, WATER, None, SINCE, LATER], ("最后一日", "recorded_otherwise")),
        ([COMMITTEE, WATER, None, date(2023, 2, 1)], ("起始日期", "member_already")),
    ):
        assert await faults(tasks, members=[stated]) == [("Members", 2, *fault)]


async def test_an_office_takes_in_holders_and_members_of_its_own_place_alone(tasks: Stage) -> None:
    await found(tasks)
    held: list[Any] = [f"{ELSEWHERE}.emergency.liaison", "李四光", SINCE]
    seat = [f"{ELSEWHERE}.safety_committee", f"{ELSEWHERE}.water", None, SINCE]
    denied = [
        ("任职", 2, "岗位代码", "not_yours"),
        ("Members", 2, "委员会", "not_yours"),
    ]

    assert await faults(tasks, holders=[held], members=[seat], by=COUNTY_OFFICE) == denied
    await stored(tasks, holders=[held], members=[seat])
    for guess in ("李四光", "李四海"):  # the answer does not tell which is the name
        held[1] = guess
        assert await faults(tasks, holders=[held], members=[seat], by=COUNTY_OFFICE) == denied


async def test_a_post_that_the_workbook_ends_has_its_holder_no_longer(tasks: Stage) -> None:
    await found(tasks)
    held = [f"{NEW}.principal", "张三丰", date(2023, 2, 1)]
    content = book(Units=[UNITS, row(NEW, more=NEW_POST)], Holders=[HOLDERS, held])
    taken = await deliver(tasks, content, by=CITY_OFFICE, on="2023-02-01", dry_run=False)
    assert taken.status_code == 200, taken.text

    assert await faults(tasks, units=[row(NEW)], holders=[held]) == [
        ("任职", 2, "任职最后一日", "recorded_otherwise")
    ]


async def test_a_sheet_whose_header_does_not_fit_is_refused_by_name(tasks: Stage) -> None:
    await found(tasks)
    content = book(
        Sheet1=[UNITS, row(NEW)],
        HOLDERS=[["post", "name", "备注"], [HEAD, "张三丰"]],
        任职=[HOLDERS, [HEAD, "张三丰", SINCE]],
        Notes=[["whatever"], ["stands here"]],
    )

    answer = await deliver(tasks, content, by=CITY_OFFICE, on=ON, dry_run=True)

    assert places(answer.json()["faults"]) == [
        ("任职", 1, "任职", "sheet_repeated"),
        ("HOLDERS", 1, "备注", "column_unknown"),
        ("HOLDERS", 1, "任职日期", "column_missing"),
    ]


async def test_a_workbook_may_hold_no_units_but_not_nothing(tasks: Stage) -> None:
    await found(tasks)
    blank = book(Sheet1=[], Holders=[HOLDERS, [HEAD, "张三丰", SINCE]])

    taken = await deliver(tasks, blank, by=CITY_OFFICE, on=ON, dry_run=False)
    assert taken.json()["holders_changed"] == 1
    assert await faults(tasks, holders=[], members=[]) == [("任职", 1, "单位代码", "empty")]
