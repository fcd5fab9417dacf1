"""Decisions as they stood on a day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.listing import Listing, equals, within
from services.tasks.decisions import domain
from services.tasks.decisions.rules import Known
from services.tasks.decisions.tables import ChainDecision
from services.tasks.organisations.queries import in_force

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7302)")

DECISIONS = Listing(
    "chain-decisions",
    key=ChainDecision.id,
    sorts={"effective_from": ChainDecision.effective_from, "name": ChainDecision.name},
    default="-effective_from",
    filters={
        "region": within(ChainDecision.region_code, "行政区划 / division"),
        "field": equals(ChainDecision.field, str, "行业领域 / field"),
    },
    beside=frozenset({"on"}),
)


async def lock(session: AsyncSession) -> None:
    """Nobody else decides until this transaction ends: two could decide on one business."""
    await session.execute(_ONE_AT_A_TIME)


def at(day: date) -> Select[ChainDecision]:
    """The decisions that hold on a day."""
    return select(ChainDecision).where(in_force(ChainDecision, day))


async def of(
    session: AsyncSession, industry: str, *, region: str, on: date
) -> ChainDecision | None:
    """The decision on a kind of business in a place on a day, if there is one."""
    found = at(on).where(
        ChainDecision.business == domain.business_of(industry),
        ChainDecision.regions.contains([region]),
    )
    return await session.scalar(found)


async def all_at(session: AsyncSession, *, on: date) -> Sequence[ChainDecision]:
    """All decisions that hold on a day."""
    return (await session.scalars(at(on))).all()


async def on_business(
    session: AsyncSession, *, business: str, regions: Sequence[str]
) -> Sequence[ChainDecision]:
    """Decisions on one business that hold in any of some places, whenever."""
    found = select(ChainDecision).where(
        ChainDecision.business == business, ChainDecision.regions.overlap(regions)
    )
    return (await session.scalars(found)).all()


async def precedents(session: AsyncSession, *, on: date) -> list[Known]:
    """What was decided and holds, as something to be like."""
    return [
        Known(name=row.name, field=row.field, words=f"{row.name} {row.about}")
        for row in await all_at(session, on=on)
    ]


async def get(session: AsyncSession, decision_id: UUID) -> ChainDecision:
    """One decision, locked, or a refusal."""
    found = await session.get(ChainDecision, decision_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
