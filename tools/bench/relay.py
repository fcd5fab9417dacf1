"""The relay, against the rate at which nats-py alone publishes and awaits each message."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

from nats.js import JetStreamContext
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from contracts.incidents import RelayOverdue
from devstack.broker import Broker as Server
from devstack.scratch import scratch_database
from kernel import outbox
from kernel.access import SYSTEM
from kernel.broker import Broker, ensure_stream
from kernel.db import Database, connect, unit_of_work
from kernel.ids import uuid7
from kernel.migrations import runner
from kernel.relay import Reconciler, Relay
from reference.terms import Grade, Level
from tools.bench.figures import Pairs, Table
from tools.bench.options import Options
from tools.bench.processes import free_port, serving

AT_LEAST = 0.7
"""Of the awaited publishes a second."""

_NOON = datetime(2023, 5, 1, 4, tzinfo=UTC)
_TOLD_TOGETHER = 200


def measure(options: Options, table: Table) -> None:
    """Facts about different accidents, queued beforehand, then sent."""
    with tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder:
        pairs = asyncio.run(_measure(options, Path(folder)))
    table.ratio("relay", pairs, unit="events/s", at_least=AT_LEAST)


async def _measure(options: Options, folder: Path) -> Pairs:
    count = int(1_000 * options.seconds)
    async with _database() as database, _broker(folder) as broker:
        stream = await broker.ready()
        await Reconciler(database, broker, service="incidents").reconcile(stream)
        await ensure_stream(stream, service="alone", replicas=1)
        ours, alone = [], []
        for _ in range(options.rounds):
            ours.append(await _relayed(database, broker, stream, count))
            alone.append(await _published_alone(stream, count))
    return Pairs(tuple(ours), tuple(alone))


async def _relayed(
    database: Database, broker: Broker, stream: JetStreamContext, count: int
) -> float:
    for _ in range(0, count, _TOLD_TOGETHER):
        async with unit_of_work(database, SYSTEM) as session:
            for _ in range(_TOLD_TOGETHER):
                outbox.publish(session, _fact(uuid7()))
    relay, sent = Relay(database, broker, service="incidents"), 0
    begun = perf_counter()
    while facts := (await relay.send(stream)).facts:
        sent += facts
    return sent / (perf_counter() - begun)


async def _published_alone(stream: JetStreamContext, count: int) -> float:
    body = _fact(uuid7()).model_dump_json().encode()
    begun = perf_counter()
    for _ in range(count):
        await stream.publish("alone.fact", body, headers={"Nats-Msg-Id": str(uuid7())})
    return count / (perf_counter() - begun)


def _fact(accident_id: UUID) -> RelayOverdue:
    return RelayOverdue(
        occurred_at=_NOON,
        accident_id=accident_id,
        region_code="430481",
        relay_id=uuid7(),
        level=Level.CITY,
        from_unit="430481.emergency",
        to_unit="430400.emergency",
        due_at=_NOON,
        grade=Grade.LARGER,
    )


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory(prefix="anlian-bench-pg-") as home:
        async with scratch_database(Path(home)) as url, _migrated(url) as database:
            yield database


@asynccontextmanager
async def _migrated(url: str) -> AsyncIterator[Database]:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(
            lambda sync: runner.upgrade(
                sync, scripts=runner.KERNEL_SCRIPTS, version_table=runner.KERNEL_VERSIONS
            )
        )
    await engine.dispose()
    database = connect(url, pool_size=2, name="bench")
    database.before_commit.append(outbox.record)
    yield database
    await database.close()


@asynccontextmanager
async def _broker(folder: Path) -> AsyncIterator[Broker]:
    home = folder / "nats"
    await asyncio.to_thread(home.mkdir)
    server = Server(home, free_port(), free_port(), secrets.token_hex(8))
    server.prepare()
    with serving(server.command(), port=server.port, log=folder / "nats.log"):
        broker = Broker(server.url(), name="bench")
        await broker.run()
        yield broker
        await broker.close()
