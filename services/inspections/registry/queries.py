"""Reads the registry."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.inspections.registry.tables import Enterprise, Flag, FlagGrade


async def get(session: AsyncSession, uscc: str) -> Enterprise:
    """One enterprise, or a refusal."""
    found = await session.get(Enterprise, uscc)
    if found is None:
        raise NotFound(f"未登记企业 {uscc}。", f"No enterprise is registered as {uscc}.")
    return found


async def standing(session: AsyncSession, codes: Collection[str]) -> dict[str, Enterprise]:
    """Those of some enterprises that are registered and visible, locked."""
    found = select(Enterprise).where(Enterprise.uscc.in_(codes)).order_by(Enterprise.uscc)
    return {row.uscc: row for row in await session.scalars(found.with_for_update())}


def matching(
    *,
    enterprise: str | None = None,
    region: str | None = None,
    sector: str | None = None,
    high_risk: bool | None = None,
    flagged: bool | None = None,
) -> Select[Enterprise]:
    """Enterprises by place, field and attention."""
    found = select(Enterprise)
    if enterprise is not None:
        found = found.where(Enterprise.uscc == enterprise)
    if region:
        found = found.where(Enterprise.region_code.startswith(region, autoescape=True))
    if sector is not None:
        found = found.where(Enterprise.sector == sector)
    if high_risk is not None:
        found = found.where(Enterprise.high_risk.is_(high_risk))
    if flagged is not None:
        flags = select(Flag.id).where(Flag.uscc == Enterprise.uscc).exists()
        found = found.where(flags if flagged else ~flags)
    return found


async def flags(session: AsyncSession, codes: Collection[str]) -> Sequence[Flag]:
    """The flags of some enterprises, newest first."""
    found = select(Flag).where(Flag.uscc.in_(codes))
    return (await session.scalars(found.order_by(Flag.flagged_at.desc(), Flag.id))).all()


async def flag_of(session: AsyncSession, accident_id: UUID) -> Flag | None:
    """The flag an accident put on its enterprise, locked."""
    found = select(Flag).where(Flag.accident_id == accident_id)
    return await session.scalar(found.with_for_update())


async def grades(session: AsyncSession, flag_ids: Collection[UUID]) -> Sequence[FlagGrade]:
    """Every grade some flags have had, oldest first."""
    found = select(FlagGrade).where(FlagGrade.flag_id.in_(flag_ids))
    return (await session.scalars(found.order_by(FlagGrade.since))).all()
