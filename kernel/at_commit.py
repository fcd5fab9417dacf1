"""Rows that a transaction collects on its way and inserts together just before it commits.

For rows that nobody reads again in the same transaction: one statement for all of them,
without the bookkeeping of mapped objects. It hangs on every session's own commit, so no
caller can forget it.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from kernel.insertion import Rows, insertion, values_of

_COLLECTED = "rows at commit"
_ONCE = "tables of rows to insert once"


def insert(session: AsyncSession, table: Any, row: dict[str, Any], *, once: bool = False) -> None:
    """Have a row of a mapped class's table inserted when the caller's transaction commits.

    With `once`, a row that is there already stays and this one is dropped. Every row of a
    table names the same columns, and all of them go in either way.
    """
    collected: Rows = session.info.setdefault(_COLLECTED, {})
    collected.setdefault(table.__tablename__, []).append(row)
    if once:
        session.info.setdefault(_ONCE, set()).add(table.__tablename__)


def store(session: AsyncSession, row: Any) -> None:
    """Have a new mapped object's values inserted; the object stays the caller's own."""
    insert(session, type(row), values_of(row))


def holds(session: AsyncSession, table: Any) -> bool:
    """Whether rows of a table wait for the commit."""
    return table.__tablename__ in session.info.get(_COLLECTED, {})


def take(info: dict[Any, Any]) -> tuple[Rows, set[str]]:
    """What was collected, and the tables of `once`; whoever takes it inserts it."""
    return info.pop(_COLLECTED, {}), info.pop(_ONCE, set())


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Insert what was collected, in the order in which it was."""
    rows, once = take(session.info)
    if rows:
        session.flush()  # what they refer to may still be pending
        statement, given = insertion(rows, once=once)
        session.connection().exec_driver_sql(statement, (given,))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    take(session.info)
