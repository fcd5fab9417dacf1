"""A process is ready while its database, its broker and its relay are; each is named."""

import pytest
from sqlalchemy import text

from kernel import health
from kernel.access import SYSTEM
from kernel.broker import Broker
from kernel.db import Database, connect, unit_of_work
from kernel.health import Health
from kernel.ids import uuid7
from tests.kernel import probe


async def state(database: Database, broker: Broker) -> tuple[bool, bool, bool, bool]:
    told = await Health(database=database, broker=broker).state()
    return told["ready"], told["database"], told["broker"], told["relay"]


async def test_it_is_ready_when_nothing_waits(publisher: Database, broker: Broker) -> None:
    assert await state(publisher, broker) == (True, True, True, True)


async def test_without_a_broker_it_is_not_ready(publisher: Database) -> None:
    absent = Broker("nats://127.0.0.1:1", name="test")

    assert await state(publisher, absent) == (False, True, False, True)


async def test_without_a_database_it_is_not_ready(broker: Broker) -> None:
    away = connect("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")

    assert await state(away, broker) == (False, False, True, False)
    await away.close()


async def test_a_fact_that_waits_too_long_makes_it_unready(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await probe.tell(publisher, fact())
    assert await state(publisher, broker) == (True, True, True, True)

    monkeypatch.setattr(health, "LAG_ALLOWED_S", 0.0)

    assert await state(publisher, broker) == (False, True, True, False)


async def test_what_is_told_again_keeps_nobody_out_of_service(
    publisher: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a loss of the broker two weeks of facts are queued once more: old, and not late."""
    await probe.tell(publisher, fact())
    async with unit_of_work(publisher, SYSTEM) as session:
        await session.execute(text("UPDATE outbox SET again = true"))
    monkeypatch.setattr(health, "LAG_ALLOWED_S", 1e-6)

    assert await state(publisher, broker) == (True, True, True, True)
    told = await Health(database=publisher, broker=broker).state()
    assert told["untold"] == 1


def fact() -> probe.ThingMade:
    return probe.ThingMade(occurred_at=probe.NOON, thing_id=uuid7())
