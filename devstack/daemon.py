"""One supervisor per var/: the lock it holds, the number it is known by, how it is stopped.

The lock is the operating system's: it is free the moment its holder is gone, however that
happened. The number in stack.pid is believed only with the start time beside it.
"""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from devstack import postgres, runner
from devstack.ending import alive, end
from devstack.layout import MARKER, Layout, read_json, write_json

PATIENCE_S = 60.0


class Running(RuntimeError):
    """Another supervisor has this var/."""


@contextlib.contextmanager
def sole_supervisor(layout: Layout) -> Iterator[None]:
    """Be the only one, or raise `Running`."""
    layout.var.mkdir(parents=True, exist_ok=True)
    descriptor = _lock(layout.lock)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int:
    """A lock on the file that is at `path` now: one that was deleted meanwhile locks nothing."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Running(
                f"A stack runs from {path.parent} already; `make down` stops it."
            ) from None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)


def sign(layout: Layout) -> None:
    """Write down who supervises."""
    write_json(layout.pid, {"pid": os.getpid(), "started": psutil.Process().create_time()})


def supervisor(layout: Layout) -> psutil.Process | None:
    """The process that supervises this var/, if it lives."""
    signed = read_json(layout.pid)
    if signed is None:
        return None
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(signed["pid"])
        if alive(process) and abs(process.create_time() - signed["started"]) < 1:
            return process
    return None


@contextlib.contextmanager
def stopped(layout: Layout) -> Iterator[bool]:
    """Stop the stack and keep it stopped for a while. Tells whether one ran.

    What a killed supervisor left behind is ended too.
    """
    layout.var.mkdir(parents=True, exist_ok=True)
    ran = False
    while True:
        running = supervisor(layout)
        if running is not None:
            ran = True
            end([running], (signal.SIGTERM, PATIENCE_S), (signal.SIGKILL, 5))
        with contextlib.suppress(Running), sole_supervisor(layout):
            ran = sweep(layout) or ran
            layout.pid.unlink(missing_ok=True)
            yield ran
            return
        time.sleep(0.1)  # another one has the lock, and has not signed yet


def sweep(layout: Layout) -> bool:
    """End what a killed supervisor left behind. Only for who holds the lock.

    A process of the stack carries the path of its var/ in its environment. PostgreSQL, whose
    environment cannot be read when it runs as somebody else, is found by its data directory.
    """
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    left = [process for process in _marked(layout) if process.pid not in ours]
    end(left, (signal.SIGTERM, 10), (signal.SIGKILL, 5))
    orphan = postgres.stop_orphan(runner.data_below(layout.var))
    for told in (layout.stack, layout.processes):
        told.unlink(missing_ok=True)
    return bool(left) or orphan


def _marked(layout: Layout) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARKER) == str(layout.var):
                yield process
