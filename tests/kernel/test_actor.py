"""A statement of who acts holds for one service, for a minute, under the gateway's key alone."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from joserfc.jws import JWSRegistry

from gateway.identity.tokens import AccessTokens
from kernel.access import Principal
from kernel.actor import ISSUER, LIFETIME, LONGEST, TYPE, ActorSigner, ActorUnproven, ActorVerifier
from kernel.ids import uuid7
from tests.kernel.probe import NOON

SECOND = timedelta(seconds=1)
KEY = OKPKey.generate_key("Ed25519", {"kid": "actor", "use": "sig"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "actor", "use": "sig"})
DESK = Principal(
    subject=str(uuid7()),
    roles=frozenset({"duty_desk", "leader"}),
    unit="430481.emergency",
    post="desk",
    region="430481",
    uscc="91430481MA4T00019M",
    client=True,
)


@pytest.fixture
def verifier() -> ActorVerifier:
    return ActorVerifier(KeySet([KEY]), audience="incidents")


def stated(*, key: OKPKey = KEY, audience: str = "incidents") -> str:
    return ActorSigner(key).sign(DESK, audience=audience, now=NOON)


def made(*, typ: str | None = TYPE, alg: str = "Ed25519", **changes: Any) -> str:
    """A statement under the gateway's own key, otherwise than the gateway makes it."""
    claims = {
        "iss": ISSUER,
        "aud": "incidents",
        "sub": DESK.subject,
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + LIFETIME).timestamp()),
    } | changes
    header = {"alg": alg, "kid": KEY.kid} | ({"typ": typ} if typ else {})
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header, given, KEY, registry=JWSRegistry(algorithms=[alg]))


def part(said: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def refused(verifier: ActorVerifier, token: str, *, now: datetime = NOON) -> None:
    with pytest.raises(ActorUnproven):
        verifier.verify(token, now=now)


def test_a_statement_names_the_actor_as_the_gateway_knows_it(verifier: ActorVerifier) -> None:
    assert verifier.verify(stated(), now=NOON) == DESK
    assert verifier.verify(made(), now=NOON) == Principal(subject=DESK.subject)


def test_a_statement_holds_until_its_minute_is_over(verifier: ActorVerifier) -> None:
    assert verifier.verify(stated(), now=NOON + LIFETIME - SECOND) == DESK
    refused(ActorVerifier(KeySet([KEY]), audience="incidents"), stated(), now=NOON + LIFETIME)


def test_a_statement_that_was_read_before_ends_with_its_minute_too(
    verifier: ActorVerifier,
) -> None:
    token = stated()
    for seconds in (0, 59):
        assert verifier.verify(token, now=NOON + seconds * SECOND) == DESK

    refused(verifier, token, now=NOON + LIFETIME)


def test_a_statement_that_is_used_again_lasts_no_longer_than_it_was_made_to(
    verifier: ActorVerifier,
) -> None:
    signer = ActorSigner(KEY)
    first = signer.sign(DESK, audience="incidents", now=NOON)
    again = signer.sign(DESK, audience="incidents", now=NOON + 29 * SECOND)
    anew = signer.sign(DESK, audience="incidents", now=NOON + 30 * SECOND)

    assert again == first != anew
    refused(verifier, again, now=NOON + LIFETIME)
    assert verifier.verify(anew, now=NOON + LIFETIME) == DESK


def test_a_statement_for_another_service_is_refused(verifier: ActorVerifier) -> None:
    refused(verifier, stated(audience="tasks"))


def test_a_statement_for_another_service_does_not_become_ours_by_having_been_asked_for_ours() -> (
    None
):
    signer = ActorSigner(KEY)
    ours, theirs = (signer.sign(DESK, audience=name, now=NOON) for name in ("incidents", "tasks"))
    tasks = ActorVerifier(KeySet([KEY]), audience="tasks")

    assert tasks.verify(theirs, now=NOON) == DESK
    refused(tasks, ours)


def test_a_statement_under_a_foreign_key_of_the_same_name_is_refused(
    verifier: ActorVerifier,
) -> None:
    refused(verifier, stated(key=STRANGER))


@pytest.mark.parametrize("typ", ["at+jwt", "JWT", "", None])
def test_a_token_of_another_type_is_no_statement(verifier: ActorVerifier, typ: str | None) -> None:
    refused(verifier, made(typ=typ))


def test_an_access_token_is_no_statement_though_one_key_had_signed_both(
    verifier: ActorVerifier,
) -> None:
    """Each has a key of its own; should somebody use one for both, the kinds still differ."""
    person = Principal(subject=str(uuid7()), region="4304")
    token = AccessTokens(KeySet([KEY])).issue(person, session_id=uuid7(), now=NOON)

    refused(verifier, token)
    refused(ActorVerifier(KeySet([KEY]), audience="anlian-api"), token)


@pytest.mark.parametrize("signature", ["", "AAAA", None])
def test_a_statement_that_nobody_signed_is_refused(
    verifier: ActorVerifier, signature: str | None
) -> None:
    _, claims, ours = stated().split(".")
    head = part({"alg": "none", "typ": TYPE, "kid": KEY.kid})

    refused(verifier, f"{head}.{claims}.{ours if signature is None else signature}")


@pytest.mark.parametrize("alg", ["HS256", "EdDSA", "ES256", "none"])
def test_a_statement_that_names_another_algorithm_is_refused(
    verifier: ActorVerifier, alg: str
) -> None:
    _, claims, signature = stated().split(".")

    refused(verifier, f"{part({'alg': alg, 'typ': TYPE, 'kid': KEY.kid})}.{claims}.{signature}")


def test_the_public_key_is_no_shared_secret(verifier: ActorVerifier) -> None:
    """The oldest forgery: a MAC keyed with what everybody may read."""
    _, claims, _ = stated().split(".")
    said = f"{part({'alg': 'HS256', 'typ': TYPE, 'kid': KEY.kid})}.{claims}"
    for public in (KEY.as_pem(private=False), urlsafe_b64decode(f"{KEY.as_dict()['x']}=")):
        mac = hmac.digest(public, said.encode(), "sha256")
        refused(verifier, f"{said}.{urlsafe_b64encode(mac).decode().rstrip('=')}")


def test_a_statement_whose_claims_were_changed_is_refused(verifier: ActorVerifier) -> None:
    header, _, signature = stated().split(".")
    claims = {
        "iss": ISSUER,
        "aud": "incidents",
        "sub": DESK.subject,
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + LIFETIME).timestamp()),
        "roles": ["administrator"],
        "region": "",
    }

    refused(verifier, f"{header}.{part(claims)}.{signature}")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "anlian"},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"iat": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"iat": "now"},
        {"iat": int((NOON + 10 * SECOND).timestamp())},
    ],
    ids=str,
)
def test_a_statement_that_lacks_what_ours_have_is_refused(
    verifier: ActorVerifier, changes: dict[str, Any]
) -> None:
    refused(verifier, made(**changes))


def test_a_statement_that_was_made_to_last_longer_than_ours_is_refused(
    verifier: ActorVerifier,
) -> None:
    begun = int(NOON.timestamp())
    longest = begun + int(LONGEST.total_seconds())

    assert verifier.verify(made(exp=longest), now=NOON)
    refused(verifier, made(exp=longest + 1))
    refused(verifier, made(exp=begun + 86_400))
    refused(verifier, made(iat=begun - 86_400))


@pytest.mark.parametrize("ahead", [1, 2])
def test_a_gateway_whose_clock_is_a_little_ahead_is_believed(
    verifier: ActorVerifier, ahead: int
) -> None:
    """Two machines never agree to the millisecond; it lasts no longer for that."""
    begun = NOON + ahead * SECOND
    ours = ActorSigner(KEY).sign(DESK, audience="incidents", now=begun)
    assert verifier.verify(ours, now=NOON) == DESK
    refused(verifier, ours, now=begun + LIFETIME)
    refused(verifier, made(iat=int((NOON + 3 * SECOND).timestamp())))


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "...", "x" * 20_000])
def test_what_is_no_token_is_refused(verifier: ActorVerifier, token: str) -> None:
    refused(verifier, token)
