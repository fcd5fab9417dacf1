"""The first start gives each service its part once, however often it was cut off before."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from devstack import keymaking, seed
from devstack.accounts import credentials
from devstack.config import StackConfig
from devstack.databases import DatabaseUrls
from devstack.layout import Layout
from devstack.ports import USUAL
from gateway.identity.passwords import Hasher
from kernel import keyring
from tests.lending import Copy, Lender
from tests.services.stage import migrated

PARTS = {
    "gateway": "account",
    "tasks": "plan",
    "inspections": "enterprise",
    "notifications": "endpoint",
}
"""Who is given a part, one after the other, and a table that it is in."""

ALWAYS = {"audit"}
"""Each load is on record, that which changed nothing too."""

OPENED = ["app_key", "password_hash", "secret", "totp_secret"]
"""What is random in every stack, or sealed anew."""

STATED_AT = re.compile(r"@\d{4}-\d\d-\d\dT[^\"]+")
"""The instant in the name of a timer: what is stated at once has one look at it."""

_MADE = """
    SELECT table_name, array_agg(column_name::text) FILTER (
        WHERE is_identity = 'YES' OR column_default LIKE 'nextval%' OR column_name = ANY($1)
        OR data_type IN ('uuid', 'timestamp with time zone', 'bytea', 'xid8')
    ) FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name
"""
_CUT = """
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql
        AS $$BEGIN RAISE EXCEPTION 'the power is gone'; END$$;
    CREATE CONSTRAINT TRIGGER cut AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION cut()
"""

Held = dict[str, Counter[str]]


@dataclass(frozen=True)
class Borrower(StackConfig):
    """A stack whose services have lent databases."""

    lent: Mapping[str, Copy] = field(default_factory=dict)

    @property
    def databases(self) -> dict[str, DatabaseUrls]:
        return {service: copy.urls for service, copy in self.lent.items()}

    async def held(self) -> Held:
        """The rows of every table, without what is another in each stack."""
        return {
            f"{service}.{table}": rows
            for service, copy in self.lent.items()
            for table, rows in (await _rows(copy)).items()
            if table not in ALWAYS
        }

    @asynccontextmanager
    async def cut_off(self, service: str) -> AsyncIterator[None]:
        """For the block, what the service is given is refused when all of it is written."""
        async with self.lent[service].entered() as inside:
            await inside.execute(_CUT.format(table=PARTS[service]))
            yield
            await inside.execute("DROP FUNCTION cut CASCADE")


async def _rows(copy: Copy) -> dict[str, Counter[str]]:
    async with copy.entered() as inside:
        return {
            table: Counter(
                STATED_AT.sub("", row[0])
                for row in await inside.fetch(
                    f"SELECT (to_jsonb(one) - $1::text[])::text FROM {table} AS one", made or []
                )
            )
            for table, made in await inside.fetch(_MADE, OPENED)
        }


@asynccontextmanager
async def borrower(lender: Lender, layout: Layout) -> AsyncIterator[Borrower]:
    """A stack that nobody has given anything to."""
    layout.make()
    keymaking.make(layout)
    async with AsyncExitStack() as stack:
        lent = {
            service: await stack.enter_async_context(
                lender.lent(service, prepare=migrated(service))
            )
            for service in PARTS
        }
        yield Borrower(layout, USUAL, {}, outside_database=lender.server.url, lent=lent)


@pytest.fixture
async def stack(lender: Lender, tmp_path: Path) -> AsyncIterator[Borrower]:
    async with borrower(lender, Layout(tmp_path / "var")) as made:
        yield made


@pytest.fixture(scope="module")
async def clean(lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """What the services hold after one load that nothing disturbed."""
    async with borrower(lender, Layout(tmp_path_factory.mktemp("clean") / "var")) as made:
        await seed.seed(made)
        return await made.held()


@pytest.fixture(autouse=True)
def _no_ring() -> Iterator[None]:
    """Loading reads the rings of its stack; nobody else is to read by them."""
    yield
    keyring.use(None)


async def opened(stack: Borrower) -> list[str]:
    """The accounts whose password is the one that the stack tells."""
    hasher = Hasher(threads=2)
    async with stack.lent["gateway"].entered() as inside:
        kept = dict(await inside.fetch("SELECT username, password_hash FROM account"))
    told: list[dict[str, Any]] = list(credentials(stack.layout).accounts.values())
    opens = [
        row["username"]
        for row in told
        if await hasher.holds(row["password"], kept.get(row["username"]))
    ]
    hasher.close()
    return opens


async def test_a_load_gives_everybody_something_and_is_not_due_again(
    stack: Borrower, clean: Held
) -> None:
    for service, table in PARTS.items():
        assert clean[f"{service}.{table}"], service
    assert sum(clean["tasks.event_log"].values()) > 0
    assert sum(clean["inspections.event_log"].values()) > 0

    assert await seed.due(stack)
    await seed.seed(stack)
    assert not await seed.due(stack)
    assert await opened(stack) == list(credentials(stack.layout).accounts)


async def test_a_second_load_changes_nothing_and_tells_nothing(
    stack: Borrower, clean: Held
) -> None:
    await seed.seed(stack)
    stack.layout.seeded.unlink()  # as if cut off just before it was written
    assert await seed.due(stack)
    await seed.seed(stack)
    assert await stack.held() == clean
    assert await opened(stack) == list(credentials(stack.layout).accounts)


@pytest.mark.parametrize("service", PARTS)
async def test_a_load_that_was_cut_off_is_made_whole_by_the_next(
    stack: Borrower, clean: Held, service: str
) -> None:
    before = await stack.held()
    async with stack.cut_off(service):
        with pytest.raises(DBAPIError, match="the power is gone"):
            await seed.seed(stack)
    assert not seed.seeded(stack.layout)
    given = list(PARTS)[: list(PARTS).index(service)]
    for name, rows in (await stack.held()).items():
        whole = clean if name.partition(".")[0] in given else before
        assert rows == whole[name], name  # each part is there as a whole or not at all

    await seed.seed(stack)
    assert seed.seeded(stack.layout)
    assert await stack.held() == clean
    assert await opened(stack) == list(credentials(stack.layout).accounts)
