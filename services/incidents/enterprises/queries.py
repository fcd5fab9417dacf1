"""Finding names of enterprises, and their accidents."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.listing import Listing, before, one_of, since
from reference.terms import Grade
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.enterprises.tables import KnownEnterprise


async def name(session: AsyncSession, uscc: str | None) -> str | None:
    """What an enterprise is called, if it was told."""
    if uscc is None:
        return None
    chosen = select(KnownEnterprise.name).where(KnownEnterprise.enterprise_uscc == uscc)
    return await session.scalar(chosen)


STORIES = Listing(
    "enterprise-timeline",
    key=Accident.id,
    sorts={"occurred_at": Accident.occurred_at},
    default="-occurred_at",
    filters={
        "grade": one_of(Accident.grade, Grade, "事故等级 / grades"),
        "since": since(Accident.occurred_at, "发生时间起 / happened at or after"),
        "before": before(Accident.occurred_at, "发生时间止 / happened before"),
        "merged": accidents.MERGED,
    },
)
