"""What this process knows of accounts and revocations, so that a request asks no database.

Revocations are read anew every second, the accounts in use every half minute. While the
database is away, what is known serves on until each token's own end, and a person unknown
to this process passes for accident reports alone, by the claims of a token we signed
(docs/decisions/0004).
"""

import asyncio
from collections import OrderedDict
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from gateway.identity import queries
from gateway.identity.tables import Account
from gateway.identity.tokens import LIFETIME, Claims, TokenRefused
from kernel import clock
from kernel.access import SYSTEM, Principal
from kernel.consumer import is_outage
from kernel.db import Database, DatabaseUnavailable, unit_of_work

log = structlog.get_logger(__name__)

KNOWN_FOR_S = 30.0
POLL_S = 1.0
_LOOK_BACK = LIFETIME + timedelta(minutes=5)
"""A revocation older than any token that it voids need not be known."""
_PATIENCE_S = 1.5
_MOST_KNOWN = 20_000


class _Known(NamedTuple):
    """An account as it was read, and when (seconds of 1970)."""

    principal: Principal
    read_at: float

    @property
    def is_fresh(self) -> bool:
        """Whether it need not be read again."""
        return clock.wall().timestamp() - self.read_at < KNOWN_FOR_S

    def serves(self, claims: Claims) -> bool:
        """Whether it was read since the sign-in, which may have met new roles."""
        return claims.issued_at <= self.read_at


class Directory:
    """Tells who a token's holder is now."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[UUID, _Known] = OrderedDict()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._revoked: set[UUID] = set()
        self._not_before: dict[UUID, float] = {}
        self.reachable = False
        """Whether the database answered when it was asked last."""
        self.generation = 0
        """Grows whenever something is revoked or changed: what was told before may be void."""

    async def run(self) -> None:
        """Keep the revocations up to date."""
        while True:
            await self.look()
            await asyncio.sleep(POLL_S)

    async def look(self) -> None:
        """Read the revocations once; an outage leaves standing what is known."""
        since = clock.wall() - _LOOK_BACK
        try:
            async with asyncio.timeout(_PATIENCE_S):
                revoked, not_before = await queries.revoked_since(self._database, since)
        except Exception as reason:
            self._lost(reason)
            return
        if (revoked, not_before) != (self._revoked, self._not_before):
            self.generation += 1
        self._revoked, self._not_before = revoked, not_before
        self.reachable = True

    def forget(self, *, session_id: UUID | None = None, account_id: UUID | None = None) -> None:
        """Know at once what this process itself has revoked or changed."""
        self.generation += 1
        if session_id is not None:
            self._revoked.add(session_id)
        if account_id is not None:
            self._known.pop(account_id, None)
            self._not_before[account_id] = clock.wall().timestamp()

    async def principal(self, claims: Claims, *, reserved: bool) -> Principal:
        """Who the holder of a token is. `reserved`: an accident report, never turned away."""
        self._refuse_void(claims)
        turn = self._turns.setdefault(claims.account_id, asyncio.Lock())
        held = self._known.get(claims.account_id)
        if held and held.serves(claims) and (held.is_fresh or turn.locked()):
            return held.principal  # what is being read anew serves the others until it is
        if self.reachable and (principal := await self._read(turn, claims)):
            return principal
        if held:
            return held.principal
        if reserved:
            return claims.principal
        raise DatabaseUnavailable

    def _refuse_void(self, claims: Claims) -> None:
        voided = self._not_before.get(claims.account_id, 0.0)
        if claims.session_id in self._revoked or claims.issued_at < voided:
            raise _revoked()

    async def _read(self, turn: asyncio.Lock, claims: Claims) -> Principal | None:
        """Read an account once, however many of its requests come meanwhile; None: no answer."""
        async with turn:
            held = self._known.get(claims.account_id)
            if held and held.serves(claims) and held.is_fresh:
                return held.principal
            if self.reachable:
                try:
                    return await self._load(claims)
                except Exception as reason:
                    self._lost(reason)
        return None

    async def _load(self, claims: Claims) -> Principal:
        read_at = clock.wall().timestamp()
        async with asyncio.timeout(_PATIENCE_S), unit_of_work(self._database, SYSTEM) as session:
            account = await session.get(Account, claims.account_id)
        if account is None or account.disabled_at is not None:
            raise _revoked()
        principal = queries.principal_of(account)
        self._known[claims.account_id] = _Known(principal, read_at)
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return principal

    def _lost(self, reason: Exception) -> None:
        """Note an outage; anything else is nobody's outage and goes on its way."""
        if not is_outage(reason):
            raise reason
        if self.reachable:
            log.warning("identity.database_away", reason=type(reason).__name__)
        self.reachable = False


def _revoked() -> TokenRefused:
    return TokenRefused("令牌已被撤销", "The token was revoked")
