"""Pages by keyset: each is one index range, and no row is passed over or shown twice.

A cursor holds the sort values of the last row shown, under a keyed hash: it cannot be made
up, and it belongs to one list, one order and one set of filters.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import keyring
from kernel.listing import Asked, Expression
from kernel.problems import FieldFault, InvalidPayload

_MAC_BYTES = 16

R = TypeVar("R")
T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list. `next_cursor` is null on the last one."""

    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Slice(Generic[R]):
    """The rows of one page; a route returns it as `Page[View]`."""

    items: Sequence[R]
    next_cursor: str | None


async def page(session: AsyncSession, statement: Select[R], asked: Asked) -> Slice[R]:
    """The page asked for, of a statement that selects one entity and has no order yet."""
    keys = _keys(asked)
    query = ordered(narrowed(statement, asked), asked)
    if asked.cursor is not None:
        query = query.where(_after(keys, _opened(asked.cursor, _place(asked))))
    held = query.add_columns(*(key.expression for key in keys)).limit(asked.limit + 1)
    rows = (await session.execute(held)).all()
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    cursor = _closed(rows[-1][1:], _place(asked)) if more else None
    return Slice([row[0] for row in rows], cursor)


def narrowed(statement: Select[R], asked: Asked) -> Select[R]:
    """The statement with every filter that was given."""
    table = asked.listing.filters
    return statement.where(*(table[name].where(held) for name, held in asked.filters.items()))


def ordered(statement: Select[R], asked: Asked) -> Select[R]:
    """The statement in the order asked for."""
    return statement.order_by(*(key.clause() for key in _keys(asked)))


@dataclass(frozen=True)
class _Key:
    """One expression that rows are ordered by. Null stands last, whichever way."""

    expression: Expression
    descending: bool

    @property
    def nullable(self) -> bool:
        return bool(getattr(self.expression, "nullable", True))

    def clause(self) -> ColumnElement[Any]:
        clause = self.expression.desc() if self.descending else self.expression.asc()
        return clause.nulls_last() if self.nullable else clause

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Rows that come after a value."""
        if value is None:
            return false()
        after = self.expression > self.bound(value)
        if self.descending:
            after = self.expression < self.bound(value)
        return or_(after, self.expression.is_(None)) if self.nullable else after

    def same(self, value: Any) -> ColumnElement[bool]:
        """Rows with this very value."""
        return self.expression.is_(None) if value is None else self.expression == self.bound(value)

    def bound(self, value: Any) -> ColumnElement[Any]:
        """The value as one of this expression's own type."""
        return literal(value, self.expression.type)


def _keys(asked: Asked) -> Sequence[_Key]:
    """The row's own key comes last, so that no two rows are equal."""
    sorts = asked.listing.sorts
    keys = [_Key(sorts[name], descending) for name, descending in asked.order]
    return (*keys, _Key(asked.listing.key, keys[-1].descending))


def _after(keys: Sequence[_Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after the one with these values."""
    pairs = list(zip(keys, values, strict=True))
    if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
        rows = tuple_(*(key.expression for key in keys))
        last = tuple_(*(key.bound(value) for key, value in pairs))
        return rows < last if keys[0].descending else rows > last
    steps = [
        and_(*(held.same(at) for held, at in pairs[:index]), key.beyond(value))
        for index, (key, value) in enumerate(pairs)
    ]
    # The first line repeats what the steps imply, in a form that an index can start from.
    (first, start), *_ = pairs
    return and_(or_(first.beyond(start), first.same(start)), or_(*steps))


def _place(asked: Asked) -> bytes:
    """What a cursor is only valid with: this list, order and filters."""
    held = sorted((name, repr(value)) for name, value in asked.filters.items())
    return orjson.dumps([asked.listing.name, asked.order, held])


def resumed(asked: Asked) -> Sequence[Any] | None:
    """Where a list that is walked in its own way goes on: the values its cursor holds."""
    return None if asked.cursor is None else _opened(asked.cursor, _place(asked))


def cursor_at(values: Sequence[Any], asked: Asked) -> str:
    """The cursor that goes on after these values, for this list, order and filters."""
    return _closed(values, _place(asked))


_lone_key = os.urandom(32)


def _mac(body: bytes, place: bytes) -> bytes:
    try:
        key = keyring.ring().derived("cursor")
    except keyring.KeysMissing:  # cursors that this process alone understands
        key = _lone_key
    content = len(place).to_bytes(4, "big") + place + body
    return hmac.digest(key, content, "sha256")[:_MAC_BYTES]


def _closed(values: Sequence[Any], place: bytes) -> str:
    body = orjson.dumps([_packed(value) for value in values])
    return _text(_mac(body, place) + body)


def _text(token: bytes) -> str:
    return urlsafe_b64encode(token).decode().rstrip("=")


def _opened(cursor: str, place: bytes) -> Sequence[Any]:
    """The values in a cursor that this list gave for this order and these filters."""
    try:
        token = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        token = b""
    mac, body = token[:_MAC_BYTES], token[_MAC_BYTES:]
    if _text(token) != cursor or not hmac.compare_digest(mac, _mac(body, place)):
        raise InvalidPayload(
            FieldFault(
                pointer="query:cursor",
                code="cursor_not_valid",
                zh="应为同一列表、同一排序与筛选的上一页给出的游标",
                en="expected the cursor of the page before, of the same list, order and filters",
            )
        )
    return [_unpacked(value) for value in orjson.loads(body)]


_KINDS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "UUID": UUID,
    "Decimal": Decimal,
    "float": float,  # as text: JSON has no NaN
}


def _packed(value: Any) -> Any:
    kind = type(value).__name__
    if kind not in _KINDS:
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return [kind, text]


def _unpacked(value: Any) -> Any:
    return _KINDS[value[0]](value[1]) if isinstance(value, list) else value
