"""One life of the real stack: from taking the lock to the last process stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from devstack import daemon, ports, seed
from devstack.accounts import credentials
from devstack.config import StackConfig
from devstack.keys import SERVICES
from devstack.layout import REPOSITORY, Layout
from devstack.logs import last_lines, open_log
from devstack.processes import migration_environment, servers, services
from devstack.supervisor import StartFailed, Supervisor
from kernel import clock

MIGRATIONS = "kernel.migrations"

Build = Callable[[StackConfig], Supervisor]


def say(line: str) -> None:
    """Tell the person, or supervisor.log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def live(
    layout: Layout, healthy: Callable[[StackConfig], None], build: Build | None = None
) -> None:
    """Run the stack until a signal asks it to stop. `build` makes another supervisor for it.

    Raises `Running` when another supervisor has this var/, `StartFailed` when a process does
    not become ready.
    """
    with daemon.sole_supervisor(layout):
        daemon.sign(layout)
        daemon.sweep(layout)
        choosing = ports.hold_choosing()
        asyncio.run(_live(layout, choosing, healthy, build or supervisor))


async def _live(
    layout: Layout, choosing: int, healthy: Callable[[StackConfig], None], build: Build
) -> None:
    until = asyncio.Event()
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(asked, until.set)
    config = StackConfig.prepare(layout)

    def on_healthy() -> None:
        os.close(choosing)
        healthy(config)

    try:
        await build(config).run(until, on_healthy)
    finally:
        layout.pid.unlink(missing_ok=True)


def supervisor(config: StackConfig) -> Supervisor:
    """The supervisor of a real stack."""
    return Supervisor(
        config.layout,
        servers=servers(config),
        services=services(config),
        between=lambda: provide(config),
        describe=lambda processes: describe(config, processes),
        say=say,
    )


async def provide(config: StackConfig) -> None:
    """What must stand before a service starts: databases, their newest shape, accounts."""
    await provide_databases(config)
    if seed.importable(MIGRATIONS):
        await _once(config, MIGRATIONS, log="migrations")
    if await seed.due(config):
        await _once(config, "devstack.seed", log="seed")


async def provide_databases(config: StackConfig, names: Sequence[str] = SERVICES) -> None:
    """Each service's database and roles."""
    began = clock.ticks()
    provided = (config.server.provide(name, password=config.passwords[name]) for name in names)
    await asyncio.gather(*provided)
    say(f"databases are there after {clock.ticks() - began:.1f} s")


async def _once(config: StackConfig, module: str, *, log: str) -> None:
    """Run a module of the project to its end."""
    began = clock.ticks()
    path = config.layout.logs / f"{log}.log"
    with open_log(path) as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            cwd=REPOSITORY,
            env=migration_environment(config),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            failed = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise
    if failed:
        raise StartFailed(f"{module} failed; see {path}:\n{last_lines(path)}")
    say(f"{log} done after {clock.ticks() - began:.1f} s")


def describe(config: StackConfig, processes: Mapping[str, Any]) -> dict[str, Any]:
    """The content of stack.json."""
    known = credentials(config.layout)
    running = {name: {"pid": row["pid"], "port": row["port"]} for name, row in processes.items()}
    return {
        "base_url": config.address("gateway"),
        "accounts": known.accounts,
        "clients": known.clients,
        "processes": running,
        "mail_sink": f"{config.address('mails')}/mails",
        "mail_smtp": f"127.0.0.1:{config.ports['smtp']}",
        "webhook_sink": f"{config.address('hooks')}/hooks/city",
    }
