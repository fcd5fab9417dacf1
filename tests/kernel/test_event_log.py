"""What was told stays as it was told, and whoever tells wakes the relay once it is so."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import outbox
from kernel.access import SYSTEM
from kernel.db import Database, unit_of_work
from kernel.ids import uuid7
from tests.kernel.probe import NOON, ThingMade, effects, tell

INSUFFICIENT_PRIVILEGE = "42501"


def fact(number: int = 1) -> ThingMade:
    return ThingMade(occurred_at=NOON, thing_id=uuid7(), number=number)


async def log(database: Database) -> list[tuple[object, ...]]:
    """Every row of the log, whole."""
    async with unit_of_work(database, SYSTEM) as session:
        return [tuple(row) for row in await session.execute(text("SELECT * FROM event_log"))]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET data = 'another'",
        "UPDATE event_log SET recorded_at = recorded_at",
        "UPDATE event_log SET version = version + 1",
        "DELETE FROM event_log",
        "TRUNCATE event_log",
        "INSERT INTO event_log SELECT * FROM event_log"
        " ON CONFLICT (event_id) DO UPDATE SET data = 'another'",
        "ALTER TABLE event_log ADD COLUMN more int",
        "DROP TABLE event_log",
    ],
)
async def test_no_service_takes_back_or_changes_what_it_told(
    publisher: Database, statement: str
) -> None:
    await tell(publisher, fact())
    before = await log(publisher)

    with pytest.raises(DBAPIError) as refused:
        async with unit_of_work(publisher, SYSTEM) as session:
            await session.execute(text(statement))

    assert getattr(refused.value.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE
    assert await log(publisher) == before
    assert len(before) == 1


async def test_a_commit_that_told_something_wakes_the_relay(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM) as session:
        outbox.publish(session, fact())
        assert not publisher.nudge.is_set()  # nothing is there yet for it to find

    assert publisher.nudge.is_set()
    assert len(await log(publisher)) == 1


async def test_a_commit_that_told_nothing_wakes_nobody(publisher: Database) -> None:
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("INSERT INTO effect (number) VALUES (7)"))

    assert [number for _, number in await effects(publisher)] == [7]
    assert not publisher.nudge.is_set()
    assert not publisher.timers_nudge.is_set()


class Undone(Exception):
    pass


async def _tell_and_undo(database: Database) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        outbox.publish(session, fact())
        raise Undone


async def test_a_transaction_that_is_rolled_back_wakes_nobody(publisher: Database) -> None:
    with pytest.raises(Undone):
        await _tell_and_undo(publisher)

    assert not publisher.nudge.is_set()
    assert await log(publisher) == []


async def test_a_commit_that_the_database_refuses_wakes_nobody(publisher: Database) -> None:
    twice = fact()
    await tell(publisher, twice)
    publisher.nudge.clear()

    with pytest.raises(DBAPIError):
        await tell(publisher, twice)

    assert not publisher.nudge.is_set()
    assert len(await log(publisher)) == 1
