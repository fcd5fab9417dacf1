"""A stack of its own for a test, in an awkward place."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from devstack.layout import REPOSITORY, Layout, write_json
from devstack.ports import USUAL, anywhere

PLATFORM = ("DATABASE_URL", "NATS_URL", "ANLIAN_MODE")


@dataclass
class Stack:
    """Drives one stack through its commands, as a person does."""

    var: Path
    python: tuple[str, ...] = (sys.executable,)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        return Layout(self.var)

    @property
    def told(self) -> dict[str, Any]:
        """What stack.json says."""
        content: dict[str, Any] = json.loads(self.layout.stack.read_text())
        return content

    def pid(self, process: str) -> int:
        number: int = self.told["processes"][process]["pid"]
        return number

    def up(self) -> "subprocess.CompletedProcess[str]":
        return self.run("tests.devstack.standin", "up")

    def down(self) -> "subprocess.CompletedProcess[str]":
        return self.run("devstack", "down")

    def run(self, module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.python, "-m", module, *arguments],
            cwd=REPOSITORY,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def begin(self, command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*self.python, "-m", "tests.devstack.standin", command],
            cwd=REPOSITORY,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def in_foreground(self, log: Path) -> "subprocess.Popen[bytes]":
        """`make run`, as in a terminal of its own; what it prints goes to `log`."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [*self.python, "-m", "devstack", "run"],
                cwd=REPOSITORY,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in PLATFORM}
        return ours | {"ANLIAN_VAR": str(self.var)} | self.environment

    def running(self) -> list[psutil.Process]:
        """Every process that has this var/ in its command or its environment."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                return False
            known = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            return False
        return any(str(self.var) in text for text in known)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder everybody reaches, whose name is long and not what an address likes."""
    base = Path(tempfile.mkdtemp(prefix="anlian "))
    base.chmod(0o711)
    below = (
        base
        / "a folder whose name has spaces, a 'quote', #1, 100%20 and Chinese 责任链"
        / ("long " * 16).strip()
    )
    below.mkdir(parents=True)
    yield below
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def stack(place: Path) -> Iterator[Stack]:
    """A stack that is stopped afterwards, whatever the test did to it.

    Its ports are not the usual ones: tests run beside each other.
    """
    stack = Stack(place / "var")
    stack.var.mkdir()
    write_json(stack.layout.ports, {name: anywhere() for name in USUAL})
    assert len(str(stack.var)) > 107
    yield stack
    stack.down()
    assert not stack.running()
