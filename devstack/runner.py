"""Which user PostgreSQL runs as, and where its data can live then.

PostgreSQL refuses to run as root. Started by root it therefore runs as the owner of the
clone or, where that is root too, as `nobody`. That user must reach both the server's
programs and its data, which it cannot where the clone lies below a private home. Then the
server's home (a copy of the programs, and the data) is a folder of /var/lib, and a pointer
in var/ names it. Weighed against this: keeping the capability to pass every permission
would let SQL read and write all of root's files; a user namespace is refused in most
containers; opening the folder first and dropping the rights afterwards fails at the first
path the server opens again. A folder in /var/lib outlives a restart of the machine (the
temporary folder does not), and `reset` deletes it through the pointer.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from devstack.layout import REPOSITORY, write_private

SHELTERS = (Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir()))  # noqa: S108 -- mkdtemp below
POINTER = "postgres.home"
OWNER = "belongs-to"


class Identity(TypedDict, total=False):
    """The arguments that make a subprocess run as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Runner:
    """A user to run a server as; without an id, ourselves."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def choose(cls, data: Path) -> "Runner":
        """The owner of the data; for new data whoever may run a server here."""
        if os.geteuid() != 0:
            return cls()
        for candidate in (data, REPOSITORY):
            with contextlib.suppress(FileNotFoundError, KeyError):
                owner = pwd.getpwuid(candidate.stat().st_uid)
                if owner.pw_uid != 0:
                    return cls(owner.pw_uid, owner.pw_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def identity(self) -> Identity:
        """What to hand to a subprocess."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can(self, *command: str | Path) -> bool:
        """Whether this user gets through with a command: the only true test of a path."""
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self.identity
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches a folder."""
        return self.can("/bin/sh", "-c", 'cd -- "$0"', folder)


def home_below(var: Path) -> Path:
    """The folder that PostgreSQL lives in: below var where its user gets there."""
    sheltered = _pointed_to(var)
    if sheltered is not None:
        return sheltered
    home = var / "postgres"
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    if Runner.choose(home / "data").can_enter(home):
        return home
    if (home / "data").exists():
        raise PermissionError(
            f"The user PostgreSQL runs as no longer reaches {home}. Open the folders above it "
            f"(chmod o+x), or give the data up with `make reset`."
        )
    return _shelter(var)


def data_below(var: Path) -> Path:
    """Where the data is, or would be: without making anything."""
    return (_pointed_to(var) or var / "postgres") / "data"


def forget_home(var: Path) -> None:
    """Delete the data, wherever it lives."""
    home = _pointed_to(var)
    if home is not None:
        shutil.rmtree(home)
        (var / POINTER).unlink()


def _pointed_to(var: Path) -> Path | None:
    """The home in /var/lib that belongs to this var.

    A moved clone takes its home along. A copied one must not share the original's.
    """
    try:
        home = Path((var / POINTER).read_text(encoding="utf-8").strip())
        owner = Path((home / OWNER).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    if owner != var:
        with contextlib.suppress(FileNotFoundError):
            if Path((owner / POINTER).read_text(encoding="utf-8").strip()) == home:
                return None
        write_private(home / OWNER, f"{var}\n")
    return home


def _shelter(var: Path) -> Path:
    """Make a home outside; the pointer is written last, so that half a home is never used."""
    for base in SHELTERS:
        try:
            home = Path(tempfile.mkdtemp(prefix="anlian-", dir=base))
        except OSError:
            continue
        home.chmod(0o711)
        write_private(home / OWNER, f"{var}\n")
        if Runner.choose(home / "data").can_enter(home):
            write_private(var / POINTER, f"{home}\n")
            return home
        shutil.rmtree(home)
    raise PermissionError(f"No folder that PostgreSQL's user reaches: tried {SHELTERS}")
