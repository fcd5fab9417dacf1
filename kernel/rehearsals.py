"""Work that is done to see what would be refused, and is undone whatever came of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession


@asynccontextmanager
async def rehearsed(session: AsyncSession) -> AsyncIterator[None]:
    """Undo at the end what is done inside: rows, and what waits for the commit.

    Audit records, facts and timers wait in the session and not in the database, where going
    back to a savepoint would not reach them. Rows read inside are not to be used afterwards.
    """
    waiting = dict(session.info)
    session.info.clear()
    savepoint = await session.begin_nested()
    try:
        yield
    finally:
        await savepoint.rollback()
        session.info.clear()
        session.info.update(waiting)
