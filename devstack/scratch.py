"""A PostgreSQL for one command: started in a folder, stopped when the command is done."""

import asyncio
import secrets
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from devstack.databases import Server
from devstack.ports import anywhere
from devstack.postgres import Cluster, environment


@asynccontextmanager
async def scratch_database(folder: Path) -> AsyncIterator[str]:
    """The owner's address of an empty database on a throw-away server."""
    password = secrets.token_hex(8)
    await asyncio.to_thread(folder.chmod, 0o755)  # the server's user passes through
    cluster = Cluster(home=folder, port=anywhere(), password=password, durable=False)
    cluster.prepare()
    process = subprocess.Popen(  # noqa: ASYNC220 -- started once, before any work waits
        cluster.command(),
        cwd="/",
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **cluster.runner.identity,
    )
    try:
        while not await cluster.ready():  # noqa: ASYNC110 -- another process cannot set an event
            await asyncio.sleep(0.1)
        urls = await Server(cluster.url()).provide("scratch", password=password)
        yield urls.owner
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.wait)
