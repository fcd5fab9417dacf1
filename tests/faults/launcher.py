"""The supervisor of a stack whose processes can be exchanged for spoilt ones.

`exchange(layout, {"tasks": "acks_before_commit"})` says what is started in a service's place
from its next start on; `{"nats": LOST_STORE}` makes the broker's next start find no store.
Everything else is the real stack, waiting for the disk as in use.
"""

import asyncio
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from devstack import session
from devstack.children import Launch, Program
from devstack.config import StackConfig
from devstack.layout import Layout, read_json, write_json
from devstack.processes import servers, services
from devstack.supervisor import Supervisor
from tests import stacks
from tests.shared import Door

SUPERVISOR = (sys.executable, "-m", "tests.faults.launcher", "supervise")
LOST_STORE = "lost store"


def exchange(layout: Layout, instead: Mapping[str, str]) -> None:
    """Say what is started instead of the real thing."""
    write_json(_exchanged(layout), dict(instead))


def _exchanged(layout: Layout) -> Path:
    return layout.var / "exchanged.json"


def build(config: StackConfig) -> Supervisor:
    """The real stack, every program of which asks first whether it is to be another one."""
    return Supervisor(
        config.layout,
        servers=[_exchangeable(program, config.layout) for program in servers(config)],
        services=[_exchangeable(program, config.layout) for program in services(config)],
        between=lambda: session.provide(config),
        describe=lambda processes: session.describe(config, processes),
        say=session.say,
    )


def _exchangeable(program: Program, layout: Layout) -> Program:
    def launch() -> Launch:
        real = program.launch()
        instead = (read_json(_exchanged(layout)) or {}).get(program.name)
        if instead is None:
            return real
        if instead == LOST_STORE:
            shutil.rmtree(layout.nats / "store")
            exchange(layout, {})
            return real
        command = [sys.executable, "-m", "tests.faults.planted", instead, program.name]
        return replace(real, command=command)

    return replace(program, launch=launch)


def main(argument: str) -> None:
    """Supervise one, or share one below the folder named."""
    if argument == "supervise":
        session.live(Layout.of_environment(), lambda _: session.say("healthy"), build)
        return
    with stacks.started(SUPERVISOR) as layout:
        asyncio.run(Door({"var": str(layout.var)}).until_unused(Path(argument)))


if __name__ == "__main__":
    main(sys.argv[1])
