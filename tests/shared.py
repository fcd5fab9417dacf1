"""Something dear that the workers of a test run share: started once, stopped when unused.

It is a process of its own that the first worker starts. Every worker holds a connection to
it; when the last one lets go, even by being killed, it ends. So nothing counts users, and
nothing is left behind: whoever started it waits for its end when its own tests are over.
"""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from devstack.layout import REPOSITORY, write_private

_STARTED: list["subprocess.Popen[bytes]"] = []
LINGER_S = 1.0
FIRST_S = 30.0
OUTSIDE = ("DATABASE_URL", "NATS_URL", "NATS_MONITOR_URL", "ANLIAN_MODE", "ANLIAN_VAR")
"""Settings of a stack that is not ours: they must not reach what tests start."""


def own_environment() -> dict[str, str]:
    """Ours, without what would steer a stack of the tests elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in OUTSIDE}


class Door:
    """The side of what is shared: greets whoever connects, and knows when nobody is left."""

    def __init__(self, greeting: dict[str, Any]) -> None:
        self._greeting = json.dumps(greeting).encode() + b"\n"
        self._users = 0
        self._left = asyncio.Event()

    async def until_unused(self, folder: Path) -> None:
        """Be open until nobody has been connected for a moment; FOLDER/port says where."""
        door = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        write_private(folder / "port", str(door.sockets[0].getsockname()[1]))
        patience = FIRST_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._left.wait()
            self._left.clear()
            if not self._users and patience == LINGER_S:
                break
            patience = LINGER_S if not self._users else FIRST_S
        door.close()

    async def _welcome(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Count one user for as long as it stays connected."""
        self._users += 1
        try:
            writer.write(self._greeting)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()
            self._users -= 1
            self._left.set()


@contextlib.contextmanager
def joined(folder: Path, module: str) -> Iterator[dict[str, Any]]:
    """Use what `python -m MODULE FOLDER` shares; it is started when nobody has."""
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "start.lock"):
        connected = _connect(folder)
        if connected is None:
            _STARTED.append(_start(folder, module))
            connected = _connect(folder)
    assert connected is not None, (folder / "log").read_text()
    held, told = connected
    yield told
    held.close()


def until_ended() -> None:
    """Wait for what this worker started: it ends when the last worker has let go."""
    for process in _STARTED:
        process.wait()


def _connect(folder: Path) -> tuple[socket.socket, dict[str, Any]] | None:
    try:
        port = int((folder / "port").read_text())
        held = socket.create_connection(("127.0.0.1", port), timeout=10)
    except OSError:
        return None
    with held.makefile() as lines:
        greeting = lines.readline()
    if not greeting:  # it was just leaving
        held.close()
        return None
    return held, json.loads(greeting)


def _start(folder: Path, module: str) -> subprocess.Popen[bytes]:
    (folder / "port").unlink(missing_ok=True)
    with (folder / "log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", module, str(folder)],
            cwd=REPOSITORY,
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the workers; what they share goes after them
        )
    while not (folder / "port").exists() and started.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.wait(0.02)
    return started
