"""The broker loses everything it ever stored, and nobody misses a fact."""

import pytest

from tests.eventually import eventually
from tests.faults import judge
from tests.faults.conftest import Victim
from tests.faults.launcher import LOST_STORE
from tests.faults.reporters import reporting, until_taken
from tests.faults.settling import settle

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("borrowed")]


async def test_the_whole_store_is_deleted_while_reports_flow(borrowed: Victim) -> None:
    """Once while everybody listens, and once with facts in it that a listener never saw."""
    city, ledger = borrowed.city, borrowed.ledger
    async with reporting(city, ledger, insists=True, pause_s=0.1):
        await until_taken(ledger, 20)
        await borrowed.exchange(nats=LOST_STORE)
        await until_taken(ledger, 10)
        await borrowed.exchange(tasks="absent")
        await until_taken(ledger, 20)
        await borrowed.exchange(tasks="absent", nats=LOST_STORE)
        await until_taken(ledger, 10)
        await borrowed.restore()
        await until_taken(ledger, 10)

    async def nothing_lost() -> bool:
        await settle(city)
        found = await judge.violations(city, ledger)
        assert not found, judge.listed(found)
        return True

    await eventually(nothing_lost, within=30, every=1)
