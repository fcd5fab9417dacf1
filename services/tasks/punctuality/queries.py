"""Counting what units did in a period, within what the actor reaches."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, any_, false, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.tasks.callbacks.domain import CallbackResult
from services.tasks.callbacks.tables import Callback
from services.tasks.dispatches.domain import DispatchStatus
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.queries import reached

_GONE = (DispatchStatus.RETURNED, DispatchStatus.RELEASED, DispatchStatus.WITHDRAWN)
_DECIDED_ON = (DispatchStatus.RETURNING, DispatchStatus.DISPUTED)

_INSTANT = timedelta(microseconds=1)

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From an instant to before another; `now` bounds what has fallen due."""

    since: datetime
    before: datetime
    now: datetime

    def holds(self, instant: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether an instant lies in it."""
        return and_(instant >= self.since, instant < self.before)

    def due(self, instant: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether something fell due in it."""
        return and_(self.holds(instant), instant <= self.now)


def of_days(*, begins_at: datetime, ends_at: datetime, now: datetime) -> Period:
    """Days from 0:00 to 24:00: what is due at 24:00 is of the day that ends."""
    return Period(since=begins_at + _INSTANT, before=ends_at + _INSTANT, now=now)


async def of_units(
    session: AsyncSession, *, period: Period, region: str | None, by: Principal
) -> Mapping[str, Counts]:
    """The counts of every unit that has any, by unit."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for table, counts in ((Dispatch, parts(period)), (Callback, _visits(period))):
        named = [func.count().filter(counted).label(name) for name, counted in counts.items()]
        own = table.unit == by.unit
        where = [reached(by, own=own, at=table.region_code), table.unit.is_not(None)]
        if region is not None:
            where.append(table.region_code.startswith(region, autoescape=True))
        for row in await session.execute(
            select(table.unit, *named).where(*where).group_by(table.unit)
        ):
            found[str(row[0])] |= dict(zip(counts, row[1:], strict=True))
    return {unit: counts for unit, counts in found.items() if any(counts.values())}


async def answered_in_time(session: AsyncSession, *, unit: str, period: Period) -> tuple[int, int]:
    """How many parts a unit answered in time, of those that fell due."""
    counts = parts(period)
    chosen = [func.count().filter(counts[name]) for name in ("answered", "due")]
    where = (Dispatch.unit == unit, Dispatch.due_at >= period.since)
    found = (await session.execute(select(*chosen).where(*where))).one()
    return int(found[0]), int(found[1])


def parts(period: Period) -> Mapping[str, ColumnElement[bool]]:
    """Which parts of orders count as what."""
    part = Dispatch
    to_sign = and_(
        period.due(part.sign_due_at),  # type: ignore[arg-type]  # the ORM's own type is longer
        part.status.not_in((*_GONE, *_DECIDED_ON)),
    )
    waits = and_(part.answered_at.is_(None), part.delayed_by.is_not(None), ~_its_delay())
    due = and_(
        period.due(part.due_at),  # type: ignore[arg-type]
        part.status.not_in((*_GONE, *_DECIDED_ON)),
        ~func.coalesce(waits, false()),
    )
    sent = and_(period.holds(part.sent_at), part.round == 1)  # type: ignore[arg-type]
    return {
        "to_sign": to_sign,
        "signed": and_(to_sign, part.signed_at < part.sign_due_at),
        "due": due,
        "answered": and_(due, part.answered_at < part.due_at),
        "extended": and_(due, part.extended > 0),
        "sent": sent,
        "returned": and_(sent, part.status.in_((DispatchStatus.RETURNED, DispatchStatus.RELEASED))),
    }


def _its_delay() -> ColumnElement[bool]:
    return func.coalesce(Dispatch.unit == any_(Dispatch.delayed_by), true())


def _visits(period: Period) -> Mapping[str, ColumnElement[bool]]:
    made = period.holds(Callback.made_at)  # type: ignore[arg-type]
    return {
        "visited": made,
        "said": and_(made, Callback.result != CallbackResult.UNREACHABLE),
        "satisfied": and_(made, Callback.result == CallbackResult.SATISFIED),
        "redone": and_(made, Callback.redone),
    }
