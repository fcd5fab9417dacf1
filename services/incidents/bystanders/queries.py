"""Finding what the public reported."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, since, within
from services.incidents.bystanders.domain import Status
from services.incidents.bystanders.tables import PublicReport

SAME_WORDS_WITHIN = timedelta(hours=24)


async def get(session: AsyncSession, report_id: UUID, *, lock: bool = False) -> PublicReport:
    """One report of the public. With `lock`, nobody else changes it meanwhile."""
    found = await session.get(PublicReport, report_id, with_for_update=lock or None)
    if found is None:
        raise NotFound
    return found


async def followed(session: AsyncSession, *, follow: bytes) -> PublicReport:
    """The report that a follow code belongs to."""
    chosen = select(PublicReport).where(PublicReport.follow == follow)
    found = (await session.scalars(chosen)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def said_before(session: AsyncSession, *, words: bytes, now: datetime) -> bool:
    """Whether the same words came in within the last day."""
    same = exists().where(
        PublicReport.words == words, PublicReport.received_at > now - SAME_WORDS_WITHIN
    )
    return bool(await session.scalar(select(same)))


PUBLIC_REPORTS = Listing(
    "public_reports",
    key=PublicReport.id,
    sorts={"received_at": PublicReport.received_at, "due_at": PublicReport.due_at},
    default="-received_at",
    filters={
        "region": within(PublicReport.region_code, "行政区划 / division"),
        "status": one_of(PublicReport.status, Status, "状态 / status"),
        "accident": equals(PublicReport.accident_id, UUID, "事故编号 / accident"),
        "since": since(PublicReport.received_at, "收到时间起 / received at or after"),
        "before": before(PublicReport.received_at, "收到时间止 / received before"),
    },
)


def reached_by(by: Principal) -> Select[PublicReport]:
    """What a desk may list: its subtree."""
    found = select(PublicReport)
    if by.region is None or by.uscc is not None:
        return found.where(false())
    return found.where(PublicReport.region_code.startswith(by.region, autoescape=True))
