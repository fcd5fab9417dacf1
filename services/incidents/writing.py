"""All new rows of a transaction in one round trip, whatever tables they belong to.

Accepting a report writes a dozen rows into eight tables; sent one statement at a time, the
way there and back costs more than the work.
"""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.insertion import as_values, insertion
from kernel.lane import Lane


async def write_at_once(session: AsyncSession) -> None:
    """Insert everything that was added and is not yet stored; the objects are let go.

    A lane does so itself, at its end.
    """
    if isinstance(cast("object", session), Lane):
        return
    statement, rows = insertion(as_values(session.new))
    session.expunge_all()
    connection = await session.connection()
    await connection.exec_driver_sql(statement, (rows,))
