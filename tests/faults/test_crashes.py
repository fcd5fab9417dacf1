"""Sixty kills while reports flow: nothing acknowledged is lost, nothing takes effect twice."""

import os
import secrets
from collections.abc import Callable

import pytest

from tests.faults import judge
from tests.faults.conftest import Victim
from tests.faults.harm import Harm, rain, spread
from tests.faults.ledger import Ledger
from tests.faults.reporters import reporting
from tests.faults.settling import settle

pytestmark = [pytest.mark.stack, pytest.mark.faults]

FAULTS = 60
PAUSE_S = (0.8, 2.8)


async def test_sixty_kills_lose_nothing_and_double_nothing(
    victim: Victim, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("FAULTS_SEED", secrets.randbelow(2**32)))
    async with reporting(victim.city, victim.ledger, seed=seed):
        await rain(victim.harm, faults=FAULTS, seed=seed, pause_s=PAUSE_S)
    await settle(victim.city)
    found = await judge.violations(victim.city, victim.ledger)
    told = summary(seed, victim.harm, victim.ledger, found)
    record_property("told", told)
    assert not found, f"{told}\n" + "\n".join(map(str, found[:40]))


def summary(seed: int, harm: Harm, ledger: Ledger, found: list[judge.Violation]) -> str:
    """What was done, what was promised, what was kept."""
    kinds = [violation.kind for violation in found]
    spooled = sum(entry.spooled for entry in ledger.taken)
    taken = f"{len(ledger.committed)} committed, {spooled} spooled first"
    lines = [
        f"crash test, FAULTS_SEED={seed}: {len(harm.done)} faults",
        f"  {len(ledger.entries)} reports sent, {len(ledger.taken)} acknowledged ({taken})"
        f" of {len(ledger.accidents)} accidents",
        f"  {kinds.count('lost')} lost, {kinds.count('twice')} effects twice,"
        f" {len(found)} broken promises in all",
        f"  next report taken after a fault: {spread(gaps(harm, ledger))}",
    ]
    for name, seconds in sorted(harm.back_s.items()):
        lines.append(f"  {name} back: {len(seconds)} times, {spread(seconds)}")
    return "\n".join(lines)


def gaps(harm: Harm, ledger: Ledger) -> list[float]:
    """From each fault to the first report that was asked for after it and taken."""
    return [
        min((came - began for asked, came in ledger.taken_at if asked >= began), default=0.0)
        for _, began in harm.done
    ]
