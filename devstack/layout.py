"""Where the stack keeps things below var/, and how a private file is written.

Every file holding a secret is mode 0600 and appears whole or not at all, so that an
interruption at any moment leaves nothing half-made behind.
"""

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent

MARKER = "ANLIAN_STACK_VAR"
"""The environment variable by which a process is known to belong to the stack of a var/."""


@dataclass(frozen=True)
class Layout:
    """The paths of one stack; everything it owns lies below `var`."""

    var: Path

    @classmethod
    def of_environment(cls) -> "Layout":
        """The stack of this clone, or the one that ANLIAN_VAR points to."""
        return cls(Path(os.environ.get("ANLIAN_VAR", REPOSITORY / "var")).absolute())

    @property
    def stack(self) -> Path:
        """Addresses, accounts and processes: what tools and tests read."""
        return self.var / "stack.json"

    @property
    def processes(self) -> Path:
        """The state of every process, kept true while the supervisor lives."""
        return self.var / "processes.json"

    @property
    def pid(self) -> Path:
        """Which process supervises."""
        return self.var / "stack.pid"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.var / "stack.lock"

    @property
    def ports(self) -> Path:
        """The ports chosen last time."""
        return self.var / "ports.json"

    @property
    def clock(self) -> Path:
        """How far the development clock stands from the machine's."""
        return self.var / "clock.json"

    @property
    def secrets(self) -> Path:
        """Passwords of the servers and their roles."""
        return self.var / "secrets.json"

    @property
    def credentials(self) -> Path:
        """Passwords of the accounts and secrets of the clients."""
        return self.var / "credentials.json"

    @property
    def seeded(self) -> Path:
        """Which database server has been given the accounts already."""
        return self.var / "seeded.json"

    @property
    def keys(self) -> Path:
        """Signing and column keys."""
        return self.var / "keys"

    @property
    def objects(self) -> Path:
        """Photos and scans."""
        return self.var / "objects"

    @property
    def nats(self) -> Path:
        """The broker's configuration and store."""
        return self.var / "nats"

    @property
    def demo(self) -> "Layout":
        """The stack that the demonstration makes for itself."""
        return Layout(self.var / "demo")

    @property
    def bytecode(self) -> Path:
        """Compiled modules of the stack's processes."""
        return self.var / "bytecode"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.var / "logs"

    def make(self) -> None:
        """Make the folders. var itself may be passed through: PostgreSQL's user lives below."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o711)
        for private in (self.keys, self.objects, self.nats, self.logs):
            private.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Put `text` at `path` in one step, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def write_json(path: Path, content: Any) -> None:
    """Put `content` at `path` as JSON, in one step, readable by its owner only."""
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """The content of a JSON file, or None where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
