"""API clients as they sign their requests: keys, nonces and where they may come from."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers
from starlette.types import Scope

from gateway.identity import queries
from gateway.identity.tables import ApiClient, Nonce
from kernel.access import SYSTEM, Principal
from kernel.db import Database, unit_of_work
from kernel.signatures import (
    APP_KEY,
    Algorithm,
    Key,
    Message,
    SignatureRefused,
    Signed,
    verify,
)


async def spend(session: AsyncSession, *, client_id: UUID, nonce: str, signed_at: datetime) -> bool:
    """Spend a nonce. Of any number who try at once, one is told True."""
    row = {"client_id": client_id, "nonce": nonce, "signed_at": signed_at}
    spending = insert(Nonce).values(row).on_conflict_do_nothing().returning(Nonce.nonce)
    return await session.scalar(spending) is not None


class Clients:
    """Tells which client signed a request. Nothing here is remembered beyond one request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def principal(
        self, scope: Scope, headers: Headers, body: bytes, *, now: datetime
    ) -> Principal:
        """The client that signed this very request, the first time it is seen."""
        signed = Signed.from_headers(headers)
        async with unit_of_work(self._database, SYSTEM) as session:
            client = await queries.client_known_as(session, signed.app_key)

        async def remember(signed: Signed) -> bool:
            assert client is not None  # an unknown client's signature does not hold
            async with unit_of_work(self._database, SYSTEM) as session:
                return await spend(
                    session, client_id=client.id, nonce=signed.nonce, signed_at=signed.signed_at
                )

        keys = _keys(client, now=now)
        await verify(signed, _message(scope, body), keys=keys, now=now, remember=remember)
        assert client is not None
        _refuse_elsewhere(client, scope)
        return queries.principal_of(client)


def _keys(client: ApiClient | None, *, now: datetime) -> list[Key]:
    if client is None or client.disabled_at is not None:
        return []
    return [
        Key(secret=key.secret.encode(), algorithm=Algorithm(key.algorithm))
        for key in queries.live_keys(client, now=now)
    ]


def _message(scope: Scope, body: bytes) -> Message:
    return Message(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        body=body,
    )


def _refuse_elsewhere(client: ApiClient, scope: Scope) -> None:
    """Refuse an address outside of the client's networks."""
    if not client.networks:
        return
    address = ip_address(scope["client"][0]) if scope["client"] else None
    if address is None or not any(address in ip_network(block) for block in client.networks):
        zh, en = "该客户端不得从此地址访问", "The client may not come from this address"
        raise SignatureRefused(APP_KEY, zh, en)
