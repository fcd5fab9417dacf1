"""Waiting until every transaction of the server that could still commit a row before ours ended.

Transaction ids are the whole server's: a transaction of another worker's database holds back
these readers too, for as long as it is open.
"""

from sqlalchemy import text

from kernel.db import Database
from kernel.positions import HERE, SETTLED
from tests.eventually import eventually


async def settle(database: Database, table: str) -> None:
    """Return when every row of the table can be read by position."""
    unsettled = text(f"SELECT count(*) FROM {table} WHERE history = {HERE} AND NOT {SETTLED}")

    async def nothing_open() -> bool:
        async with database.sessions() as session:
            return await session.scalar(unsettled) == 0

    await eventually(nothing_open, within=20)
