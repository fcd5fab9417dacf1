"""Whether the audit trail is whole: every record in its place, none altered, none cut off."""

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.audit import RECORD
from kernel.chain import FIRST, Anchor, Chain
from kernel.positions import HERE

_MOST_FAULTS = 1_000


class FaultKind(StrEnum):
    """What is wrong at a place of the chain."""

    ALTERED = "altered"
    """The record or its seal is not what was sealed."""

    RECORD_MISSING = "record_missing"
    SEAL_MISSING = "seal_missing"
    """A number is left out, or the seal does not follow the one before it."""

    UNSEALED = "unsealed"
    """A record stands before the chain's end and has no seal."""

    CUT_OFF = "cut_off"
    """An anchor remembers a longer chain."""

    REWRITTEN = "rewritten"
    """An anchor remembers another hash in this place."""


@dataclass(frozen=True)
class Fault:
    """One finding."""

    kind: FaultKind
    n: int | None = None
    audit_id: UUID | None = None


@dataclass(kw_only=True)
class Verdict:
    """What a verification found; at most a thousand faults are listed."""

    sealed: int = 0
    anchored: int = 0
    """Length of the longest anchored chain: up to there nothing can have been cut off unseen."""

    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, kind: FaultKind, n: int | None = None, audit_id: UUID | None = None) -> None:
        """Note a finding."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(kind, n, audit_id))


_SEALS = text(
    "SELECT s.n, s.audit_id, s.prev, s.hash, s.algorithm, s.history AS at_history,"  # noqa: S608
    f" s.xid AS at_xid, s.seq AS at_seq, s.sealed_at, {RECORD}"
    " FROM audit_seal s LEFT JOIN audit a ON a.id = s.audit_id ORDER BY s.n"
)
_WHAT_IS_LINKED = 8
"""From here on a row is what its hash covers."""

_UNSEALED = text(
    "WITH last AS (SELECT history, xid, seq FROM audit_seal ORDER BY n DESC LIMIT 1)"  # noqa: S608
    " SELECT a.id FROM audit a, last"
    f" WHERE ((a.history = {HERE} AND last.history = a.history"
    "         AND (a.xid, a.seq) <= (last.xid, last.seq))"
    f"    OR (a.history <> {HERE} AND last.history = {HERE}))"
    " AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.id) LIMIT :most"
)


async def verify(
    session: AsyncSession, *, chain: Chain, anchors: AsyncIterable[Anchor] | None = None
) -> Verdict:
    """Walk the chain from its first seal. Memory stays bounded; the trail may be long."""
    remembered = {anchor.n: anchor async for anchor in anchors} if anchors is not None else {}
    verdict = Verdict(anchored=max(remembered, default=0))
    prev, last = FIRST, 0
    seals = await session.stream(_SEALS, execution_options={"yield_per": 500})
    async for row in seals:
        _look_at(row, prev=prev, last=last, chain=chain, verdict=verdict)
        _compare(row, remembered, verdict)
        prev, last = bytes(row.hash), row.n
        verdict.sealed += 1
    for n in remembered:
        if n > last:
            verdict.add(FaultKind.CUT_OFF, n)
    for (audit_id,) in await session.execute(_UNSEALED, {"most": _MOST_FAULTS}):
        verdict.add(FaultKind.UNSEALED, audit_id=audit_id)
    return verdict


def _look_at(row: Row[Any], *, prev: bytes, last: int, chain: Chain, verdict: Verdict) -> None:
    """One seal: it follows the one before it, and its record is what was sealed."""
    if row.n != last + 1 or bytes(row.prev) != prev:
        verdict.add(FaultKind.SEAL_MISSING, row.n, row.audit_id)
    if row.id is None:
        verdict.add(FaultKind.RECORD_MISSING, row.n, row.audit_id)
        return
    placed = (row.at_history, row.at_xid, row.at_seq) == (row.history, row.xid, row.seq)
    if not placed or bytes(row.hash) != _expected(row, prev, chain):
        verdict.add(FaultKind.ALTERED, row.n, row.audit_id)


def _expected(row: Row[Any], prev: bytes, chain: Chain) -> bytes | None:
    try:
        return chain.link(n=row.n, prev=prev, record=row[_WHAT_IS_LINKED:], algorithm=row.algorithm)
    except KeyError:  # no such algorithm
        return None


def _compare(row: Row[Any], remembered: Mapping[int, Anchor], verdict: Verdict) -> None:
    anchor = remembered.get(row.n)
    if anchor is not None and anchor.hash != bytes(row.hash).hex():
        verdict.add(FaultKind.REWRITTEN, row.n, row.audit_id)
