"""The only place that reads a clock.

Two clocks exist. `now()` is the business instant: statutory deadlines, receipts and
stamps live on it, and in development it can be moved (`make travel`) by a small file that
every process reads. `wall()` is the machine's own clock: tokens, signatures, one-time
passwords and rate limits live on it, so that a travelled stack still talks to real clients.
"""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class MovedClock:
    """An offset kept in a file; read again only when the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._offset = timedelta()

    def offset(self) -> timedelta:
        """How far the business clock stands from the machine's."""
        try:
            stamp = os.stat(self._path).st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if stamp != self._stamp:
            offset = json.loads(self._path.read_text())["offset_seconds"]
            self._stamp, self._offset = stamp, timedelta(seconds=offset)
        return self._offset


_moved: MovedClock | None = None


def follow(path: Path | None) -> None:
    """Let the business clock follow a development clock file, or the machine when None."""
    global _moved
    _moved = MovedClock(path) if path else None


def now() -> datetime:
    """The business instant, aware, in UTC."""
    instant = datetime.now(UTC)
    return instant + _moved.offset() if _moved else instant


def wall() -> datetime:
    """The machine's instant, aware, in UTC. Never moved."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds of a clock that never goes back; for measuring durations."""
    return time.monotonic()
