"""How long an accident takes from the broker to the inbox: `python -m …alarm_latency [seconds]`.

A process of its own serves notifications over real servers. Accidents are published at a
steady rate, and a reader watches the inbox for each of them.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import nats
import orjson
from nats.js.api import StreamConfig
from sqlalchemy import make_url

from contracts.incidents import AccidentReported
from devstack.databases import Server
from kernel import clock
from kernel.envelope import Envelope
from kernel.keyring import fresh_keys
from kernel.migrations import runner
from reference.terms import Grade
from tests.eventually import eventually
from tests.servers import Guardian, make_home
from tests.services.notifications.facts import reported

RATE = 20.0


def wire(event: AccidentReported) -> bytes:
    return Envelope(
        id=str(event.event_id),
        source="/anlian/incidents",
        type=event.subject,
        subject=event.aggregate_id,
        time=event.occurred_at,
        version=1,
        data=orjson.loads(event.model_dump_json()),
    ).encode()


async def measure(
    guardian: Guardian, seconds: float, folder: Path
) -> tuple[list[float], list[float]]:
    urls = await Server(guardian.cluster.url()).provide("notifications", password="latency")
    await runner.migrate(service="notifications", owner_url=urls.owner, app_role=urls.app_role)
    keys = folder / "keys.json"
    keys.write_text(fresh_keys().model_dump_json())
    environment = os.environ | {
        "ANLIAN_MODE": "development",
        "ANLIAN_DATABASE_URL": urls.app,
        "ANLIAN_NATS_URL": guardian.broker.url("worker0"),
        "ANLIAN_KEYS_FILE": str(keys),
        "ANLIAN_LOG_LEVEL": "WARNING",
        "ANLIAN_PORT": "28004",
    }
    client = await nats.connect(guardian.broker.url("worker0"))
    stream = client.jetstream()
    for name in ("incidents", "tasks", "inspections"):
        await stream.add_stream(StreamConfig(name=name.upper(), subjects=[f"{name}.>"]))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kernel.serve", "notifications", env=environment
    )
    admin = await asyncpg.connect(
        make_url(guardian.cluster.url())
        .set(drivername="postgresql", database="anlian_notifications")
        .render_as_string(hide_password=False)
    )
    try:
        await listening(stream)
        await one(stream, admin)
        return await steady(stream, admin, seconds)
    finally:
        process.terminate()
        await process.wait()
        await admin.close()
        await client.close()


async def listening(stream: nats.js.JetStreamContext) -> None:
    async def bound() -> bool:
        try:
            await stream.consumer_info("INCIDENTS", "notifications")
        except nats.js.errors.NotFoundError:
            return False
        return True

    await eventually(bound, within=20)


async def one(stream: nats.js.JetStreamContext, admin: asyncpg.Connection) -> None:
    """The first of a process is slower: packs are read, statements prepared."""
    event = reported(occurred_at=clock.wall())
    await stream.publish(event.subject, wire(event))
    await eventually(lambda: seen(admin, event.aggregate_id), within=20)


async def seen(admin: asyncpg.Connection, origin: str) -> bool:
    return bool(
        await admin.fetchval(
            "SELECT true FROM delivery d JOIN message m USING (message_id)"
            " WHERE m.origin = $1 AND d.channel = 'inbox' LIMIT 1",
            origin,
        )
    )


async def steady(
    stream: nats.js.JetStreamContext, admin: asyncpg.Connection, seconds: float
) -> tuple[list[float], list[float]]:
    published: dict[str, float] = {}
    took: list[float] = []
    stored: list[float] = []
    publisher = asyncio.create_task(publish(stream, seconds, published, stored))
    while not publisher.done() or published:
        rows = await admin.fetch(
            "SELECT m.origin FROM message m WHERE m.origin = ANY($1)"
            " AND EXISTS (SELECT FROM delivery d WHERE d.message_id = m.message_id)",
            list(published),
        )
        now = time.perf_counter()
        took.extend(now - published.pop(row["origin"]) for row in rows)
        await asyncio.sleep(0.002)
    return took, stored


async def publish(
    stream: nats.js.JetStreamContext,
    seconds: float,
    published: dict[str, float],
    stored: list[float],
) -> None:
    started = time.perf_counter()
    grades = (Grade.GENERAL, Grade.LARGER, Grade.MAJOR)
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        event = reported(occurred_at=clock.wall(), grade=grades[number % 3])
        published[event.aggregate_id] = began = time.perf_counter()
        await stream.publish(event.subject, wire(event))
        stored.append(time.perf_counter() - began)


async def main(seconds: float) -> None:
    home = make_home()
    guardian = Guardian(home)
    servers = await guardian.start()
    try:
        took, stored = await measure(guardian, seconds, Path(tempfile.mkdtemp(dir=home)))
    finally:
        for server in servers:
            server.terminate()
        await asyncio.gather(*(server.wait() for server in servers))
        shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write(f"{len(took)} accidents at {RATE:.0f}/s\n")
    sys.stdout.write(f"publish → stored by the broker: {figures(stored)}\n")
    sys.stdout.write(f"publish → visible in the inbox: {figures(took)}\n")


def figures(seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    told = {"p50": cuts[49], "p90": cuts[89], "p99": cuts[98], "max": max(seconds)}
    return "  ".join(f"{name} {value * 1000:.0f} ms" for name, value in told.items())


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0))
