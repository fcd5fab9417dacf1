"""Each promise is kept by something: without it, the judge finds the promise broken."""

import nats
import pytest

from devstack import ports
from devstack.config import StackConfig
from devstack.quiet import until_quiet
from tests.eventually import eventually
from tests.faults import judge
from tests.faults.conftest import Victim
from tests.faults.launcher import LOST_STORE
from tests.faults.records import fetch_from
from tests.faults.reporters import reporting, until_taken
from tests.faults.settling import settle

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.xdist_group("borrowed")]


async def verdict(victim: Victim) -> set[str]:
    """The kinds of broken promises, once the real processes have done what they can."""
    await settle(victim.city)
    found = await judge.violations(victim.city, victim.ledger)
    return {violation.kind for violation in found}


async def test_a_service_that_answers_before_it_commits_loses_reports(borrowed: Victim) -> None:
    await borrowed.exchange(incidents="answers_before_commit")
    async with reporting(borrowed.city, borrowed.ledger, follows_up=False, pause_s=0.05):
        await until_taken(borrowed.ledger, 1)
        await borrowed.kill_in_the_gap()
        await until_taken(borrowed.ledger, 5)
    assert "lost" in await verdict(borrowed)


async def test_a_listener_that_acknowledges_before_it_commits_falls_behind(
    borrowed: Victim,
) -> None:
    await borrowed.exchange(tasks="acks_before_commit")
    async with reporting(borrowed.city, borrowed.ledger, follows_up=False, pause_s=0.05):
        await until_taken(borrowed.ledger, 5)
    # While later facts come, the listener sees the gap in their versions and asks for the lost.
    await until_quiet(ports.remembered(borrowed.city.layout.ports))
    await borrowed.kill_in_the_gap()
    assert {"behind", "missing"} <= await verdict(borrowed)


async def test_an_outbox_that_forgets_before_it_publishes_loses_facts(borrowed: Victim) -> None:
    await borrowed.exchange(incidents="forgets_before_publish")
    async with reporting(borrowed.city, borrowed.ledger, follows_up=False, pause_s=0.05):
        await borrowed.kill_in_the_gap()
        await until_taken(borrowed.ledger, 5)
    found = await verdict(borrowed)
    assert {"behind", "missing"} <= found
    assert "lost" not in found  # the reports are safe; that nobody hears of them is the fault


async def test_a_listener_without_a_cursor_acts_twice(borrowed: Victim) -> None:
    await borrowed.exchange(notifications="takes_every_turn")
    async with reporting(borrowed.city, borrowed.ledger, insists=True, pause_s=0.05):
        await until_taken(borrowed.ledger, 30)
    await settle(borrowed.city)
    await tell_again(borrowed)
    await settle(borrowed.city)
    await borrowed.restore()
    assert "twice" in await verdict(borrowed)


async def test_a_listener_that_hears_backwards_is_out_of_order(borrowed: Victim) -> None:
    await borrowed.exchange(notifications="hears_backwards")
    async with reporting(borrowed.city, borrowed.ledger, insists=True, pause_s=0.05):
        await until_taken(borrowed.ledger, 40)
    await settle(borrowed.city)
    await borrowed.restore()
    assert "disorder" in await verdict(borrowed)


async def tell_again(victim: Victim) -> None:
    """Have incidents tell every fact once more, as for a listener that misses some."""
    client = await nats.connect(StackConfig.of_running(victim.city.layout).nats_url)
    for accident in victim.ledger.accidents:
        asked = f'{{"aggregate_id":"{accident}","version":1}}'
        await client.publish("republish.incidents", asked.encode())
    await client.flush()
    await client.close()


async def test_a_reconciler_that_forgets_leaves_listeners_behind(borrowed: Victim) -> None:
    await borrowed.exchange(incidents="never_republishes", tasks="absent")
    async with reporting(borrowed.city, borrowed.ledger, insists=True, follows_up=False):
        await until_taken(borrowed.ledger, 10)
    before = await stream_of_incidents(borrowed)
    await borrowed.exchange(nats=LOST_STORE)

    async def seen() -> bool:
        return await stream_of_incidents(borrowed) != before

    await eventually(seen, within=60)
    await borrowed.restore()
    assert "behind" in await verdict(borrowed)


async def stream_of_incidents(victim: Victim) -> str:
    """Which stream the reconciler of incidents believes to be its own."""
    config = StackConfig.of_running(victim.city.layout)
    query = "SELECT created FROM stream_state WHERE stream = 'INCIDENTS'"
    (row,) = await fetch_from(config, "incidents", query)
    return str(row["created"])
