"""Who calls: a person by an access token, or an outside system by its signature."""

from collections import OrderedDict
from collections.abc import Set
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

from gateway.identity.clients import Clients
from gateway.identity.directory import Directory
from gateway.identity.tokens import AccessTokens, TokenRefused
from gateway.proxy.caller import Caller
from kernel import clock
from kernel.addresses import network
from kernel.consumer import is_outage
from kernel.db import DatabaseUnavailable
from kernel.problems import Problem
from kernel.signatures import APP_KEY, SIGNATURE
from kernel.transactions import ANYBODY

_SCHEME: Final = "bearer"


_HELD_FOR: Final = timedelta(seconds=1)
_MOST_HELD: Final = 20_000


class _Held(NamedTuple):
    """What a token came to a moment ago; void as soon as anything is revoked."""

    caller: Caller
    generation: int
    until: datetime


class CallerUnknown(Problem):
    """The request does not say who sends it, or says it twice. `header` names the place."""

    status = 401
    title_zh = "需要身份凭据"
    title_en = "Credentials are required"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en, header="Authorization")
        self.headers["WWW-Authenticate"] = "Bearer, HMAC-Signature"


class Callers:
    """Authenticates requests, for the forward path and for the gateway's own routes."""

    def __init__(
        self,
        tokens: AccessTokens,
        directory: Directory,
        clients: Clients,
        *,
        reserved: Set[tuple[str, str]],
        public: Set[tuple[str, str]] = frozenset(),
    ) -> None:
        self._tokens = tokens
        self._directory = directory
        self._clients = clients
        self._reserved = reserved
        self._public = public
        self._held: OrderedDict[tuple[str, bool], _Held] = OrderedDict()

    async def authenticate(self, scope: Scope, headers: Headers, body: bytes | None) -> Caller:
        """The caller, or a refusal. `body` is given where a signature covers it."""
        authorization = headers.get("authorization")
        signed = APP_KEY.lower() in headers or SIGNATURE.lower() in headers
        if authorization is not None and signed:
            raise CallerUnknown(
                "令牌与签名只能使用其一", "Send an access token or a signature, not both"
            )
        if signed:
            return await self._signing(scope, headers, body or b"")
        if authorization is None and (scope["method"], scope["path"]) in self._public:
            return _anybody(scope)
        if authorization is None:
            raise CallerUnknown(
                "请在 Authorization 头中携带 Bearer 令牌，或对请求签名",
                "Send Authorization: Bearer with an access token, or sign the request",
            )
        return await self._bearing(scope, authorization)

    async def _bearing(self, scope: Scope, authorization: str) -> Caller:
        reserved = (scope["method"], scope["path"]) in self._reserved
        now = clock.wall()
        held = self._held.get((authorization, reserved))
        if held and held.generation == self._directory.generation and now < held.until:
            return held.caller
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != _SCHEME:
            raise TokenRefused("应为 Bearer 令牌", "A Bearer token is expected")
        generation = self._directory.generation
        claims = self._tokens.read(token.strip(), now=now)
        principal = await self._directory.principal(claims, reserved=reserved)
        caller = Caller(principal=principal, limit_key=f"account:{principal.subject}")
        until = min(now + _HELD_FOR, datetime.fromtimestamp(claims.expires_at, UTC))
        self._hold((authorization, reserved), _Held(caller, generation, until))
        return caller

    def _hold(self, key: tuple[str, bool], held: _Held) -> None:
        self._held[key] = held
        if len(self._held) > _MOST_HELD:
            self._held.popitem(last=False)

    async def _signing(self, scope: Scope, headers: Headers, body: bytes) -> Caller:
        try:
            principal = await self._clients.principal(scope, headers, body, now=clock.wall())
        except Exception as reason:
            if is_outage(reason):  # a nonce that cannot be kept could be used again
                raise DatabaseUnavailable from reason
            raise
        return Caller(principal=principal, limit_key=f"client:{principal.subject}")


def _anybody(scope: Scope) -> Caller:
    """Whoever asks without an account: no role, no place, and an address's own allowance."""
    client = scope["client"]
    address = network(client[0]) if client else "unknown"
    return Caller(principal=ANYBODY, limit_key=f"anybody:{address}")
