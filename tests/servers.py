"""PostgreSQL and nats-server for one test run, shared by its workers.

Started by the first worker that needs them, as a process of its own. Every worker holds a
connection to it; when the last one lets go, even by being killed, the servers stop and
their folder is deleted. So nothing counts users, and nothing is left behind.

Run as `python -m tests.servers FOLDER`; FOLDER/port then says where to connect.
"""

import asyncio
import contextlib
import json
import secrets
import shutil
import signal
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from devstack.broker import Broker
from devstack.layout import write_private
from devstack.ports import anywhere
from devstack.postgres import Cluster, environment
from tests.eventually import eventually

TENANTS = tuple(f"worker{number}" for number in range(64))
LINGER_S = 1.0
FIRST_S = 30.0


class Guardian:
    """Runs the two servers while somebody is connected."""

    def __init__(self, home: Path) -> None:
        password = secrets.token_hex(16)
        self.cluster = Cluster(home / "postgres", anywhere(), password, durable=False)
        self.broker = Broker(home / "nats", anywhere(), anywhere(), password, TENANTS)
        self.users = 0
        self.left = asyncio.Event()

    @property
    def greeting(self) -> bytes:
        """What a worker is told when it connects."""
        told = {
            "postgres_url": self.cluster.url(),
            "nats_urls": [self.broker.url(tenant) for tenant in TENANTS],
            "nats_monitor_url": self.broker.monitor_url,
            "password": self.cluster.password,
        }
        return json.dumps(told).encode() + b"\n"

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

    async def welcome(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Count one worker for as long as it stays connected."""
        self.users += 1
        try:
            writer.write(self.greeting)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()
            self.users -= 1
            self.left.set()

    async def until_unused(self) -> None:
        """Return when nobody has been connected for a moment."""
        patience = FIRST_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self.left.wait()
            self.left.clear()
            if not self.users and patience == LINGER_S:
                return
            patience = LINGER_S if not self.users else FIRST_S


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
        door = await asyncio.start_server(guardian.welcome, "127.0.0.1", 0)
        write_private(folder / "port", str(door.sockets[0].getsockname()[1]))
        await guardian.until_unused()
        door.close()
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
        await asyncio.gather(*(server.wait() for server in servers))
        shutil.rmtree(home)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
