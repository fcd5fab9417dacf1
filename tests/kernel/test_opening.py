"""Who works is told with the message that begins a transaction, and with no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM, Principal
from kernel.db import Database, unit_of_work
from kernel.opening import begin_with

_TOLD = text(
    "SELECT current_setting('app.region_lo', true), current_setting('app.region_hi', true),"
    " current_setting('app.holder', true), current_setting('app.unit', true),"
    " current_setting('plan_cache_mode')"
)
DESK = Principal(subject="desk", region="430405", unit="430405.emergency")


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What connections are given to execute without values."""
    said: list[str] = []
    execute = asyncpg.Connection.execute

    async def listen(self: Any, query: str, *args: Any, **how: Any) -> Any:
        said.append(query)
        return await execute(self, query, *args, **how)

    with mock.patch.object(asyncpg.Connection, "execute", listen):
        yield said


async def told(database: Database, by: Principal, *, asks: bool = False) -> tuple[str, ...]:
    async with unit_of_work(database, by, asks=asks) as session:
        return tuple((await session.execute(_TOLD)).one())


async def unscoped(database: Database) -> list[str | None]:
    """What the pool's next connection says of who works, to somebody who did not say it."""
    async with database.engine.connect() as connection:
        return [value or None for value in (await connection.execute(_TOLD)).one()][:4]


async def test_a_transaction_begins_with_who_works(publisher: Database) -> None:
    await unscoped(publisher)  # a pool's first connection is looked at in a transaction of its own
    with overheard() as said:
        assert await told(publisher, DESK) == ("430405", "430406", "*", "430405.emergency", "auto")
    beginnings = [query for query in said if query.startswith("BEGIN")]
    assert len(beginnings) == 1
    assert "SET LOCAL app.unit = '430405.emergency';" in beginnings[0]


async def test_who_only_asks_has_each_question_planned(publisher: Database) -> None:
    assert (await told(publisher, DESK, asks=True))[-1] == "force_custom_plan"


@pytest.mark.parametrize(
    "unit", ["o'clock", "a'; SET app.region_lo = '0", "应急局", "back\\slash", "$1", "two words"]
)
async def test_what_would_need_quoting_is_told_as_a_value(publisher: Database, unit: str) -> None:
    by = Principal(subject="desk", region="430405", unit=unit)
    with overheard() as said:
        assert await told(publisher, by) == ("430405", "430406", "*", unit, "auto")
    assert not [query for query in said if unit in query]


async def test_it_ends_with_the_transaction(publisher: Database) -> None:
    await told(publisher, SYSTEM)
    assert await unscoped(publisher) == [None] * 4


async def test_what_was_never_begun_is_forgotten(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM):
        pass
    assert await unscoped(publisher) == [None] * 4


async def test_what_failed_before_it_began_is_forgotten(publisher: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work(publisher, SYSTEM):
            raise ZeroDivisionError
    assert await unscoped(publisher) == [None] * 4


async def test_only_the_beginning_takes_it_along(publisher: Database) -> None:
    with overheard() as said:
        async with unit_of_work(publisher, DESK) as session:
            await session.execute(text("SELECT 1"))
            async with session.begin_nested():
                await session.execute(text("SELECT 2"))
        await unscoped(publisher)
    carrying = [query for query in said if "SET LOCAL" in query]
    assert [query[:10] for query in carrying] == ["BEGIN;SET "]


async def test_nothing_but_a_beginning_takes_it_along(publisher: Database) -> None:
    async with publisher.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.along = "SET LOCAL app.unit = 'u';"
        with overheard() as said:
            for query in ("SET app.unit TO DEFAULT", "BEGIN;", "ROLLBACK;", "BEGIN;", "ROLLBACK;"):
                await driver.execute(query)
    assert said[:3] == ["SET app.unit TO DEFAULT", "BEGIN;SET LOCAL app.unit = 'u';", "ROLLBACK;"]
    assert said[3:] == ["BEGIN;", "ROLLBACK;"]


async def test_a_second_transaction_does_not_begin_like_the_first(publisher: Database) -> None:
    async with publisher.sessions() as session:
        await begin_with(session, {"app.unit": "u"})
        first = (await session.execute(_TOLD)).one()[3]
        await session.commit()
        second = (await session.execute(_TOLD)).one()[3]
    assert (first, second or None) == ("u", None)


async def test_what_has_begun_already_takes_nothing_along(publisher: Database) -> None:
    async with publisher.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
            assert not await begin_with(session, {"app.unit": "u"})
        driver: Any = (await connection.get_raw_connection()).driver_connection
        assert driver.along == ""
