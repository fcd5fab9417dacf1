"""Reads the registry."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, equals, one_of, within
from reference.terms import Risk
from services.inspections.registry.tables import Enterprise, Flag, FlagGrade


async def get(session: AsyncSession, uscc: str) -> Enterprise:
    """One enterprise, or a refusal."""
    found = await session.get(Enterprise, uscc)
    if found is None:
        raise NotFound(f"未登记企业 {uscc}。", f"No enterprise is registered as {uscc}.")
    return found


async def known(session: AsyncSession, uscc: str) -> Enterprise | None:
    """One enterprise, if it is registered."""
    return await session.get(Enterprise, uscc)


async def standing(session: AsyncSession, codes: Collection[str]) -> dict[str, Enterprise]:
    """Those of some enterprises that are registered and visible, locked."""
    found = select(Enterprise).where(Enterprise.uscc.in_(codes)).order_by(Enterprise.uscc)
    return {row.uscc: row for row in await session.scalars(found.with_for_update())}


ENTERPRISES = Listing(
    "enterprises",
    key=Enterprise.uscc,
    sorts={"uscc": Enterprise.uscc, "updated_at": Enterprise.updated_at},
    default="uscc",
    filters={
        "region": within(Enterprise.region_code, "行政区划 / division"),
        "sector": one_of(Enterprise.sector, str, "行业领域 / fields of supervision"),
        "risk": one_of(Enterprise.risk, Risk, "风险等级 / colours of risk"),
        "high_risk": equals(Enterprise.high_risk, bool, "是否高危行业 / high-risk trades"),
        "flagged": Filter(
            bool,
            lambda flagged: _flagged().is_(flagged),
            "是否因事故重点关注 / flagged because of an accident",
        ),
    },
)


def _flagged() -> ColumnElement[bool]:
    return exists().where(Flag.uscc == Enterprise.uscc)


def reached_by(by: Principal) -> Select[Enterprise]:
    """What an actor may list: an enterprise itself, others their subtree."""
    found = select(Enterprise)
    if by.uscc is not None:
        return found.where(Enterprise.uscc == by.uscc)
    if by.region is None:
        return found.where(false())
    return found.where(Enterprise.region_code.startswith(by.region, autoescape=True))


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
