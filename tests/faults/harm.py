"""What is done to a running stack: processes killed at moments that a seed decides."""

import asyncio
import contextlib
import os
import random
import signal
import statistics
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import psutil

from devstack.config import StackConfig
from devstack.layout import Layout, read_json
from devstack.processes import servers, services
from tests.eventually import eventually

VICTIMS = (
    *("gateway", "incidents", "incidents", "tasks", "inspections", "notifications"),
    *("postgres", "back end", "nats"),
)
BACK_END = "back end"
BACK_S = 180.0
IN_A_ROW = 2


@dataclass
class Harm:
    """Kills what it is asked to, and notes when and how long it took to be back."""

    layout: Layout
    done: list[tuple[str, float]] = field(default_factory=list)
    back_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _watching: set[asyncio.Task[None]] = field(default_factory=set)
    _in_a_row: Counter[str] = field(default_factory=Counter)
    """How often each was killed since it last served."""

    def pid(self, name: str) -> int | None:
        """The number of a process of this stack while it lives."""
        row = (read_json(self.layout.processes) or {}).get(name) or {}
        number: int | None = row.get("pid")
        return number

    async def kill(self, name: str) -> None:
        """Kill a process without warning, once it lives."""
        found = await eventually(lambda: self._victim(name), within=BACK_S)
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.kill(found, signal.SIGKILL)
        self.done.append((name, began))

    async def kill_and_watch(self, name: str) -> None:
        """Kill a process; when it serves again is noted while other things go on.

        It may die while it starts, and again; then it is let start, however slow the machine.
        """
        if self._in_a_row[name] >= IN_A_ROW:
            await self.serves(name)
        self._in_a_row[name] += 1
        await self.kill(name)
        watching = asyncio.create_task(self._watch(name, began=self.done[-1][1]))
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)

    async def restart(self, name: str) -> None:
        """Kill a process and wait until its successor serves."""
        before = self.pid(name)
        await self.kill(name)
        await eventually(lambda: self.pid(name) not in (None, before), within=BACK_S)
        if (read_json(self.layout.var / "exchanged.json") or {}).get(name) != "absent":
            await self.serves(name)

    async def serves(self, name: str) -> None:
        """Wait until a process serves."""
        config = StackConfig.of_running(self.layout)
        sought = "postgres" if name == BACK_END else name
        program = next(one for one in (*servers(config), *services(config)) if one.name == sought)

        async def ready() -> bool:
            assert await program.ready(), f"{name} does not serve"
            return True

        await eventually(ready, within=BACK_S, every=0.1)

    async def all_back(self) -> None:
        """Wait until whatever was killed serves again."""
        await asyncio.gather(*self._watching)
        for name in sorted(set(VICTIMS) - {BACK_END}):
            await self.serves(name)

    def _victim(self, name: str) -> int | None:
        if name != BACK_END:
            return self.pid(name)
        postmaster = self.pid("postgres")
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(postmaster).children() if postmaster else []
            return random.choice(children).pid if children else None
        return None

    async def _watch(self, name: str, *, began: float) -> None:
        await self.serves(name)
        self._in_a_row[name] = 0
        self.back_s[name].append(time.monotonic() - began)


async def rain(harm: Harm, *, faults: int, seed: int, pause_s: tuple[float, float]) -> None:
    """So many faults, one after the other, at moments that follow from the seed."""
    chance = random.Random(seed)
    for _ in range(faults):
        await asyncio.sleep(chance.uniform(*pause_s))
        await harm.kill_and_watch(chance.choice(VICTIMS))
    await harm.all_back()


def spread(seconds: list[float]) -> str:
    """Middle and worst of some durations."""
    if not seconds:
        return "-"
    return f"median {statistics.median(seconds):.1f} s, worst {max(seconds):.1f} s"
