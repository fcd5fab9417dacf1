"""The database edge: engine, column types, and the one transaction of a unit of work.

`unit_of_work` is the only place that commits. It states who works (row-level security reads
it), and before the commit it lets the kernel's rooms write what was told in the meantime.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, MetaData, Text, Uuid, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import greenlet_spawn

from kernel import opening
from kernel.access import SYSTEM, Principal
from kernel.lookout import Lookout
from kernel.problems import Problem
from kernel.sessions import LocksAnew

Sessions = async_sessionmaker[AsyncSession]
Flush = Callable[[AsyncSession], Awaitable[None]]

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True)]

_UNIQUE_VIOLATION = "23505"


def new_metadata() -> MetaData:
    """A set of tables with predictable constraint names; every service has its own."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class TableStyle:
    """How Python types become columns: instants keep their zone, text has no length.

    A service's base is `class Base(TableStyle, DeclarativeBase): metadata = new_metadata()`.
    """

    type_annotation_map = {
        datetime: DateTime(timezone=True),
        str: Text,
        UUID: Uuid,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


class Base(TableStyle, DeclarativeBase):
    """The kernel's own tables, present in every service's database."""

    metadata = new_metadata()


class DatabaseUnavailable(Problem):
    """PostgreSQL cannot be reached now."""

    status = 503
    title_zh = "数据库暂不可用"
    title_en = "The database is not available"


EVERY_HOLDER = "*"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What row-level security lets a transaction see: a range of divisions, a holder, a unit.

    `holder` is an enterprise's credit code, or "*" for those who are not an enterprise. An
    unset scope sees nothing: the policies read NULL and fail closed.
    """

    region_lo: str
    region_hi: str
    holder: str = EVERY_HOLDER
    unit: str = ""

    @classmethod
    def of(cls, by: Principal) -> "Scope":
        """The scope of an actor."""
        if by.region is None and by.uscc is None:
            return cls(region_lo="", region_hi="", holder="", unit=by.unit or "")
        region = by.region or ""
        if by.uscc is not None:  # an enterprise sees its own rows wherever they happened
            holder = "" if by.uscc == EVERY_HOLDER else by.uscc  # no code opens all doors
            return cls(region_lo="0", region_hi=":", holder=holder, unit="")
        low, high = _range(region)
        return cls(region_lo=low, region_hi=high, unit=by.unit or "")


def _range(prefix: str) -> tuple[str, str]:
    """The half-open range of codes below a prefix; ":" follows "9" in byte order."""
    if not prefix:
        return "0", ":"
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


@dataclass
class Database:
    """An engine, its sessions, and what wakes the relay after a commit."""

    engine: AsyncEngine
    sessions: Sessions
    lookout: Lookout
    """Asks beside the pool whether there is anything to do."""
    nudge: asyncio.Event = field(default_factory=asyncio.Event)
    timers_nudge: asyncio.Event = field(default_factory=asyncio.Event)
    before_commit: list[Flush] = field(default_factory=list)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.lookout.close()
        await self.engine.dispose()


def connect(url: str, *, pool_size: int = 16, name: str = "anlian") -> Database:
    """An engine whose waits are all bounded: a dead server must not hang a request.

    What was opened stays open: a connection beyond the pool would be made and thrown away for
    each piece of work just when there is most of it, and making one costs more than the work.
    """
    settings = {
        "application_name": name,
        "idle_in_transaction_session_timeout": "30s",
        "lock_timeout": "5s",
        "timezone": "UTC",
        # No disk seeks any more: at the server's own 4 it would rather read a table of a million
        # rows from end to end than find forty thousand of them.
        "random_page_cost": "1.1",
    }
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text must not carry what was being stored
        connect_args={
            "timeout": 5,
            "command_timeout": 30,
            "server_settings": settings,
            "connection_class": opening.Opening,
        },
    )
    opening.watch(engine)
    sessions = async_sessionmaker(engine, sync_session_class=LocksAnew, expire_on_commit=False)
    driver_url = make_url(url).set(drivername="postgresql")
    lookout = Lookout(driver_url.render_as_string(hide_password=False), settings=settings)
    return Database(engine=engine, sessions=sessions, lookout=lookout)


async def let_go_of_idle(
    database: Database, *, keep: int = 1, every: timedelta = timedelta(seconds=20)
) -> None:
    """Begin with an empty pool, now and then: each idle connection costs the server a process.

    A pool keeps as many as were ever needed at once, which on a quiet night is most of a
    small server's memory. It is done when none is at work, and the new pool stands before the
    old one closes: a connection taken in between would be left to nobody. It is filled with
    those that are kept: whoever looks for work meanwhile would open one each.
    """
    while True:
        await asyncio.sleep(every.total_seconds())
        pool = database.engine.pool
        assert isinstance(pool, QueuePool)
        if pool.checkedin() > keep and not pool.checkedout():
            database.engine.sync_engine.dispose(close=False)
            with suppress(SQLAlchemyError, OSError):  # a server that is away closed them itself
                try:
                    await asyncio.gather(*(_opened(database) for _ in range(keep)))
                finally:
                    await greenlet_spawn(pool.dispose)


async def _opened(database: Database) -> None:
    async with database.engine.connect():
        pass


_SET_SCOPE = text(
    "SELECT set_config('app.region_lo', :lo, true), set_config('app.region_hi', :hi, true),"
    " set_config('app.holder', :holder, true), set_config('app.unit', :unit, true),"
    " set_config('plan_cache_mode', :plans, true)"
)


async def set_scope(session: AsyncSession, scope: Scope, *, plans: str = "auto") -> None:
    """Tell row-level security who works, for the rest of this transaction.

    `plans`: whether PostgreSQL may keep one plan for all values of a statement.
    """
    values = {
        "lo": scope.region_lo,
        "hi": scope.region_hi,
        "holder": scope.holder,
        "unit": scope.unit,
        "plans": plans,
    }
    await session.execute(_SET_SCOPE, values)


async def _begin_in(session: AsyncSession, scope: Scope, *, plans: str) -> None:
    """As `set_scope`, along with the transaction's beginning where that is possible."""
    settings = {
        "app.region_lo": scope.region_lo,
        "app.region_hi": scope.region_hi,
        "app.holder": scope.holder,
        "app.unit": scope.unit,
        "plan_cache_mode": plans,
    }
    if not await opening.begin_with(session, settings):
        await set_scope(session, scope, plans=plans)


_ROOM = text(
    "SELECT set_config('work_mem', '64MB', true),"
    " set_config('max_parallel_workers_per_gather', '2', true)"
)


async def count_at_large(session: AsyncSession) -> None:
    """Let the rest of this transaction add up in memory, not on disk, and on several cores.

    For the few statements that go through very many rows: all others are quicker on one.
    """
    await session.execute(_ROOM)


_SCOPE = text(
    "SELECT current_setting('app.region_lo', true) AS lo,"
    " current_setting('app.region_hi', true) AS hi,"
    " current_setting('app.holder', true) AS holder,"
    " current_setting('app.unit', true) AS unit,"
    " current_setting('plan_cache_mode') AS plans"
)


@asynccontextmanager
async def everywhere(session: AsyncSession) -> AsyncIterator[None]:
    """Let a transaction read what stands in any place, and then see again what it saw.

    The second wall stands open meanwhile: whoever reads here says whose rows it wants. An
    exception leaves it open; the transaction ends with it.
    """
    before = dict((await session.execute(_SCOPE)).mappings().one())
    await set_scope(session, Scope.of(SYSTEM), plans=before["plans"])
    yield
    await session.execute(_SET_SCOPE, before)


@asynccontextmanager
async def unit_of_work(
    database: Database, by: Principal, *, asks: bool = False
) -> AsyncIterator[AsyncSession]:
    """One transaction of one actor: scope, work, what was told, commit, nudge.

    Leaving by an exception rolls back: the session closes without having committed. Who only
    `asks` has each question planned for what it asks: a plan that is kept for every filter
    reads twenty years of accidents to find those of a month.
    """
    async with database.sessions() as session:
        plans = "force_custom_plan" if asks else "auto"
        await _begin_in(session, Scope.of(by), plans=plans)
        yield session
        for flush in database.before_commit:
            await flush(session)
        await _to_the_end(session.commit())
    _nudge(database, session.info)


async def _to_the_end(commit: Awaitable[None]) -> None:
    """Let a commit finish though its client hung up: half of one would wedge the connection."""
    task = asyncio.ensure_future(commit)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _nudge(database: Database, info: dict[Any, Any]) -> None:
    if info.pop("told", None):
        database.nudge.set()
    if info.pop("armed", None):
        database.timers_nudge.set()


@contextmanager
def refusing_taken(refusal: Problem) -> Iterator[None]:
    """Answer a write whose key another row has with a refusal; anything else goes on as it is."""
    try:
        yield
    except IntegrityError as reason:
        if getattr(reason.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        raise refusal from reason
