"""The change log: what a client that was offline pulls, and cannot miss anything of.

Every change of something that clients keep a copy of is recorded with its transaction, under
the scope of those who may have it. A thing that leaves a scope leaves a tombstone there.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Index,
    PrimaryKeyConstraint,
    Text,
    TextClause,
    bindparam,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel import at_commit
from kernel.db import Base
from kernel.positions import HERE, SETTLED, Positioned, Xid8
from kernel.problems import FieldFault, InvalidPayload

MOST = 500


class Op(StrEnum):
    """What became of a thing, as seen from a scope."""

    UPSERT = "upsert"
    TOMBSTONE = "tombstone"


class Change(Positioned, Base):
    """One change of one thing, for one scope."""

    __tablename__ = "change_log"
    __table_args__ = (
        PrimaryKeyConstraint("seq"),
        Index("ix_change_log_position", "scope", "history", "xid", "seq"),
    )
    scope: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    op: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ChangeEpoch(Base):
    """A day on which every client must begin anew: data were put back in a way no server notices.

    A restored dump, a promoted standby and a moved database are noticed without a row here.
    """

    __tablename__ = "change_epoch"

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]


def record(
    session: AsyncSession,
    *,
    scope: str,
    entity: str,
    entity_id: object,
    op: Op,
    body: Mapping[str, Any] | None = None,
    version: int = 0,
) -> None:
    """Note a change in the caller's transaction. A tombstone has no body."""
    at_commit.insert(
        session,
        Change,
        {
            "scope": scope,
            "entity": entity,
            "entity_id": str(entity_id),
            "op": op,
            "version": version,
            "body": dict(body) if body is not None else None,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """Changes in the order of their commits, and where to go on.

    With `reset` the client first forgets what it holds: its cursor belongs to other scopes
    or to data that have been restored since. With `more` it asks again at once.
    """

    changes: Sequence[Change]
    cursor: str
    more: bool
    reset: bool


@dataclass(frozen=True)
class _Position:
    history: int
    xid: int
    seq: int


_START = _Position(-(2**63), 0, 0)


@dataclass(frozen=True, kw_only=True)
class _Present:
    """The server's history and next transaction, and what a cursor is only valid with."""

    history: int
    next_xid: int
    stamp: str


async def pull(
    session: AsyncSession, *, scopes: Sequence[str], cursor: str | None, limit: int = MOST
) -> Pulled:
    """Changes of some scopes after a cursor; without one, from the beginning."""
    present = await _present(session, scopes)
    asked = _parse(cursor) if cursor else (present.stamp, _START)
    reset = not _valid(asked, present)
    after = _START if reset else asked[1]
    most = min(limit, MOST)
    changes = await _read(session, scopes=scopes, here=present.history, after=after, limit=most + 1)
    last = changes[:most][-1] if changes else after
    return Pulled(
        changes=changes[:most],
        cursor=f"{present.stamp}.{last.history}.{last.xid}.{last.seq}",
        more=len(changes) > most,
        reset=reset,
    )


_PRESENT = text(
    f"SELECT {HERE} AS history, pg_snapshot_xmax(pg_current_snapshot()) AS next_xid,"  # noqa: S608 -- a constant of ours
    " (pg_control_checkpoint()).timeline_id,"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,"
    " (SELECT max(n) FROM change_epoch) AS epoch"
)


async def _present(session: AsyncSession, scopes: Sequence[str]) -> _Present:
    """The timeline counts as other data: a promoted standby may lack its primary's last commits."""
    row = (await session.execute(_PRESENT)).one()
    data = (row.history, row.timeline_id, row.database, row.epoch)
    named = "\0".join((*map(str, data), "", *sorted(set(scopes))))
    stamp = hashlib.sha256(named.encode()).hexdigest()[:16]
    return _Present(history=row.history, next_xid=row.next_xid, stamp=stamp)


_CURSOR = re.compile(r"([0-9a-f]{16})\.(-?\d{1,19})\.(\d{1,19})\.(\d{1,19})", re.ASCII)


def _parse(cursor: str) -> tuple[str, _Position]:
    found = _CURSOR.fullmatch(cursor)
    numbers = [int(part) for part in found.groups()[1:]] if found else []
    if found is None or not all(-(2**63) <= number < 2**63 for number in numbers):
        raise InvalidPayload(
            FieldFault(
                pointer="query:cursor",
                code="cursor_not_valid",
                zh="应为上一次应答给出的游标",
                en="expected the cursor of an earlier answer",
            )
        )
    return found[1], _Position(*numbers)


def _valid(asked: tuple[str, _Position], present: _Present) -> bool:
    stamp, position = asked
    ahead = position.history == present.history and position.xid >= present.next_xid
    return stamp == present.stamp and not ahead


# Rows of other histories come first. Ranges rather than `<>`, so that the index serves.
_RANGES = ("c.history < :here", "c.history > :here", f"c.history = :here AND c.{SETTLED}")


def _statement(of_range: str) -> TextClause:
    return text(
        f"""
        SELECT c.* FROM unnest(:scopes) AS wanted (scope) CROSS JOIN LATERAL (
            SELECT * FROM change_log c
            WHERE c.scope = wanted.scope AND {of_range}
              AND (c.history, c.xid, c.seq) > (:history, :xid, :seq)
            ORDER BY c.history, c.xid, c.seq LIMIT :limit
        ) c ORDER BY c.history, c.xid, c.seq LIMIT :limit
        """  # noqa: S608 -- three constants of ours
    ).bindparams(
        bindparam("scopes", type_=ARRAY(Text)),
        bindparam("here", type_=BigInteger),
        bindparam("history", type_=BigInteger),
        bindparam("xid", type_=Xid8),
        bindparam("seq", type_=BigInteger),
    )


_READ = [select(Change).from_statement(_statement(of_range)) for of_range in _RANGES]


async def _read(
    session: AsyncSession, *, scopes: Sequence[str], here: int, after: _Position, limit: int
) -> list[Change]:
    """Range after range, from the one the position is in."""
    changes: list[Change] = []
    first = _range_of(after, here)
    for number, statement in enumerate(_READ[first:], start=first):
        asked = {
            "scopes": sorted(set(scopes)),
            "here": here,
            "limit": limit - len(changes),
            **asdict(after if number == first else _START),
        }
        changes += (await session.scalars(statement, asked)).all()
        if len(changes) == limit:
            break
    return changes


def _range_of(position: _Position, here: int) -> int:
    if position.history == here:
        return 2
    return 1 if position.history > here else 0
