"""Runs migration scripts over a connection, and grants the application role what it needs."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.db import Base
from kernel.serve import GATEWAY

ROOT = Path(__file__).resolve().parents[2]
KERNEL_SCRIPTS = ROOT / "kernel" / "migrations"
KERNEL_VERSIONS = "kernel_version"
SERVICE_VERSIONS = "service_version"

_KERNEL_TABLES = (
    "kernel.outbox",
    "kernel.relay",
    "kernel.inbox",
    "kernel.timers",
    "kernel.idempotency",
    "kernel.audit",
    "kernel.changes",
)


def service_scripts(service: str) -> Path:
    """Where a service's own migrations stand."""
    below = ROOT / "gateway" if service == GATEWAY else ROOT / "services" / service
    return below / "migrations"


def kernel_metadata() -> MetaData:
    """The kernel's tables, all of them imported."""
    for module in _KERNEL_TABLES:
        importlib.import_module(module)
    return Base.metadata


def service_metadata(service: str) -> MetaData:
    """A service's own tables: its `base` module and every room's `tables` module."""
    package = "gateway" if service == GATEWAY else f"services.{service}"
    below = ROOT.joinpath(*package.split("."))
    for tables in sorted(below.glob("*/tables.py")):
        importlib.import_module(f"{package}.{tables.parent.name}.tables")
    metadata: MetaData = importlib.import_module(f"{package}.base").Base.metadata
    return metadata


def upgrade(connection: Connection, *, scripts: Path, version_table: str) -> None:
    """Run what is missing of one set of scripts."""
    directory = ScriptDirectory(str(scripts))

    def missing(revision: Any, _: Any) -> Any:
        return directory._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), directory, fn=missing) as environment:
        environment.configure(connection=connection, version_table=version_table)
        with environment.begin_transaction():
            environment.run_migrations()


def grant(
    connection: Connection,
    *,
    role: str,
    append_only: Sequence[str],
    movable: Sequence[tuple[str, str]] = (),
) -> None:
    """Let the application role work with the rows, and only add to what is append-only.

    Of that, it may put right the columns that are movable.
    """
    for statement in (
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        *(f'REVOKE UPDATE, DELETE ON "{table}" FROM "{role}"' for table in append_only),
        *(f'GRANT UPDATE ("{column}") ON "{table}" TO "{role}"' for table, column in movable),
        f'REVOKE INSERT, UPDATE, DELETE ON {KERNEL_VERSIONS}, {SERVICE_VERSIONS} FROM "{role}"',
    ):
        connection.execute(text(statement))


def append_only(*tables: MetaData) -> list[str]:
    """Tables whose rows nobody may change, not even the service."""
    return [
        table.name
        for metadata in tables
        for table in metadata.sorted_tables
        if table.info.get("append_only")
    ]


def movable(*tables: MetaData) -> list[tuple[str, str]]:
    """Columns of such tables that say where a row stands, and nothing of what it says."""
    return [
        (table.name, column)
        for metadata in tables
        for table in metadata.sorted_tables
        for column in table.info.get("movable", ())
    ]


def make(connection: Connection, *, service: str) -> None:
    """Bring the kernel's tables and those of a service to their newest shape."""
    upgrade(connection, scripts=KERNEL_SCRIPTS, version_table=KERNEL_VERSIONS)
    upgrade(connection, scripts=service_scripts(service), version_table=SERVICE_VERSIONS)


def _migrate(connection: Connection, service: str, role: str) -> None:
    make(connection, service=service)
    every = kernel_metadata(), service_metadata(service)
    grant(connection, role=role, append_only=append_only(*every), movable=movable(*every))


async def migrate(*, service: str, owner_url: str, app_role: str) -> None:
    """Bring one service's database to the newest shape, in one transaction."""
    engine = create_async_engine(owner_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            # Two migrators of one database wait for each other.
            await connection.execute(text("SELECT pg_advisory_xact_lock(7205)"))
            await connection.run_sync(_migrate, service, app_role)
    finally:
        await engine.dispose()
