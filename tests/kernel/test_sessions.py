"""What is locked is read anew; what a handler has read, the next one finds."""

import gc
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import timers
from kernel.access import SYSTEM
from kernel.db import Database, unit_of_work
from kernel.sessions import keep_what_is_read
from kernel.timers import Timer
from tests.kernel.probe import NOON


async def armed(database: Database) -> UUID:
    async with unit_of_work(database, SYSTEM) as session:
        timer = await timers.arm(session, kind="k", entity_id="e", due_at=NOON, rule="r")
    return timer.timer_id


async def attempted_meanwhile(database: Database, timer_id: UUID) -> None:
    """Another transaction changes the row, and commits."""
    async with unit_of_work(database, SYSTEM) as other:
        (await other.get_one(Timer, timer_id)).attempts = 7


async def test_a_row_that_is_got_locked_is_read_anew(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        seen = await session.get_one(Timer, timer_id)
        await attempted_meanwhile(publisher, timer_id)

        locked = await session.get_one(Timer, timer_id, with_for_update=True)

        assert locked is seen
        assert locked.attempts == 7


async def test_rows_that_are_chosen_locked_are_read_anew(publisher: Database) -> None:
    timer_id = await armed(publisher)
    chosen = select(Timer).where(Timer.timer_id == timer_id)
    for ask in (AsyncSession.scalar, AsyncSession.scalars, AsyncSession.execute):
        async with unit_of_work(publisher, SYSTEM) as session:
            seen = await session.get_one(Timer, timer_id)
            seen_before = seen.attempts
            await attempted_meanwhile(publisher, timer_id)
            await ask(session, chosen.with_for_update())
            assert seen.attempts == 7
            seen.attempts = seen_before


async def test_a_lock_takes_nothing_back_that_was_changed_here(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        (await session.get_one(Timer, timer_id)).attempts = 3
        assert (await session.get_one(Timer, timer_id, with_for_update=True)).attempts == 3


def overheard(database: Database) -> list[str]:
    """The statements that are sent from now on."""
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda *told: statements.append(told[2]),
    )
    return statements


async def test_a_row_that_is_locked_already_is_not_locked_again(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        first = await session.get_one(Timer, timer_id, with_for_update=True)
        first.attempts = 3
        statements = overheard(publisher)

        again = await session.get_one(Timer, timer_id, with_for_update=True)

        assert (again, again.attempts) == (first, 3)
        assert statements == []


async def test_a_row_of_ones_own_is_not_locked(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM) as session:
        made = timers.new(kind="k", entity_id="e", due_at=NOON, rule="r")
        session.add(made)
        await session.flush()
        statements = overheard(publisher)

        assert await session.get(Timer, made.timer_id, with_for_update=True) is made
        assert statements == []


async def test_a_row_that_was_only_seen_is_locked(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.get_one(Timer, timer_id)
        statements = overheard(publisher)
        await session.get_one(Timer, timer_id, with_for_update=True)
        assert [statement.endswith("FOR UPDATE") for statement in statements] == [True]


async def test_a_row_of_which_something_was_forgotten_is_read_anew(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        first = await session.get_one(Timer, timer_id, with_for_update=True)
        session.expire(first)
        assert (await session.get_one(Timer, timer_id, with_for_update=True)).attempts == 0


async def test_a_lock_ends_with_its_savepoint(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        seen = await session.get_one(Timer, timer_id)
        savepoint = await session.begin_nested()
        await session.get_one(Timer, timer_id, with_for_update=True)
        await savepoint.rollback()
        await attempted_meanwhile(publisher, timer_id)
        await session.get_one(Timer, timer_id, with_for_update=True)
        assert seen.attempts == 7


async def test_a_lock_ends_with_its_transaction(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with publisher.sessions() as session:
        seen = await session.get_one(Timer, timer_id, with_for_update=True)
        await session.commit()
        await attempted_meanwhile(publisher, timer_id)
        await session.get_one(Timer, timer_id, with_for_update=True)
        assert seen.attempts == 7


async def test_what_is_deleted_is_not_found_by_locking_it(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.delete(await session.get_one(Timer, timer_id, with_for_update=True))
        assert await session.get(Timer, timer_id, with_for_update=True) is None


async def test_what_was_read_is_not_read_again_while_it_is_kept(publisher: Database) -> None:
    timer_id = await armed(publisher)
    async with unit_of_work(publisher, SYSTEM) as session:
        statements = overheard(publisher)
        keep_what_is_read(session)
        await session.get_one(Timer, timer_id)
        gc.collect()
        await session.get_one(Timer, timer_id)

        assert len(statements) == 1
