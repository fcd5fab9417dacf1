"""Request signatures of API clients: HMAC over everything that matters, SHA-256 or SM3.

What is signed, one line each: method, path, sorted query, application key, timestamp in
milliseconds, nonce, and the hash of the body in hex. Signing a header alone would let the
rest of a request be exchanged; here nothing can be, and nothing can be sent twice.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from kernel.problems import Problem

WINDOW = timedelta(seconds=300)
"""How far a timestamp may stand from the server's clock, either way."""

APP_KEY = "X-App-Key"
TIMESTAMP = "X-Timestamp"
NONCE = "X-Nonce"
SIGNATURE = "X-Signature"
ALGORITHM = "X-Signature-Algorithm"

_LONGEST = 128


class Algorithm(StrEnum):
    """The hash under both the HMAC and the body's digest."""

    SHA256 = "HMAC-SHA256"
    SM3 = "HMAC-SM3"


_HASHES: Mapping[Algorithm, type[hashes.HashAlgorithm]] = {
    Algorithm.SHA256: hashes.SHA256,
    Algorithm.SM3: hashes.SM3,
}


class SignatureRefused(Problem):
    """A signed request that proves nothing. `header` names what to look at."""

    status = 401
    title_zh = "请求签名无效"
    title_en = "The request signature was refused"

    def __init__(self, header: str, zh: str, en: str) -> None:
        super().__init__(zh, en, header=header)
        self.headers["WWW-Authenticate"] = "HMAC-Signature"


class RequestReplayed(SignatureRefused):
    """The nonce was used before: somebody sends a request a second time."""

    title_zh = "请求被重放"
    title_en = "The request was sent before"


@dataclass(frozen=True, kw_only=True)
class Key:
    """One live secret of a client. Two may live at once while one replaces the other."""

    secret: bytes
    algorithm: Algorithm

    def __repr__(self) -> str:
        return f"Key(algorithm={self.algorithm})"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a request states about its signature."""

    app_key: str
    timestamp: str
    nonce: str
    signature: str
    algorithm: Algorithm

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self:
        """Read the five headers; names in lower case, as servers hand them over."""
        return cls(
            app_key=_required(headers, APP_KEY),
            timestamp=_required(headers, TIMESTAMP),
            nonce=_required(headers, NONCE),
            signature=_required(headers, SIGNATURE),
            algorithm=_algorithm(headers),
        )

    @property
    def signed_at(self) -> datetime:
        """The instant the client stamped."""
        if not (self.timestamp.isascii() and self.timestamp.isdecimal()):
            raise _bad_timestamp()
        try:
            return datetime.fromtimestamp(int(self.timestamp) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            raise _bad_timestamp() from None


def _bad_timestamp() -> SignatureRefused:
    return SignatureRefused(
        TIMESTAMP,
        "应为毫秒级 Unix 时间戳",
        "Milliseconds since 1970-01-01T00:00:00Z are expected",
    )


def _required(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name.lower(), "")
    if not value or len(value) > _LONGEST or not value.isascii() or not value.isprintable():
        raise SignatureRefused(
            name,
            f"请求头 {name} 缺失或不合格（1 至 {_LONGEST} 个可见字符）",
            f"The header {name} is missing or not 1 to {_LONGEST} visible characters",
        )
    return value


def _algorithm(headers: Mapping[str, str]) -> Algorithm:
    try:
        return Algorithm(_required(headers, ALGORITHM).upper())
    except ValueError:
        choices = ", ".join(Algorithm)
        raise SignatureRefused(
            ALGORITHM, f"应为以下之一：{choices}", f"One of these is expected: {choices}"
        ) from None


@dataclass(frozen=True, kw_only=True)
class Message:
    """The parts of a request that a signature covers, as they stand on the wire."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""


def canonical(message: Message, *, signed: Signed) -> bytes:
    """The text that is signed. Query parameters are sorted as sent, still encoded."""
    lines = (
        message.method.upper(),
        message.path,
        "&".join(sorted(message.query.split("&"))),
        signed.app_key,
        signed.timestamp,
        signed.nonce,
        _digest(message.body, signed.algorithm).hex(),
    )
    return "\n".join(lines).encode()


def _digest(body: bytes, algorithm: Algorithm) -> bytes:
    digest = hashes.Hash(_HASHES[algorithm]())
    digest.update(body)
    return digest.finalize()


def _hmac(text: bytes, key: Key) -> str:
    code = HMAC(key.secret, _HASHES[key.algorithm]())
    code.update(text)
    return code.finalize().hex()


def sign(message: Message, *, app_key: str, key: Key, now: datetime, nonce: str) -> dict[str, str]:
    """The headers a client adds to a request. A nonce is used once: a UUID will do."""
    signed = Signed(
        app_key=app_key,
        timestamp=str(round(now.timestamp() * 1000)),
        nonce=nonce,
        signature="",
        algorithm=key.algorithm,
    )
    return {
        APP_KEY: app_key,
        TIMESTAMP: signed.timestamp,
        NONCE: nonce,
        SIGNATURE: _hmac(canonical(message, signed=signed), key),
        ALGORITHM: key.algorithm.value,
    }


Remember = Callable[[Signed], Awaitable[bool]]
"""Keep the nonce of a request for at least twice the window; False if it was kept before."""

_STAND_IN = b"\x00" * 32


async def verify(
    signed: Signed,
    message: Message,
    *,
    keys: Sequence[Key],
    now: datetime,
    remember: Remember,
) -> Key:
    """The key that made the signature, or a refusal. `now` is the machine's instant.

    The caller has capped the body. The nonce is spent last, after the signature holds:
    otherwise anybody could burn a client's nonces. An unknown client (no keys) takes as
    long as a wrong signature.
    """
    if abs(now - signed.signed_at) > WINDOW:
        raise SignatureRefused(
            TIMESTAMP,
            f"时间戳与服务器时间相差超过 {WINDOW.seconds} 秒",
            f"The timestamp stands more than {WINDOW.seconds} s from the server's clock",
        )
    key = _maker(signed, message, keys)
    if key is None:
        raise SignatureRefused(SIGNATURE, "签名不匹配", "The signature does not match")
    if not await remember(signed):
        raise RequestReplayed(NONCE, "该 nonce 已使用", "This nonce was used before")
    return key


def _maker(signed: Signed, message: Message, keys: Sequence[Key]) -> Key | None:
    """Which key made the signature. A key speaks one algorithm only."""
    text = canonical(message, signed=signed)
    fitting = [key for key in keys if key.algorithm is signed.algorithm]
    made = None
    for key in fitting or [Key(secret=_STAND_IN, algorithm=signed.algorithm)]:
        if hmac.compare_digest(_hmac(text, key), signed.signature.lower()) and fitting:
            made = key
    return made
