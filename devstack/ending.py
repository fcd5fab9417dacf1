"""Ending processes that are not our children."""

import contextlib
import signal
import time
from collections.abc import Iterable

import psutil

from kernel import clock


def end(processes: Iterable[psutil.Process], *steps: tuple[signal.Signals, float]) -> None:
    """Send each step's signal to those still alive, and wait up to its seconds."""
    left = [process for process in processes if alive(process)]
    for step, patience in steps:
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(step)
        deadline = clock.ticks() + patience
        while left and clock.ticks() < deadline:
            time.sleep(0.02)
            left = [process for process in left if alive(process)]


def alive(process: psutil.Process) -> bool:
    """Whether it still runs. What nobody has buried yet (a zombie) does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
