"""Processes started for a bench, and stopped when it is done."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from devstack.layout import REPOSITORY

_PATIENCE = 30.0


class NotStarted(RuntimeError):
    """A process did not begin to serve. Its own words are in the message."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody answers on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the block ends; its process id, once it listens on the port."""
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=os.environ | (environment or {}),
            stdout=words,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = monotonic() + _PATIENCE
        while not listens(port):
            if process.poll() is not None or monotonic() > deadline:
                raise NotStarted(f"{command[0]}: {log.read_text()[-2_000:]}")
            sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this tree."""
    return [sys.executable, "-m", module, *arguments]
