"""Pages put together are the whole list in order: with ties, nulls, and rows that come and go."""

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Uuid, delete, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from devstack.databases import DatabaseUrls
from kernel import keyring
from kernel.db import Database, TableStyle, connect
from kernel.ids import uuid7
from kernel.keyring import KeyRing, fresh_keys
from kernel.listing import Asked, Listing, before, equals, one_of, since, within
from kernel.paging import Page, Slice, cursor_at, page, resumed
from kernel.problems import InvalidPayload
from kernel.web import add_problem_handlers
from tests.lending import MakeDatabase

patient = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NOW = datetime(2023, 5, 1, 4, tzinfo=UTC)


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Tables(TableStyle, DeclarativeBase):
    """Tables of these tests alone."""


class Hazard(Tables):
    __tablename__ = "listed_hazard"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    status: Mapped[str]
    region_code: Mapped[str]
    found_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    loss: Mapped[Decimal | None]
    risk: Mapped[float]
    count: Mapped[int]


HAZARDS = Listing(
    "hazards",
    key=Hazard.id,
    sorts={
        "status": Hazard.status,
        "region_code": Hazard.region_code,
        "found_at": Hazard.found_at,
        "closed_on": Hazard.closed_on,
        "loss": Hazard.loss,
        "risk": Hazard.risk,
        "count": Hazard.count,
        "region_length": func.length(Hazard.region_code),
    },
    default="-found_at",
    filters={
        "status": one_of(Hazard.status, Status, "状态"),
        "count": equals(Hazard.count, int, "数量"),
        "since": since(Hazard.found_at, "发现于此后"),
        "before": before(Hazard.found_at, "发现于此前"),
        "region": within(Hazard.region_code, "区域"),
    },
)


OPEN_HAZARDS = replace(
    HAZARDS,
    filters={"status": replace(HAZARDS.filters["status"], usual=[Status.OPEN])},
)


def hazard(dice: random.Random) -> Hazard:
    """A row among few values, so that ties are many."""
    return Hazard(
        id=uuid7(),
        status=dice.choice(list(Status)),
        region_code=dice.choice(["430481", "430482", "430400", "431081", "4399"]),
        found_at=NOW + timedelta(microseconds=dice.randrange(4)),
        closed_on=dice.choice([None, date(2023, 5, 1), date(2023, 5, 2)]),
        loss=dice.choice([None, Decimal("0.10"), Decimal("12.345678901234567890")]),
        risk=dice.choice([0.1, -1.0, float("nan"), float("inf"), 1e-300]),
        count=dice.randrange(3),
    )


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
    database = connect((await database_url("tasks", prepare=make_tables)).app)
    dice = random.Random(430400)
    async with database.sessions.begin() as session:
        session.add_all([hazard(dice) for _ in range(120)])
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    keyring.use(KeyRing(fresh_keys()))
    yield
    keyring.use(None)


async def turn_all(database: Database, asked: Asked) -> list[list[Hazard]]:
    """Every page, in turn."""
    pages, cursor = [], asked.cursor
    async with database.sessions() as session:
        while True:
            held = Asked(asked.listing, asked.order, asked.limit, cursor, asked.filters)
            found = await page(session, select(Hazard), held)
            pages.append(list(found.items))
            cursor = found.next_cursor
            if cursor is None:
                return pages


async def everything(database: Database) -> list[Hazard]:
    async with database.sessions() as session:
        return list(await session.scalars(select(Hazard)))


def value(row: Hazard, name: str) -> Any:
    """What a row is sorted by, as PostgreSQL compares it: NaN above all."""
    held = len(row.region_code) if name == "region_length" else getattr(row, name)
    if isinstance(held, float):
        return (held != held, 0.0 if held != held else held)
    return held


def brute_force(rows: Sequence[Hazard], order: Sequence[tuple[str, bool]]) -> list[UUID]:
    """Sort by the last key first; nulls stand last, whichever way."""
    sorted_rows = sorted(rows, key=lambda row: row.id, reverse=order[-1][1])
    for name, descending in reversed(order):
        known = [row for row in sorted_rows if value(row, name) is not None]
        unknown = [row for row in sorted_rows if value(row, name) is None]
        known.sort(key=lambda row: value(row, name), reverse=descending)
        sorted_rows = known + unknown
    return [row.id for row in sorted_rows]


terms = st.tuples(st.sampled_from(sorted(HAZARDS.sorts)), st.booleans())
orders = st.lists(terms, min_size=1, max_size=4, unique_by=lambda term: term[0])


@patient
@given(order=orders, limit=st.integers(8, 60))
async def test_pages_put_together_are_the_sorted_list(
    database: Database, order: list[tuple[str, bool]], limit: int
) -> None:
    pages = await turn_all(database, Asked(HAZARDS, order, limit))

    expected = brute_force(await everything(database), order)
    assert [row.id for rows in pages for row in rows] == expected
    assert all(len(rows) == limit for rows in pages[:-1])
    assert pages[-1]


FILTERS = {
    "status": (st.lists(st.sampled_from(Status), min_size=1), lambda row, held: row.status in held),
    "count": (st.integers(0, 4), lambda row, held: row.count == held),
    "since": (
        st.integers(0, 5).map(lambda n: NOW + timedelta(microseconds=n)),
        lambda row, held: row.found_at >= held,
    ),
    "before": (
        st.integers(0, 5).map(lambda n: NOW + timedelta(microseconds=n)),
        lambda row, held: row.found_at < held,
    ),
    "region": (
        st.sampled_from(["43", "430000", "4304", "430400", "430481", "431000", "000000", "44"]),
        lambda row, held: row.region_code.startswith(held.rstrip("0") if held != "43" else "43"),
    ),
}


@patient
@given(data=st.data(), order=orders)
async def test_filters_narrow_the_list_and_keep_its_order(
    database: Database, data: st.DataObject, order: list[tuple[str, bool]]
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(FILTERS))))
    filters = {name: data.draw(FILTERS[name][0], label=name) for name in sorted(names)}

    pages = await turn_all(database, Asked(HAZARDS, order, 20, None, filters))

    chosen = [
        row
        for row in await everything(database)
        if all(FILTERS[name][1](row, held) for name, held in filters.items())
    ]
    assert [row.id for rows in pages for row in rows] == brute_force(chosen, order)


async def test_rows_that_come_and_go_neither_repeat_nor_hide_the_others(
    database_url: MakeDatabase,
) -> None:
    database = connect((await database_url("tasks", prepare=make_tables)).app)
    dice = random.Random(7)
    async with database.sessions.begin() as session:
        session.add_all([hazard(dice) for _ in range(60)])
    lasting = {row.id for row in await everything(database)}
    seen: list[UUID] = []
    cursor = None
    while True:
        async with database.sessions.begin() as session:
            asked = Asked(HAZARDS, (("status", True), ("loss", False)), 5, cursor)
            found = await page(session, select(Hazard), asked)
            seen += [row.id for row in found.items]
            session.add_all([hazard(dice) for _ in range(3)])
            gone = found.items[-1].id  # even the row that the cursor stands on
            await session.execute(delete(Hazard).where(Hazard.id == gone))
        cursor = found.next_cursor
        if cursor is None:
            break
    await database.close()

    assert len(seen) == len(set(seen))
    assert lasting <= set(seen)


class OffsetPages:
    """The planted bug: pages counted off from the start."""

    def __init__(self, size: int) -> None:
        self.size, self.turned = size, 0

    async def next(self, session: Any) -> Sequence[Hazard]:
        query = select(Hazard).order_by(Hazard.found_at, Hazard.id)
        rows = await session.scalars(query.offset(self.turned * self.size).limit(self.size))
        self.turned += 1
        return rows.all()


async def test_the_test_notices_pages_counted_off_from_the_start(
    database_url: MakeDatabase,
) -> None:
    database = connect((await database_url("tasks", prepare=make_tables)).app)
    dice = random.Random(7)
    async with database.sessions.begin() as session:
        session.add_all([hazard(dice) for _ in range(20)])
    lasting, seen = {row.id for row in await everything(database)}, set()
    offset = OffsetPages(5)
    async with database.sessions.begin() as session:
        while rows := await offset.next(session):
            seen |= {row.id for row in rows}
            await session.execute(delete(Hazard).where(Hazard.id == rows[0].id))
    await database.close()

    assert not lasting <= seen


async def first_cursor(database: Database, asked: Asked) -> str:
    async with database.sessions() as session:
        cursor = (await page(session, select(Hazard), asked)).next_cursor
    assert cursor is not None
    return cursor


ORDER = (("found_at", False), ("loss", True))


@patient
@given(data=st.data())
async def test_a_changed_cursor_is_refused(database: Database, data: st.DataObject) -> None:
    cursor = await first_cursor(database, Asked(HAZARDS, ORDER, 3))
    place = data.draw(st.integers(0, len(cursor) - 1))
    instead = data.draw(st.characters())
    changed = cursor[:place] + instead + cursor[place + 1 :]
    if changed == cursor:
        return

    with pytest.raises(InvalidPayload, match="cursor"):
        await turn_all(database, Asked(HAZARDS, ORDER, 3, changed))


OTHER = Listing("others", key=Hazard.id, sorts=HAZARDS.sorts, default="loss")


@pytest.mark.parametrize(
    "elsewhere",
    [
        Asked(HAZARDS, (("found_at", True), ("loss", True)), 3),
        Asked(HAZARDS, (("found_at", False),), 3),
        Asked(HAZARDS, ORDER, 3, None, {"count": 1}),
        Asked(OTHER, ORDER, 3),
    ],
)
async def test_a_cursor_belongs_to_one_list_one_order_and_one_set_of_filters(
    database: Database, elsewhere: Asked
) -> None:
    cursor = await first_cursor(database, Asked(HAZARDS, ORDER, 3))

    with pytest.raises(InvalidPayload):
        await turn_all(
            database, Asked(elsewhere.listing, elsewhere.order, 3, cursor, elsewhere.filters)
        )


async def test_the_page_size_may_change_along_the_way(database: Database) -> None:
    cursor = await first_cursor(database, Asked(HAZARDS, ORDER, 3))

    (rest,) = await turn_all(database, Asked(HAZARDS, ORDER, 200, cursor))

    assert len(rest) == 117


class HazardView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: Status


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/hazards", response_model=Page[HazardView])
    async def list_hazards(asked: Annotated[Asked, Depends(HAZARDS.asked)]) -> Slice[Hazard]:
        async with database.sessions() as session:
            return await page(session, select(Hazard), asked)

    @app.get("/open-hazards", response_model=Page[HazardView])
    async def list_open(asked: Annotated[Asked, Depends(OPEN_HAZARDS.asked)]) -> Slice[Hazard]:
        async with database.sessions() as session:
            return await page(session, select(Hazard), asked)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def test_a_route_pages_sorts_and_filters(client: httpx.AsyncClient) -> None:
    asked = {"limit": 2, "sort": "-status,found_at", "status": ["open", "closed"], "region": "4304"}

    first = (await client.get("/hazards", params=asked)).json()
    second = (await client.get("/hazards", params=asked | {"cursor": first["next_cursor"]})).json()

    assert set(first) == {"items", "next_cursor"}
    assert [set(item) for item in first["items"]] == [{"id", "status"}] * 2
    assert first["items"][0]["status"] == "open"
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "query:limit"),
        ("limit=201", "query:limit"),
        ("limit=x", "query:limit"),
        ("cursor=x", "query:cursor"),
        ("sort=secret", "query:sort"),
        ("sort=", "query:sort"),
        ("sort=status,-status", "query:sort"),
        ("sort=status,count,loss,risk,found_at", "query:sort"),
        ("status=lost", "query:status/0"),
        ("since=2023-05-01T12:00:00", "query:since"),
        ("region=43048", "query:region"),
        ("statu=open", "query:statu"),
        ("limit=1&limit=2", "query:limit"),
    ],
)
async def test_a_wrong_parameter_is_named(
    client: httpx.AsyncClient, query: str, pointer: str
) -> None:
    answer = await client.get(f"/hazards?{query}")

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_filter_may_narrow_a_list_until_another_value_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    async def statuses(**asked: str) -> set[str]:
        answer = (await client.get("/open-hazards", params=asked)).json()
        return {item["status"] for item in answer["items"]}

    assert await statuses() == {"open"}
    assert await statuses(status="closed") == {"closed"}


async def test_the_parameters_stand_in_the_openapi_document(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    parameters = document["paths"]["/hazards"]["get"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == [
        "limit",
        "cursor",
        "sort",
        *HAZARDS.filters,
    ]
    assert all(parameter["description"] for parameter in parameters)


async def test_without_a_ring_cursors_still_work_in_one_process(database: Database) -> None:
    keyring.use(None)

    cursor = await first_cursor(database, Asked(HAZARDS, ORDER, 3))

    assert len(await turn_all(database, Asked(HAZARDS, ORDER, 200, cursor))) == 1


def test_a_list_that_walks_in_its_own_way_has_the_same_cursors() -> None:
    asked = Asked(HAZARDS, HAZARDS.order("-found_at"))
    at = (NOW, uuid7())
    further = replace(asked, cursor=cursor_at(at, asked))

    assert resumed(asked) is None
    assert resumed(further) == list(at)
    with pytest.raises(InvalidPayload):
        resumed(replace(further, filters={"status": [Status.OPEN]}))
