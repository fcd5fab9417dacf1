"""What the commands of whoever runs the platform share: a service's database, and lines of JSON."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import orjson

from kernel import clock, keyring
from kernel.db import Database
from kernel.settings import ServiceSettings
from kernel.web import open_database


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[tuple[Database, ServiceSettings]]:
    """The database, clock and keys that this process's environment names."""
    settings = ServiceSettings()
    clock.follow(settings.clock_file)
    if settings.keys_file is not None:
        keyring.use(keyring.KeyRing.from_file(settings.keys_file))
    database = open_database(settings, name=name)
    try:
        yield database, settings
    finally:
        await database.close()


def say(line: Mapping[str, object]) -> None:
    """One line of JSON; what the database's driver has types of its own for is written as text."""
    sys.stdout.write(orjson.dumps(line, default=str).decode() + "\n")
