"""The gateway's statement of who acts, passed inward with every forwarded request.

A compact EdDSA token (Ed25519) for one service, valid for at most a minute. Services check
it against a key set on their own disk and trust nothing else about the actor.
"""

import json
from collections import OrderedDict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jws import JWSRegistry

from kernel.access import Principal
from kernel.problems import Problem

HEADER = "X-Anlian-Actor"
ISSUER = "anlian-gateway"
TYPE = "actor+jwt"
LIFETIME = timedelta(seconds=60)
LONGEST = LIFETIME + timedelta(seconds=5)
"""How long a statement may have been made to last: ours are shorter, and one that is longer was
made by another hand with our key."""
_AHEAD = timedelta(seconds=2)
"""How much a gateway's clock may be ahead of a service's. It does not lengthen a statement."""
_REUSE = timedelta(seconds=30)
_REMEMBERED = 4096
_REGISTRY = JWSRegistry(algorithms=["Ed25519"])


class ActorUnproven(Problem):
    """The request does not prove who acts: it did not come through the gateway."""

    status = 401
    title_zh = "未经网关认证的请求"
    title_en = "The request does not come through the gateway"


class _Remembered:
    """A small map that forgets the oldest."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Any, tuple[Any, datetime]] = OrderedDict()

    def get(self, key: Any, now: datetime) -> Any:
        entry = self._entries.get(key)
        return entry[0] if entry and now < entry[1] else None

    def put(self, key: Any, value: Any, until: datetime) -> None:
        self._entries[key] = (value, until)
        if len(self._entries) > _REMEMBERED:
            self._entries.popitem(last=False)


class ActorSigner:
    """States actors; a statement is used again for half of its life."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self._stated = _Remembered()

    @classmethod
    def from_file(cls, path: Path) -> "ActorSigner":
        """Read the private key (a JWK)."""
        return cls(OKPKey.import_key(json.loads(path.read_text())))

    def sign(self, actor: Principal, *, audience: str, now: datetime) -> str:
        """The statement for one service. `now` is the machine's instant."""
        stated = self._stated.get((actor, audience), now)
        if stated is not None:
            return str(stated)
        header = {"alg": "Ed25519", "typ": TYPE, "kid": self._key.kid}
        token = jwt.encode(header, _claims(actor, audience, now), self._key, registry=_REGISTRY)
        self._stated.put((actor, audience), token, now + _REUSE)
        return token


def _claims(actor: Principal, audience: str, now: datetime) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": audience,
        "sub": actor.subject,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "roles": sorted(actor.roles),
        "unit": actor.unit,
        "post": actor.post,
        "region": actor.region,
        "uscc": actor.uscc,
        "client": actor.client,
    }


class ActorVerifier:
    """Checks statements meant for one service."""

    def __init__(self, keys: KeySet, *, audience: str) -> None:
        self._keys = keys
        self._audience = audience
        self._known = _Remembered()

    @classmethod
    def from_file(cls, path: Path, *, audience: str) -> "ActorVerifier":
        """Read the public keys (a JWK set)."""
        return cls(KeySet.import_key_set(json.loads(path.read_text())), audience=audience)

    def verify(self, token: str, *, now: datetime) -> Principal:
        """The actor a token states, or a refusal. `now` is the machine's instant."""
        known = self._known.get(token, now)
        if known is not None:
            return known  # type: ignore[no-any-return]  # the map holds what we put in it
        try:
            decoded = jwt.decode(token, self._keys, registry=_REGISTRY)
            claims = decoded.claims
            self._rules(now).validate(claims)
        except (JoseError, ValueError, KeyError) as reason:
            raise ActorUnproven from reason
        if decoded.header.get("typ") != TYPE or claims["exp"] <= now.timestamp():
            raise ActorUnproven
        if claims["exp"] - claims["iat"] > LONGEST.total_seconds():
            raise ActorUnproven
        actor = _principal(claims)
        until = now + timedelta(seconds=claims["exp"] - now.timestamp())
        self._known.put(token, actor, until)
        return actor

    def _rules(self, now: datetime) -> jwt.JWTClaimsRegistry:
        """What the claims must be at an instant; without one the library asks its own clock."""
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=int(_AHEAD.total_seconds()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
        )


def _principal(claims: dict[str, Any]) -> Principal:
    return Principal(
        subject=claims["sub"],
        roles=frozenset(claims.get("roles", ())),
        unit=claims.get("unit"),
        post=claims.get("post"),
        region=claims.get("region"),
        uscc=claims.get("uscc"),
        client=bool(claims.get("client")),
    )
