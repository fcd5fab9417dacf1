"""The second wall: a scope that is not stated, or only in part, matches no row."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from devstack.databases import DatabaseUrls
from kernel import isolation
from kernel.access import SYSTEM, Principal
from kernel.db import Database, Scope, everywhere, set_scope, unit_of_work
from tests.kernel import probe
from tests.lending import MakeDatabase

MINE, OTHER = "91430481MA4T00019M", "91430405MA4T00019K"
COLUMNS = "region_code text, uscc text, units text[] DEFAULT '{}'"
TABLES = {
    "plain": {},
    "held": {"holder": "uscc"},
    "shared": {"holder": "uscc", "units": "units"},
}
ROWS = (
    {"region": "430481", "uscc": MINE, "units": ["430405.emergency"]},
    {"region": "430481", "uscc": None, "units": []},
    {"region": "430405", "uscc": OTHER, "units": []},
)
EVERYBODY = Scope(region_lo="0", region_hi=":")


async def prepare(urls: DatabaseUrls) -> None:
    """A table of each kind behind its wall."""
    await probe.prepare(urls)
    engine = create_async_engine(urls.owner, poolclass=NullPool)
    async with engine.begin() as connection:
        for table, named in TABLES.items():
            await connection.execute(text(f"CREATE TABLE {table} ({COLUMNS})"))
            for statement in isolation.protect(table, **named):
                await connection.execute(text(statement))
            await connection.execute(
                text(f'GRANT SELECT, INSERT, UPDATE ON {table} TO "{urls.app_role}"')
            )
        await _whole_and_part(connection, urls.app_role)
    await engine.dispose()


async def _whole_and_part(connection: AsyncConnection, role: str) -> None:
    """A table with a place, and one whose rows belong to its rows."""
    for statement in (
        f"CREATE TABLE whole (id int, {COLUMNS})",
        f"CREATE TABLE register ({COLUMNS})",
        "CREATE TABLE part (whole_id int)",
        "CREATE TABLE secret (whole_id int)",
        *isolation.protect("whole", holder="uscc", units="units"),
        *isolation.publish("register"),
        *isolation.follow("part", parent="whole", key="whole_id"),
        *isolation.follow("secret", parent="whole", key="whole_id", held=False),
        f'GRANT SELECT, INSERT, UPDATE ON whole, register, part, secret TO "{role}"',
    ):
        await connection.execute(text(statement))


@pytest.fixture
async def walled(database_url: MakeDatabase) -> AsyncIterator[Database]:
    database = probe.opened(await database_url("walled", prepare=prepare))
    await filled(database)
    yield database
    await database.close()


async def filled(database: Database) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        for table in TABLES:
            row = f"INSERT INTO {table} VALUES (:region, :uscc, :units)"
            await session.execute(text(row), list(ROWS))


async def seen(database: Database, scope: Scope | None) -> dict[str, int]:
    """How many rows of each table a scope shows; None states no scope at all."""
    async with database.sessions() as session:
        if scope is not None:
            await set_scope(session, scope)
        return {
            table: await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
            for table in TABLES
        }


NOTHING = dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize(
    "scope",
    [
        None,
        Scope(region_lo="", region_hi="", holder="", unit=""),
        Scope(region_lo="", region_hi=""),  # no region, though no enterprise either
        Scope(region_lo="0", region_hi=":", holder=""),  # a region, but nobody's
        Scope(region_lo="43", region_hi=""),
        Scope(region_lo="", region_hi="44"),
        Scope(region_lo="", region_hi="", holder=MINE),
        Scope(region_lo="", region_hi="", holder="", unit="430405.emergency"),
        Scope(region_lo="0", region_hi=":", holder="91430481MA4T0001XX"),
        Scope.of(Principal(subject="nowhere")),
        Scope.of(Principal(subject="nobody's enterprise", uscc="")),
        Scope.of(Principal(subject="everybody's enterprise", uscc="*")),
    ],
)
async def test_a_scope_that_is_not_stated_in_full_sees_nothing(
    walled: Database, scope: Scope | None
) -> None:
    assert await seen(walled, scope) == NOTHING


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (SYSTEM, {"plain": 3, "held": 3, "shared": 3}),
        (Principal(subject="city", region="4304"), {"plain": 3, "held": 3, "shared": 3}),
        (Principal(subject="county", region="430481"), {"plain": 2, "held": 2, "shared": 2}),
        (
            Principal(subject="further desk", region="430405", unit="430405.emergency"),
            {"plain": 1, "held": 1, "shared": 2},
        ),
        # Its own rows wherever they happened, and nothing that has no holder.
        (Principal(subject="mine", uscc=MINE), {"plain": 0, "held": 1, "shared": 1}),
        (
            Principal(subject="mine", region="430405", uscc=MINE, unit="430405.emergency"),
            {"plain": 0, "held": 1, "shared": 1},
        ),
    ],
)
async def test_each_sees_its_own(walled: Database, by: Principal, rows: dict[str, int]) -> None:
    assert await seen(walled, Scope.of(by)) == rows


async def test_who_looks_everywhere_sees_its_own_again_afterwards(walled: Database) -> None:
    by = Principal(subject="further desk", region="430405", unit="430405.emergency")
    counted = text("SELECT count(*) FROM shared")
    settings = text(
        "SELECT current_setting('app.holder'), current_setting('app.unit'),"
        " current_setting('plan_cache_mode')"
    )
    async with unit_of_work(walled, by, asks=True) as session:
        before = (await session.execute(settings)).one()
        async with everywhere(session):
            most = await session.scalar(counted)
        own = await session.scalar(counted)
        after = (await session.execute(settings)).one()

    assert (most, own) == (3, 2)
    assert tuple(before) == tuple(after) == ("*", "430405.emergency", "force_custom_plan")


@pytest.mark.parametrize("table", TABLES)
async def test_nothing_is_written_beyond_the_wall_either(walled: Database, table: str) -> None:
    async with walled.sessions() as session:
        await set_scope(session, Scope.of(Principal(subject="county", region="430405")))
        with pytest.raises(ProgrammingError, match="row-level security"):
            await session.execute(text(f"INSERT INTO {table} VALUES ('430481', NULL)"))


async def parts(database: Database, by: Principal | None, *, table: str = "part") -> int:
    async with database.sessions() as session:
        if by is not None:
            await set_scope(session, Scope.of(by))
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


CITY, COUNTY = (Principal(subject=name, region=name) for name in ("4304", "430481"))
DESK = Principal(subject="desk", region="430405", unit="430405.emergency")


async def test_what_belongs_to_a_row_is_seen_with_it_and_changes_hands_with_it(
    walled: Database,
) -> None:
    async with unit_of_work(walled, SYSTEM) as session:
        await session.execute(text("INSERT INTO whole VALUES (1, '430481', NULL, '{}')"))
        await session.execute(text("INSERT INTO part VALUES (1), (1)"))
    before = [await parts(walled, by) for by in (CITY, COUNTY, DESK, None)]
    async with unit_of_work(walled, SYSTEM) as session:
        await session.execute(text("UPDATE whole SET units = '{430405.emergency}'"))

    assert before == [2, 2, 0, 0]
    assert await parts(walled, DESK) == 2


async def test_what_is_not_for_the_holder_of_a_row_is_hidden_from_it_alone(
    walled: Database,
) -> None:
    mine = Principal(subject="mine", uscc=MINE)
    async with unit_of_work(walled, SYSTEM) as session:
        row = text("INSERT INTO whole VALUES (1, '430481', :uscc, '{}')")
        await session.execute(row, {"uscc": MINE})
        await session.execute(text("INSERT INTO part VALUES (1)"))
        await session.execute(text("INSERT INTO secret VALUES (1)"))

    assert [await parts(walled, by, table="part") for by in (CITY, DESK, mine)] == [1, 0, 1]
    assert [await parts(walled, by, table="secret") for by in (CITY, DESK, mine)] == [1, 0, 0]


async def test_nothing_is_written_to_what_belongs_to_a_row_beyond_the_wall(
    walled: Database,
) -> None:
    async with unit_of_work(walled, SYSTEM) as session:
        await session.execute(text("INSERT INTO whole VALUES (1, '430481', NULL, '{}')"))
    async with walled.sessions() as session:
        await set_scope(session, Scope.of(DESK))
        with pytest.raises(ProgrammingError, match="row-level security"):
            await session.execute(text("INSERT INTO part VALUES (1)"))


async def test_a_register_is_read_by_all_and_changed_in_its_place_alone(walled: Database) -> None:
    mine = Principal(subject="mine", region="430481", uscc=MINE)
    changing = text("UPDATE register SET uscc = 'changed' RETURNING region_code")
    async with unit_of_work(walled, SYSTEM) as session:
        await session.execute(text("INSERT INTO register VALUES ('430481'), ('430405')"))

    assert [await parts(walled, by, table="register") for by in (CITY, DESK, mine)] == [2, 2, 2]
    for by, changed in ((CITY, 2), (DESK, 1), (mine, 0)):
        async with unit_of_work(walled, by) as session:
            assert len((await session.scalars(changing)).all()) == changed
    async with walled.sessions() as session:
        await set_scope(session, Scope.of(DESK))
        with pytest.raises(ProgrammingError, match="row-level security"):
            await session.execute(text("INSERT INTO register VALUES ('430481')"))


async def prepare_with_a_gap(urls: DatabaseUrls) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isolation, "_HOLDER", f"coalesce({isolation._HOLDER}, '*')")
        await prepare(urls)


async def test_a_wall_with_a_gap_would_be_noticed(database_url: MakeDatabase) -> None:
    """The planted gap: a holder that is not stated counts as everybody."""
    database = probe.opened(await database_url("gap", prepare=prepare_with_a_gap))
    try:
        await filled(database)
        with pytest.raises(AssertionError):
            await test_a_scope_that_is_not_stated_in_full_sees_nothing(
                database, replace(EVERYBODY, holder="")
            )
    finally:
        await database.close()
