"""Databases that tests have one after the other: as empty as new, or as what many begin with."""

import asyncpg
import pytest

from devstack.databases import DatabaseUrls, Server
from tests.lending import Copy, Lender, MakeDatabase


async def prepare(urls: DatabaseUrls) -> None:
    """A table with a row, one that hangs on it, and one from which nothing may be deleted."""
    connection = await asyncpg.connect(urls.owner.replace("+asyncpg", ""))
    await connection.execute(
        """
        CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
                             doubled int GENERATED ALWAYS AS (id * 2) STORED);
        CREATE TABLE child (parent int REFERENCES parent, words text);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN RAISE EXCEPTION ''never deleted''; END';
        CREATE TRIGGER kept BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION refuse();
        INSERT INTO parent (name) VALUES ('first');
        """
    )
    await connection.close()


@pytest.fixture
def lender(postgres_server: Server, database_url: MakeDatabase) -> Lender:
    return Lender(postgres_server, database_url)


async def put(copy: Copy, statement: str) -> None:
    async with copy.entered() as inside:
        await inside.execute(statement)


async def held(copy: Copy) -> list[tuple[object, ...]]:
    both = "SELECT id, name, doubled, words FROM parent LEFT JOIN child ON parent = id ORDER BY id"
    async with copy.entered() as inside:
        return [tuple(row) for row in await inside.fetch(both)]


MORE = "INSERT INTO parent (name) VALUES ('second'); INSERT INTO child VALUES (2, 'of it')"
NEW = [(1, "first", 2, None)]
MUCH = "INSERT INTO child SELECT 1, repeat('x', 400) FROM generate_series(1, 2000)"


@pytest.mark.parametrize("changed", [MORE, MUCH, "UPDATE parent SET name = 'other'"])
async def test_the_next_one_finds_it_as_it_was_new(lender: Lender, changed: str) -> None:
    async with lender.lent("trial", prepare=prepare) as first:
        await put(first, changed)
    async with lender.lent("trial", prepare=prepare) as second:
        assert second is first
        assert await held(second) == NEW
        await put(second, MORE)
        assert (await held(second))[1] == (2, "second", 4, "of it")


async def test_what_many_begin_with_is_put_back(lender: Lender) -> None:
    async with lender.lent("trial", prepare=prepare) as first:
        assert await first.is_new()
        await put(first, MORE)
        assert not await first.is_new()
        await first.keep("more")
    async with lender.lent("trial", prepare=prepare) as second:
        assert second is first
        assert await second.put("more")
        assert await held(second) == [*NEW, (2, "second", 4, "of it")]


@pytest.mark.parametrize(
    "changed",
    [
        "CREATE TABLE another ()",
        "ALTER TABLE child ADD COLUMN more int",
        "DROP TRIGGER kept ON child",
        "GRANT DELETE ON child TO trial_app",
        "CREATE POLICY none ON child",
    ],
)
async def test_with_another_schema_it_is_not_lent_again(lender: Lender, changed: str) -> None:
    async with lender.lent("trial", prepare=prepare) as first:
        await put(first, changed)
    async with lender.lent("trial", prepare=prepare) as second:
        assert second is not first


async def test_two_at_once_have_two(lender: Lender) -> None:
    async with (
        lender.lent("trial", prepare=prepare) as one,
        lender.lent("trial", prepare=prepare) as other,
    ):
        await put(one, MORE)
        assert await held(other) == NEW
