"""Finding entries, and counting how many were in time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, before, one_of, since, within
from services.incidents.accidents.tables import Accident
from services.incidents.entries.domain import EntryStatus
from services.incidents.entries.tables import Entry


async def get(session: AsyncSession, accident_id: UUID, *, lock: bool = False) -> Entry:
    """The entry of an accident. With `lock`, nobody else changes it meanwhile."""
    entry = await session.get(Entry, accident_id, with_for_update=lock or None)
    if entry is None:
        raise NotFound(
            f"事故 {accident_id} 没有统计录入任务",
            f"No entry in the statistics is asked for accident {accident_id}.",
        )
    return entry


def _stands() -> ColumnElement[bool]:
    """Entries that are asked for: not of accidents that go on as another."""
    merged = select(Accident.id).where(Accident.merged_into.is_not(None))
    return Entry.accident_id.not_in(merged)


def _late(wanted: bool) -> ColumnElement[bool]:
    late = or_(Entry.entered_late, Entry.completed_late)
    return late if wanted else ~late


ENTRIES = Listing(
    "entries",
    key=Entry.accident_id,
    sorts={"opened_at": Entry.opened_at, "enter_by": Entry.enter_by},
    default="-opened_at",
    filters={
        "region": within(Entry.region_code, "行政区划 / division"),
        "status": one_of(Entry.status, EntryStatus, "录入状态 / states"),
        "late": Filter(bool, _late, "是否逾期 / missed a deadline"),
        "since": since(Entry.opened_at, "接报时间起 / known at or after"),
        "before": before(Entry.opened_at, "接报时间止 / known before"),
    },
)


def reached_by(by: Principal) -> Select[Entry]:
    """What an actor may list: those of their subtree."""
    found = select(Entry).where(_stands())
    if by.region is None or by.uscc is not None:
        return found.where(false())
    return found.where(Entry.region_code.startswith(by.region, autoescape=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How many entries were asked for, and how many missed each deadline."""

    entries: int
    entered_late: int
    completed_late: int


_COUNTED = (
    select(
        func.count().label("entries"),
        func.count().filter(Entry.entered_late).label("entered_late"),
        func.count().filter(Entry.completed_late).label("completed_late"),
    )
    .where(
        Entry.region_code.startswith(bindparam("prefix"), autoescape=False),
        Entry.opened_at >= bindparam("since"),
        Entry.opened_at < bindparam("before"),
        Entry.status != str(EntryStatus.LEFT_OUT),
    )
    .where(_stands())
)


async def punctuality(
    session: AsyncSession, *, prefix: str, since: datetime, before: datetime
) -> Punctuality:
    """Entries of accidents that became known in a period, below a prefix of divisions.

    Two reports of one accident ask for one entry; what the statistics leave out asks for none.
    """
    within = {"prefix": prefix, "since": since, "before": before}
    row = (await session.execute(_COUNTED, within)).one()
    return Punctuality(
        entries=row.entries, entered_late=row.entered_late, completed_late=row.completed_late
    )
