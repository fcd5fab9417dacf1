"""The audit trail: who did what to what, written with the work and chained so that it tells.

`note` adds a record in the transaction of the act. The sealer then links the records in the
order of their commits into a chain of keyed hashes, apart from the work, so that writers never
wait for one another. The key is not in the database: nobody who only holds the database can
alter, drop or reorder a record and make the chain fit again. What a chain cannot show, that
its end was cut off, the anchors show: head hashes kept in the object store.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, Row, Text, Uuid, func, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from structlog.contextvars import get_contextvars

from kernel import at_commit, clock, keyring
from kernel.access import SYSTEM, Principal
from kernel.chain import FIRST, Anchor, Anchors, Chain
from kernel.db import Base, Database, unit_of_work
from kernel.ids import uuid7
from kernel.positions import HERE, SETTLED, Positioned, Xid8
from kernel.redaction import redacted
from kernel.telemetry import AUDIT_UNSEALED, current_traceparent

log = structlog.get_logger(__name__)

BATCH = 500
POLL_S = 1.0
ANCHOR_S = 600.0


class AuditRecord(Positioned, Base):
    """One act of one actor. Never changed."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_position", "history", "xid", "seq"),
        Index("ix_audit_entity", "entity", "entity_id"),
        {"info": {"append_only": True}},
    )
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    unit: Mapped[str | None]
    post: Mapped[str | None]
    request_id: Mapped[str | None]
    traceparent: Mapped[str | None]
    act: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    detail: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """The link of one record in the chain. Never changed."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        Index("ix_audit_seal_position", "history", "n"),
        {"info": {"append_only": True}},
    )

    n: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    audit_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    history: Mapped[int] = mapped_column(BigInteger)
    xid: Mapped[int] = mapped_column(Xid8)
    seq: Mapped[int] = mapped_column(BigInteger)
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    algorithm: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


def note(
    session: AsyncSession,
    *,
    by: Principal,
    act: str,
    entity: str,
    entity_id: object,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record an act in the caller's transaction: a write, or a reading of what is sealed.

    `detail` is for ids, codes and amounts; personal data are masked on the way in.
    """
    at_commit.insert(
        session,
        AuditRecord,
        {
            "id": uuid7(),
            "at": clock.now(),
            "actor": by.subject,
            "unit": by.unit,
            "post": by.post,
            "request_id": get_contextvars().get("request_id"),
            "traceparent": current_traceparent(),
            "act": act,
            "entity": entity,
            "entity_id": str(entity_id),
            "detail": redacted(detail or {}),
        },
    )


RECORD = (
    "a.id, a.history, a.xid, a.seq, a.at, a.actor, a.unit, a.post, a.request_id, a.traceparent,"
    " a.act, a.entity, a.entity_id, a.detail::text AS detail"
)
"""What of a record the chain covers: all of it, the detail as the server spells it."""

_LOCK = text("SELECT pg_try_advisory_xact_lock(7206)")
_HEAD = text("SELECT n, hash, history FROM audit_seal ORDER BY n DESC LIMIT 1")
_HERE = text(f"SELECT {HERE}")
# Statements whose only variable parts are constants of this module.
_LEFT_OVER = text(
    f"SELECT {RECORD} FROM audit a WHERE a.history <> :here"  # noqa: S608
    " AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.id)"
    " ORDER BY a.history, a.xid, a.seq LIMIT :limit"
)
_LAST = "(SELECT xid, seq FROM audit_seal WHERE history = :here ORDER BY n DESC LIMIT 1)"
_BEYOND = (
    "(a.xid, a.seq) > (coalesce((SELECT xid FROM last), '0'), coalesce((SELECT seq FROM last), 0))"
)
_NEXT = text(
    f"WITH last AS {_LAST} SELECT {RECORD} FROM audit a"  # noqa: S608
    f" WHERE a.history = :here AND a.{SETTLED} AND {_BEYOND} ORDER BY a.xid, a.seq LIMIT :limit"
)
_QUIET = (
    f"WITH here AS (SELECT {HERE} AS history), last AS {_LAST.replace(':here', HERE)}"  # noqa: S608
    " SELECT coalesce(here.history = (SELECT history FROM audit_seal ORDER BY n DESC LIMIT 1),"
    " NOT EXISTS (SELECT FROM audit))"
    f" AND NOT EXISTS (SELECT FROM audit a WHERE a.history = here.history AND {_BEYOND})"
    " FROM here"
)
_PENDING = text(
    f"WITH here AS (SELECT {HERE} AS history), last AS {_LAST.replace(':here', HERE)}"  # noqa: S608
    " SELECT count(*) FROM (SELECT FROM audit a, here"
    f" WHERE a.history = here.history AND {_BEYOND} LIMIT 10000) AS pending"
)


async def seal(session: AsyncSession, *, chain: Chain, now: datetime, limit: int = BATCH) -> int:
    """Link the next records, in the order of their commits; how many there were.

    None when another process is at it. `now` is the machine's instant.
    """
    if not await session.scalar(_LOCK):
        return 0
    head = (await session.execute(_HEAD)).one_or_none()
    n, prev = (head.n, bytes(head.hash)) if head else (0, FIRST)
    seals = []
    for record in await _unsealed(session, head.history if head else None, limit):
        n += 1
        link = chain.link(n=n, prev=prev, record=(now, *record), algorithm=chain.algorithm)
        place = {"history": record.history, "xid": record.xid, "seq": record.seq}
        seals.append({"n": n, "audit_id": record.id, "prev": prev, "hash": link, **place})
        prev = link
    if seals:
        how = insert(AuditSeal).values(algorithm=chain.algorithm, sealed_at=now)
        await session.execute(how, seals)
    return len(seals)


async def _unsealed(session: AsyncSession, sealing: int | None, limit: int) -> Sequence[Row[Any]]:
    """What follows the last seal; on a restored database, first what the dump left unsealed.

    A seal of this history therefore says that nothing of another one is left.
    """
    here = await session.scalar(_HERE)
    values = {"here": here, "limit": limit}
    if sealing != here:
        left_over = (await session.execute(_LEFT_OVER, values)).all()
        if left_over:
            return left_over
    return (await session.execute(_NEXT, values)).all()


async def anchor(session: AsyncSession, *, anchors: Anchors, now: datetime) -> None:
    """Keep the chain's head outside of the database. `now` is the machine's instant."""
    head = (await session.execute(_HEAD)).one_or_none()
    if head is not None:
        await anchors.keep(Anchor(n=head.n, hash=bytes(head.hash).hex(), at=now))


class Sealer:
    """Keeps the chain up with the trail. Any number may run; one at a time works."""

    def __init__(
        self, database: Database, *, chain: Chain | None = None, anchors: Anchors | None = None
    ) -> None:
        self._database = database
        self._chain = chain
        self._anchors = anchors
        self._anchor_at = clock.ticks()

    async def run(self) -> None:
        """Seal for ever; anchor at the start and then every ten minutes."""
        try:
            chain = self._chain or Chain.of_ring()
        except keyring.KeysMissing as reason:
            log.error("audit.not_sealed", reason=str(reason))
            return
        if self._anchors is None:
            log.warning("audit.not_anchored", reason="no object store is named")
        while True:
            try:
                sealed = await self.step(chain)
            except Exception as reason:
                log.warning("audit.sealing_failed", reason=repr(reason))
                sealed = 0
            if sealed < BATCH:
                await asyncio.sleep(POLL_S)

    async def step(self, chain: Chain) -> int:
        """One batch, and an anchor when it is time for one; how many records were sealed."""
        sealed = 0
        if await self._is_quiet():
            AUDIT_UNSEALED.set(0)  # another process may have sealed what this one saw waiting
        else:
            async with unit_of_work(self._database, SYSTEM) as session:
                sealed = await seal(session, chain=chain, now=clock.wall())
                AUDIT_UNSEALED.set(await session.scalar(_PENDING) or 0)
        if self._anchors is not None and clock.ticks() >= self._anchor_at:
            async with unit_of_work(self._database, SYSTEM) as session:
                await anchor(session, anchors=self._anchors, now=clock.wall())
            self._anchor_at = clock.ticks() + ANCHOR_S
        return sealed

    async def _is_quiet(self) -> bool:
        """Whether the chain is up with the trail: one statement, where sealing takes eight.

        Every process asks this every second, most of them with nothing to do.
        """
        [(quiet,)] = await self._database.lookout.see(_QUIET)
        return bool(quiet)
