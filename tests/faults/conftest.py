"""Stacks to be harmed: one for the crash test alone, one that the short tests take in turn."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import AsyncFileLock

from devstack.layout import Layout
from tests import stacks
from tests.city import City
from tests.eventually import eventually
from tests.faults.harm import BACK_S, Harm
from tests.faults.launcher import SUPERVISOR, exchange
from tests.faults.ledger import Ledger
from tests.faults.planted import GAP
from tests.shared import joined


@dataclass
class Victim:
    """A stack, what harms it, and the ledger of those who report to it meanwhile."""

    city: City
    harm: Harm
    ledger: Ledger
    exchanged: set[str] = field(default_factory=set)

    async def exchange(self, **instead: str) -> None:
        """Put other processes in the place of some, killing those that run there."""
        exchange(self.city.layout, instead)
        self.exchanged |= instead.keys() - {"nats"}
        for name in instead:
            await self.harm.restart(name)

    async def kill_in_the_gap(self) -> None:
        """Kill the spoilt process where its bug shows; the real one takes its place."""
        gap = self.city.layout.var / GAP
        await eventually(gap.exists, within=BACK_S)
        await self.restore()
        gap.unlink()

    async def restore(self) -> None:
        """Put the real ones back."""
        exchange(self.city.layout, {})
        for name in sorted(self.exchanged):
            await self.harm.restart(name)
        self.exchanged.clear()


@pytest.fixture
async def victim(tmp_path: Path) -> AsyncIterator[Victim]:
    """A stack of the test's own."""
    with stacks.started(SUPERVISOR) as layout:
        city = City.of(layout)
        async with city.gateway:
            yield Victim(city, Harm(layout), Ledger(tmp_path / "ledger"))


@pytest.fixture(scope="package")
def _shared(run_folder: Path) -> Iterator[Layout]:
    with joined(run_folder / "faults", "tests.faults.launcher") as told:
        yield Layout(Path(told["var"]))


@pytest.fixture
async def borrowed(_shared: Layout, run_folder: Path, tmp_path: Path) -> AsyncIterator[Victim]:
    """The stack that short tests share, one after the other."""
    async with AsyncFileLock(run_folder / "faults.lock"):
        city = City.of(_shared)
        async with city.gateway:
            victim = Victim(city, Harm(_shared), Ledger(tmp_path / "ledger"))
            yield victim
            await victim.restore()
