"""Whole platforms for tests: every process real, in an awkward folder, at ports of their own.

`with started() as layout:` runs one for the block. `joined(folder, "tests.stacks")` shares
one among the workers of a test run.

Run as `python -m tests.stacks supervise` it is the supervisor that a stack's process runs.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from devstack import daemon, session
from devstack.config import StackConfig
from devstack.layout import REPOSITORY, Layout, write_json
from devstack.ports import USUAL, anywhere
from devstack.supervisor import Supervisor
from tests.shared import Door, own_environment

SUPERVISOR = (sys.executable, "-m", "tests.stacks", "supervise")
START_S = 180.0
AWKWARD = Path(
    "a folder whose name has spaces, a 'quote', #1 and 100%20", "责任链", "long " * 9 + "name"
)
"""Where somebody may have put a clone: no address, setting or command may read it amiss."""
SOCKET_PATH = 107
"""Bytes that the path of a Unix socket may have."""


@contextlib.contextmanager
def started(supervisor: tuple[str, ...] = SUPERVISOR) -> Iterator[Layout]:
    """A stack that is up, and is stopped and deleted after the block."""
    home = Path(tempfile.mkdtemp(prefix="anlian-stack-"))
    home.chmod(0o711)  # PostgreSQL's user passes through
    layout = Layout(home / AWKWARD / "var")
    layout.make()
    assert len(os.fsencode(layout.var)) > SOCKET_PATH
    write_json(layout.ports, {name: anywhere() for name in USUAL})
    process = _start(layout, supervisor)
    try:
        _wait_until_up(layout, process)
        yield layout
    finally:
        process.terminate()
        process.wait()
        with daemon.stopped(layout):  # what a killed supervisor would have left behind
            pass
        shutil.rmtree(home)


def _start(layout: Layout, supervisor: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    with (layout.logs / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            supervisor,
            cwd=REPOSITORY,
            env=own_environment() | {"ANLIAN_VAR": str(layout.var)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_until_up(layout: Layout, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while not layout.stack.exists():
        assert process.poll() is None, _log(layout)
        assert time.monotonic() < deadline, _log(layout)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)


def _log(layout: Layout) -> str:
    return (layout.logs / "supervisor.log").read_text()


def hasty(config: StackConfig) -> Supervisor:
    """The supervisor of a real stack whose database does not wait for the disk."""
    return session.supervisor(replace(config, durable=False))


def main(argument: str) -> None:
    """Supervise one, or share one below the folder named."""
    if argument == "supervise":
        session.live(Layout.of_environment(), lambda _: session.say("healthy"), hasty)
        return
    with started() as layout:
        asyncio.run(Door({"var": str(layout.var)}).until_unused(Path(argument)))


if __name__ == "__main__":
    main(sys.argv[1])
