"""A child process that is started again when it dies."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devstack.layout import REPOSITORY
from devstack.logs import open_log
from devstack.runner import Identity
from kernel import clock

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
STEADY_S = 10.0
"""A process that lived this long starts at once when it dies; others wait longer each time."""


@dataclass(frozen=True)
class Launch:
    """How to start a process now."""

    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    folder: Path = REPOSITORY


@dataclass(frozen=True, kw_only=True)
class Program:
    """A process of the stack.

    `launch` is asked, in a thread, before every start: it may prepare files. `ready` tells
    whether the process serves.
    """

    name: str
    launch: Callable[[], Launch]
    ready: Callable[[], Awaitable[bool]]
    port: int
    stop_signal: signal.Signals = signal.SIGTERM
    patience_s: float = 15.0


class Child:
    """Keeps one program running until told to stop."""

    def __init__(self, program: Program, *, logs: Path, changed: Callable[[], None]) -> None:
        self.program = program
        self.exits = 0
        self.failure: str | None = None
        self.log = logs / f"{program.name}.log"
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._told_to_stop = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process's number while it lives."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and alive else None

    def start(self) -> None:
        """Begin to keep it running."""
        self._life = asyncio.create_task(self._live(), name=self.program.name)

    async def stop(self) -> None:
        """Stop it for good: politely, then by force."""
        self._told_to_stop.set()
        if self._life is not None:
            await self._life

    async def _live(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._told_to_stop.is_set():
            began = clock.ticks()
            await self._start()
            await self._until_exit_or_stop()
            if self._told_to_stop.is_set():
                break
            self.exits += 1
            self._changed()
            steady = clock.ticks() - began > STEADY_S
            pause = FIRST_PAUSE_S if steady else min(pause * 2, LONGEST_PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_stop.wait(), pause)
        await self._end()

    async def _start(self) -> None:
        """A start that fails, for whatever reason, is an exit: it is told, and tried again."""
        self.failure = None
        try:
            launch = await asyncio.to_thread(self.program.launch)
            with open_log(self.log) as log:
                self._process = await asyncio.create_subprocess_exec(
                    *launch.command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=launch.folder,
                    env=launch.environment,
                    start_new_session=True,  # Ctrl-C is for the supervisor, which stops in order
                    **launch.identity,
                )
        except Exception as reason:
            self.failure = f"{type(reason).__name__}: {reason}"
        self._changed()

    async def _until_exit_or_stop(self) -> None:
        if self._process is None or self.failure is not None:
            return
        exit_ = asyncio.create_task(self._process.wait())
        stop = asyncio.create_task(self._told_to_stop.wait())
        await asyncio.wait({exit_, stop}, return_when=asyncio.FIRST_COMPLETED)
        exit_.cancel()
        stop.cancel()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.program.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self.program.patience_s)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self._changed()
