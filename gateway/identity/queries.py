"""Finds accounts, sessions and clients."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from contracts.identifiers import bounds, prefix
from gateway.identity.tables import Account, ApiClient, ClientKey, RefreshToken, Session
from kernel.access import NotFound, Principal
from kernel.db import Database


def folded(username: str) -> str:
    """A user's name as it is stored: spellings that people take for the same are the same."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def digest(refresh_token: str) -> bytes:
    """What is kept of a refresh token. It is random, so a plain hash hides it well."""
    return hashlib.sha256(refresh_token.encode()).digest()


def principal_of(row: Account | ApiClient) -> Principal:
    """The actor that an account or client is."""
    return Principal(
        subject=str(row.id),
        roles=frozenset(row.roles),
        unit=row.unit,
        post=row.post if isinstance(row, Account) else None,
        region=prefix(row.region_code),
        uscc=row.enterprise_uscc if isinstance(row, Account) else None,
        client=isinstance(row, ApiClient),
    )


async def account_named(
    session: AsyncSession, username: str, *, lock: bool = False
) -> Account | None:
    """The account of a user's name. With `lock`, attempts on it come one after the other."""
    chosen = select(Account).where(Account.username == folded(username))
    return await session.scalar(chosen.with_for_update() if lock else chosen)


async def account(session: AsyncSession, account_id: UUID, *, lock: bool = False) -> Account:
    """One account."""
    found = await session.get(Account, account_id, with_for_update=lock or None)
    if found is None:
        raise NotFound
    return found


async def accounts(
    session: AsyncSession, *, within: str, after: str | None, limit: int
) -> Sequence[Account]:
    """The accounts of a division's subtree, by name, from one name on."""
    low, high = bounds(within)
    chosen = select(Account).where(Account.region_code.between(low, high))
    if after is not None:
        chosen = chosen.where(Account.username > after)
    return (await session.scalars(chosen.order_by(Account.username).limit(limit))).all()


async def refresh_token(session: AsyncSession, token: str) -> RefreshToken | None:
    """A refresh token by its text, locked: of two who bring it, one is first."""
    return await session.get(RefreshToken, digest(token), with_for_update=True)


async def sessions_of(session: AsyncSession, account_id: UUID) -> Sequence[Session]:
    """The sign-ins of an account that are not revoked."""
    chosen = select(Session).where(Session.account_id == account_id, Session.revoked_at.is_(None))
    return (await session.scalars(chosen)).all()


async def client(session: AsyncSession, client_id: UUID, *, lock: bool = False) -> ApiClient:
    """One client with its keys."""
    chosen = select(ApiClient).where(ApiClient.id == client_id)
    chosen = chosen.options(selectinload(ApiClient.keys))
    found = await session.scalar(chosen.with_for_update() if lock else chosen)
    if found is None:
        raise NotFound
    return found


async def client_known_as(session: AsyncSession, app_key: str) -> ApiClient | None:
    """The client of an application key, with its keys."""
    chosen = select(ApiClient).where(ApiClient.app_key == app_key)
    return await session.scalar(chosen.options(selectinload(ApiClient.keys)))


async def clients(session: AsyncSession, *, within: str) -> Sequence[ApiClient]:
    """The clients of a division's subtree. They are few."""
    low, high = bounds(within)
    chosen = select(ApiClient).where(ApiClient.region_code.between(low, high))
    chosen = chosen.options(selectinload(ApiClient.keys))
    return (await session.scalars(chosen.order_by(ApiClient.app_key))).all()


def live_keys(client: ApiClient, *, now: datetime) -> Sequence[ClientKey]:
    """The keys that open at an instant, oldest first."""
    return [
        key
        for key in client.keys
        if key.active_from <= now and (key.active_until is None or now < key.active_until)
    ]


_REVOKED = (
    "SELECT id, NULL AS tokens_not_before FROM session WHERE revoked_at > $1 UNION ALL"
    " SELECT id, tokens_not_before FROM account WHERE tokens_not_before > $1"
)


async def revoked_since(database: Database, since: datetime) -> tuple[set[UUID], dict[UUID, float]]:
    """The sessions revoked since an instant, and the accounts whose older tokens were voided
    since then, each with when (seconds of 1970).

    One statement outside of any transaction: every process asks this every second, between
    the requests it forwards.
    """
    rows = await database.lookout.see(_REVOKED, since)
    sessions = {row[0] for row in rows if row[1] is None}
    return sessions, {row[0]: row[1].timestamp() for row in rows if row[1] is not None}
