"""Reads parts, their steps, and who held the work."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, before, equals, one_of, within
from services.tasks.obligations.domain import LIVE, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain import DONE, PartRole, PartStatus
from services.tasks.parts.tables import Part, PartEntry, PartHold

DUE_AT = func.greatest(Obligation.due_at, Part.own_due_at)
"""When a part is due: with its whole, unless it was given more time."""

PARTS = Listing(
    "parts",
    key=Part.id,
    sorts={"opened_at": Part.opened_at, "due_at": DUE_AT},
    default="-opened_at",
    filters={
        "unit": equals(Part.unit, str, "单位 / unit"),
        "region": within(Part.region_code, "行政区划 / division"),
        "obligation": equals(Part.obligation_id, UUID, "任务 / obligation"),
        "duty": equals(Obligation.duty, str, "职责 / the duty"),
        "due_before": before(DUE_AT, "期限早于 / due before"),
        "role": one_of(Part.role, PartRole, "分工 / roles"),
        "status": one_of(Part.status, PartStatus, "状态 / states"),
        "objected": Filter(
            bool,
            lambda waits: Part.objected_at.is_not(None).is_(waits),
            "是否提出异议待裁定 / whether an objection to it waits for its decision",
        ),
        "overdue": Filter(
            bool,
            lambda late: Part.overdue_at.is_not(None).is_(late),
            "是否逾期 / whether it was held past the deadline",
        ),
    },
)


def reached_by(by: Principal) -> Select[Part]:
    """What an actor may list: what their unit shares, and their subtree's; each with its whole.

    An enterprise shares nothing. It is said here as well: whoever lists reads everywhere.
    """
    found = select(Part).join(Part.obligation).options(contains_eager(Part.obligation))
    shared = literal(by.unit) == any_(Part.units)
    if by.region is None or by.uscc is not None:
        return found.where(shared)
    below = Part.region_code.startswith(by.region, autoescape=True)
    return found.where(or_(shared, below))


async def get(session: AsyncSession, part_id: UUID) -> Part:
    """One part."""
    found = await session.get(Part, part_id, populate_existing=True)
    if found is None:
        raise NotFound(f"没有分工事项 {part_id}。", f"There is no part {part_id}.")
    return found


async def of(session: AsyncSession, obligation_id: UUID, *, lock: bool = False) -> Sequence[Part]:
    """The parts of an obligation, the lead's first; locked, nobody else takes a step meanwhile."""
    chosen = select(Part).where(Part.obligation_id == obligation_id).order_by(Part.id)
    if lock:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(chosen)).all()


async def entries(session: AsyncSession, part_ids: Collection[UUID]) -> Sequence[PartEntry]:
    """The steps taken with some parts, oldest first."""
    chosen = select(PartEntry).where(PartEntry.part_id.in_(part_ids)).order_by(PartEntry.id)
    return (await session.scalars(chosen)).all()


async def holds(session: AsyncSession, obligation_id: UUID) -> Sequence[PartHold]:
    """Who held the work of an obligation, oldest first."""
    chosen = select(PartHold).where(PartHold.obligation_id == obligation_id)
    return (await session.scalars(chosen.order_by(PartHold.since, PartHold.id))).all()


async def led(
    session: AsyncSession, origin: UUID, *, duty: str, units: Collection[str]
) -> dict[str, Obligation]:
    """The live obligations that some units have of a duty of one origin, by unit, locked."""
    chosen = select(Obligation).where(
        Obligation.origin == origin,
        Obligation.duty == duty,
        Obligation.subject.in_(units),
        Obligation.status != Status.SUPERSEDED,  # as the index that it is found by says it
        Obligation.status.in_(LIVE),
    )
    rows = await session.scalars(chosen.order_by(Obligation.subject).with_for_update())
    return {row.subject: row for row in rows}


async def shared_of(session: AsyncSession, origin: UUID, *, duty: str) -> Sequence[UUID]:
    """The obligations of a duty of one origin that several units share."""
    chosen = (
        select(Part.obligation_id)
        .join(Part.obligation)
        .where(Part.origin == origin, Obligation.duty == duty)
        .distinct()
    )
    return (await session.scalars(chosen)).all()


async def shared_by(session: AsyncSession, unit: str) -> Sequence[UUID]:
    """The obligations of which a unit has a part that it has not done, or that it led until now."""
    led_on = and_(Part.role == PartRole.LEAD, Obligation.status == Status.SUPERSEDED)
    chosen = (
        select(Part.obligation_id)
        .join(Obligation, Obligation.id == Part.obligation_id)
        .where(Part.unit == unit, or_(Part.status.not_in(DONE), led_on))
    )
    return (await session.scalars(chosen.order_by(Part.obligation_id))).all()


async def followed(session: AsyncSession, obligation_id: UUID, *, heir: str) -> UUID:
    """The obligation that goes on with another: the heir's, where the lead's was handed over."""
    row = await session.get_one(Obligation, obligation_id)
    chosen = select(Obligation.id).where(
        Obligation.origin == row.origin,
        Obligation.duty == row.duty,
        Obligation.subject == heir,
        Obligation.status != Status.SUPERSEDED,
        Obligation.status.in_(LIVE),
    )
    found = await session.scalar(chosen) if row.status == Status.SUPERSEDED else None
    return found or obligation_id
