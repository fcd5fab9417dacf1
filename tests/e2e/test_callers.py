"""Who cannot prove who they are gets nothing; what was sent once is not taken twice."""

import asyncio
import base64
import json
from datetime import timedelta

import pytest

from kernel import clock
from kernel.ids import uuid7
from tests.city import EXCHANGE, REPORTS, TOKEN, City

pytestmark = pytest.mark.stack


def tampered(token: str, **claims: object) -> str:
    """A token whose claims were changed and whose signature stayed."""
    head, body, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(known | claims).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


def unsigned(token: str) -> str:
    """The same claims under `alg: none`."""
    _, body, _ = token.split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return f"{head}.{body}."


async def test_a_token_that_is_not_ours_opens_nothing(city: City) -> None:
    token = await city.token("enterprise")
    ended = int(clock.wall().timestamp()) - 60
    for wrong in (
        "Bearer rubbish",
        "Bearer",
        f"Basic {token}",
        f"Bearer {token[:-4]}AAAA",
        f"Bearer {tampered(token, exp=ended)}",
        f"Bearer {tampered(token, exp=ended + 10**6)}",
        f"Bearer {tampered(token, sub=str(uuid7()))}",
        f"Bearer {unsigned(token)}",
    ):
        for language in ("zh-CN", "en"):
            headers = {"Authorization": wrong, "Accept-Language": language}
            answer = await city.gateway.post(REPORTS, headers=headers, json=city.report())
            assert answer.status_code == 401, wrong
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]


async def test_nobody_at_all_opens_nothing(city: City) -> None:
    for path in (REPORTS, EXCHANGE, "/api/v1/tasks/obligations", "/api/v1/notifications/messages"):
        answer = await city.gateway.get(path)
        assert answer.status_code == 401
        assert answer.json()["header"] == "Authorization"


async def test_a_wrong_password_tells_nothing(city: City) -> None:
    known = city.stack["accounts"]["hotline_operator"]
    answers = [
        await city.gateway.post(TOKEN, json={"username": name, "password": "Wrong-password-1"})
        for name in (known["username"], "nobody_of_that_name")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


async def test_services_do_not_take_a_statement_from_outside(city: City) -> None:
    headers = await city.as_("enterprise") | {"X-Anlian-Actor": "forged"}
    answer = await city.gateway.post(REPORTS, headers=headers, json=city.report())
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/inner-header-forged"


async def refusal(city: City, headers: dict[str, str], query: str = "") -> dict[str, str]:
    """How a signed request is refused, which it must be in both languages."""
    url = f"{EXCHANGE}?{query}" if query else EXCHANGE
    for language in ("zh-CN", "en"):
        answer = await city.gateway.get(url, headers=headers | {"Accept-Language": language})
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        told: dict[str, str] = answer.json()
        assert told["detail"]
    return told


async def test_a_signed_request_is_good_once(city: City) -> None:
    headers = city.signed("province", "GET", EXCHANGE)
    assert (await city.gateway.get(EXCHANGE, headers=headers)).status_code == 200
    assert (await refusal(city, headers))["header"] == "X-Nonce"


async def test_of_many_equal_signed_requests_one_is_taken(city: City) -> None:
    headers = city.signed("province", "GET", EXCHANGE)
    asked = [city.gateway.get(EXCHANGE, headers=headers) for _ in range(16)]
    statuses = sorted([answer.status_code for answer in await asyncio.gather(*asked)])
    assert statuses == [200] + [401] * 15


@pytest.mark.parametrize("client", ["province", "hotline_12345"])  # SM3 and SHA-256
async def test_a_signature_covers_the_whole_request(city: City, client: str) -> None:
    signed = city.signed(client, "GET", EXCHANGE)
    assert (await refusal(city, signed, "limit=5"))["header"] == "X-Signature"
    assert (await refusal(city, signed | {"X-Timestamp": "1"}))["header"] == "X-Timestamp"
    for changed in ({"X-Nonce": uuid7().hex}, {"X-App-Key": "unknown"}, {"X-Signature": "0" * 64}):
        assert (await refusal(city, signed | changed))["header"] == "X-Signature"
    of_another = city.signed(client, "POST", EXCHANGE)
    assert (await refusal(city, of_another))["header"] == "X-Signature"
    unknown = await refusal(city, signed | {"X-Signature-Algorithm": "HMAC-MD5"})
    assert unknown["header"] == "X-Signature-Algorithm"
    missing = {name: value for name, value in signed.items() if name != "X-Nonce"}
    assert (await refusal(city, missing))["header"] == "X-Nonce"


async def test_a_signed_body_cannot_be_exchanged(city: City) -> None:
    grading = "/api/v1/incidents/grading"
    body = b'{"casualties":{"deaths":1}}'
    signed = city.signed("province", "POST", grading, body=body)
    headers = signed | {"Content-Type": "application/json"}
    other = await city.gateway.post(grading, headers=headers, content=body.replace(b"1", b"9"))
    assert (other.status_code, other.json()["header"]) == (401, "X-Signature")
    assert (await city.gateway.post(grading, headers=headers, content=body)).status_code == 200


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
async def test_an_old_or_early_signature_is_refused(city: City, seconds: int) -> None:
    at = clock.wall() + timedelta(seconds=seconds)
    assert (await refusal(city, city.signed("province", "GET", EXCHANGE, at=at)))["header"] == (
        "X-Timestamp"
    )


async def test_a_client_of_one_kind_may_not_do_what_another_may(city: City) -> None:
    headers = city.signed("hotline_12350", "GET", EXCHANGE)
    assert (await city.gateway.get(EXCHANGE, headers=headers)).status_code == 403
