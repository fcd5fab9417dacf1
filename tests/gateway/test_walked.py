"""Every route of the gateway's own, by every role, at every standing: no leak, nobody shut out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.app import service
from gateway.identity import operations
from gateway.identity.directory import Directory
from gateway.identity.domain import NewClient
from gateway.identity.passwords import Hasher
from gateway.identity.signin import SignIn
from gateway.identity.tables import Account
from gateway.identity.tokens import AccessTokens
from kernel import keyring
from kernel.access import SYSTEM, Policies
from kernel.ids import uuid7
from kernel.keyring import KeyRing
from reference.creditcodes import demonstration_code
from tests.gateway.conftest import PASSWORD
from tests.lending import Lender
from tests.services import played
from tests.services.played import Play, Row
from tests.services.stage import NOON, Stage, migrated, staged

COUNTY = "430481"
SOMEBODY, SYSTEM_OF = "walked-inspector", "耒阳城市运行平台"
LISTS = {"GET /identity/accounts", "GET /identity/clients"}
OWN = {
    "GET /auth/me": "whoever asks reads what is known of them",
    "POST /auth/password": "whoever asks changes their own, by the one before",
}


@pytest.fixture
async def stage(lender: Lender, key_files: dict[str, Path]) -> AsyncIterator[Stage]:
    """The gateway's own routes; who calls is stated here as it states it to services."""
    keyring.use(KeyRing.from_file(key_files["keys_file"]))
    async with (
        lender.lent("gateway", prepare=migrated("gateway")) as copy,
        staged(service(), copy) as stage,
    ):
        hasher = Hasher(threads=1)
        stage.application.state.sign_in = SignIn(
            database=stage.database,
            hasher=hasher,
            tokens=AccessTokens.with_fresh_key(),
            directory=Directory(stage.database),
        )
        yield stage
        hasher.close()


async def plays(stage: Stage) -> played.Plays:
    """How each route that names a row is played: about an account and a client of a county."""
    placed: dict[str, Any] = {"region_code": COUNTY, "unit": f"{COUNTY}.emergency"}
    account = Account(
        id=uuid7(),
        username=SOMEBODY,
        password_hash="",
        zh="张三丰",
        en="Zhang",
        roles=["inspector"],
        enterprise_uscc=demonstration_code(region=COUNTY, number=1),
        created_at=NOON,
        password_changed_at=NOON,
        **placed,
    )
    new = NewClient(name="walked", zh=SYSTEM_OF, en="City platform", **placed)
    async with stage.work() as session:
        session.add(account)
        client = await operations.create_client(session, new=new, by=SYSTEM, now=NOON)
    person: dict[str, Any] = {"row": Row.of(account), "ids": {"account_id": str(account.id)}}
    machine: dict[str, Any] = {"row": Row.of(client), "ids": {"client_id": str(client.id)}}
    accounts, clients = "/identity/accounts", "/identity/clients"
    names = {"zh": "新人", "en": "New", **placed}
    return {
        f"POST {accounts}": Play(
            row=Row(**placed), body={"username": "newcomer", "password": PASSWORD, **names}
        ),
        f"PUT {accounts}/{{account_id}}/roles": Play(**person, body={"roles": ["leader"]}),
        f"POST {accounts}/{{account_id}}/disable": Play(**person),
        f"POST {accounts}/{{account_id}}/totp": Play(**person),
        f"POST {clients}": Play(row=Row(**placed), body={"name": "another", **names}),
        f"PUT {clients}/{{client_id}}/roles": Play(**machine, body={"roles": ["exchange_client"]}),
        f"POST {clients}/{{client_id}}/disable": Play(**machine),
        f"POST {clients}/{{client_id}}/keys": Play(**machine, body={}),
    }


async def test_every_route_is_played_or_listed_or_of_who_asks(stage: Stage) -> None:
    every = {name for name, _ in played.routes(stage.service)}

    assert every == {*await plays(stage), *LISTS, *OWN}
    assert OWN.keys() <= played.published(stage.service)


async def test_the_denied_hear_nothing_and_the_granted_are_served(stage: Stage) -> None:
    every = await plays(stage)

    found = await played.walked(stage, every, secrets=(SOMEBODY, SYSTEM_OF))

    assert [*played.summary(found, every)] == []


async def test_lists_show_the_rows_to_whoever_may_read_them_and_to_nobody_else(
    stage: Stage,
) -> None:
    play = Play(row=(await plays(stage))["POST /identity/accounts/{account_id}/totp"].row)
    marks = {"GET /identity/accounts": SOMEBODY, "GET /identity/clients": SYSTEM_OF}

    assert await played.overlooked(stage, LISTS, play, marks={*marks.values()}) == []
    for name, route in played.routes(stage.service):
        for role, standing, by in played.actors(play):
            if name in LISTS and stage.service.policies.allows(by, str(route.act), play.row):
                assert marks[name] in await played.listed(stage, name, by), (role, standing)


async def test_a_gateway_that_asks_nobody_would_be_noticed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: an administrator's role is asked for, and not whose account it is."""
    every = await plays(stage)
    monkeypatch.setattr(Policies, "require", lambda *_, **__: None)
    closing = "POST /identity/accounts/{account_id}/disable"

    found = await played.walked(stage, every, secrets=(), only=closing.__eq__)

    assert any(leak.startswith(f"{closing} administrator elsewhere: 200") for leak in found.leaks)
