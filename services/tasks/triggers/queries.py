"""What is looked at one after the other before a duty is set off."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7321)")


async def lock(session: AsyncSession) -> None:
    """Nobody else asks because of a delay or a list until this transaction ends.

    When a period ends many facts are heard at once, of which several ask for one thing.
    """
    await session.execute(_ONE_AT_A_TIME)
