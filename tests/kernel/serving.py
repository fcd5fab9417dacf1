"""A nats-server that one test has to itself."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devstack.broker import Broker as Server
from tests.eventually import eventually


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[None]:
    """A nats-server of the test's own, for as long as it may live."""
    process = await asyncio.create_subprocess_exec(
        *server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await eventually(server.ready, within=20)
        yield
    finally:
        process.kill()
        await process.wait()
