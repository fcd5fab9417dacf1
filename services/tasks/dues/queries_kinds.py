"""What every source of what is due says: whose it is, by when, and what it is about."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, Text, cast, func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer
from services.tasks.dues.domain import Said

Words = Callable[[AsyncSession, Collection[UUID]], Awaitable[Mapping[UUID, Said]]]
Moves = Callable[[AsyncSession, Collection[UUID]], Awaitable[Mapping[UUID, int]]]
Column = SQLColumnExpression[Any]

NOBODY: Column = cast(null(), Text)
"""The enterprise of what no enterprise ever owes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One sort of what is due: what is owed of whom, what it is called, how often it moved."""

    kind: str
    entity: str
    """What one opens to do it, as the API calls it: `orders`, `supervisions`."""
    owed: Select[Any]
    """What `asked` gives, of what somebody has to do."""
    words: Words
    moves: Moves
    anywhere: bool = False
    """Whether it is read off what can stand in another place than its unit."""
    lapses: bool = False
    """Whether nobody can do it any more once its time is over."""


def asked(
    key: Column,
    *,
    unit: Column,
    due: Column,
    opened: Column,
    changed: Collection[Column] = (),
    enterprise: Column = NOBODY,
    entity: Column | None = None,
) -> Select[Any]:
    """The columns that every source has; `changed` are further instants at which it changed."""
    return select(
        key.label("id"),
        (key if entity is None else entity).label("entity_id"),
        unit.label("unit"),
        enterprise.label("enterprise_uscc"),
        due.label("due_at"),
        opened.label("opened_at"),
        func.greatest(opened, *changed).label("changed_at"),
    )


def clocked(kind: str) -> Moves:
    """Moved as often as a clock of a kind was set anew."""

    async def moves(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
        chosen = select(Timer.entity_id, func.max(Timer.generation)).where(
            Timer.kind == kind, Timer.entity_id.in_([str(one) for one in ids])
        )
        found = await session.execute(chosen.group_by(Timer.entity_id))
        return {UUID(entity): int(generation) - 1 for entity, generation in found}

    return moves


async def unmoved(_: AsyncSession, __: Collection[UUID]) -> Mapping[UUID, int]:
    """Its deadline is never moved."""
    return {}
