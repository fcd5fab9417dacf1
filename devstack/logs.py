"""The processes' log files: bounded, and followed in colour."""

import os
import shutil
import sys
from collections.abc import Sequence
from io import FileIO
from pathlib import Path

LARGEST = 20_000_000
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)
RESET = "\x1b[0m"


def open_log(path: Path) -> FileIO:
    """The file a process writes to. It only appends, so that trimming does not disturb it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    return FileIO(descriptor, "a")


def trim(path: Path, *, largest: int = LARGEST) -> None:
    """Move what has been written beside it once it is large; an older part is given up."""
    if path.exists() and path.stat().st_size > largest:
        shutil.copyfile(path, path.with_suffix(".log.1"))
        os.truncate(path, 0)


def trim_all(logs: Path) -> None:
    """Trim every process's log."""
    for path in logs.glob("*.log"):
        trim(path)


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


class Follower:
    """Prints what is added to log files, each line under its process's name."""

    def __init__(self, logs: Path, names: Sequence[str]) -> None:
        self._width = max(map(len, names))
        self._files = {name: logs / f"{name}.log" for name in names}
        self._read = {name: _size(path) for name, path in self._files.items()}
        self._colours = dict(zip(names, COLOURS * len(names), strict=False))

    def show(self) -> None:
        """Print what is new since the last time."""
        for name, path in self._files.items():
            for line in self._new_lines(name, path):
                sys.stdout.write(f"{self._prefix(name)} {line}\n")
        sys.stdout.flush()

    def _new_lines(self, name: str, path: Path) -> list[str]:
        size = _size(path)
        if size < self._read[name]:  # it was trimmed
            self._read[name] = 0
        if size == self._read[name]:
            return []
        with path.open("rb") as file:
            file.seek(self._read[name])
            whole, _, _ = file.read().rpartition(b"\n")
        self._read[name] += len(whole) + 1 if whole else 0
        return whole.decode("utf-8", errors="replace").splitlines()

    def _prefix(self, name: str) -> str:
        label = f"{name:<{self._width}} |"
        return f"\x1b[{self._colours[name]}m{label}{RESET}" if sys.stdout.isatty() else label


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
