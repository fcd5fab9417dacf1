"""An account that is read anew is read once, and keeps nobody waiting who is known."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from gateway.identity import directory as rules
from gateway.identity.directory import Directory
from gateway.identity.tokens import Claims
from kernel import clock
from kernel.db import Database, DatabaseUnavailable
from tests.gateway.conftest import House

MANY = 40


@pytest.fixture
async def claims(house: House) -> Claims:
    """Of somebody who signed in a moment ago, and of whom the directory has not heard."""
    answer = await house.sign_in(await house.person("duty_desk"))
    tokens = house.gateway.own.state.sign_in.tokens
    read: Claims = tokens.read(answer.json()["access_token"], now=clock.wall())
    return read


@pytest.fixture
def database(house: House) -> Database:
    known: Database = house.gateway.own.state.runtime.database
    return known


@pytest.fixture
async def directory(database: Database) -> Directory:
    made = Directory(database)
    await made.look()
    return made


@contextmanager
def reads(database: Database) -> Iterator[list[str]]:
    """The statements that read an account."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if "FROM account" in statement:
            seen.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def ask(directory: Directory, claims: Claims) -> list[Any]:
    asked = (directory.principal(claims, reserved=False) for _ in range(MANY))
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_many_requests_of_somebody_unknown_read_the_account_once(
    directory: Directory, database: Database, claims: Claims
) -> None:
    with reads(database) as seen:
        told = await ask(directory, claims)

    assert len(seen) == 1
    assert {principal.subject for principal in told} == {str(claims.account_id)}


async def test_whoever_is_known_is_served_while_one_request_reads_the_account_anew(
    directory: Directory,
    database: Database,
    claims: Claims,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await directory.principal(claims, reserved=False)
    monkeypatch.setattr(rules, "KNOWN_FOR_S", 0.0)

    with reads(database) as seen:
        first = asyncio.create_task(directory.principal(claims, reserved=False))
        await asyncio.sleep(0)  # it is at its turn now
        others = [await directory.principal(claims, reserved=False) for _ in range(MANY)]
        assert not first.done()
        await first

    assert len(seen) == 1
    assert {other.subject for other in others} == {str(claims.account_id)}


async def test_a_database_that_hangs_is_waited_for_once_and_not_in_turn(
    directory: Directory,
    database: Database,
    claims: Claims,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "_PATIENCE_S", 0.2)
    async with database.engine.connect() as other:
        await other.execute(text("LOCK TABLE account IN ACCESS EXCLUSIVE MODE"))
        with reads(database) as seen:
            told = await ask(directory, claims)

    assert len(seen) == 1
    assert {type(answer) for answer in told} == {DatabaseUnavailable}
    assert not directory.reachable
