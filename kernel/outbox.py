"""How events leave: written with the work, published by a relay, kept for ever.

`event_log` is the truth, append-only. `outbox` holds one pointer per event not yet
published. A relay locks one partition row, publishes its pointers in order and deletes them
in the same transaction: the transaction is the lease, so a relay that dies loses nothing,
and for one aggregate the order on the wire is the order of the commits.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base
from kernel.events import Event
from kernel.insertion import Rows
from kernel.telemetry import current_traceparent

PARTITIONS = 16


class AggregateVersion(Base):
    """How many facts were told about an aggregate; its row lock orders their writers."""

    __tablename__ = "aggregate_version"

    aggregate_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class LoggedEvent(Base):
    """Every fact ever told by this service."""

    __tablename__ = "event_log"
    __table_args__ = (
        UniqueConstraint("aggregate_id", "version"),
        Index("ix_event_log_recorded_at", "recorded_at"),
        {"info": {"append_only": True}},
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject: Mapped[str]
    aggregate_id: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    traceparent: Mapped[str | None]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Pointer(Base):
    """An event still to be published."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_partition_position", "partition", "position"),
        {
            "postgresql_with": {
                "autovacuum_vacuum_scale_factor": "0",
                "autovacuum_vacuum_threshold": "1000",
            }
        },
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    partition: Mapped[int] = mapped_column(SmallInteger)
    event_id: Mapped[UUID] = mapped_column(Uuid)
    again: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    """Sent before: the broker must store it though it may remember its message id."""


class Partition(Base):
    """The rows whose locks are the relays' leases."""

    __tablename__ = "outbox_partition"

    partition: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)


def publish(session: AsyncSession, event: Event) -> None:
    """Tell a fact. It is recorded in the caller's transaction and sent once that commits."""
    session.info.setdefault("told", []).append(event)


_RECORD = text(
    """
    WITH told AS MATERIALIZED (
        SELECT * FROM unnest(:event_ids, :subjects, :aggregates, :instants, :bodies)
            WITH ORDINALITY AS t(event_id, subject, aggregate_id, occurred_at, data, n)
    ), bumped AS (
        INSERT INTO aggregate_version AS a (aggregate_id, version)
        SELECT aggregate_id, count(*) FROM told GROUP BY aggregate_id ORDER BY aggregate_id
        ON CONFLICT (aggregate_id) DO UPDATE SET version = a.version + excluded.version
        RETURNING aggregate_id, version
    ), logged AS (
        INSERT INTO event_log
            (event_id, subject, aggregate_id, version, occurred_at, traceparent, data)
        SELECT t.event_id, t.subject, t.aggregate_id,
               b.version - count(*) OVER (PARTITION BY t.aggregate_id)
                   + row_number() OVER (PARTITION BY t.aggregate_id ORDER BY t.n),
               t.occurred_at, :traceparent, t.data
        FROM told t JOIN bumped b USING (aggregate_id)
    )
    INSERT INTO outbox (partition, event_id)
    SELECT get_byte(decode(md5(t.aggregate_id), 'hex'), 0) % :partitions, t.event_id
    FROM told t JOIN bumped b USING (aggregate_id) ORDER BY t.n
    """
).bindparams(
    bindparam("event_ids", type_=ARRAY(Uuid)),
    bindparam("subjects", type_=ARRAY(Text)),
    bindparam("aggregates", type_=ARRAY(Text)),
    bindparam("instants", type_=ARRAY(DateTime(timezone=True))),
    bindparam("bodies", type_=ARRAY(LargeBinary)),
    bindparam("traceparent", type_=Text),
)
"""Writes all facts of a transaction at once.

The version row of each aggregate is locked before the outbox position is drawn, and
aggregates are locked in one order, so positions follow commits and nobody deadlocks.
"""


async def record(session: AsyncSession) -> None:
    """Write the facts told in this transaction; called once, just before the commit."""
    told: list[Event] = session.info.get("told", [])
    if not told:
        return
    await session.flush()
    await session.execute(
        _RECORD,
        {
            "event_ids": [event.event_id for event in told],
            "subjects": [event.subject for event in told],
            "aggregates": [event.aggregate_id for event in told],
            "instants": [event.occurred_at for event in told],
            "bodies": [event.model_dump_json().encode() for event in told],
            "traceparent": current_traceparent(),
            "partitions": PARTITIONS,
        },
    )


def first_facts(told: Sequence[Event]) -> Rows:
    """The rows of the facts told of aggregates of which nothing was told before.

    If something was, the version row is there already and the insertion fails.
    """
    versions: Counter[str] = Counter()
    rows: Rows = {AggregateVersion.__tablename__: [], "event_log": [], "outbox": []}
    for event in told:
        versions[event.aggregate_id] += 1
        rows["event_log"].append(_logged(event, version=versions[event.aggregate_id]))
        pointer = {"partition": partition(event.aggregate_id), "event_id": event.event_id}
        rows["outbox"].append(pointer)
    rows[AggregateVersion.__tablename__] = [
        {"aggregate_id": aggregate, "version": version} for aggregate, version in versions.items()
    ]
    return {table: values for table, values in rows.items() if values}


def _logged(event: Event, *, version: int) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "subject": event.subject,
        "aggregate_id": event.aggregate_id,
        "version": version,
        "occurred_at": event.occurred_at,
        "traceparent": current_traceparent(),
        "data": event.model_dump_json().encode(),
    }


def partition(aggregate_id: str) -> int:
    """The partition of an aggregate, as the statements here compute it too."""
    return hashlib.md5(aggregate_id.encode(), usedforsecurity=False).digest()[0] % PARTITIONS


_REPUBLISH = text(
    "INSERT INTO outbox (partition, event_id, again)"
    " SELECT get_byte(decode(md5(aggregate_id), 'hex'), 0) % :partitions, event_id, true"
    " FROM event_log"
    " WHERE recorded_at >= :since ORDER BY aggregate_id, version"
)

_REPUBLISH_AGGREGATE = text(
    "INSERT INTO outbox (partition, event_id, again)"
    " SELECT get_byte(decode(md5(aggregate_id), 'hex'), 0) % :partitions, event_id, true"
    " FROM event_log"
    " WHERE aggregate_id = :aggregate_id AND version >= :version ORDER BY version"
)


async def republish_since(session: AsyncSession, *, since: datetime) -> None:
    """Queue every fact recorded since an instant of the database's own clock once more."""
    await session.execute(_REPUBLISH, {"since": since, "partitions": PARTITIONS})
    session.info["told"] = []


async def republish_aggregate(session: AsyncSession, *, aggregate_id: str, version: int) -> None:
    """Queue the facts of one aggregate from a version on once more."""
    await session.execute(
        _REPUBLISH_AGGREGATE,
        {"aggregate_id": aggregate_id, "version": version, "partitions": PARTITIONS},
    )
