"""Puts the demonstration city and its accounts and clients into a new stack.

With `devstack.city` this is the one place where the stack reaches into the platform. It runs
as a process of its own (`python -m devstack.seed`), so that the supervisor stays small.
"""

import asyncio
import importlib.util

from devstack.accounts import Credentials, credentials
from devstack.config import StackConfig
from devstack.keys import ring_file
from devstack.layout import Layout, read_json, write_json

IDENTITY = "gateway.identity.seeding"
"""The module whose `async def seed(*, database_url, keys_file, accounts, clients)` writes them.

It is given the owner's address of the gateway's database, the gateway's ring of keys and the
two tables of `Credentials`. It must be repeatable: an account that exists gets the password
stated here.
"""

CITY = "devstack.city"
"""Loads units, plan and enterprises; imported late, for it brings in the services."""


async def due(stack: StackConfig) -> bool:
    """Whether the platform can take accounts, and this database server has none of ours yet."""
    return importable(IDENTITY) and read_json(stack.layout.seeded) != await _mark(stack)


async def seed(stack: StackConfig) -> Credentials:
    """Hand the accounts and clients to the platform; once per database server."""
    known = credentials(stack.layout)
    if await due(stack):
        await importlib.import_module(IDENTITY).seed(
            database_url=stack.databases["gateway"].owner,
            keys_file=ring_file(stack.layout, "gateway"),
            accounts=known.accounts,
            clients=known.clients,
        )
        await importlib.import_module(CITY).load(stack)
        write_json(stack.layout.seeded, await _mark(stack))
    return known


def seeded(layout: Layout) -> bool:
    """Whether the accounts can be used."""
    return bool(read_json(layout.seeded))


async def _mark(stack: StackConfig) -> dict[str, str]:
    return {"server": await stack.server.identity()}


def importable(module: str) -> bool:
    """Whether a module of the platform exists yet."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    asyncio.run(seed(StackConfig.of_running(Layout.of_environment())))
