"""What is due of whom, off all sources. A further room that asks something by a day is one more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db import everywhere
from services.tasks.dues import (
    queries_appeals,
    queries_cards,
    queries_duties,
    queries_orders,
    queries_scores,
    queries_supervisions,
)
from services.tasks.dues.domain import Due, Holder, Owing, Said
from services.tasks.dues.queries_kinds import Source

SOURCES: tuple[Source, ...] = (
    *queries_duties.SOURCES,
    *queries_orders.SOURCES,
    *queries_supervisions.SOURCES,
    *queries_cards.SOURCES,
    *queries_scores.SOURCES,
    *queries_appeals.SOURCES,
)
_BY_KIND: Mapping[str, Source] = {source.kind: source for source in SOURCES}

Whose = Literal["unit", "enterprise_uscc"]


async def owed(
    session: AsyncSession,
    holder: Holder,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    most: int,
) -> list[Due]:
    """What somebody has to do with a deadline in a window, what is due first before the rest."""
    found: list[Due] = []
    for source in SOURCES:
        chosen = _due(source, holder.whose, [holder.code], until=until, now=now)
        async with everywhere(session) if source.anywhere else nullcontext():
            found += await _of(session, source, chosen, since=since, most=most)
    return sorted(found, key=lambda due: (due.due_at, due.uid))[:most]


def _due(
    source: Source, whose: Whose, codes: Collection[str], *, until: datetime, now: datetime
) -> Select[Any]:
    """What of a source is due of some by an instant, the holder as `holder`."""
    rows = source.owed.subquery()
    holder: ColumnElement[str] = rows.c[whose]
    chosen = select(rows, holder.label("holder")).where(holder.in_(codes), rows.c.due_at <= until)
    return chosen.where(rows.c.due_at > now) if source.lapses else chosen


async def _of(
    session: AsyncSession, source: Source, chosen: Select[Any], *, since: datetime, most: int
) -> list[Due]:
    columns = chosen.selected_columns
    window = chosen.where(columns.due_at > since).order_by(columns.due_at, columns.id)
    picked = (await session.execute(window.limit(most))).all()
    ids = [row.id for row in picked]
    words, moves = await source.words(session, ids), await source.moves(session, ids)
    return [
        Due(
            kind=source.kind,
            id=row.id,
            entity=f"{source.entity}/{row.entity_id}",
            due_at=row.due_at,
            opened_at=row.opened_at,
            changed_at=row.changed_at,
            moved=moves.get(row.id, 0),
            words=words[row.id],
        )
        for row in picked
    ]


async def owed_by(
    session: AsyncSession, whose: Whose, codes: Collection[str], *, until: datetime, now: datetime
) -> Sequence[Owing]:
    """What some units or enterprises have to do by an instant: holder by holder, urgent first."""
    found: list[Owing] = []
    for source in SOURCES:
        chosen = _due(source, whose, codes, until=until, now=now)
        found += [
            Owing(
                holder=row.holder,
                kind=source.kind,
                id=row.id,
                entity=f"{source.entity}/{row.entity_id}",
                due_at=row.due_at,
            )
            for row in await session.execute(chosen)
        ]
    return sorted(found, key=lambda one: (one.holder, one.due_at, one.kind, one.id))


async def words(session: AsyncSession, named: Iterable[Owing]) -> Mapping[tuple[str, UUID], Said]:
    """What some of what is due is called, by its kind and id."""
    wanted: dict[str, set[UUID]] = {}
    for one in named:
        wanted.setdefault(one.kind, set()).add(one.id)
    return {
        (kind, found): said
        for kind, ids in wanted.items()
        for found, said in (await _BY_KIND[kind].words(session, ids)).items()
    }
