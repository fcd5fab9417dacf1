"""Signing in: what opens, what refuses, and that a refusal tells nothing."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from gateway.identity import rules, secondfactor, sessions
from gateway.identity.domain import NewAccount
from gateway.identity.schemas import Credentials
from gateway.identity.sessions import CredentialsRefused
from kernel import clock
from tests.gateway.conftest import PASSWORD, House, Person


async def test_a_password_opens_an_account_for_ten_minutes(house: House) -> None:
    person = await house.person("inspector", region="430481", unit="430481.emergency")

    answer = await house.sign_in(person)

    tokens = answer.json()
    assert (answer.status_code, tokens["expires_in"], tokens["token_type"]) == (200, 600, "Bearer")
    assert answer.headers["cache-control"] == "no-store"
    me = await house.http.get(
        "/api/v1/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert me.status_code == 200, me.text
    assert me.json()["username"] == person.username
    assert (me.json()["roles"], me.json()["region"]) == (["inspector"], "430481")


@pytest.mark.parametrize("said", [{"password": "wrong"}, {"username": "nobody at all"}])
async def test_wrong_name_and_wrong_password_get_one_answer(
    house: House, said: dict[str, str]
) -> None:
    person = await house.person("inspector")

    answer = await house.sign_in(person, **said)

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "/problems/credentials-refused",
        "title": CredentialsRefused.title_zh,
        "status": 401,
        "instance": "/api/v1/auth/token",
    }


async def test_an_unknown_name_costs_the_time_of_a_wrong_password(house: House) -> None:
    person = await house.person("inspector")

    async def taken(**said: str) -> float:
        started = time.perf_counter()
        await house.sign_in(person, **said)
        return time.perf_counter() - started

    unknown = sorted([await taken(username=f"nobody{n}") for n in range(9)])[4]
    known = sorted([await taken(password=f"wrong{n}") for n in range(9)])[4]

    # Without a hash to compare with, an unknown name would be answered in a tenth of the time.
    assert unknown / known > 0.3


async def test_five_failures_lock_an_account_for_a_quarter_of_an_hour(house: House) -> None:
    person = await house.person("inspector")
    for _ in range(rules.FAILURES_ALLOWED):
        assert (await house.sign_in(person, password="wrong")).status_code == 401

    locked = await house.sign_in(person)
    sign_in = house.gateway.own.state.sign_in
    right = Credentials(username=person.username, password=PASSWORD)
    with pytest.raises(CredentialsRefused):
        await sign_in.begin(right, now=clock.wall() + timedelta(minutes=14, seconds=58))
    opened = await sign_in.begin(right, now=clock.wall() + timedelta(minutes=15, seconds=1))

    assert locked.status_code == 401
    assert locked.json()["type"] == "/problems/credentials-refused"
    assert opened.access_token


async def test_a_success_forgets_the_failures_before_it(house: House) -> None:
    person = await house.person("inspector")
    for _ in range(2):
        for _ in range(rules.FAILURES_ALLOWED - 1):
            await house.sign_in(person, password="wrong")
        assert (await house.sign_in(person)).status_code == 200


async def _failures_at_once(house: House) -> int:
    """The status of the right password after as many wrong ones at once as lock."""
    person = await house.person("inspector")
    wrong = [house.sign_in(person, password="wrong") for _ in range(rules.FAILURES_ALLOWED)]
    await asyncio.gather(*wrong)
    return (await house.sign_in(person)).status_code


async def test_failures_at_once_are_all_counted(house: House) -> None:
    assert await _failures_at_once(house) == 401


async def test_the_lockout_test_catches_failures_that_are_rolled_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = sessions.begin

    async def raising(session: Any, **asked: Any) -> Any:
        outcome = await begin(session, **asked)
        if isinstance(outcome, CredentialsRefused):
            raise outcome  # before the commit: the planted bug
        return outcome

    monkeypatch.setattr(sessions, "begin", raising)

    assert await _failures_at_once(house) == 200


@pytest.mark.parametrize("role", ["administrator", "security_administrator", "auditor", "leader"])
async def test_administrators_and_leaders_need_a_code(house: House, role: str) -> None:
    person = await house.administrator(role)

    without = await house.sign_in(person, otp=None)
    wrong = await house.sign_in(person, otp="000000")
    right = await house.sign_in(person)

    assert (without.status_code, wrong.status_code, right.status_code) == (401, 401, 200)
    assert without.json()["type"] == "/problems/otp-required"
    assert without.json()["errors"][0]["pointer"] == "/otp"
    assert wrong.json()["type"] == "/problems/otp-refused"


async def test_a_code_opens_once_even_when_used_twice_at_once(house: House) -> None:
    person = await house.administrator()
    code = person.code()

    answers = await asyncio.gather(*(house.sign_in(person, otp=code) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_wrong_codes_lock_like_wrong_passwords(house: House) -> None:
    person = await house.administrator()
    for _ in range(rules.FAILURES_ALLOWED):
        await house.sign_in(person, otp="000000")

    assert (await house.sign_in(person)).json()["type"] == "/problems/credentials-refused"


async def test_a_role_that_needs_a_code_does_not_open_without_a_second_factor(house: House) -> None:
    person = await house.person("leader")

    answer = await house.sign_in(person)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/second-factor-missing")


def test_a_code_of_the_past_is_refused() -> None:
    secret, now = secondfactor.fresh_secret(), clock.wall()
    person = Person("somebody", secret)

    def step(at_s: int, after: int = 0) -> int | None:
        code = person.code(now + timedelta(seconds=at_s))
        assert code is not None
        return secondfactor.step_of(code, secret=secret, after=after, now=now)

    current = int(now.timestamp()) // secondfactor.STEP_S
    assert step(0) == current
    assert step(-30) == current - 1
    assert step(-90) is None
    assert step(0, after=current) is None


@pytest.mark.parametrize(
    "body",
    [
        {"username": "a", "password": "b", "extra": 1},
        {"username": "a"},
        {"username": "a", "password": 7},
        {"username": "a", "password": "b", "otp": "12345"},
        {"username": "a" * 65, "password": "b"},
    ],
)
async def test_a_malformed_sign_in_names_the_field(house: House, body: dict[str, Any]) -> None:
    answer = await house.http.post("/api/v1/auth/token", json=body)

    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers & {"/extra", "/password", "/otp", "/username"}
    assert "12345" not in answer.text


@pytest.mark.parametrize(
    "raw", [b"{", b'{"username":"a","username":"b"}', b'"\\u0000"', b"[" * 9999]
)
async def test_malformed_json_is_refused(house: House, raw: bytes) -> None:
    answer = await house.http.post(
        "/api/v1/auth/token", content=raw, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-json"


async def test_a_large_sign_in_is_refused_unread(house: House) -> None:
    answer = await house.http.post("/api/v1/auth/token", content=b"x" * 10_000_000)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("password", "strong"),
    [
        ("Correct-Horse-7", True),
        ("correct-horse-77", True),
        ("correcthorse77", False),
        ("Short-7", False),
        ("Inspector-7-inspector", False),
    ],
)
def test_a_password_needs_length_and_three_kinds(password: str, strong: bool) -> None:
    assert rules.is_strong(password, username="inspector") is strong


def test_a_password_is_never_shown() -> None:
    row = {"zh": "某", "en": "S", "region_code": "430400", "username": "abc"}
    assert PASSWORD not in repr(NewAccount(password=PASSWORD, **row))
