"""Three administrators, apart: who makes accounts gives no power, who gives it makes none."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.identity import rules
from kernel import clock
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from kernel.signatures import Algorithm, Key
from tests.gateway.conftest import EXCHANGE, PASSWORD, House, Outsider, Person

ACCOUNTS = "/api/v1/identity/accounts"
CLIENTS = "/api/v1/identity/clients"


def _new(name: str, **changes: Any) -> dict[str, Any]:
    row = {
        "username": name,
        "password": PASSWORD,
        "zh": "新人",
        "en": "New",
        "region_code": "430481",
    }
    return row | changes


async def _made(house: House, mine: dict[str, str], name: str) -> dict[str, Any]:
    answer = await house.http.post(ACCOUNTS, json=_new(name), headers=mine)
    assert answer.status_code == 201, answer.text
    account: dict[str, Any] = answer.json()
    return account


async def test_an_account_gets_its_power_from_a_second_administrator(house: House) -> None:
    makes = await house.bearer(await house.administrator())
    gives = await house.bearer(await house.administrator("security_administrator"))
    account = await _made(house, makes, "new-inspector")
    newcomer = await house.bearer(Person("new-inspector"))
    path = f"{ACCOUNTS}/{account['id']}/roles"
    roles = {"roles": ["inspector"]}

    powerless = await house.http.get("/api/v1/auth/me", headers=newcomer)
    refused = await house.http.put(path, json=roles, headers=makes)
    given = await house.http.put(path, json=roles, headers=gives)
    again = await house.bearer(Person("new-inspector"))

    assert account["roles"] == []
    assert (powerless.status_code, refused.status_code, given.status_code) == (403, 403, 200)
    assert (await house.http.get("/api/v1/auth/me", headers=again)).json()["roles"] == ["inspector"]


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("security_administrator", "POST", ACCOUNTS),
        ("auditor", "POST", ACCOUNTS),
        ("security_administrator", "POST", CLIENTS),
        ("administrator", "POST", f"{CLIENTS}/00000000-0000-7000-8000-000000000000/keys"),
        ("auditor", "PUT", f"{ACCOUNTS}/00000000-0000-7000-8000-000000000000/roles"),
        ("leader", "GET", ACCOUNTS),
    ],
)
async def test_no_administrator_does_the_work_of_another(
    house: House, role: str, method: str, path: str
) -> None:
    mine = await house.bearer(await house.administrator(role))

    answer = await house.http.request(method, path, json={}, headers=mine)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-yours")


@pytest.mark.parametrize(
    "roles",
    [["auditor", "administrator"], ["auditor", "inspector"], ["exchange_client"]],
)
async def test_administrators_hold_no_second_role(house: House, roles: list[str]) -> None:
    makes = await house.bearer(await house.administrator())
    gives = await house.bearer(await house.administrator("security_administrator"))
    account = await _made(house, makes, f"both-{len(roles)}-{roles[-1].replace('_', '-')}")

    answer = await house.http.put(
        f"{ACCOUNTS}/{account['id']}/roles", json={"roles": roles}, headers=gives
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/roles")


async def test_nobody_administers_their_own_account(house: House) -> None:
    security = await house.bearer(await house.administrator("security_administrator"))
    system = await house.bearer(await house.administrator())

    async def id_of(mine: dict[str, str]) -> str:
        subject: str = (await house.http.get("/api/v1/auth/me", headers=mine)).json()["subject"]
        return subject

    roles = await house.http.put(
        f"{ACCOUNTS}/{await id_of(security)}/roles", json={"roles": []}, headers=security
    )
    factor = await house.http.post(f"{ACCOUNTS}/{await id_of(security)}/totp", headers=security)
    close = await house.http.post(f"{ACCOUNTS}/{await id_of(system)}/disable", headers=system)

    assert {a.json()["type"] for a in (roles, factor, close)} == {"/problems/acts-on-oneself"}


async def test_accounts_elsewhere_are_neither_seen_nor_touched(house: House) -> None:
    theirs = await house.bearer(await house.administrator(region="430100"))
    makes = await house.bearer(await house.administrator())
    account = await _made(house, makes, "far-away")

    listed = (await house.http.get(ACCOUNTS, headers=theirs)).json()["items"]
    touched = await house.http.post(f"{ACCOUNTS}/{account['id']}/disable", headers=theirs)
    made = await house.http.post(ACCOUNTS, json=_new("another"), headers=theirs)

    assert account["id"] not in {item["id"] for item in listed}
    assert (touched.status_code, made.status_code) == (404, 404)


async def test_a_disabled_account_opens_nothing_any_more(house: House) -> None:
    makes = await house.bearer(await house.administrator())
    person = await house.person("inspector", region="430481")
    mine = await house.bearer(person)
    subject = (await house.http.get("/api/v1/auth/me", headers=mine)).json()["subject"]

    closed = await house.http.post(f"{ACCOUNTS}/{subject}/disable", headers=makes)
    await house.gateway.own.state.sign_in.directory.look()

    assert closed.status_code == 200
    assert (await house.http.get("/api/v1/auth/me", headers=mine)).status_code == 401
    assert (await house.sign_in(person)).status_code == 401


async def test_accounts_are_listed_page_by_page(house: House) -> None:
    mine = await house.bearer(await house.administrator(region="430200"))
    for _ in range(4):
        await house.person("inspector", region="430211")

    seen: list[str] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await house.http.get(ACCOUNTS, params=asked, headers=mine)).json()
        seen += [item["username"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"password": "weak"}, "/password"),
        ({"region_code": "999999"}, "/region_code"),
        ({"enterprise_uscc": "91430481MA4T00019X"}, "/enterprise_uscc"),
        ({"roles": ["administrator"]}, "/roles"),
        ({"username": "Has Blanks"}, "/username"),
    ],
)
async def test_a_bad_account_names_its_field(
    house: House, changes: dict[str, Any], pointer: str
) -> None:
    makes = await house.bearer(await house.administrator())

    answer = await house.http.post(ACCOUNTS, json=_new("bad", **changes), headers=makes)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_name_is_taken_once(house: House) -> None:
    makes = await house.bearer(await house.administrator())
    await _made(house, makes, "only-one")

    assert (
        await house.http.post(ACCOUNTS, json=_new("only-one"), headers=makes)
    ).status_code == 409


async def test_an_enrolled_second_factor_is_asked_for(house: House) -> None:
    gives = await house.bearer(await house.administrator("security_administrator"))
    makes = await house.bearer(await house.administrator())
    account = await _made(house, makes, "two-factors")

    shown = await house.http.post(f"{ACCOUNTS}/{account['id']}/totp", headers=gives)
    person = Person("two-factors", shown.json()["secret"])

    assert shown.json()["uri"].startswith("otpauth://totp/")
    assert (await house.sign_in(person, otp=None)).status_code == 401
    assert (await house.sign_in(person)).status_code == 200


async def _client_with_key(house: House) -> tuple[str, dict[str, str], Outsider]:
    makes = await house.bearer(await house.administrator())
    gives = await house.bearer(await house.administrator("security_administrator"))
    new = {"name": "city-brain", "zh": "城市大脑", "en": "City brain", "region_code": "430400"}
    client = (await house.http.post(CLIENTS, json=new, headers=makes)).json()
    path = f"{CLIENTS}/{client['id']}"
    roles = {"roles": ["exchange_client"]}
    assert (await house.http.put(f"{path}/roles", json=roles, headers=gives)).status_code == 200
    key = await _fresh_key(house, path, gives)
    return path, gives, Outsider(app_key=client["app_key"], key=key)


async def _fresh_key(house: House, path: str, gives: dict[str, str], **asked: Any) -> Key:
    answer = await house.http.post(f"{path}/keys", json=asked, headers=gives)
    assert answer.status_code == 201, answer.text
    return Key(
        secret=answer.json()["secret"].encode(), algorithm=Algorithm(answer.json()["algorithm"])
    )


async def test_two_keys_live_while_one_replaces_the_other(house: House) -> None:
    path, gives, client = await _client_with_key(house)
    keys = [client.key, await _fresh_key(house, path, gives)]

    async def opens(key: Key) -> bool:
        headers = client.headers("GET", EXCHANGE, key=key)
        return (await house.http.get(EXCHANGE, headers=headers)).status_code == 200

    both = [await opens(key) for key in keys]
    keys.append(await _fresh_key(house, path, gives, overlap_hours=0))
    newest = [await opens(key) for key in keys]

    assert both == [True, True]
    assert newest == [False, False, True]


async def test_a_closed_client_opens_nothing(house: House) -> None:
    path, _, client = await _client_with_key(house)
    makes = await house.bearer(await house.administrator())

    await house.http.post(f"{path}/disable", headers=makes)

    headers = client.headers("GET", EXCHANGE)
    assert (await house.http.get(EXCHANGE, headers=headers)).status_code == 401


async def test_lists_show_no_secret(house: House) -> None:
    _, gives, client = await _client_with_key(house)

    listed = (await house.http.get(CLIENTS, headers=gives)).text
    accounts = (await house.http.get(ACCOUNTS, headers=gives)).text

    assert client.key.secret.decode() not in listed
    assert "secret" not in listed + accounts
    assert "argon2" not in accounts


async def test_secrets_stand_nowhere_in_clear(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    path, gives, client = await _client_with_key(house)
    account = await _made(house, await house.bearer(await house.administrator()), "canary")
    shown = await house.http.post(
        f"{ACCOUNTS}/{account['id']}/totp", headers=gives | {"Idempotency-Key": "canary"}
    )
    person = Person("canary", shown.json()["secret"])
    tokens = (await house.sign_in(person)).json()
    await house.sign_in(person, otp="000000", password="Canary-Password-9")
    await _fresh_key(house, path, gives | {"Idempotency-Key": "canary"})
    secrets = [
        PASSWORD,
        "Canary-Password-9",
        shown.json()["secret"],
        tokens["access_token"],
        tokens["refresh_token"],
        client.key.secret.decode(),
    ]

    stored = await _everything(house)
    logged = capsys.readouterr().out

    assert [secret for secret in secrets if secret in stored] == []
    assert [secret for secret in secrets if secret in logged] == []


async def _everything(house: House) -> str:
    """Every row of every table, as text."""
    async with unit_of_work(house.gateway.own.state.sign_in.database, SYSTEM) as session:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = (await session.scalars(text(named))).all()
        rows = [
            str(row)
            for table in tables
            for row in await session.execute(text(f'SELECT * FROM "{table}"'))
        ]
    return "\n".join(rows)


async def test_every_act_leaves_an_audit_record(house: House) -> None:
    makes = await house.bearer(await house.administrator())
    account = await _made(house, makes, "audited")

    async with unit_of_work(house.gateway.own.state.sign_in.database, SYSTEM) as session:
        asked = text("SELECT act FROM audit WHERE entity_id = :id")
        acts = (await session.scalars(asked, {"id": account["id"]})).all()

    assert acts == ["account_created"]


def test_the_lock_is_a_quarter_of_an_hour_after_five_failures() -> None:
    now = clock.wall()

    assert rules.locked_until(failures=4, now=now) is None
    assert rules.locked_until(failures=5, now=now) == now + timedelta(minutes=15)
