"""Which ports the stack listens on: the last ones, else the usual ones, else free ones."""

import contextlib
import fcntl
import os
import random
import socket
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from devstack.layout import read_json, write_json
from kernel import clock

USUAL = {
    "gateway": 8000,
    "incidents": 8001,
    "tasks": 8002,
    "inspections": 8003,
    "notifications": 8004,
    "postgres": 25432,
    "nats": 24222,
    "nats_monitor": 28222,
    "smtp": 21025,
    "mails": 21026,
    "hooks": 21027,
}
PATIENCE_S = 30.0
STEP = 20
"""A stack beside another one moves every port by the same distance, so they stay readable."""


def is_free(port: int) -> bool:
    """Whether a server may listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def remembered(kept: Path) -> dict[str, int]:
    """The ports chosen last time."""
    last: dict[str, int] = read_json(kept) or {}
    return last


def choose(kept: Path, usual: Mapping[str, int] = USUAL) -> dict[str, int]:
    """One free port for each name, remembered for the next start."""
    last = remembered(kept)
    chosen: dict[str, int] = {}
    for name, port in usual.items():
        candidates = (last.get(name, port), *range(port, 32_000, STEP))
        chosen[name] = next(
            free for free in candidates if free not in chosen.values() and is_free(free)
        )
    write_json(kept, chosen)
    return chosen


def anywhere() -> int:
    """A free port nobody expects, below those the system hands to outgoing connections."""
    return next(port for port in iter(lambda: random.randint(12_000, 31_000), 0) if is_free(port))  # noqa: S311


def hold_choosing() -> int:
    """A lock to hold from choosing until the servers listen; closing the number lets go.

    Two stacks that one user starts at once thus never choose alike. Whoever hangs in
    between delays the other, but not for ever.
    """
    path = Path(tempfile.gettempdir()) / f"anlian-ports-{os.geteuid()}.lock"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    deadline = clock.ticks() + PATIENCE_S
    while clock.ticks() < deadline:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        time.sleep(0.05)
    return descriptor
