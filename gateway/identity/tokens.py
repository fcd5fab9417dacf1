"""Access tokens: ten minutes, EdDSA, `at+jwt` (RFC 9068), read without asking the database.

The claims carry what the account may do, so that an accident report is taken from a known
person while the database is away. At all other times the account's own row decides.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jws import JWSRegistry

from kernel.access import Principal
from kernel.problems import Problem

LIFETIME: Final = timedelta(minutes=10)
ISSUER: Final = "anlian"
AUDIENCE: Final = "anlian-api"
TYPE: Final = "at+jwt"

_LONGEST = 4096
_REMEMBERED = 20_000
_REGISTRY = JWSRegistry(algorithms=["Ed25519"])


class TokenRefused(Problem):
    """The access token proves nothing: forged, expired or revoked."""

    status = 401
    title_zh = "访问令牌无效"
    title_en = "The access token was refused"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en, header="Authorization")
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'


def _unreadable() -> TokenRefused:
    return TokenRefused("不是本系统签发的访问令牌", "This is not an access token of this system")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What a token states. Times are seconds since 1970."""

    account_id: UUID
    session_id: UUID
    issued_at: float
    not_before: float
    expires_at: float
    principal: Principal


class AccessTokens:
    """Issues and reads access tokens. The first key signs, every listed one is believed."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys
        self._signing = keys.keys[0]
        self._read: OrderedDict[str, Claims] = OrderedDict()

    @classmethod
    def from_file(cls, path: Path) -> "AccessTokens":
        """Read the private keys: one JWK, or a set of them."""
        content = json.loads(path.read_text())
        rows = content.get("keys", [content])
        return cls(KeySet([OKPKey.import_key(row) for row in rows]))

    @classmethod
    def with_fresh_key(cls) -> "AccessTokens":
        """A key that lives as long as this process: development only."""
        return cls(KeySet([OKPKey.generate_key("Ed25519", {"kid": "ephemeral"})]))

    def issue(self, principal: Principal, *, session_id: UUID, now: datetime) -> str:
        """A token for one sign-in. `now` is the machine's instant."""
        header = {"alg": "Ed25519", "typ": TYPE, "kid": self._signing.kid}
        claims = _claims(principal, session_id, now)
        return jwt.encode(header, claims, self._signing, registry=_REGISTRY)

    def read(self, token: str, *, now: datetime) -> Claims:
        """What a token states, if we signed it and it holds now."""
        claims = self._read.get(token)
        if claims is None:
            claims = self._decode(token)
            self._remember(token, claims)
        instant = now.timestamp()
        if instant >= claims.expires_at:
            raise TokenRefused("令牌已过期，请刷新", "The token has expired; refresh it")
        if instant < claims.not_before:
            raise TokenRefused("令牌尚未生效", "The token does not hold yet")
        return claims

    def _decode(self, token: str) -> Claims:
        if len(token) > _LONGEST:
            raise _unreadable()
        try:
            decoded = jwt.decode(token, self._keys, registry=_REGISTRY)
            if decoded.header.get("typ") != TYPE:
                raise _unreadable()
            return _read(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as reason:
            raise _unreadable() from reason

    def _remember(self, token: str, claims: Claims) -> None:
        self._read[token] = claims
        if len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)


def _claims(principal: Principal, session_id: UUID, now: datetime) -> dict[str, Any]:
    issued = now.timestamp()
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.subject,
        "sid": str(session_id),
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME.total_seconds(),
        "roles": sorted(principal.roles),
        "unit": principal.unit,
        "post": principal.post,
        "region": principal.region,
        "uscc": principal.uscc,
    }


def _read(claims: dict[str, Any]) -> Claims:
    if (claims["iss"], claims["aud"]) != (ISSUER, AUDIENCE):
        raise ValueError("meant for somebody else")
    return Claims(
        account_id=UUID(claims["sub"]),
        session_id=UUID(claims["sid"]),
        issued_at=_instant(claims["iat"]),
        not_before=_instant(claims["nbf"]),
        expires_at=_instant(claims["exp"]),
        principal=Principal(
            subject=claims["sub"],
            roles=frozenset(claims["roles"]),
            unit=claims["unit"],
            post=claims["post"],
            region=claims["region"],
            uscc=claims["uscc"],
        ),
    )


def _instant(value: Any) -> float:
    """A finite number: an end that compares with nothing would never come."""
    if isinstance(value, bool) or not isfinite(value):
        raise ValueError("not an instant")
    return float(value)
