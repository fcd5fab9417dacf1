"""When a harmed stack has done all that it will do by itself."""

from functools import partial

from devstack import ports
from devstack.config import StackConfig
from devstack.quiet import until_quiet
from tests.city import City
from tests.eventually import eventually
from tests.faults.records import TELLERS, fetch_from

QUIET_S = 150.0
STUCK_S = 90.0
"""Longer than the wait after a second failure of a letter, and than any other pause."""


async def settle(city: City) -> None:
    """Wait until every fact was told and heard, every call made and every act sealed.

    A slow machine may take its time, as long as there is less left to do from look to look.
    """
    await until_quiet(ports.remembered(city.layout.ports), within=QUIET_S)
    config = StackConfig.of_running(city.layout)
    left = await _left(config)
    while any(left.values()):
        left = await eventually(partial(_less, config, left), within=STUCK_S, every=0.2)


async def _less(config: StackConfig, before: dict[str, int]) -> dict[str, int]:
    """What is left to do, once it is less than before."""
    now = await _left(config)
    assert not any(now.values()) or sum(now.values()) < sum(before.values()), f"stuck: {now}"
    return now


async def _left(config: StackConfig) -> dict[str, int]:
    """How many calls and letters are still to be tried, and records to be sealed, by kind."""
    counts = {}
    for kind, (service, query) in _LEFT.items():
        ((counts[kind],),) = await fetch_from(config, service, query)
    return counts


_UNTRIED = "SELECT count(*) FROM {table} WHERE status = 'queued' AND attempts < 3"
_UNSEALED = "SELECT count(*) FROM audit WHERE id NOT IN (SELECT audit_id FROM audit_seal)"
_LEFT = {
    "calls": ("notifications", _UNTRIED.format(table="call")),
    "letters": ("notifications", _UNTRIED.format(table="delivery")),
    **{f"unsealed {service}": (service, _UNSEALED) for service in TELLERS},
}
