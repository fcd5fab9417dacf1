"""The fast lane: everything an ordinary unit of work does for rows that are only added."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from kernel import at_commit, audit, changes, idempotency
from kernel.access import SYSTEM, Principal
from kernel.db import Database, unit_of_work
from kernel.lane import lane
from kernel.outbox import partition, publish
from kernel.timers import new
from tests.kernel.probe import NOON, ThingMade


class Effect:
    """The probe's table."""

    __tablename__ = "effect"


async def count(database: Database, table: str) -> int:
    async with unit_of_work(database, SYSTEM) as session:
        return int(await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_a_lane_writes_rows_facts_audit_and_changes_and_wakes_the_relay(
    publisher: Database,
) -> None:
    async with lane(publisher, SYSTEM) as session:
        session.add(new(kind="k", entity_id="1", due_at=NOON, rule="r"))
        publish(session, ThingMade(occurred_at=NOON, thing_id=uuid4()))
        audit.note(session, by=SYSTEM, act="a", entity="e", entity_id="1")
        changes.record(session, scope="43", entity="e", entity_id="1", op=changes.Op.UPSERT)

    counts = [await count(publisher, table) for table in ("timer", "outbox", "audit", "change_log")]
    assert counts == [1, 1, 1, 1]
    assert publisher.nudge.is_set()


async def test_what_fails_in_a_lane_leaves_nothing(publisher: Database) -> None:
    async def fail() -> None:
        async with lane(publisher, SYSTEM) as session:
            session.add(new(kind="k", entity_id="1", due_at=NOON, rule="r"))
            publish(session, ThingMade(occurred_at=NOON, thing_id=uuid4()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(publisher, "timer") == 0
    assert await count(publisher, "event_log") == 0
    assert not publisher.nudge.is_set()


async def test_a_row_that_is_there_fails_and_the_connection_serves_on(publisher: Database) -> None:
    timer = new(kind="k", entity_id="1", due_at=NOON, rule="r")
    for _ in range(2 * publisher.engine.pool.size()):  # type: ignore[attr-defined]
        again = new(kind="k", entity_id="1", due_at=NOON, rule="r")
        again.timer_id = timer.timer_id
        try:
            async with lane(publisher, SYSTEM) as session:
                session.add(again)
        except asyncpg.UniqueViolationError:
            continue

    assert await count(publisher, "timer") == 1


async def test_a_lane_states_its_actor_to_the_database_and_forgets_it(publisher: Database) -> None:
    region = text("SELECT current_setting('app.region_lo', true)")
    desk = Principal(subject="d", region="4304")
    async with lane(publisher, desk) as session:
        at_commit.insert(session, Effect, {"number": 1})
    async with publisher.sessions() as session:
        assert await session.scalar(text("SELECT region FROM effect")) == "4304"
        assert await session.scalar(region) in (None, "")


async def test_a_twin_fails_in_the_lane_and_finds_the_answer_on_the_ordinary_road(
    publisher: Database,
) -> None:
    key = {"client": "c", "route": "r", "key": "k", "request_hash": b"h"}
    answer = {"status": 201, "headers": {}, "body": b"b"}

    async def store() -> None:
        async with lane(publisher, SYSTEM) as session:
            idempotency.take(session, **key, **answer)
            session.add(new(kind="k", entity_id="1", due_at=NOON, rule="r"))

    await store()
    with pytest.raises(asyncpg.UniqueViolationError):
        await store()
    assert await count(publisher, "timer") == 1

    async with unit_of_work(publisher, SYSTEM) as session:
        known = await idempotency.claim(session, **key)
    assert known is not None
    assert known.body == b"b"


async def test_many_lanes_at_once_share_the_pool(publisher: Database) -> None:
    async def one(number: int) -> None:
        async with lane(publisher, SYSTEM) as session:
            session.add(new(kind="k", entity_id=str(number), due_at=NOON, rule="r"))

    await asyncio.gather(*(one(number) for number in range(40)))

    assert await count(publisher, "timer") == 40


async def test_a_lane_that_skipped_what_was_collected_would_be_noticed(
    publisher: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: rows that wait for the commit are forgotten."""
    monkeypatch.setattr("kernel.at_commit.take", lambda info: ({}, set()))

    with pytest.raises(AssertionError):
        await test_a_lane_writes_rows_facts_audit_and_changes_and_wakes_the_relay(publisher)


async def test_a_fact_told_in_a_lane_stands_in_the_partition_of_its_later_facts(
    publisher: Database,
) -> None:
    for _ in range(40):
        thing = uuid4()
        first, second = (ThingMade(occurred_at=NOON, thing_id=thing, number=n) for n in (1, 2))
        async with lane(publisher, SYSTEM) as session:
            publish(session, first)
        async with unit_of_work(publisher, SYSTEM) as session:
            publish(session, second)
        async with publisher.sessions() as session:
            told = text(
                "SELECT o.partition, e.version FROM outbox o JOIN event_log e USING (event_id)"
                " WHERE e.aggregate_id = :thing ORDER BY o.position"
            )
            rows = (await session.execute(told, {"thing": str(thing)})).all()
        assert rows == [(partition(str(thing)), 1), (partition(str(thing)), 2)]


async def test_a_first_fact_of_an_aggregate_that_is_known_fails(publisher: Database) -> None:
    thing = uuid4()
    async with lane(publisher, SYSTEM) as session:
        publish(session, ThingMade(occurred_at=NOON, thing_id=thing))
    with pytest.raises(asyncpg.UniqueViolationError):
        async with lane(publisher, SYSTEM) as session:
            publish(session, ThingMade(occurred_at=NOON, thing_id=thing))
