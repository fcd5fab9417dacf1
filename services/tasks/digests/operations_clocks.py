"""The clocks of digests: each morning sees to the next, each chunk to the next one."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar, timers
from reference import holidays, national
from reference.national.rows_figures import DigestRule
from services.tasks.digests import rules

DIGEST_DUE, ENTERPRISE_DIGEST_DUE = "digest_due", "enterprise_digest_due"
_ROWS: Mapping[str, str] = {DIGEST_DUE: "digest", ENTERPRISE_DIGEST_DUE: "enterprise_digest"}


def row_of(kind: str, *, on: date) -> DigestRule:
    """When digests of a kind go out on a day, and how far they look."""
    return national.DIGESTS.one(_ROWS[kind], on=on)


async def arm(session: AsyncSession, *, now: datetime) -> None:
    """See to it that the next morning of a working day has its digests.

    Called by whatever opens something that will be due; from then on each digest sees to the
    next.
    """
    for kind in _ROWS:
        _arm_next(session, kind, now=now)


def _arm_next(session: AsyncSession, kind: str, *, now: datetime) -> None:
    today = calendar.day_of(now)
    row = row_of(kind, on=today)
    days_off = holidays.calendar()
    if rules.is_worked(today, days_off=days_off) and now < rules.goes_out_at(today, row=row):
        _arm(session, kind, today, row)
    else:
        _arm(session, kind, rules.next_worked(today, days_off=days_off), row)


def _arm(session: AsyncSession, kind: str, day: date, row: DigestRule) -> None:
    due_at = rules.goes_out_at(day, row=row)
    timers.arm_once(
        session, timers.new(kind=kind, entity_id=day.isoformat(), due_at=due_at, rule=row.rule)
    )


def begin(session: AsyncSession, kind: str, day: date, *, now: datetime) -> bool:
    """See to the next morning; whether the digests of this one are still told.

    A day that is over is not told any more: after an outage today's digest goes out late, and
    those of the days that were missed never.
    """
    today = calendar.day_of(now)
    row = row_of(kind, on=today)
    days_off = holidays.calendar()
    _arm(session, kind, rules.next_worked(max(day, today), days_off=days_off), row)
    if day != today and rules.is_worked(today, days_off=days_off):
        _arm(session, kind, today, row)
    return day == today


def go_on(session: AsyncSession, kind: str, day: date, *, after: str, now: datetime) -> None:
    """Leave the rest to a clock of its own, behind whatever else is due by now."""
    entity, row = f"{day.isoformat()}@{after}", row_of(kind, on=day)
    timers.arm_once(session, timers.new(kind=kind, entity_id=entity, due_at=now, rule=row.rule))
