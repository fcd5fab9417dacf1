"""What a transaction collects is written with its commit, or not at all."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import at_commit
from kernel.access import SYSTEM
from kernel.changes import Change, Op, record
from kernel.db import Database, unit_of_work


def note(session: AsyncSession, number: int) -> None:
    record(session, scope="s", entity="hazard", entity_id=number, op=Op.UPSERT)


async def written(database: Database) -> list[str]:
    async with database.sessions() as session:
        return list(await session.scalars(select(Change.entity_id).order_by(Change.seq)))


async def test_rows_are_written_by_the_commit_in_their_order(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM) as session:
        for number in range(5):
            note(session, number)
        assert await session.scalar(select(func.count()).select_from(Change)) == 0

    assert await written(publisher) == ["0", "1", "2", "3", "4"]


async def test_a_session_that_commits_twice_writes_each_row_once(publisher: Database) -> None:
    async with publisher.sessions() as session:
        note(session, 1)
        await session.commit()
        note(session, 2)
        await session.commit()
        await session.commit()

    assert await written(publisher) == ["1", "2"]


async def test_a_rollback_forgets_what_was_collected(publisher: Database) -> None:
    async with publisher.sessions() as session:
        await session.execute(select(1))
        note(session, 1)
        await session.rollback()
        note(session, 2)
        await session.commit()

    assert await written(publisher) == ["2"]


async def test_rows_written_early_are_not_written_again(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM) as session:
        note(session, 1)
        await session.run_sync(at_commit.write)
        assert await session.scalar(select(func.count()).select_from(Change)) == 1

    assert await written(publisher) == ["1"]
