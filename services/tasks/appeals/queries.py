"""Finding appeals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from services.tasks.appeals.domain import AppealStatus, Ground
from services.tasks.appeals.tables import Appeal
from services.tasks.parts.tables import Part

APPEALS = Listing(
    "appeals",
    key=Appeal.id,
    sorts={"made_at": Appeal.made_at, "due_before": Appeal.due_before},
    default="-made_at",
    filters={
        "region": within(Appeal.region_code, "行政区划 / division"),
        "subject": equals(Appeal.subject, str, "责任主体 / who appeals"),
        "obligation": equals(Appeal.obligation_id, UUID, "任务 / the obligation"),
        "part": equals(Appeal.part_id, UUID, "分工事项 / the part"),
        "ground": one_of(Appeal.ground, Ground, "理由类别 / grounds"),
        "status": one_of(Appeal.status, AppealStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Appeal]:
    """What an actor may list: an enterprise its own, others their unit's and their subtree's."""
    found = select(Appeal)
    if by.uscc is not None:
        return found.where(Appeal.enterprise_uscc == by.uscc)
    own = Appeal.unit == by.unit if by.unit else false()
    if by.region is None:
        return found.where(own)
    return found.where(or_(own, Appeal.region_code.startswith(by.region, autoescape=True)))


async def get(session: AsyncSession, appeal_id: UUID) -> Appeal:
    """One appeal. Whoever decides on it locks its obligation before."""
    found = await session.get(Appeal, appeal_id, populate_existing=True)
    if found is None:
        raise NotFound(f"没有申诉 {appeal_id}。", f"There is no appeal {appeal_id}.")
    return found


async def waiting(session: AsyncSession, obligation_id: UUID) -> Appeal | None:
    """The appeal about a whole obligation that is still to be decided on."""
    chosen = select(Appeal).where(
        Appeal.obligation_id == obligation_id,
        Appeal.part_id.is_(None),
        Appeal.status == AppealStatus.MADE,
    )
    return (await session.scalars(chosen)).one_or_none()


async def made(session: AsyncSession, obligation_id: UUID, *, part_id: UUID | None = None) -> bool:
    """Whether an appeal was made about a whole, or about a part, whatever became of it."""
    about = (
        and_(Appeal.obligation_id == obligation_id, Appeal.part_id.is_(None))
        if part_id is None
        else Appeal.part_id == part_id
    )
    return await session.scalar(select(Appeal.id).where(about).limit(1)) is not None


async def left_behind(session: AsyncSession) -> Sequence[tuple[Appeal, Part]]:
    """What is still to be decided on of parts that another unit has, or another whole, since."""
    chosen = (
        select(Appeal, Part)
        .join(Part, Part.id == Appeal.part_id)
        .where(
            Appeal.status == AppealStatus.MADE,
            or_(Appeal.unit != Part.unit, Appeal.obligation_id != Part.obligation_id),
        )
    )
    return [(row, part) for row, part in await session.execute(chosen)]
