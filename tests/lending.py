"""Databases that tests have one after the other, each as empty as it was at first.

Copying a database takes longer than most tests, and thousands of copies keep a disk busy. So a
worker lends each of its copies to one test at a time and empties it in between. What many tests
begin with is stored once and put back for each. A copy whose schema somebody changed is not lent
again.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import asyncpg

from devstack.databases import DatabaseUrls, Server
from kernel.db import Database, connect

Prepare = Callable[[DatabaseUrls], Awaitable[None]]


class MakeDatabase(Protocol):
    """Makes a fresh database for a service; see the fixture `database_url`."""

    async def __call__(self, service: str, *, prepare: Prepare | None = None) -> DatabaseUrls: ...


_LARGE = 256 * 1024
"""Bytes of a table that is quicker cut off than read: what was deleted stays until a vacuum."""

# A change of the schema is a row more, less or anew; statistics are written over those there are.
_CATALOGS = ("class", "attribute", "constraint", "index", "policy", "proc", "trigger", "type")
_LATEST = " UNION ALL ".join(f"SELECT xmin::text::bigint FROM pg_{one}" for one in _CATALOGS)
_SCHEMA = f"SELECT format('%s %s', max(xmin), count(*)) FROM ({_LATEST}) AS changed"

_USED = """
    SELECT oid::regclass::text AS name, pg_relation_size(oid) AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_SEQUENCES = """
    SELECT format('SELECT setval(%L, %s, %L)', quote_ident(sequencename),
                  coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM pg_sequences WHERE schemaname = 'public'
"""
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_NEW = "new"


@dataclass(kw_only=True)
class Copy:
    """A database, and what it can be made to hold again."""

    server: Server
    urls: DatabaseUrls
    schema: str = ""
    """What tells its schema from another: with the changes of ours, which nobody sees."""
    kept: dict[str, Sequence[str]] = field(default_factory=dict)
    """The statements that put something back into the emptied database."""
    heard: dict[str, Mapping[tuple[str, str], int]] = field(default_factory=dict)
    """How far each aggregate had been heard of by then."""

    @cached_property
    def database(self) -> Database:
        """One for all who have it one after the other: its engine keeps what it has compiled."""
        return connect(self.urls.app, pool_size=8, name="test")

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the administrator's."""
        async with self.server.connection(self.urls.owner.rpartition("/")[2]) as inside:
            yield inside

    async def keep(self, name: str) -> None:
        """Remember what it holds now."""
        async with self.entered() as inside:
            await inside.execute("CREATE SCHEMA IF NOT EXISTS kept")
            statements = [row[0] for row in await inside.fetch(_SEQUENCES)]
            for table, _ in await inside.fetch(_USED):
                columns = await inside.fetchval(_COLUMNS, table)
                beside = f'kept."{name} {len(statements)}"'
                await inside.execute(f"CREATE TABLE {beside} AS SELECT {columns} FROM {table}")
                into = f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
                statements.append(f"{into} SELECT * FROM {beside}")
            self.kept[name] = statements
            self.schema = await inside.fetchval(_SCHEMA)

    async def is_new(self) -> bool:
        """Whether nobody has put anything into it since it was lent."""
        async with self.entered() as inside:
            used = {table for table, _ in await inside.fetch(_USED)}
            filled = {table for table in used if f" {table} (" in " ".join(self.kept[_NEW])}
            found = [f"EXISTS (SELECT FROM {table})" for table in used - filled]
            return not await inside.fetchval(f"SELECT {' OR '.join([*found, 'false'])}")

    async def put(self, name: str = _NEW) -> bool:
        """Make it hold what was kept, and nothing else; False when its schema was changed."""
        async with self.entered() as inside:
            await inside.execute(_END_OTHERS)
            if await inside.fetchval(_SCHEMA) != self.schema:
                return False
            await self._put(inside, self.kept[name])
            return True

    async def _put(self, inside: asyncpg.Connection, statements: Sequence[str]) -> None:
        used = await inside.fetch(_USED)
        large = [table for table, size in used if size > _LARGE]
        emptying = [f"DELETE FROM {table}" for table, size in used if size <= _LARGE]
        if large:
            emptying.append(f"TRUNCATE {', '.join(large)} CASCADE")
        async with inside.transaction():
            # Triggers that forbid deleting, and foreign keys, stand aside.
            await inside.execute("SET LOCAL session_replication_role = replica")
            await inside.execute(";".join([*emptying, *statements]))
        if large:
            self.schema = await inside.fetchval(_SCHEMA)


@dataclass(frozen=True)
class Lender:
    """The databases of one worker."""

    server: Server
    make: MakeDatabase
    _free: dict[Prepare, list[Copy]] = field(default_factory=lambda: defaultdict(list))

    @asynccontextmanager
    async def lent(self, service: str, *, prepare: Prepare) -> AsyncIterator[Copy]:
        """A database of a service for the block, which nobody else has and nothing is in."""
        free = self._free[prepare]
        copy = free.pop() if free else await self._new(service, prepare)
        yield copy
        if await copy.put():
            free.append(copy)

    async def _new(self, service: str, prepare: Prepare) -> Copy:
        copy = Copy(server=self.server, urls=await self.make(service, prepare=prepare))
        await copy.keep(_NEW)
        return copy
