"""The servers of the tests themselves."""

import asyncio

import asyncpg
import httpx
import nats
import pytest
from sqlalchemy import make_url

from devstack.databases import DatabaseUrls, Server
from tests.conftest import NatsServer
from tests.lending import MakeDatabase

calls: list[str] = []


async def connect(url: str) -> asyncpg.Connection:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(address)


async def make_a_table(urls: DatabaseUrls) -> None:
    calls.append(urls.owner)
    owner = await connect(urls.owner)
    await owner.execute(f"CREATE TABLE seen (x int); GRANT SELECT ON seen TO {urls.app_role}")
    await owner.close()


async def test_a_prepared_database_is_copied_and_not_prepared_again(
    database_url: MakeDatabase,
) -> None:
    first, second = await asyncio.gather(
        database_url("trial", prepare=make_a_table), database_url("trial", prepare=make_a_table)
    )

    assert first.app != second.app
    assert len(calls) <= 1
    for urls in (first, second):
        app = await connect(urls.app)
        assert await app.fetch("SELECT x FROM seen") == []
        await app.close()


async def test_the_app_role_owns_nothing_and_cannot_make_tables(database_url: MakeDatabase) -> None:
    urls = await database_url("trial")
    app = await connect(urls.app)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("CREATE TABLE mine (x int)")
    rights = await app.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    await app.close()
    assert tuple(rights) == (False, False, False)


async def test_the_server_sorts_by_code_point_and_knows_shanghai(postgres_server: Server) -> None:
    async with postgres_server.connection() as admin:
        row = await admin.fetchrow(
            "SELECT 'Z' < 'a' AS by_code_point, extract(hour FROM"
            " timestamptz '2022-01-08T02:50Z' AT TIME ZONE 'Asia/Shanghai')::int AS hour"
        )
    assert tuple(row) == (True, 10)


async def test_the_broker_syncs_each_write_and_keeps_the_first_form_of_ack_subjects(
    nats_server: NatsServer,
) -> None:
    async with httpx.AsyncClient() as http:
        told = (await http.get(f"{nats_server.monitor_url}/varz")).json()
    assert told["jetstream"]["config"]["sync_always"] is True
    assert told["feature_flags"]["js_ack_fc_v2"] is False

    client = await nats.connect(nats_server.url)
    stream = client.jetstream()
    await stream.add_stream(name="TRIAL", subjects=["trial.>"])
    ack = await stream.publish("trial.seen", b"1")
    await stream.delete_stream("TRIAL")
    await client.close()
    assert ack.seq == 1
