"""PostgreSQL and nats-server for one test run, shared by its workers; see tests/shared.py."""

import asyncio
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from devstack.broker import Broker
from devstack.ports import anywhere
from devstack.postgres import Cluster, environment
from tests.eventually import eventually
from tests.shared import Door

TENANTS = tuple(f"worker{number}" for number in range(64))


class Guardian:
    """Runs the two servers."""

    def __init__(self, home: Path) -> None:
        password = secrets.token_hex(16)
        self.cluster = Cluster(home / "postgres", anywhere(), password, durable=False)
        self.broker = Broker(home / "nats", anywhere(), anywhere(), password, TENANTS)

    @property
    def greeting(self) -> dict[str, Any]:
        """What a worker is told when it connects."""
        return {
            "postgres_url": self.cluster.url(),
            "nats_urls": [self.broker.url(tenant) for tenant in TENANTS],
            "nats_monitor_url": self.broker.monitor_url,
            "password": self.cluster.password,
        }

    async def start(self) -> list[asyncio.subprocess.Process]:
        """Start both servers and wait until they answer."""
        self.cluster.home.mkdir(mode=0o711)
        self.cluster.prepare()
        self.broker.prepare()
        postgres = await asyncio.create_subprocess_exec(
            *self.cluster.command(), cwd="/", env=environment(), **self.cluster.runner.identity
        )
        nats = await asyncio.create_subprocess_exec(*self.broker.command())
        await eventually(self.cluster.ready, within=30)
        await eventually(self.broker.ready, within=30)
        return [postgres, nats]


def make_home() -> Path:
    """A new folder that PostgreSQL's user may pass through."""
    home = Path(tempfile.mkdtemp(prefix="anlian-tests-"))
    home.chmod(0o711)
    return home


async def main(folder: Path) -> None:
    """Start, serve, stop, tidy up."""
    home = make_home()
    guardian = Guardian(home)
    servers = await guardian.start()
    try:
        await Door(guardian.greeting).until_unused(folder)
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
        await asyncio.gather(*(server.wait() for server in servers))
        shutil.rmtree(home)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
