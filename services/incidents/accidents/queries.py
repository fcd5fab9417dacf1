"""Finding accidents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identifiers import bounds
from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, before, equals, one_of, since, within
from reference.terms import Grade, Level
from services.incidents.accidents.tables import Accident, GradeVersion


async def get(session: AsyncSession, accident_id: UUID, *, lock: bool = False) -> Accident:
    """One accident. With `lock`, nobody else changes it until this transaction ends."""
    accident = await session.get(Accident, accident_id, with_for_update=lock or None)
    if accident is None:
        raise NotFound(f"没有编号为 {accident_id} 的事故", f"No accident has the id {accident_id}.")
    return accident


async def standing(
    session: AsyncSession, accident_id: UUID, *, enterprise: str | None = None, lock: bool = False
) -> Accident:
    """The accident that goes on under an id: itself, or the one it was merged into.

    An enterprise that has no part in that one, or names another than its own, stays with the
    accident it knows: its word is kept there.
    """
    accident = await get(session, accident_id, lock=lock)
    while accident.merged_into is not None:
        into = await session.get(Accident, accident.merged_into, with_for_update=lock or None)
        if into is None or enterprise not in (None, into.enterprise_uscc):
            break
        accident = into
    return accident


async def merged_into(session: AsyncSession, accident_id: UUID) -> Sequence[Accident]:
    """The accidents that go on as this one, as they were merged."""
    chosen = select(Accident).where(Accident.merged_into == accident_id)
    return (await session.scalars(chosen.order_by(Accident.merged_at, Accident.id))).all()


async def grades(session: AsyncSession, accident_id: UUID) -> Sequence[GradeVersion]:
    """Every grade it had, oldest first."""
    chosen = select(GradeVersion).where(GradeVersion.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(GradeVersion.version))).all()


def _merged(wanted: bool) -> ColumnElement[bool]:
    """Accidents that went on as another, or those that stand."""
    return Accident.merged_into.is_not(None) if wanted else Accident.merged_into.is_(None)


MERGED = Filter(
    bool,
    _merged,
    "已并入其他事故者（默认不列） / those merged into another, left out unless asked for",
    usual=False,
)
"""Several reports of one accident are one accident, wherever accidents are listed."""

ACCIDENTS = Listing(
    "accidents",
    key=Accident.id,
    sorts={"occurred_at": Accident.occurred_at, "received_at": Accident.received_at},
    default="-occurred_at",
    filters={
        "region": within(Accident.region_code, "行政区划 / division"),
        "grade": one_of(Accident.grade, Grade, "事故等级 / grades"),
        "level": one_of(Accident.investigating_level, Level, "调查层级 / investigating levels"),
        "accident_type": one_of(Accident.accident_type, str, "事故类型 / kinds of accident"),
        "industry": one_of(Accident.industry, str, "行业 / industries"),
        "enterprise": equals(Accident.enterprise_uscc, str, "统一社会信用代码 / credit code"),
        "late": equals(Accident.late, bool, "是否迟报 / reported late"),
        "since": since(Accident.occurred_at, "发生时间起 / happened at or after"),
        "before": before(Accident.occurred_at, "发生时间止 / happened before"),
        "merged": MERGED,
    },
)


def reached_by(by: Principal) -> Select[Accident]:
    """What an actor may list: an enterprise its own, others those of their subtree."""
    found = select(Accident)
    if by.uscc is not None:
        return found.where(Accident.enterprise_uscc == by.uscc)
    if by.region is None:
        return found.where(false())
    # A range, not LIKE: behind row-level security the planner knows what a range leaves.
    return found.where(Accident.region_code.between(*bounds(by.region)))
