"""Looking for work: outside of any transaction, over one connection that is made anew when lost."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import text

from kernel import lookout as rules
from kernel.access import SYSTEM
from kernel.consumer import is_outage
from kernel.db import Database, connect, unit_of_work
from kernel.lookout import DatabaseAway
from tests.eventually import eventually

WHICH = "SELECT pg_backend_pid()"


async def test_many_look_over_one_connection(publisher: Database) -> None:
    seen = await asyncio.gather(*(publisher.lookout.see(WHICH) for _ in range(20)))

    assert len({rows[0][0] for rows in seen}) == 1


async def test_a_look_sees_what_was_committed_and_holds_nothing(publisher: Database) -> None:
    see = publisher.lookout.see
    assert await see("SELECT number FROM effect") == []

    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("INSERT INTO effect (number) VALUES (7)"))
        assert await see("SELECT number FROM effect") == []

    assert [tuple(row) for row in await see("SELECT number FROM effect")] == [(7,)]
    [(state,)] = await see(
        "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock'"
        " AND locktype = 'relation'"
    )
    assert state == 0


async def test_a_connection_that_was_cut_is_made_anew(publisher: Database) -> None:
    [(pid,)] = await publisher.lookout.see(WHICH)
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    async def answered() -> int | None:
        with suppress(DatabaseAway):  # once at most: then it is known to be lost
            [(other,)] = await publisher.lookout.see(WHICH)
            return int(other)
        return None

    assert await eventually(answered) != pid


async def test_a_look_that_takes_too_long_is_an_outage_and_the_next_one_asks_anew(
    publisher: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(pid,)] = await publisher.lookout.see(WHICH)
    monkeypatch.setattr(rules, "PATIENCE_S", 0.1)

    with pytest.raises(DatabaseAway):
        await publisher.lookout.see("SELECT pg_sleep(5)")

    monkeypatch.undo()
    assert (await publisher.lookout.see(WHICH))[0][0] != pid


async def test_a_server_that_is_not_there_is_an_outage() -> None:
    nowhere = connect("postgresql+asyncpg://nobody:secret@127.0.0.1:1/none")

    with pytest.raises(DatabaseAway) as refusal:
        await nowhere.lookout.see(WHICH)

    assert is_outage(refusal.value)
    assert "secret" not in repr(refusal.value)
    await nowhere.close()


async def test_what_is_wrong_with_the_statement_is_nobodys_outage(publisher: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as refusal:
        await publisher.lookout.see("SELECT 1 FROM no_such_table")

    assert not is_outage(refusal.value)
    assert await publisher.lookout.see("SELECT 1")
