"""Workbooks as rows of text; what is none, or claims too much, is refused before it is read."""

import io
import zipfile
from datetime import date, datetime

import pytest

from kernel.spreadsheets import Xlsx
from services.tasks.organisations.domain import of_pack
from services.tasks.rosters import domain_workbook, schemas_rows
from services.tasks.rosters.domain_workbook import NotAWorkbook, WorkbookTooLarge
from services.tasks.rosters.schemas import RosterRow

HEADER = [
    "单位代码",
    "单位名称",
    "单位英文名称",
    "单位类别",
    "岗位类别",
    "岗位名称",
    "岗位英文名称",
    "电话",
]
BUREAU = ["430481.economy", "经济局", "Economy Bureau", "政府部门"]
HEAD = ["principal", "局长", "Head", "8869036"]


def book(*rows: list[object]) -> bytes:
    file = io.BytesIO()
    writer = Xlsx(file)
    writer.write(list(rows))
    writer.finish()
    return file.getvalue()


def altered(content: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with some bytes of its sheet replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                assert before in text
                text = text.replace(before, after)
            new.writestr(part.filename, text)
    return made.getvalue()


def faults(*rows: list[object]) -> set[tuple[int, str, str]]:
    found = schemas_rows.roster(*domain_workbook.read(book(*rows)))
    assert all(fault.zh and fault.en for fault in found.faults)
    return {(fault.row, fault.column, fault.code) for fault in found.faults}


def test_cells_are_read_as_people_see_them() -> None:
    content = book(
        ["a", "b", "c", "d", ""],
        [8869036, 1.5, date(2023, 3, 1), "  x ", "unnamed"],
        [None, None, None, None],
        ["", "y"],
    )

    (sheet,) = domain_workbook.read(content)
    header, lines = sheet.header, sheet.lines

    assert list(header[:4]) == ["a", "b", "c", "d"]
    assert [line.number for line in lines] == [2, 4]
    assert lines[0].cells == {"a": "8869036", "b": "1.5", "c": "2023-03-01", "d": "x"}
    assert lines[1].cells == {"b": "y"}
    assert domain_workbook._text(datetime(2023, 3, 1, 9, 0)) == "2023-03-01"  # noqa: DTZ001


def test_an_empty_sheet_has_no_header() -> None:
    (sheet,) = domain_workbook.read(book())
    assert (sheet.header, sheet.lines) == ((), [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"code,name\n", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        domain_workbook.read(content)


def test_a_workbook_whose_sheet_is_broken_is_refused() -> None:
    with pytest.raises(NotAWorkbook):
        domain_workbook.read(altered(book(["a"], ["b"]), b"</sheetData>", b""))


def test_a_cell_that_stands_too_far_off_is_refused_before_a_table_is_made() -> None:
    content = book(["a"], ["b"])

    for far in (b'r="A20002"', b'r="BM2"', b"r='XFD1048576'"):
        with pytest.raises(WorkbookTooLarge):
            domain_workbook.read(altered(content, b'r="A2"', far))
    with pytest.raises(WorkbookTooLarge):
        domain_workbook.read(altered(content, b'<row r="2"', b'<row r="1048576"'))
    assert domain_workbook.read(altered(content, b'r="A2"', b'r="BL2"'))


def test_a_workbook_that_unpacks_to_too_much_is_refused_wherever_its_bytes_are() -> None:
    held = book(HEADER, [*BUREAU, *HEAD])
    for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"):
        file = io.BytesIO(held)
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(part, bytes(65 * 1024 * 1024))
        with pytest.raises(NotAWorkbook):
            domain_workbook.read(file.getvalue())


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(WorkbookTooLarge):
        domain_workbook.read(b"PK" + b"\0" * domain_workbook.MOST_BYTES)


def test_a_unit_has_as_many_rows_as_posts() -> None:
    found = schemas_rows.roster(
        *domain_workbook.read(
            book(HEADER, [*BUREAU, *HEAD], [*BUREAU, "deputy", "副局长", "Deputy"])
        )
    )

    (unit,) = found.stated()
    assert found.faults == []
    assert (unit.facts.kind, unit.facts.level, unit.facts.region_code) == (
        "department",
        "county",
        "430481",
    )
    assert [post.code for post in unit.posts] == [
        "430481.economy.principal",
        "430481.economy.deputy",
    ]
    assert unit.posts[0].telephone == "8869036"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["999999.economy", *BUREAU[1:]], (2, "单位代码", "region_unknown")),
        (["economy", *BUREAU[1:]], (2, "单位代码", "string_pattern_mismatch")),
        ([None, *BUREAU[1:]], (2, "单位代码", "missing")),
        ([*BUREAU[:1], None, *BUREAU[2:]], (2, "单位名称", "missing")),
        ([*BUREAU[:3], "公司"], (2, "单位类别", "enum")),
        (
            [*BUREAU, "principal", "局长", "Head", "13800138000"],
            (2, "电话", "telephone_of_a_person"),
        ),
        ([*BUREAU, "主任", "局长", "Head"], (2, "岗位类别", "string_pattern_mismatch")),
        ([*BUREAU, "principal", "局长"], (2, "岗位英文名称", "missing")),
        ([*BUREAU, None, "局长"], (2, "岗位名称", "post_missing")),
    ],
)
def test_each_fault_names_its_row_and_column(
    row: list[object], fault: tuple[int, str, str]
) -> None:
    assert fault in faults(HEADER, row)


def test_rows_of_one_unit_agree_and_its_posts_differ() -> None:
    other = [BUREAU[0], "财经局", *BUREAU[2:]]

    assert faults(HEADER, [*BUREAU, *HEAD], [*other, "deputy", "副局长", "Deputy"]) == {
        (3, "单位名称", "unit_differs")
    }
    assert faults(HEADER, [*BUREAU, *HEAD], [*BUREAU, *HEAD]) == {(3, "岗位类别", "post_repeated")}


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ([*HEADER, "备注"], (1, "备注", "column_unknown")),
        (HEADER[1:], (1, "单位代码", "column_missing")),
        ([*HEADER, "Code"], (1, "单位代码", "column_repeated")),
    ],
)
def test_a_header_that_does_not_fit_is_said_first(
    header: list[object], fault: tuple[int, str, str]
) -> None:
    assert faults(header, [*BUREAU]) == {fault}


def test_a_workbook_without_rows_is_a_fault() -> None:
    assert faults(HEADER) == {(1, "单位代码", "empty")}


def test_what_is_given_out_is_what_is_taken_in() -> None:
    units = of_pack(on=date(2023, 6, 1), address=lambda code: f"{code}@example.org")
    rows = [row for unit in units for row in schemas_rows.as_rows(unit, superior=None)]
    header = [str(field.title) for field in RosterRow.model_fields.values()]
    content = book(header, *(list(row.model_dump().values()) for row in rows))

    found = schemas_rows.roster(*domain_workbook.read(content))

    assert found.faults == []
    assert {unit.facts.code: unit for unit in found.stated()} == {
        unit.facts.code: unit for unit in units
    }
