"""Reads the copy of the enterprises."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.tasks.chains.tables import Enterprise


async def enterprise(session: AsyncSession, uscc: str) -> Enterprise:
    """One enterprise, or a refusal."""
    found = await known(session, uscc)
    if found is None:
        raise NotFound(
            f"未登记统一社会信用代码 {uscc}。", f"No enterprise is registered as {uscc}."
        )
    return found


async def known(session: AsyncSession, uscc: str) -> Enterprise | None:
    """One enterprise, if it has been registered."""
    return await session.scalar(select(Enterprise).where(Enterprise.uscc == uscc))
