"""Finding members and recusals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from services.incidents.reach import reached
from services.incidents.teams.domain import MemberStatus, Organ, Part
from services.incidents.teams.tables import Member, Recusal


async def get(session: AsyncSession, member_id: UUID) -> Member:
    """One member. Whoever changes one holds the lock of its accident, and refreshes it."""
    member = await session.get(Member, member_id)
    if member is None:
        raise NotFound(f"没有编号为 {member_id} 的成员", f"No member has the id {member_id}.")
    return member


async def recusal(session: AsyncSession, recusal_id: UUID) -> Recusal:
    """One recusal."""
    found = await session.get(Recusal, recusal_id)
    if found is None:
        raise NotFound(
            f"没有编号为 {recusal_id} 的回避申请", f"No recusal has the id {recusal_id}."
        )
    return found


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Member]:
    """Everybody who ever sat on a team, in the order they were named."""
    chosen = select(Member).where(Member.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Member.id))).all()


async def recusals(session: AsyncSession, accident_id: UUID) -> Sequence[Recusal]:
    """Every recusal that was declared or asked for, oldest first."""
    chosen = select(Recusal).where(Recusal.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Recusal.id))).all()


async def with_account(session: AsyncSession, accident_id: UUID, account: str) -> Sequence[Member]:
    """The places that an account has or had on a team."""
    chosen = select(Member).where(Member.accident_id == accident_id, Member.account == account)
    return (await session.scalars(chosen.order_by(Member.id))).all()


MEMBERS = Listing(
    "team-members",
    key=Member.id,
    sorts={"named_at": Member.named_at, "organ": Member.organ},
    default="-named_at",
    filters={
        "accident": equals(Member.accident_id, UUID, "事故编号 / accident"),
        "region": within(Member.region_code, "行政区划 / division"),
        "organ": one_of(Member.organ, Organ, "派出机关 / organs"),
        "part": one_of(Member.part, Part, "组内职务 / parts"),
        "status": one_of(Member.status, MemberStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Member]:
    """The members of teams that an actor may list."""
    return reached(Member, by)
