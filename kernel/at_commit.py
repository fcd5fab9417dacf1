"""Rows that a transaction collects on its way and inserts together just before it commits.

For tables that are only ever appended to: one statement per table, without the bookkeeping of
mapped objects. It hangs on every session's own commit, so no caller can forget it.
"""

from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

_COLLECTED = "rows at commit"


def insert(session: AsyncSession, table: Any, row: dict[str, Any]) -> None:
    """Have a row of a mapped class's table inserted when the caller's transaction commits."""
    collected: dict[Table, list[dict[str, Any]]] = session.info.setdefault(_COLLECTED, {})
    collected.setdefault(table.__table__, []).append(row)


def take(info: dict[Any, Any]) -> dict[Table, list[dict[str, Any]]]:
    """What was collected; whoever takes it inserts it."""
    collected: dict[Table, list[dict[str, Any]]] = info.pop(_COLLECTED, {})
    return collected


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Insert what was collected, in the order in which it was."""
    for table, rows in take(session.info).items():
        session.execute(table.insert(), rows)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_COLLECTED, None)
