"""Starts the processes in order, keeps them running, tells about them, stops them in order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from devstack.children import Child, Program
from devstack.layout import Layout, write_json
from devstack.logs import last_lines, trim_all
from kernel import clock

PATIENCE_S = 120.0
TRIM_EVERY_S = 60.0

Describe = Callable[[Mapping[str, Mapping[str, int | None]]], dict[str, Any]]


class StartFailed(RuntimeError):
    """A process did not become ready."""


class Supervisor:
    """Runs one stack: its servers first, then its services.

    `between` is awaited when the servers are ready and before any service starts (databases,
    migrations, accounts). `describe` makes the content of stack.json of the processes.
    A process that died `exits_allowed` times before it was ready fails the start: PostgreSQL
    needs a few when it was killed, until the last of its back ends is gone.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        servers: Sequence[Program],
        services: Sequence[Program],
        between: Callable[[], Awaitable[None]],
        describe: Describe,
        say: Callable[[str], None],
        exits_allowed: int = 6,
    ) -> None:
        self._layout = layout
        self._servers = [self._child(program) for program in servers]
        self._services = [self._child(program) for program in services]
        self._between = between
        self._describe = describe
        self._say = say
        self._exits_allowed = exits_allowed
        self._healthy = False

    async def run(self, until: asyncio.Event, healthy: Callable[[], None]) -> None:
        """Start everything, call `healthy`, keep it so until told otherwise, stop everything."""
        self._layout.stack.unlink(missing_ok=True)
        try:
            started = asyncio.create_task(self._start())
            stopped = asyncio.create_task(until.wait())
            await asyncio.wait({started, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if started.done() and not until.is_set():
                await started  # a failure to start ends the run
                healthy()
            started.cancel()
            # Ctrl-C reaches everything in a terminal: what failed to start by it did not fail.
            await asyncio.gather(started, return_exceptions=True)
            while not until.is_set():
                await asyncio.wait({stopped}, timeout=TRIM_EVERY_S)
                await asyncio.to_thread(trim_all, self._layout.logs)
        finally:
            await self._stop()

    @property
    def _all(self) -> list[Child]:
        return [*self._servers, *self._services]

    def _child(self, program: Program) -> Child:
        return Child(program, logs=self._layout.logs, changed=self._tell)

    async def _start(self) -> None:
        await self._bring_up(self._servers)
        await self._between()
        await self._bring_up(self._services)
        self._healthy = True
        self._tell()

    async def _bring_up(self, children: Sequence[Child]) -> None:
        for child in children:
            child.start()
        await asyncio.gather(*map(self._until_ready, children))

    async def _until_ready(self, child: Child) -> None:
        began = clock.ticks()
        while not (child.pid and await child.program.ready()):
            if child.exits >= self._exits_allowed or clock.ticks() - began > PATIENCE_S:
                raise StartFailed(_why(child))
            await asyncio.sleep(0.05)
        self._say(f"{child.program.name} is ready after {clock.ticks() - began:.1f} s")

    async def _stop(self) -> None:
        """Services first, so that they can still store and tell what they are doing."""
        self._layout.stack.unlink(missing_ok=True)
        self._healthy = False
        for children in (self._services, self._servers):
            await asyncio.gather(*(child.stop() for child in children))
        self._layout.processes.unlink(missing_ok=True)

    def _tell(self) -> None:
        """Write who runs: numbers in the files stay true when a process is started again."""
        processes = {
            child.program.name: {
                "pid": child.pid,
                "port": child.program.port,
                "restarts": child.exits,
            }
            for child in self._all
        }
        write_json(self._layout.processes, processes)
        if self._healthy:
            write_json(self._layout.stack, self._describe(processes))


def _why(child: Child) -> str:
    reason = child.failure or last_lines(child.log) or "it says nothing"
    return f"{child.program.name} did not become ready; see {child.log}:\n{reason}"
