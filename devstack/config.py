"""One stack as configured: its servers, addresses, databases and folders."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from devstack import keys, ports
from devstack.broker import Broker
from devstack.databases import DatabaseUrls, Server
from devstack.layout import Layout, write_json
from devstack.postgres import Cluster
from devstack.runner import home_below


class NotDevelopment(RuntimeError):
    """The stack is for development: it has known accounts and a clock that can be moved."""


@dataclass(frozen=True)
class StackConfig:
    """What a stack runs with. A server given from outside is used instead of our own.

    `durable=False` gives up PostgreSQL's safety for speed: for throw-away stacks of tests only.
    """

    layout: Layout
    ports: Mapping[str, int]
    passwords: Mapping[str, str]
    outside_database: str | None = None
    outside_broker: str | None = None
    outside_monitor: str | None = None
    durable: bool = True

    @classmethod
    def prepare(cls, layout: Layout) -> "StackConfig":
        """Make var/, choose the ports, make keys and passwords."""
        require_development()
        layout.make()
        keys.make(layout)
        if not layout.clock.exists():
            write_json(layout.clock, {"offset_seconds": 0.0})
        return cls._of(layout, ports.choose(layout.ports))

    @classmethod
    def of_running(cls, layout: Layout) -> "StackConfig":
        """The configuration that a running stack chose."""
        return cls._of(layout, ports.remembered(layout.ports))

    @classmethod
    def _of(cls, layout: Layout, chosen: Mapping[str, int]) -> "StackConfig":
        return cls(
            layout,
            chosen,
            keys.passwords(layout),
            outside_database=os.environ.get("DATABASE_URL"),
            outside_broker=os.environ.get("NATS_URL"),
            outside_monitor=os.environ.get("NATS_MONITOR_URL"),
        )

    @cached_property
    def cluster(self) -> Cluster:
        """Our own PostgreSQL."""
        return Cluster(
            home=home_below(self.layout.var),
            port=self.ports["postgres"],
            password=self.passwords["postgres"],
            durable=self.durable,
        )

    @cached_property
    def broker(self) -> Broker:
        """Our own nats-server."""
        return Broker(
            self.layout.nats, self.ports["nats"], self.ports["nats_monitor"], self.passwords["nats"]
        )

    @property
    def server(self) -> Server:
        """The PostgreSQL that is used."""
        return Server(self.outside_database or self.cluster.url())

    @property
    def nats_url(self) -> str:
        """The broker that is used."""
        return self.outside_broker or self.broker.url()

    @property
    def nats_monitor_url(self) -> str | None:
        """Where the broker that is used tells about itself."""
        return self.outside_monitor if self.outside_broker else self.broker.monitor_url

    @property
    def databases(self) -> dict[str, DatabaseUrls]:
        """Every service's ways into its own database."""
        return {
            service: self.server.urls(service, f"anlian_{service}", self.passwords[service])
            for service in keys.SERVICES
        }

    def address(self, process: str) -> str:
        """Where a process answers HTTP."""
        return f"http://127.0.0.1:{self.ports[process]}"


def require_development() -> None:
    """Refuse to touch anything when the environment says production."""
    mode = os.environ.get("ANLIAN_MODE", "development")
    if mode != "development":
        raise NotDevelopment(f"ANLIAN_MODE is {mode}: the embedded stack is for development only.")
