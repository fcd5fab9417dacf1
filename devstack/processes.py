"""The processes of the stack, as data: what to run, with which environment, when ready."""

import json
import os
import signal
import sys
from functools import partial

from devstack import keys
from devstack.children import Launch, Program
from devstack.config import StackConfig
from devstack.layout import MARKER
from devstack.postgres import environment as postgres_environment
from devstack.probe import answers

GATEWAY = "gateway"
BEHIND_THE_GATEWAY = ("incidents", "tasks", "inspections", "notifications")


def servers(config: StackConfig) -> list[Program]:
    """What the services stand on; a server given from outside is not started."""
    own = [_sinks(config)]
    if config.outside_broker is None:
        own.insert(0, _nats(config))
    if config.outside_database is None:
        own.insert(0, _postgres(config))
    return own


def services(config: StackConfig) -> list[Program]:
    """The five processes of the platform."""
    return [_service(config, name) for name in (*BEHIND_THE_GATEWAY, GATEWAY)]


def common_environment(config: StackConfig) -> dict[str, str]:
    """What every process of the platform is told."""
    told = {
        MARKER: str(config.layout.var),
        "ANLIAN_MODE": "development",
        "ANLIAN_HOST": "127.0.0.1",
        "ANLIAN_NATS_URL": config.nats_url,
        "ANLIAN_CLOCK_FILE": str(config.layout.clock),
        "ANLIAN_ACTOR_JWKS_FILE": str(keys.actor_jwks_file(config.layout)),
        "ANLIAN_OBJECTS_URL": config.layout.objects.as_uri(),
        "PYTHONUNBUFFERED": "1",
        # Compiled once per stack, whatever the caller's shell says: a start costs half.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(config.layout.bytecode),
        "MALLOC_ARENA_MAX": "2",  # threads of one process share memory: half the footprint
    }
    if config.nats_monitor_url is not None:
        told["ANLIAN_NATS_MONITOR_URL"] = config.nats_monitor_url
    return {**os.environ, **told}


def service_environment(config: StackConfig, name: str) -> dict[str, str]:
    """What one process of the platform is told."""
    database = config.databases[name]
    told = {
        "ANLIAN_DATABASE_URL": database.app,
        "ANLIAN_MIGRATION_URL": database.owner,
        "ANLIAN_KEYS_FILE": str(keys.ring_file(config.layout, name)),
        "ANLIAN_PORT": str(config.ports[name]),
    }
    if name == GATEWAY:
        upstreams = {service: config.address(service) for service in BEHIND_THE_GATEWAY}
        told["ANLIAN_UPSTREAMS"] = json.dumps(upstreams)
        told["ANLIAN_ACTOR_KEY_FILE"] = str(keys.actor_key_file(config.layout))
        told["ANLIAN_TOKEN_KEY_FILE"] = str(keys.token_key_file(config.layout))
    if name == "notifications":
        told["ANLIAN_SMTP_HOST"] = "127.0.0.1"
        told["ANLIAN_SMTP_PORT"] = str(config.ports["smtp"])
        told["ANLIAN_WEBHOOK_HOSTS"] = json.dumps(["127.0.0.1"])
    return common_environment(config) | told


def migration_environment(config: StackConfig) -> dict[str, str]:
    """What the migrations are told: the owner's address of every database."""
    targets = {
        service: {"owner_url": database.owner, "app_role": database.app_role}
        for service, database in config.databases.items()
    }
    return common_environment(config) | {"ANLIAN_MIGRATIONS": json.dumps(targets)}


def _service(config: StackConfig, name: str) -> Program:
    command = [sys.executable, "-m", "kernel.serve", name]
    return Program(
        name=name,
        launch=lambda: Launch(command, service_environment(config, name)),
        ready=partial(answers, port=config.ports[name], path="/readyz"),
        port=config.ports[name],
    )


def _sinks(config: StackConfig) -> Program:
    ports = [f"--{name}={config.ports[name]}" for name in ("smtp", "mails", "hooks")]
    command = [sys.executable, "-m", "devstack.sinks", *ports]
    return Program(
        name="sinks",
        launch=lambda: Launch(command, common_environment(config)),
        ready=partial(answers, port=config.ports["mails"], path="/readyz"),
        port=config.ports["mails"],
    )


def _nats(config: StackConfig) -> Program:
    broker = config.broker

    def launch() -> Launch:
        broker.prepare()
        return Launch(broker.command(), {**os.environ, MARKER: str(config.layout.var)})

    return Program(name="nats", launch=launch, ready=broker.ready, port=broker.port)


def _postgres(config: StackConfig) -> Program:
    cluster = config.cluster

    def launch() -> Launch:
        cluster.prepare()
        command, identity = cluster.command(), cluster.runner.identity
        return Launch(command, postgres_environment(), identity, cluster.home)

    return Program(
        name="postgres",
        launch=launch,
        ready=cluster.ready,
        port=cluster.port,
        stop_signal=signal.SIGINT,  # rolls back and disconnects clients, then stops cleanly
    )
