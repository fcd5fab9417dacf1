"""Puts accounts and clients with known credentials into a database: development stacks only.

It may run again: what exists gets the credentials and powers stated now.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.identity import queries
from gateway.identity.passwords import Hasher
from gateway.identity.tables import Account, ApiClient, ClientKey
from kernel import audit, clock, keyring
from kernel.access import SYSTEM
from kernel.db import connect, unit_of_work
from kernel.ids import uuid7

Rows = Mapping[str, Mapping[str, Any]]


async def seed(*, database_url: str, keys_file: Path, accounts: Rows, clients: Rows) -> None:
    """Make the accounts and clients. `keys_file` is the gateway's ring: it seals their secrets.

    An account has `username`, `password`, `role`, `region`, `zh`, `en` and may have `unit`,
    `post`, `uscc`, `otp_secret`; a client `app_key`, `secret`, `algorithm`, `role`, `region`,
    `unit`, `zh`, `en`.
    """
    keyring.use(keyring.KeyRing.from_file(keys_file))
    hasher = Hasher(threads=1)
    database = connect(database_url, pool_size=2, name="seeding")
    now = clock.wall()
    try:
        hashes = {row["username"]: await hasher.hash(row["password"]) for row in accounts.values()}
        async with unit_of_work(database, SYSTEM) as session:
            for row in accounts.values():
                await _account(session, row, password_hash=hashes[row["username"]], now=now)
            for row in clients.values():
                await _client(session, row, now=now)
    finally:
        hasher.close()
        await database.close()


async def _account(
    session: AsyncSession, row: Mapping[str, Any], *, password_hash: str, now: datetime
) -> None:
    account = await queries.account_named(session, row["username"], lock=True)
    if account is None:
        account = Account(id=uuid7(), username=queries.folded(row["username"]), created_at=now)
        session.add(account)
    account.password_hash, account.password_changed_at = password_hash, now
    account.zh, account.en, account.roles = row["zh"], row["en"], [row["role"]]
    account.unit, account.post, account.region_code = (
        row.get("unit"),
        row.get("post"),
        row["region"],
    )
    account.enterprise_uscc, account.totp_secret = row.get("uscc"), row.get("otp_secret")
    _note(session, "account", account.id)


async def _client(session: AsyncSession, row: Mapping[str, Any], *, now: datetime) -> None:
    client = await queries.client_known_as(session, row["app_key"])
    if client is None:
        client = ApiClient(id=uuid7(), app_key=row["app_key"], networks=[], keys=[], created_at=now)
        session.add(client)
    client.zh, client.en, client.roles = row["zh"], row["en"], [row["role"]]
    client.unit, client.region_code = row["unit"], row["region"]
    if not any(key.secret == row["secret"] for key in client.keys):
        client.keys.append(
            ClientKey(id=uuid7(), algorithm=row["algorithm"], secret=row["secret"], active_from=now)
        )
    _note(session, "api_client", client.id)


def _note(session: AsyncSession, entity: str, entity_id: object) -> None:
    audit.note(session, by=SYSTEM, act="seeded", entity=entity, entity_id=entity_id)
