"""A list as a file: the same rows, order and masks; nothing in it runs; memory stays bounded."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID
from xml.etree import ElementTree

import httpx
import psutil
import pytest
from fastapi import Depends, FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Uuid, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from devstack.databases import DatabaseUrls
from kernel import exports
from kernel.db import Database, TableStyle, connect
from kernel.exports import Format, wanted
from kernel.ids import uuid7
from kernel.listing import Asked, Listing, equals
from kernel.paging import Page
from kernel.spreadsheets import Csv, Xlsx, cell, guarded
from kernel.web import add_problem_handlers
from tests.lending import MakeDatabase

NOON = datetime(2023, 11, 29, 4, tzinfo=UTC)
ROWS = 1_200


class Grade(StrEnum):
    MAJOR = "major"
    GENERAL = "general"


class Tables(TableStyle, DeclarativeBase):
    """Tables of these tests alone."""


class Accident(Tables):
    __tablename__ = "exported_accident"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[int]
    grade: Mapped[str]
    place: Mapped[str]
    phone: Mapped[str]
    occurred_at: Mapped[datetime]
    published_on: Mapped[date | None]
    loss: Mapped[Decimal | None]


class AccidentView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int = Field(title="编号")
    grade: Grade = Field(title="等级")
    place: str = Field(title="地点")
    occurred_at: datetime = Field(title="发生时间")
    published_on: date | None
    loss: Decimal | None


ACCIDENTS = Listing(
    "accidents",
    key=Accident.id,
    sorts={"number": Accident.number},
    default="-number",
    filters={"grade": equals(Accident.grade, Grade, "等级")},
)


def accident(number: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "number": number,
        "grade": "major" if number % 3 == 0 else "general",
        "place": '=HYPERLINK("http://evil")' if number == 3 else f"源江山煤矿, {number}",
        "phone": "13812345678",
        "occurred_at": NOON,
        "published_on": date(2023, 12, 1) if number % 2 else None,
        "loss": Decimal("-1234.50") if number % 2 else None,
    }


async def make_tables(urls: DatabaseUrls) -> None:
    database = connect(urls.owner)
    async with database.engine.begin() as connection:
        await connection.run_sync(Tables.metadata.create_all)
        await connection.execute(
            text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {urls.app_role}")
        )
    await database.close()


@pytest.fixture(scope="module")
async def database(database_url: MakeDatabase) -> AsyncIterator[Database]:
    database = connect((await database_url("incidents", prepare=make_tables)).app)
    async with database.sessions.begin() as session:
        await session.execute(insert(Accident), [accident(number) for number in range(ROWS)])
    yield database
    await database.close()


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/accidents", response_model=Page[AccidentView], responses=exports.RESPONSES)
    async def list_accidents(
        request: Request, asked: Annotated[Asked, Depends(ACCIDENTS.asked)]
    ) -> Any:
        async with database.sessions() as session:
            return await exports.answer(
                request, session, select(Accident), asked, view=AccidentView
            )

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def fetch(client: httpx.AsyncClient, accept: str, query: str = "") -> httpx.Response:
    return await client.get(f"/accidents{query}", headers={"Accept": accept})


def cells_of(workbook: bytes) -> list[list[str]]:
    """What a reader sees in the first sheet, numbers and dates as they are stored."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    rows = []
    for row in sheet.iter(f"{space}row"):
        cells = row.iter(f"{space}c")
        rows.append(["".join(part.text or "" for part in cell.iter()) for cell in cells])
    return rows


async def test_the_same_address_gives_json_csv_or_xlsx(client: httpx.AsyncClient) -> None:
    as_json = await fetch(client, "application/json", "?limit=3")
    as_csv = await fetch(client, "text/csv", "?limit=3")
    as_xlsx = await fetch(client, Format.XLSX)

    assert [item["number"] for item in as_json.json()["items"]] == [1199, 1198, 1197]
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["content-disposition"] == 'attachment; filename="accidents.csv"'
    assert int(as_csv.headers["content-length"]) == len(as_csv.content)
    assert as_xlsx.headers["content-type"] == Format.XLSX
    assert as_csv.headers["vary"] == as_xlsx.headers["vary"] == "accept"


async def test_a_csv_file_holds_the_whole_list_in_its_order(client: httpx.AsyncClient) -> None:
    answer = await fetch(client, "text/csv", "?grade=major&sort=number")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header == ["编号", "等级", "地点", "发生时间", "Published on", "Loss"]
    assert [int(row[0]) for row in rows] == list(range(0, ROWS, 3))
    assert rows[1] == [
        "3",
        "major",
        '\'=HYPERLINK("http://evil")',
        "2023-11-29T12:00:00+08:00",
        "2023-12-01",
        "-1234.50",
    ]
    assert rows[2][4:] == ["", ""]


async def test_an_xlsx_file_holds_the_whole_list_in_its_order(client: httpx.AsyncClient) -> None:
    answer = await fetch(client, Format.XLSX, "?grade=major&sort=number")

    header, *rows = cells_of(answer.content)
    assert header[:2] == ["编号", "等级"]
    assert [int(row[0]) for row in rows] == list(range(0, ROWS, 3))
    assert rows[1][:3] == ["3", "major", '=HYPERLINK("http://evil")']  # text, not a formula
    assert rows[1][3:] == ["45259.5", "45261", "-1234.50"]  # noon in Shanghai


async def test_a_file_shows_no_more_than_the_view(client: httpx.AsyncClient) -> None:
    as_csv = await fetch(client, "text/csv")
    as_xlsx = await fetch(client, Format.XLSX)

    assert b"13812345678" not in as_csv.content
    assert not any("13812345678" in row for row in cells_of(as_xlsx.content))


async def test_the_header_speaks_the_readers_language(client: httpx.AsyncClient) -> None:
    asked = {"Accept": "text/csv", "Accept-Language": "en"}

    answer = await client.get("/accidents", headers=asked)

    assert answer.text.splitlines()[0].removeprefix("\ufeff") == (
        "Number,Grade,Place,Occurred at,Published on,Loss"
    )


async def test_a_list_too_long_for_a_file_is_refused_with_the_bound(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", ROWS - 1)

    answer = await fetch(client, "text/csv")
    narrower = await fetch(client, "text/csv", "?grade=major")

    assert (answer.status_code, answer.json()["most_rows"]) == (422, ROWS - 1)
    assert narrower.status_code == 200


async def test_memory_does_not_follow_the_length_of_a_list(database_url: MakeDatabase) -> None:
    database = connect((await database_url("incidents", prepare=make_tables)).app)
    async with database.sessions.begin() as session:
        for first in range(0, 12_000, 4_000):
            numbers = range(first, first + 4_000)
            await session.execute(insert(Accident), [accident(number) for number in numbers])

    async def export(format: Format, most: int) -> int:
        asked = Asked(ACCIDENTS, (("number", False),))
        statement = select(Accident).where(Accident.number < most)
        async with database.sessions() as session:
            file = await exports.write(
                session,
                statement,
                asked,
                header=exports.labels(AccidentView, chinese=True),
                shown=AccidentView.model_validate,
                format=format,
            )
        with file:
            return file.seek(0, io.SEEK_END)

    process = psutil.Process()
    for format in (Format.CSV, Format.XLSX):
        await export(format, 2_000)
        settled = process.memory_info().rss
        size = await export(format, 12_000)
        assert size > 300_000
        assert process.memory_info().rss - settled < 24 * 1024 * 1024
    await database.close()


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        (None, Format.JSON),
        ("", Format.JSON),
        ("*/*", Format.JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", Format.JSON),
        ("text/csv", Format.CSV),
        ("text/csv;q=0.5, application/json;q=0.9", Format.JSON),
        ("application/json;q=0.5, text/csv;q=0.9", Format.CSV),
        (f"{Format.XLSX}; q=1, text/csv; q=x", Format.XLSX),
        ("text/csv;q=0", Format.JSON),
    ],
)
def test_the_format_is_the_one_weighed_highest(accept: str | None, format: Format) -> None:
    assert wanted(accept) is format


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000＝1",
        "＋1",
        "|cmd",
        "\ufeff=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text(formula: str) -> None:
    assert guarded(formula) == f"'{formula}"


@pytest.mark.parametrize("plain", ["", "张三", "a=1", "3-2", "'quoted", " x"])
def test_plain_text_stays_as_it_is(plain: str) -> None:
    assert guarded(plain) == plain


def test_negative_numbers_stay_numbers() -> None:
    assert csv_of([[cell(Decimal("-1.50")), cell(-3), cell(-0.5)]]) == [["-1.50", "-3", "-0.5"]]


def csv_of(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    file = io.BytesIO()
    writer = Csv(file)
    writer.write(rows)
    writer.finish()
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


values = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]))
    | st.integers()
    | st.decimals(allow_nan=True)
    | st.floats()
    | st.booleans()
    | st.none()
    | st.datetimes(min_value=datetime(1900, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001
    | st.dates(min_value=date(1900, 1, 2))
    | st.uuids()
    | st.lists(st.text(max_size=3))
    | st.dictionaries(st.text(max_size=3), st.integers(-9, 9))
)


@given(rows=st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=5))
def test_whatever_a_view_holds_makes_a_readable_file(rows: list[list[Any]]) -> None:
    cells = [[cell(value) for value in row] for row in rows]

    written = csv_of(cells)
    book = io.BytesIO()
    writer = Xlsx(book)
    writer.write(cells)
    writer.finish()

    assert [len(row) for row in written] == [3] * len(rows)
    flat = [text for row in written for text in row]
    assert not any(text.startswith(("=", "@", "+")) for text in flat)
    assert len(cells_of(book.getvalue())) <= len(rows)


def test_a_number_too_long_for_a_spreadsheet_is_kept_as_text() -> None:
    book = io.BytesIO()
    writer = Xlsx(book)
    writer.write([[cell(123456789012345678), cell(Decimal("0.1234567890123456789")), "x" * 40_000]])
    writer.finish()

    ((whole, fraction, cut),) = cells_of(book.getvalue())
    assert (whole, fraction) == ("123456789012345678", "0.1234567890123456789")
    assert len(cut) == 32_767
    assert cut.endswith("…")


def test_a_process_that_never_exports_does_not_load_the_workbook_writer() -> None:
    program = "import sys; from kernel import exports; print('xlsxwriter' in sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "False"
