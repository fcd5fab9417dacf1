"""A smallest publisher and listener for the tests of the kernel's own machinery."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from devstack.databases import DatabaseUrls
from kernel import outbox
from kernel.access import SYSTEM
from kernel.db import Database, connect, unit_of_work
from kernel.events import Event
from kernel.inbox import Subscription, on
from kernel.migrations import runner

NOON = datetime(2023, 5, 1, 4, 0, tzinfo=UTC)
SERVICE = "probe"


class ThingMade(Event):
    subject: ClassVar[str] = "probe.thing.made.v1"
    about: ClassVar[str] = "thing_id"

    thing_id: UUID
    number: int = 0


async def prepare(urls: DatabaseUrls) -> None:
    """The kernel's tables, and one in which effects are counted."""
    engine = create_async_engine(urls.owner, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(
            lambda sync: runner.upgrade(
                sync, scripts=runner.KERNEL_SCRIPTS, version_table=runner.KERNEL_VERSIONS
            )
        )
        await connection.execute(text("CREATE TABLE service_version (n int)"))
        await connection.execute(
            text(
                "CREATE TABLE effect"
                " (n bigint GENERATED ALWAYS AS IDENTITY, thing uuid, number int,"
                " region text DEFAULT current_setting('app.region_lo', true))"
            )
        )
        frozen = runner.append_only(runner.kernel_metadata())
        await connection.run_sync(
            lambda sync: runner.grant(sync, role=urls.app_role, append_only=frozen)
        )
    await engine.dispose()


def opened(urls: DatabaseUrls) -> Database:
    database = connect(urls.app, pool_size=8, name="test")
    database.before_commit.append(outbox.record)
    return database


async def count_effect(session: AsyncSession, event: ThingMade) -> None:
    await session.execute(
        text("INSERT INTO effect (thing, number) VALUES (:thing, :number)"),
        {"thing": event.thing_id, "number": event.number},
    )


COUNTING = (on(ThingMade, count_effect),)


def listening(handler: Callable[[AsyncSession, ThingMade], Awaitable[None]]) -> tuple[Subscription]:
    return (on(ThingMade, handler),)


async def tell(database: Database, *events: Event) -> None:
    async with unit_of_work(database, SYSTEM) as session:
        for event in events:
            outbox.publish(session, event)


async def effects(database: Database) -> list[tuple[UUID, int]]:
    async with unit_of_work(database, SYSTEM) as session:
        rows = await session.execute(text("SELECT thing, number FROM effect ORDER BY n"))
        return [(row.thing, row.number) for row in rows]
