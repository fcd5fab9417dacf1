"""The same request twice has one effect and one answer.

The key is claimed by an insert in the transaction of the work, so a twin waits on the unique
index until the first one has committed or failed. A refusal rolls back and frees the key.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    DateTime,
    LargeBinary,
    SmallInteger,
    Text,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel import at_commit
from kernel.db import Base
from kernel.problems import Problem


class KeyReused(Problem):
    """The idempotency key was used for another request."""

    status = 422
    title_zh = "幂等键已用于另一份内容"
    title_en = "The idempotency key was used for another request"


class TwinInProgress(Problem):
    """The same request is being worked on at this moment."""

    status = 409
    title_zh = "同一请求正在处理，请稍后重试"
    title_en = "The same request is in progress; try again shortly"


class Answer(Base):
    """The answer given for a key."""

    __tablename__ = "idempotency"

    client: Mapped[str] = mapped_column(Text, primary_key=True)
    route: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


_CLAIM = text(
    "INSERT INTO idempotency (client, route, key, request_hash, status, headers, body)"
    " VALUES (:client, :route, :key, :request_hash, :status, :headers, :body)"
    " ON CONFLICT DO NOTHING RETURNING 1"
).bindparams(
    bindparam("status", type_=SmallInteger),
    bindparam("headers", type_=LargeBinary),
    bindparam("body", type_=LargeBinary),
)
_KEEP = text(
    "UPDATE idempotency SET status = :status, headers = :headers, body = :body"
    " WHERE client = :client AND route = :route AND key = :key"
)


def digest(payload: Any) -> bytes:
    """A hash that does not depend on the order of keys or on white space."""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


async def claim(
    session: AsyncSession,
    *,
    client: str,
    route: str,
    key: str,
    request_hash: bytes,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer | None:
    """Take the key, or return the answer that was given for it.

    An answer that is known before the work is done is kept with the claim; any other one
    follows with `keep`. Raises KeyReused when the key stands for another payload.
    """
    values = {"client": client, "route": route, "key": key, "request_hash": request_hash}
    answer = {"status": status, "headers": _packed(headers), "body": body}
    if await session.scalar(_CLAIM, values | answer):
        return None
    known = (
        await session.scalars(
            select(Answer).where(Answer.client == client, Answer.route == route, Answer.key == key)
        )
    ).one()
    if known.request_hash != request_hash:
        raise KeyReused(
            f"键 {key} 已用于内容不同的请求", f"The key {key} stands for another payload."
        )
    return known


def take(
    session: AsyncSession,
    *,
    client: str,
    route: str,
    key: str,
    request_hash: bytes,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Take a key that nobody has, with the answer that is known before the work is done.

    If somebody has it, the commit fails by the unique index, after a twin in flight has ended.
    """
    row = {"client": client, "route": route, "key": key, "request_hash": request_hash}
    answer = {"status": status, "headers": _packed(headers), "body": body}
    at_commit.insert(session, Answer, row | answer)


async def keep(
    session: AsyncSession,
    *,
    client: str,
    route: str,
    key: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Remember the answer, in the transaction of the work."""
    place = {"client": client, "route": route, "key": key}
    answer = {"status": status, "headers": _packed(headers), "body": body}
    await session.execute(_KEEP, place | answer)


def _packed(headers: Mapping[str, str] | None) -> bytes | None:
    return None if headers is None else orjson.dumps(dict(headers))
