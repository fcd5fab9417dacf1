"""Nothing that is secret or personal stands in any process's log, whatever went wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from devstack import ports
from devstack.layout import read_json
from devstack.quiet import until_quiet
from kernel.ids import uuid7
from tests.city import EXCHANGE, REPORTS, TOKEN, City

pytestmark = pytest.mark.stack

LEAST = 12
"""Shorter values are words that a log may hold by chance."""


def leaves(value: Any) -> set[str]:
    """Every text inside a JSON value."""
    if isinstance(value, dict):
        return set().union(*(leaves(inner) for inner in value.values()), set())
    if isinstance(value, list):
        return set().union(*(leaves(inner) for inner in value), set())
    return {value} if isinstance(value, str) else set()


def secrets_of(city: City) -> set[str]:
    """All that opens something in this city."""
    known = {row["password"] for row in city.stack["accounts"].values()}
    known |= {row.get("otp_secret", "") for row in city.stack["accounts"].values()}
    known |= {row["secret"] for row in city.stack["clients"].values()}
    known |= leaves(read_json(city.layout.secrets))
    for file in city.layout.keys.iterdir():
        content = read_json(file)
        private = {"d", "k"} & content.keys() if isinstance(content, dict) else set()
        known |= {content[name] for name in private}
        if "jwk" not in file.name and not private:
            known |= leaves(content)
    return {secret for secret in known if len(secret) >= LEAST}


async def test_no_log_holds_what_is_secret(city: City) -> None:
    canary = uuid7().hex
    words = f"canary-{canary}"
    phone, person = "13987654321", "430481199003074517"
    token = await city.token("enterprise")
    headers = await city.as_("enterprise")
    wrong = {"username": "enterprise", "password": f"Aa7-{words}"}
    signed = city.signed("province", "GET", EXCHANGE)
    spoilt = city.report(summary=f"{words} {phone} {person}", measures=words, casualties=words)
    asked = (
        city.gateway.post(TOKEN, json=wrong | {"otp": words}),
        city.gateway.post(TOKEN, content=json.dumps(wrong)[:-1]),
        city.gateway.post("/api/v1/auth/refresh", json={"refresh_token": words}),
        city.gateway.post(REPORTS, headers={"Authorization": f"Bearer {words}"}, json={}),
        city.gateway.get(EXCHANGE, headers=signed | {"X-Signature": words, "X-Nonce": words}),
        city.gateway.post(REPORTS, headers=headers, json=spoilt),
        city.gateway.post(REPORTS, headers=headers, content=json.dumps(spoilt)[:-1]),
        city.gateway.get(f"/api/v1/tasks/obligations?cursor={words}", headers=headers),
    )
    for asking in asked:
        assert 400 <= (await asking).status_code < 500
    good = city.report(summary=f"{words}，联系电话{phone}，伤者证件{person}")
    accident = (await city.done("enterprise", REPORTS, good))["accident_id"]
    finding = {"accident_id": accident, "kind": "late", "evidence": f"{words} {person}"}
    await city.done("investigator", "/api/v1/incidents/findings", finding)
    searched = {words, phone, person, token, signed["X-Signature"], *secrets_of(city)}
    await until_quiet(ports.remembered(city.layout.ports))
    logs = city.logs()
    for name, text in logs.items():
        found = [secret for secret in searched if secret in text]
        assert not found, f"{name} holds {len(found)} secrets, the first begins {found[0][:4]}"
    assert "webhook.called" in logs["notifications.log"]  # logs of these processes, not others


def test_private_files_are_for_their_owner_only(city: City) -> None:
    private = [city.layout.stack, city.layout.credentials, city.layout.secrets]
    private += [*city.layout.keys.iterdir()]
    assert {oct(path.stat().st_mode & 0o077) for path in private if isinstance(path, Path)} == {
        "0o0"
    }
