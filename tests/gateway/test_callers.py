"""Who is let through to a service: by a token or a signature, and by nothing less."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from gateway.identity import clients, queries
from gateway.identity.tables import Nonce
from gateway.identity.tokens import AUDIENCE, ISSUER, TYPE, AccessTokens
from kernel import clock
from kernel.access import Principal
from kernel.actor import ActorSigner
from kernel.ids import uuid7
from kernel.signatures import Algorithm
from tests.gateway.conftest import EXCHANGE, REPORTS, House, Outsider, Person, client_of, opened

BODY = b'{"report_id":"a"}'
JSON = {"content-type": "application/json"}


def _statement(answer: httpx.Response) -> dict[str, Any]:
    """What the service behind was told of the actor."""
    assert answer.status_code == 200, answer.text
    token = answer.json()["headers"]["x-anlian-actor"]
    payload: str = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


async def test_a_token_carries_its_holder_to_the_service(house: House) -> None:
    person = await house.person("enterprise", region="430481", uscc="91430481MA4T00019M")
    mine = await house.bearer(person)

    answer = await house.http.post(REPORTS, content=BODY, headers=mine | JSON)

    told = _statement(answer)
    assert (told["aud"], told["roles"], told["uscc"]) == (
        "incidents",
        ["enterprise"],
        "91430481MA4T00019M",
    )
    assert answer.json()["body"] == BODY.decode()
    assert "authorization" not in answer.json()["headers"]


async def test_the_exchange_is_served_by_incidents(house: House) -> None:
    province = await house.outsider()

    answer = await house.http.get(EXCHANGE, headers=province.headers("GET", EXCHANGE))

    assert _statement(answer)["aud"] == "incidents"
    assert answer.json()["path"] == EXCHANGE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer x", "X-App-Key": "y"},
    ],
)
@pytest.mark.parametrize("path", [REPORTS, "/api/v1/auth/me"])
async def test_what_proves_nothing_is_told_which_header_is_wrong(
    house: House, headers: dict[str, str], path: str
) -> None:
    method = "POST" if path == REPORTS else "GET"

    answer = await house.http.request(method, path, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["header"] == "Authorization"
    assert "www-authenticate" in answer.headers


def _forged(key: OKPKey, *, typ: str = TYPE, **changes: Any) -> str:
    now = clock.wall().timestamp()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid7()),
        "sid": str(uuid7()),
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "roles": ["administrator"],
        "unit": None,
        "post": None,
        "region": "",
        "uscc": None,
    } | changes
    header = {"alg": "Ed25519", "typ": typ, "kid": key.kid}
    return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=["Ed25519"]))


def _key(path: Path) -> OKPKey:
    return OKPKey.import_key(json.loads(path.read_text()))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "incidents"},
        {"exp": 1},
        {"exp": float("inf")},
        {"nbf": 9_999_999_999},
        {"sub": "administrator"},
        {"typ": "actor+jwt"},
        {"exp": True},
    ],
)
async def test_a_token_of_ours_with_wrong_claims_is_refused(
    house: House, key_files: dict[str, Path], changes: dict[str, Any]
) -> None:
    token = _forged(_key(key_files["token_key_file"]), **changes)

    answer = await house.http.post(REPORTS, headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/token-refused")


async def test_a_token_under_another_key_is_refused(
    house: House, key_files: dict[str, Path]
) -> None:
    stranger = OKPKey.generate_key("Ed25519", {"kid": "token"})
    inner = _key(key_files["actor_key_file"])
    somebody = Principal(subject=str(uuid7()), roles=frozenset({"administrator"}), region="")
    statement = ActorSigner(inner).sign(somebody, audience=AUDIENCE, now=clock.wall())

    for token in (_forged(stranger), _forged(inner), statement):
        answer = await house.http.post(REPORTS, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_a_token_of_nobody_is_refused(house: House, key_files: dict[str, Path]) -> None:
    token = _forged(_key(key_files["token_key_file"]))

    answer = await house.http.post(REPORTS, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


def test_an_expired_token_is_refused_though_it_was_read_before(key_files: dict[str, Path]) -> None:
    tokens = AccessTokens.from_file(key_files["token_key_file"])
    now = clock.wall()
    token = tokens.issue(
        Principal(subject=str(uuid7()), region="4304"), session_id=uuid7(), now=now
    )

    tokens.read(token, now=now + timedelta(seconds=599))
    with pytest.raises(Exception, match="expired"):
        tokens.read(token, now=now + timedelta(seconds=600))


async def test_a_forged_inner_header_is_refused_everywhere(house: House) -> None:
    for method, path in (("POST", REPORTS), ("GET", "/api/v1/auth/me"), ("GET", "/healthz")):
        answer = await house.http.request(method, path, headers={"X-Anlian-Actor": "x"})
        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems/inner-header-forged"


@pytest.mark.parametrize("algorithm", Algorithm)
async def test_a_signed_request_passes_with_its_body(house: House, algorithm: Algorithm) -> None:
    client = await house.outsider("hotline_client", algorithm)
    path, query = "/api/v1/tasks/workorders", "b=%E8%A1%A1&a=1"

    headers = client.headers("POST", path, query=query, body=BODY)
    answer = await house.http.post(f"{path}?{query}", content=BODY, headers=headers | JSON)

    told = _statement(answer)
    assert (told["roles"], told["client"], told["region"]) == (["hotline_client"], True, "43")
    assert "x-signature" not in answer.json()["headers"]


_WRONG = [
    ("X-Timestamp", {"X-Timestamp": "1700000000000"}),
    ("X-Timestamp", {"X-Timestamp": "soon"}),
    ("X-Signature", {"X-Signature": "0" * 64}),
    ("X-Signature", {"X-Nonce": "another"}),
    ("X-Signature", {"X-App-Key": "nobody"}),
    ("X-Signature-Algorithm", {"X-Signature-Algorithm": "HMAC-MD5"}),
    ("X-Signature", {"X-Signature-Algorithm": "HMAC-SHA256"}),
]


@pytest.mark.parametrize(("named", "changes"), _WRONG)
async def test_a_wrong_signature_names_its_header(
    house: House, named: str, changes: dict[str, str]
) -> None:
    province = await house.outsider()
    headers = province.headers("GET", EXCHANGE) | changes

    answer = await house.http.get(EXCHANGE, headers=headers)

    assert (answer.status_code, answer.json()["header"]) == (401, named)


@pytest.mark.parametrize("name", ["X-App-Key", "X-Timestamp", "X-Nonce", "X-Signature"])
async def test_a_missing_signature_header_is_named(house: House, name: str) -> None:
    headers = (await house.outsider()).headers("GET", EXCHANGE)
    del headers[name]

    answer = await house.http.get(EXCHANGE, headers=headers)

    assert (answer.status_code, answer.json()["header"]) == (401, name)


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_signature_holds_for_five_minutes(house: House, seconds: int) -> None:
    province = await house.outsider()
    late = province.headers("GET", EXCHANGE, shift=timedelta(seconds=seconds))
    timely = province.headers("GET", EXCHANGE, shift=timedelta(seconds=seconds * 0.99))

    assert (await house.http.get(EXCHANGE, headers=late)).json()["header"] == "X-Timestamp"
    assert (await house.http.get(EXCHANGE, headers=timely)).status_code == 200


async def test_a_signature_covers_body_query_and_path(house: House) -> None:
    province = await house.outsider()
    path = "/api/v1/tasks/workorders"

    def signed() -> dict[str, str]:
        return province.headers("POST", path, body=BODY) | JSON

    body = await house.http.post(path, content=BODY + b" ", headers=signed())
    query = await house.http.post(f"{path}?a=1", content=BODY, headers=signed())
    other = await house.http.post(f"{path}/1", content=BODY, headers=signed())

    assert [a.json()["header"] for a in (body, query, other)] == ["X-Signature"] * 3


async def test_another_clients_key_opens_nothing(house: House) -> None:
    mine, other = await house.outsider(), await house.outsider()
    headers = mine.headers("GET", EXCHANGE, key=other.key)

    assert (await house.http.get(EXCHANGE, headers=headers)).status_code == 401


async def _replayed(house: House, times: int) -> list[int]:
    province = await house.outsider()
    headers = province.headers("GET", EXCHANGE)
    sent = (house.http.get(EXCHANGE, headers=headers) for _ in range(times))
    return sorted(answer.status_code for answer in await asyncio.gather(*sent))


async def test_of_sixteen_replays_at_once_one_passes(house: House) -> None:
    assert await _replayed(house, 16) == [200] + [401] * 15


async def test_the_replay_test_catches_a_look_before_the_insert(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_have_looked = asyncio.Barrier(4)

    async def looking(session: Any, *, client_id: Any, nonce: str, signed_at: Any) -> bool:
        found = await session.get(Nonce, (client_id, nonce))
        await all_have_looked.wait()
        return found is None and await spend(
            session, client_id=client_id, nonce=f"{nonce}-{uuid7()}", signed_at=signed_at
        )

    spend = clients.spend
    monkeypatch.setattr(clients, "spend", looking)

    assert await _replayed(house, 4) == [200] * 4


async def test_a_replay_is_refused_by_its_nonce(house: House) -> None:
    headers = (await house.outsider()).headers("GET", EXCHANGE)
    await house.http.get(EXCHANGE, headers=headers)

    again = await house.http.get(EXCHANGE, headers=headers)

    assert (again.json()["type"], again.json()["header"]) == (
        "/problems/request-replayed",
        "X-Nonce",
    )


async def test_a_wrong_signature_burns_no_nonce(house: House) -> None:
    province = await house.outsider()
    headers = province.headers("GET", EXCHANGE)
    await house.http.get(EXCHANGE, headers=headers | {"X-Signature": "0" * 64})

    assert (await house.http.get(EXCHANGE, headers=headers)).status_code == 200


async def test_a_client_is_held_to_its_networks(house: House) -> None:
    province = await house.outsider()

    async def come_from(network: str) -> int:
        async with clients.unit_of_work(
            house.gateway.own.state.sign_in.database, clients.SYSTEM
        ) as s:
            row = await queries.client_known_as(s, province.app_key)
            assert row is not None
            row.networks = [network]
        answer = await house.http.get(EXCHANGE, headers=province.headers("GET", EXCHANGE))
        return answer.status_code

    assert await come_from("10.0.0.0/8") == 401
    assert await come_from("127.0.0.0/8") == 200


@pytest.fixture
async def slow(house: House, key_files: dict[str, Path], upstream: str) -> AsyncIterator[House]:
    """A gateway over the same database that takes one request in four seconds of each."""
    upstreams = {"incidents": upstream, "tasks": upstream}
    url, keys = house.database_url, key_files["keys_file"]
    async with (
        opened(url, key_files, upstreams, limits_times=0.0025) as gateway,
        client_of(gateway) as http,
    ):
        yield House(gateway=gateway, http=http, database_url=url, keys_file=keys)


async def _asked(house: House, one: Outsider) -> httpx.Response:
    return await house.http.get(EXCHANGE, headers=one.headers("GET", EXCHANGE))


async def test_a_client_that_asks_too_often_is_slowed_alone(slow: House) -> None:
    one, other = await slow.outsider(), await slow.outsider()

    first, second = await _asked(slow, one), await _asked(slow, one)

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["type"] == "/problems/too-many-requests"
    assert second.json()["per"] == "account"
    assert int(second.headers["retry-after"]) <= 4
    assert (await _asked(slow, other)).status_code == 200


async def test_a_client_uses_up_nothing_of_an_account_of_the_same_name(slow: House) -> None:
    """Clients are known by their ids; an account that got the same one asks on its own."""
    client, person = await slow.outsider(), await slow.person("duty_desk")
    await _named_alike(slow, client, person)
    mine = await slow.bearer(person)

    signed = await _asked(slow, client)
    borne = await slow.http.get("/api/v1/tasks/plans", headers=mine)

    assert _statement(signed)["sub"] == _statement(borne)["sub"]
    assert (await _asked(slow, client)).status_code == 429
    again = await slow.http.get("/api/v1/tasks/plans", headers=mine)
    assert (again.status_code, again.json()["per"]) == (429, "account")


async def _named_alike(house: House, client: Outsider, person: Person) -> None:
    """Give the account, which has not signed in yet, the client's id."""
    database = house.gateway.own.state.sign_in.database
    async with clients.unit_of_work(database, clients.SYSTEM) as session:
        row = await queries.client_known_as(session, client.app_key)
        account = await queries.account_named(session, person.username)
        assert row is not None
        assert account is not None
        account.id = row.id


async def test_a_client_knows_itself(house: House) -> None:
    path = "/api/v1/auth/me"
    headers = (await house.outsider()).headers("GET", path)

    me = (await house.http.get(path, headers=headers)).json()

    assert (me["client"], me["roles"]) == (True, ["exchange_client"])


PUBLIC = "/api/v1/incidents/public-reports"
FEED = "/api/v1/tasks/feeds/calendar.ics"


@pytest.mark.parametrize("path", [PUBLIC, f"{PUBLIC}/status"])
async def test_anybody_may_report_to_the_public_form_and_is_stated_to_be_nobody(
    house: House, path: str
) -> None:
    answer = await house.http.post(path, content=BODY, headers=JSON)

    told = _statement(answer)
    assert (told["sub"], told["roles"], told["region"], told["uscc"]) == ("anybody", [], None, None)
    assert answer.json()["headers"]["x-forwarded-for"] == "127.0.0.1"


async def test_a_calendar_reads_its_feed_without_an_account_and_is_stated_to_be_nobody(
    house: House,
) -> None:
    answer = await house.http.get(f"{FEED}?secret=x&lang=en")

    told = _statement(answer)
    assert (told["sub"], told["roles"], told["region"]) == ("anybody", [], None)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", FEED), ("GET", f"{FEED}/"), ("GET", "/api/v1/tasks/feeds"), ("HEAD", FEED)],
)
async def test_beside_the_calendar_nothing_of_the_feeds_is_open(
    house: House, method: str, path: str
) -> None:
    assert (await house.http.request(method, path)).status_code == 401


async def test_nobody_says_for_the_gateway_where_a_public_report_came_from(house: House) -> None:
    forged = JSON | {"X-Forwarded-For": "198.51.100.7"}
    answer = await house.http.post(PUBLIC, content=BODY, headers=forged)

    assert answer.json()["headers"]["x-forwarded-for"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", PUBLIC), ("POST", f"{PUBLIC}/"), ("POST", f"{PUBLIC}/x/open"), ("DELETE", PUBLIC)],
)
async def test_beside_the_public_form_nothing_is_open(house: House, method: str, path: str) -> None:
    assert (await house.http.request(method, path)).status_code == 401


async def test_a_token_that_is_not_valid_is_not_taken_for_nobody(house: House) -> None:
    answer = await house.http.post(
        PUBLIC, content=BODY, headers=JSON | {"Authorization": "Bearer x.y.z"}
    )

    assert answer.status_code == 401
