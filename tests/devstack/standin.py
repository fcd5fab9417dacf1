"""A stack whose platform is two tiny HTTP servers; everything else about it is real.

`python -m tests.devstack.standin up` starts it in the background, and `… supervise` is
what then runs there.
"""

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from devstack import commands, session
from devstack.children import Launch, Program
from devstack.config import StackConfig
from devstack.layout import MARKER, Layout
from devstack.probe import answers
from devstack.processes import servers
from devstack.supervisor import Supervisor

SUPERVISOR = (sys.executable, "-m", "tests.devstack.standin", "supervise")
TINY = Path(__file__).parent / "tiny.py"
SERVICES = ("gateway", "tasks")
DIES = "STANDIN_DIES"
"""The environment variable that names the service which never lives."""


def program(config: StackConfig, name: str) -> Program:
    """A tiny server under a service's name."""
    port = config.ports[name]
    argument = "die" if os.environ.get(DIES) == name else str(port)
    environment = {**os.environ, MARKER: str(config.layout.var)}
    return Program(
        name=name,
        launch=lambda: Launch([sys.executable, str(TINY), argument], environment),
        ready=partial(answers, port=port, path="/readyz"),
        port=port,
        patience_s=5,
    )


def build(config: StackConfig) -> Supervisor:
    """The real servers, not waiting for the disk, and tiny ones in the place of the platform."""
    config = replace(config, durable=False)
    return Supervisor(
        config.layout,
        servers=servers(config),
        services=[program(config, name) for name in SERVICES],
        between=lambda: session.provide_databases(config, SERVICES),
        describe=lambda processes: session.describe(config, processes),
        say=session.say,
        exits_allowed=3,
    )


if __name__ == "__main__":
    if sys.argv[1] == "up":
        sys.exit(commands.up(Layout.of_environment(), SUPERVISOR))
    session.live(Layout.of_environment(), lambda _: session.say("healthy"), build)
