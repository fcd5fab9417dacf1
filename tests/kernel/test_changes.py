"""A client that pulls misses nothing, however long some transactions stay open."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from devstack.databases import DatabaseUrls
from kernel import at_commit, changes
from kernel.access import SYSTEM
from kernel.changes import Op, Pulled
from kernel.db import Database, connect, unit_of_work
from kernel.problems import InvalidPayload
from tests.kernel import probe
from tests.kernel.settling import settle
from tests.lending import MakeDatabase

SCOPES = ("region:4304", "unit:430481.emergency", "holder:91430400MA4L1X2T3K")


@pytest.fixture
async def urls(database_url: MakeDatabase) -> DatabaseUrls:
    return await database_url("probe", prepare=probe.prepare)


@pytest.fixture
async def database(urls: DatabaseUrls) -> AsyncIterator[Database]:
    database = connect(urls.app, pool_size=12, name="test")
    yield database
    await database.close()


async def pull(
    database: Database,
    cursor: str | None = None,
    *,
    scopes: tuple[str, ...] = SCOPES,
    limit: int = 500,
    settled: bool = True,
) -> Pulled:
    if settled:
        await settle(database, "change_log")
    async with unit_of_work(database, SYSTEM) as session:
        return await changes.pull(session, scopes=scopes, cursor=cursor, limit=limit)


def write(session: AsyncSession, number: int, *, scope: str = SCOPES[0]) -> None:
    body = {"number": number}
    changes.record(
        session, scope=scope, entity="hazard", entity_id=number, op=Op.UPSERT, body=body, version=1
    )


async def write_one(database: Database, number: int, *, scope: str = SCOPES[0]) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        write(session, number, scope=scope)


def numbers(pulled: Pulled) -> list[int]:
    return [int(change.entity_id) for change in pulled.changes]


async def test_changes_come_in_the_order_of_their_commits_with_all_they_hold(
    database: Database,
) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        write(session, 1)
        changes.record(
            session, scope=SCOPES[0], entity="hazard", entity_id=2, op=Op.TOMBSTONE, version=3
        )

    pulled = await pull(database)

    first, second = pulled.changes
    assert (first.scope, first.entity, first.entity_id) == (SCOPES[0], "hazard", "1")
    assert (first.op, first.version, first.body) == ("upsert", 1, {"number": 1})
    assert (second.op, second.version, second.body) == ("tombstone", 3, None)
    assert not pulled.reset
    assert not pulled.more


async def test_pages_follow_each_other_without_gap_or_overlap(database: Database) -> None:
    for number in range(25):
        await write_one(database, number, scope=SCOPES[number % 3])

    seen: list[int] = []
    cursor, more = None, True
    while more:
        pulled = await pull(database, cursor, limit=4)
        seen += numbers(pulled)
        cursor, more = pulled.cursor, pulled.more

    assert seen == list(range(25))
    assert numbers(await pull(database, cursor)) == []
    await write_one(database, 25)
    assert numbers(await pull(database, cursor)) == [25]


async def test_other_scopes_are_not_seen(database: Database) -> None:
    await write_one(database, 1, scope="region:4303")
    await write_one(database, 2, scope=SCOPES[1])

    assert numbers(await pull(database)) == [2]
    assert numbers(await pull(database, scopes=())) == []


async def test_a_change_behind_an_open_transaction_waits_for_it(database: Database) -> None:
    async with unit_of_work(database, SYSTEM) as slow:
        write(slow, 1)
        await slow.run_sync(at_commit.write)
        await write_one(database, 2)
        before = await pull(database, settled=False)

    after = await pull(database, before.cursor)

    assert numbers(before) == []
    assert numbers(after) == [1, 2]


@dataclass
class Client:
    """Pulls as phones do; beside it stands one that keeps the highest number it has seen."""

    database: Database
    cursor: str | None = None
    seen: list[int] = field(default_factory=list)
    naive_last: int = 0
    naive_seen: list[int] = field(default_factory=list)

    async def pull(self, limit: int) -> bool:
        pulled = await pull(self.database, self.cursor, limit=limit, settled=False)
        assert not pulled.reset
        self.cursor = pulled.cursor
        self.seen += numbers(pulled)
        return pulled.more or bool(pulled.changes)

    async def pull_naively(self) -> None:
        """The planted bug: `seq > last`."""
        query = text("SELECT seq, entity_id FROM change_log WHERE seq > :last ORDER BY seq")
        async with self.database.sessions() as session:
            for seq, entity_id in await session.execute(query, {"last": self.naive_last}):
                self.naive_last = seq
                self.naive_seen.append(int(entity_id))


@dataclass
class Writers:
    """Transactions that stay open as long as dice will have it, and sometimes fail."""

    database: Database
    dice: random.Random
    committed: list[int] = field(default_factory=list)
    _open: list[tuple[AsyncExitStack, AsyncSession, list[int]]] = field(default_factory=list)
    _next: int = 0

    async def step(self) -> None:
        if len(self._open) < 8 and self.dice.random() < 0.55:
            await self._begin()
        elif self._open:
            await self._end(self._open.pop(self.dice.randrange(len(self._open))))

    async def _begin(self) -> None:
        stack = AsyncExitStack()
        session = await stack.enter_async_context(self.database.sessions())
        written = []
        for _ in range(self.dice.randint(1, 3)):
            self._next += 1
            write(session, self._next, scope=self.dice.choice(SCOPES))
            await session.run_sync(at_commit.write)
            written.append(self._next)
        self._open.append((stack, session, written))

    async def _end(self, work: tuple[AsyncExitStack, AsyncSession, list[int]]) -> None:
        stack, session, written = work
        if self.dice.random() < 0.9:
            await session.commit()
            self.committed += written
        await stack.aclose()

    async def finish(self) -> None:
        while self._open:
            await self._end(self._open.pop())


@pytest.mark.parametrize("seed", [1, 20231129])
async def test_nothing_is_missed_beside_transactions_that_stay_open(
    database: Database, seed: int
) -> None:
    dice = random.Random(seed)
    writers, client = Writers(database, dice), Client(database)
    for _ in range(600):
        await writers.step()
        if dice.random() < 0.3:
            await client.pull(limit=dice.randint(1, 20))
            await client.pull_naively()
    await writers.finish()
    await settle(database, "change_log")
    while await client.pull(limit=50):
        pass
    await client.pull_naively()

    assert sorted(client.seen) == sorted(writers.committed)
    assert len(client.seen) > 300
    missed_naively = set(writers.committed) - set(client.naive_seen)
    assert len(missed_naively) > len(writers.committed) // 10


async def test_nothing_is_missed_while_many_write_at_once(database: Database) -> None:
    client = Client(database)

    async def write_many(first: int) -> None:
        for number in range(first, first + 60):
            await write_one(database, number, scope=SCOPES[number % 3])

    async with asyncio.TaskGroup() as group:
        writing = [group.create_task(write_many(1000 * n)) for n in range(6)]
        while not all(task.done() for task in writing):
            await client.pull(limit=7)
    await settle(database, "change_log")
    while await client.pull(limit=100):
        pass

    assert sorted(client.seen) == sorted(1000 * n + m for n in range(6) for m in range(60))


async def test_other_scopes_begin_anew(database: Database) -> None:
    """An inspector who moves to another district drops what he may no longer hold."""
    await write_one(database, 1, scope="region:430481")
    await write_one(database, 2, scope="region:430482")
    before = await pull(database, scopes=("region:430481",))

    after = await pull(database, before.cursor, scopes=("region:430482",))
    again = await pull(database, after.cursor, scopes=("region:430482",))

    assert (before.reset, numbers(before)) == (False, [1])
    assert (after.reset, numbers(after)) == (True, [2])
    assert (again.reset, numbers(again)) == (False, [])


async def test_the_order_of_the_scopes_does_not_matter(database: Database) -> None:
    before = await pull(database, scopes=("a", "b"))

    assert not (await pull(database, before.cursor, scopes=("b", "a", "b"))).reset


async def test_a_new_epoch_makes_every_client_begin_anew(
    urls: DatabaseUrls, database: Database
) -> None:
    await write_one(database, 1)
    before = await pull(database)
    async with unit_of_work(database, SYSTEM) as session:
        session.add(changes.ChangeEpoch(n=1, reason="disk snapshot of the night before"))

    after = await pull(database, before.cursor)

    assert (after.reset, numbers(after)) == (True, [1])


async def test_a_cursor_ahead_of_the_server_is_of_data_that_were_lost(database: Database) -> None:
    await write_one(database, 1)
    stamp, history, xid, seq = (await pull(database)).cursor.split(".")

    after = await pull(database, f"{stamp}.{history}.{int(xid) + 1_000_000}.{seq}")

    assert (after.reset, numbers(after)) == (True, [1])


@pytest.mark.parametrize("history", [-5, 7, 2**63 - 1])
async def test_restored_changes_with_ids_the_server_has_not_reached_are_not_hidden(
    urls: DatabaseUrls, database: Database, history: int
) -> None:
    """A dump keeps its transaction ids: `xid < xmin` alone would hide its rows for years."""
    for number in range(6):
        await write_one(database, number)
    owner = connect(urls.owner)
    far = "(xid::text::bigint + 1000000000)::text::xid8"
    async with owner.engine.begin() as restoring:
        await restoring.execute(text(f"UPDATE change_log SET history = {history}, xid = {far}"))
        hidden = text(
            "SELECT count(*) FROM change_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())"
        )
        assert await restoring.scalar(hidden) == 6
    await owner.close()
    for number in range(6, 9):
        await write_one(database, number)

    seen: list[int] = []
    cursor, more = None, True
    while more:
        pulled = await pull(database, cursor, limit=2)
        seen += numbers(pulled)
        cursor, more = pulled.cursor, pulled.more

    assert seen == list(range(9))
    await write_one(database, 9)
    assert numbers(await pull(database, cursor)) == [9]


@given(cursor=st.text() | st.from_regex(r"[0-9a-f]{16}(\.-?[0-9]{1,25}){0,4}", fullmatch=True))
async def test_a_forged_cursor_is_refused_or_begins_anew(shared: Database, cursor: str) -> None:
    try:
        pulled = await pull(shared, cursor, settled=False)
    except InvalidPayload:
        return
    assert pulled.reset or cursor == ""


@pytest.fixture(scope="module")
async def shared(database_url: MakeDatabase) -> AsyncIterator[Database]:
    """A database that its tests only read."""
    database = probe.opened(await database_url("probe", prepare=probe.prepare))
    yield database
    await database.close()


async def test_the_pull_reads_an_index_and_not_the_whole_log(
    urls: DatabaseUrls, database: Database
) -> None:
    owner = connect(urls.owner)
    async with owner.engine.begin() as filling:
        await filling.execute(
            text(
                "INSERT INTO change_log (scope, entity, entity_id, op, version)"
                " SELECT 'region:' || (n % 50), 'hazard', n::text, 'upsert', 1"
                " FROM generate_series(1, 50000) n"
            )
        )
        await filling.execute(text("ANALYZE change_log"))
    await owner.close()
    await settle(database, "change_log")
    scopes = ("region:1", "region:2")
    cursor = (await pull(database, scopes=scopes, limit=10)).cursor

    async with unit_of_work(database, SYSTEM) as session:
        before = await _rows_read(session)
        pulled = await changes.pull(session, scopes=scopes, cursor=cursor, limit=10)
        read = await _rows_read(session) - before

    assert len(pulled.changes) == 10
    assert read < 100


async def _rows_read(session: AsyncSession) -> int:
    counted = text(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        " WHERE relname = 'change_log'"
    )
    return int(await session.scalar(counted) or 0)
