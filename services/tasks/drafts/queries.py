"""Finding drafts and what belongs to them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of
from services.tasks.drafts.domain import DraftStatus, FlagStatus
from services.tasks.drafts.tables import (
    Draft,
    DraftArticle,
    DraftChange,
    DraftDuty,
    DraftFlag,
)

DRAFTS = Listing(
    "plan_drafts",
    key=Draft.id,
    sorts={"made_at": Draft.made_at, "year": Draft.year},
    default="-made_at",
    filters={
        "year": equals(Draft.year, int, "年度 / the year of the plan"),
        "status": one_of(Draft.status, DraftStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Draft]:
    """What an actor may list: those of their subtree."""
    if by.region is None:
        return select(Draft).where(false())
    return select(Draft).where(Draft.region_code.startswith(by.region, autoescape=True))


async def get(session: AsyncSession, draft_id: UUID, *, lock: bool = False) -> Draft:
    """One draft. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Draft, draft_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有草稿 {draft_id}。", f"There is no draft {draft_id}.")
    return found


async def open_of(
    session: AsyncSession, *, region: str, year: int, source_sha256: str
) -> Draft | None:
    """The draft that is being made of this very document, if there is one."""
    found = select(Draft).where(
        Draft.region_code == region,
        Draft.year == year,
        Draft.source_sha256 == source_sha256,
        Draft.status == DraftStatus.OPEN.value,
    )
    return await session.scalar(found.limit(1))


async def articles(session: AsyncSession, draft_id: UUID) -> Sequence[DraftArticle]:
    """The articles of a draft in order."""
    found = select(DraftArticle).where(DraftArticle.draft_id == draft_id)
    return (await session.scalars(found.order_by(DraftArticle.number))).all()


async def duties(session: AsyncSession, draft_id: UUID) -> Sequence[DraftDuty]:
    """The proposed duties of a draft in order."""
    found = select(DraftDuty).where(DraftDuty.draft_id == draft_id)
    ordered = found.order_by(DraftDuty.article, DraftDuty.start, DraftDuty.position)
    return (await session.scalars(ordered)).all()


async def duty(session: AsyncSession, draft_id: UUID, duty_id: UUID) -> DraftDuty:
    """One proposed duty of a draft."""
    found = await session.get(DraftDuty, duty_id)
    if found is None or found.draft_id != draft_id:
        raise NotFound(f"没有职责 {duty_id}。", f"There is no duty {duty_id}.")
    return found


async def next_position(session: AsyncSession, draft_id: UUID, article: int) -> int:
    """The number of the next duty of an article."""
    found = select(func.max(DraftDuty.position)).where(
        DraftDuty.draft_id == draft_id, DraftDuty.article == article
    )
    return (await session.scalar(found) or 0) + 1


async def flags(
    session: AsyncSession, draft_id: UUID, *, status: FlagStatus | None = None
) -> Sequence[DraftFlag]:
    """The doubts about a draft in the order of the text."""
    found = select(DraftFlag).where(DraftFlag.draft_id == draft_id)
    if status is not None:
        found = found.where(DraftFlag.status == status.value)
    return (await session.scalars(found.order_by(DraftFlag.number))).all()


async def flag(session: AsyncSession, draft_id: UUID, flag_id: UUID) -> DraftFlag:
    """One doubt about a draft."""
    found = await session.get(DraftFlag, flag_id)
    if found is None or found.draft_id != draft_id:
        raise NotFound(f"没有标记 {flag_id}。", f"There is no flag {flag_id}.")
    return found


async def history(session: AsyncSession, draft_id: UUID) -> Sequence[DraftChange]:
    """Every correction of a draft, oldest first."""
    found = select(DraftChange).where(DraftChange.draft_id == draft_id)
    return (await session.scalars(found.order_by(DraftChange.id))).all()
