"""Refresh tokens turn, reuse ends a family, and what is revoked is void within two seconds."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from gateway.identity import queries, sessions
from gateway.identity.sessions import RefreshRefused
from gateway.identity.tables import RefreshToken
from kernel import clock
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from tests.eventually import eventually
from tests.gateway.conftest import PASSWORD, House

ME = "/api/v1/auth/me"


async def _tokens(house: House) -> dict[str, Any]:
    person = await house.person("inspector")
    tokens: dict[str, Any] = (await house.sign_in(person)).json()
    return tokens


async def _refresh(house: House, token: str) -> httpx.Response:
    return await house.http.post("/api/v1/auth/refresh", json={"refresh_token": token})


async def _status(house: House, access_token: str) -> int:
    answer = await house.http.get(ME, headers={"Authorization": f"Bearer {access_token}"})
    return answer.status_code


async def test_a_refresh_token_gives_the_next_pair(house: House) -> None:
    tokens = await _tokens(house)

    fresh = await _refresh(house, tokens["refresh_token"])

    assert fresh.status_code == 200
    assert fresh.json()["refresh_token"] != tokens["refresh_token"]
    assert await _status(house, fresh.json()["access_token"]) == 200


async def _reused(house: House) -> tuple[int, int, int]:
    """What a stolen old token, the thief's successor and the access token are answered."""
    tokens = await _tokens(house)
    fresh = (await _refresh(house, tokens["refresh_token"])).json()
    again = await _refresh(house, tokens["refresh_token"])
    successor = await _refresh(house, fresh["refresh_token"])
    await house.gateway.own.state.sign_in.directory.look()
    return again.status_code, successor.status_code, await _status(house, fresh["access_token"])


async def test_a_token_used_twice_ends_the_whole_sign_in(house: House) -> None:
    assert await _reused(house) == (401, 401, 401)


async def test_the_reuse_test_catches_tokens_that_are_merely_deleted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = queries.refresh_token

    async def forgetting(session: Any, token: str) -> RefreshToken | None:
        held = await find(session, token)
        return None if held is not None and held.used_at is not None else held

    monkeypatch.setattr(queries, "refresh_token", forgetting)

    assert await _reused(house) == (401, 200, 200)


async def test_of_two_who_bring_a_token_at_once_one_is_served_and_then_nobody(house: House) -> None:
    tokens = await _tokens(house)

    answers = await asyncio.gather(*(_refresh(house, tokens["refresh_token"]) for _ in range(8)))

    served = [answer for answer in answers if answer.status_code == 200]
    assert len(served) == 1
    assert (await _refresh(house, served[0].json()["refresh_token"])).status_code == 401


async def test_the_race_test_catches_an_unlocked_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_have_read = asyncio.Barrier(4)

    async def unlocked(session: Any, token: str) -> RefreshToken | None:
        held: RefreshToken | None = await session.get(RefreshToken, queries.digest(token))
        await all_have_read.wait()
        return held

    monkeypatch.setattr(queries, "refresh_token", unlocked)
    tokens = await _tokens(house)

    answers = await asyncio.gather(*(_refresh(house, tokens["refresh_token"]) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4


async def test_an_idle_sign_in_ends(house: House) -> None:
    tokens = await _tokens(house)
    sign_in = house.gateway.own.state.sign_in

    with pytest.raises(RefreshRefused):
        await sign_in.renew(tokens["refresh_token"], now=clock.wall() + timedelta(hours=12))


async def test_only_a_hash_of_a_refresh_token_is_kept(house: House) -> None:
    token = (await _tokens(house))["refresh_token"]

    async with unit_of_work(house.gateway.own.state.sign_in.database, SYSTEM) as session:
        held = await queries.refresh_token(session, token)

    assert held is not None
    assert token.encode() not in held.token_hash


async def test_signing_out_voids_the_access_token_at_once(house: House) -> None:
    tokens = await _tokens(house)
    assert await _status(house, tokens["access_token"]) == 200

    gone = await house.http.post(
        "/api/v1/auth/revoke", json={"refresh_token": tokens["refresh_token"]}
    )

    assert gone.status_code == 204
    assert await _status(house, tokens["access_token"]) == 401
    assert (await _refresh(house, tokens["refresh_token"])).status_code == 401


async def test_an_unknown_token_is_signed_out_without_a_word(house: House) -> None:
    gone = await house.http.post("/api/v1/auth/revoke", json={"refresh_token": "made-up"})

    assert gone.status_code == 204


async def test_a_revocation_by_another_process_is_noticed(house: House) -> None:
    tokens = await _tokens(house)
    assert await _status(house, tokens["access_token"]) == 200
    async with unit_of_work(house.gateway.own.state.sign_in.database, SYSTEM) as session:
        held = await queries.refresh_token(session, tokens["refresh_token"])
        assert held is not None
        family = await session.get_one(queries.Session, held.session_id)
        family.revoked_at = clock.wall()

    async def is_void() -> bool:
        return await _status(house, tokens["access_token"]) == 401

    await eventually(is_void, within=20)


async def test_changing_the_password_ends_every_sign_in(house: House) -> None:
    person = await house.person("inspector")
    first, second = (await house.sign_in(person)).json(), (await house.sign_in(person)).json()
    mine = {"Authorization": f"Bearer {first['access_token']}"}
    change = {"current_password": PASSWORD, "new_password": "Another-Horse-8-Staple"}

    wrong = await house.http.post(
        "/api/v1/auth/password", json=change | {"current_password": "wrong"}, headers=mine
    )
    weak = await house.http.post(
        "/api/v1/auth/password", json=change | {"new_password": "short"}, headers=mine
    )
    changed = await house.http.post("/api/v1/auth/password", json=change, headers=mine)

    assert (wrong.status_code, weak.status_code, changed.status_code) == (401, 422, 204)
    assert weak.json()["errors"][0]["pointer"] == "/new_password"
    assert await _status(house, second["access_token"]) == 401
    assert (await _refresh(house, second["refresh_token"])).status_code == 401
    assert (await house.sign_in(person)).status_code == 401
    again = await house.sign_in(person, password="Another-Horse-8-Staple")
    assert await _status(house, again.json()["access_token"]) == 200


async def test_old_sessions_and_nonces_are_deleted(house: House) -> None:
    tokens = await _tokens(house)
    digest = queries.digest(tokens["refresh_token"])
    async with unit_of_work(house.gateway.own.state.sign_in.database, SYSTEM) as session:
        held = await session.get_one(RefreshToken, digest)
        chosen = update(queries.Session).where(queries.Session.id == held.session_id)
        await session.execute(chosen.values(ends_at=clock.wall() - timedelta(days=2)))
        await sessions.forget_old(session, now=clock.wall())

        await session.flush()
        session.expunge_all()
        assert await session.get(RefreshToken, digest) is None
