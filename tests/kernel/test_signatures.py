"""Signed requests: the published vectors, and everything that must not pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kernel import signatures
from kernel.signatures import Algorithm, Key, Message, RequestReplayed, SignatureRefused, Signed

NONCE = "0f8fad5b-d9cb-469f-a165-70867728950e"
SIGNED_AT = datetime.fromtimestamp(1_700_000_000, UTC)
MESSAGE = Message(
    method="POST",
    path="/api/v1/exchange/accidents",
    query="a=1&b=%E8%A1%A1%E9%98%B3",
    body=b'{"region":"430400","year":2023}',
)
VECTORS = {
    Algorithm.SM3: "251149790c1d469ba7b1b6a0c8301673fbf23673f92c9af8e6f24dc1321ce72a",
    Algorithm.SHA256: "8c13fa8853ea481cf88c275647411c0884130c2e06b4ae5eabfbb33eb0035d1b",
}
SECRET = b"demo-secret-0001"
BOTH = pytest.mark.parametrize("algorithm", Algorithm)


class Nonces:
    """The nonces of one test."""

    def __init__(self) -> None:
        self.spent: set[tuple[str, str]] = set()

    async def remember(self, signed: Signed) -> bool:
        fresh = (signed.app_key, signed.nonce) not in self.spent
        self.spent.add((signed.app_key, signed.nonce))
        return fresh


@pytest.fixture
def nonces() -> Nonces:
    return Nonces()


def signed_by(key: Key, message: Message = MESSAGE, *, nonce: str = NONCE) -> dict[str, str]:
    headers = signatures.sign(message, app_key="hy-demo-app", key=key, now=SIGNED_AT, nonce=nonce)
    return {name.lower(): value for name, value in headers.items()}


async def verify(
    headers: dict[str, str],
    nonces: Nonces,
    *,
    message: Message = MESSAGE,
    keys: tuple[Key, ...],
    now: datetime = SIGNED_AT,
) -> Key:
    return await signatures.verify(
        Signed.from_headers(headers), message, keys=keys, now=now, remember=nonces.remember
    )


@BOTH
def test_the_published_vectors_hold(algorithm: Algorithm) -> None:
    headers = signed_by(Key(secret=SECRET, algorithm=algorithm))
    assert headers["x-signature"] == VECTORS[algorithm]
    assert headers["x-timestamp"] == "1700000000000"
    assert headers["x-signature-algorithm"] == algorithm


@BOTH
async def test_a_signed_request_is_accepted_once(algorithm: Algorithm, nonces: Nonces) -> None:
    key = Key(secret=SECRET, algorithm=algorithm)
    assert await verify(signed_by(key), nonces, keys=(key,)) is key
    with pytest.raises(RequestReplayed):
        await verify(signed_by(key), nonces, keys=(key,))


@BOTH
@pytest.mark.parametrize(
    "forged",
    [
        replace(MESSAGE, method="PUT"),
        replace(MESSAGE, path="/api/v1/exchange/accident"),
        replace(MESSAGE, query="a=2&b=%E8%A1%A1%E9%98%B3"),
        replace(MESSAGE, query=""),
        replace(MESSAGE, body=b'{"region":"430400","year":2024}'),
        replace(MESSAGE, body=b""),
    ],
)
async def test_no_part_of_a_signed_request_can_be_exchanged(
    algorithm: Algorithm, forged: Message, nonces: Nonces
) -> None:
    key = Key(secret=SECRET, algorithm=algorithm)
    with pytest.raises(SignatureRefused) as refused:
        await verify(signed_by(key), nonces, message=forged, keys=(key,))
    assert refused.value.members["header"] == "X-Signature"
    assert not nonces.spent


@BOTH
@pytest.mark.parametrize("header", ["x-app-key", "x-timestamp", "x-nonce"])
async def test_no_signed_header_can_be_exchanged(
    algorithm: Algorithm, header: str, nonces: Nonces
) -> None:
    key = Key(secret=SECRET, algorithm=algorithm)
    headers = signed_by(key)
    headers[header] = headers[header][:-1] + ("1" if headers[header][-1] != "1" else "2")
    with pytest.raises(SignatureRefused):
        await verify(headers, nonces, keys=(key,))


async def test_the_order_of_query_parameters_does_not_matter(nonces: Nonces) -> None:
    key = Key(secret=SECRET, algorithm=Algorithm.SM3)
    turned = replace(MESSAGE, query="b=%E8%A1%A1%E9%98%B3&a=1")
    assert await verify(signed_by(key), nonces, message=turned, keys=(key,))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
async def test_a_request_outside_the_window_is_refused_and_told_why(
    seconds: int, nonces: Nonces
) -> None:
    key = Key(secret=SECRET, algorithm=Algorithm.SM3)
    with pytest.raises(SignatureRefused) as refused:
        await verify(
            signed_by(key), nonces, keys=(key,), now=SIGNED_AT + timedelta(seconds=seconds)
        )
    assert refused.value.members["header"] == "X-Timestamp"
    assert not nonces.spent


@pytest.mark.parametrize("seconds", [-300, 0, 300])
async def test_a_request_inside_the_window_is_accepted(seconds: int, nonces: Nonces) -> None:
    key = Key(secret=SECRET, algorithm=Algorithm.SM3)
    now = SIGNED_AT + timedelta(seconds=seconds)
    assert await verify(signed_by(key), nonces, keys=(key,), now=now)


async def test_two_keys_live_at_once_while_one_replaces_the_other(nonces: Nonces) -> None:
    old = Key(secret=SECRET, algorithm=Algorithm.SHA256)
    new = Key(secret=b"demo-secret-0002", algorithm=Algorithm.SM3)
    assert await verify(signed_by(old, nonce="1"), nonces, keys=(old, new)) is old
    assert await verify(signed_by(new, nonce="2"), nonces, keys=(old, new)) is new
    with pytest.raises(SignatureRefused):
        await verify(signed_by(old, nonce="3"), nonces, keys=(new,))


async def test_a_key_speaks_only_its_own_algorithm(nonces: Nonces) -> None:
    made_with = Key(secret=SECRET, algorithm=Algorithm.SHA256)
    kept_as = Key(secret=SECRET, algorithm=Algorithm.SM3)
    with pytest.raises(SignatureRefused):
        await verify(signed_by(made_with), nonces, keys=(kept_as,))


async def test_an_unknown_client_is_refused_even_with_the_stand_in_secret(nonces: Nonces) -> None:
    guessed = Key(secret=bytes(32), algorithm=Algorithm.SM3)
    with pytest.raises(SignatureRefused):
        await verify(signed_by(guessed), nonces, keys=())


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-app-key", None),
        ("x-timestamp", None),
        ("x-nonce", None),
        ("x-signature", None),
        ("x-signature-algorithm", None),
        ("x-timestamp", "yesterday"),
        ("x-timestamp", "-1700000000000"),
        ("x-timestamp", "１７００００００００００００"),
        ("x-timestamp", "9" * 100),
        ("x-nonce", "n" * 129),
        ("x-nonce", "n\x00"),
        ("x-signature-algorithm", "none"),
        ("x-signature-algorithm", "HMAC-MD5"),
    ],
)
async def test_a_header_that_is_missing_or_malformed_is_named(
    header: str, value: str | None, nonces: Nonces
) -> None:
    key = Key(secret=SECRET, algorithm=Algorithm.SM3)
    headers = signed_by(key) | {header: value or ""}
    with pytest.raises(SignatureRefused) as refused:
        await verify(headers, nonces, keys=(key,))
    assert refused.value.members["header"].lower() == header


def test_a_key_does_not_print_its_secret() -> None:
    assert "demo" not in repr(Key(secret=SECRET, algorithm=Algorithm.SM3))
