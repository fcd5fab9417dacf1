"""What is known of a measured duty's figure on a day, from whichever facts make it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import figures as pack
from reference import units
from reference.terms import DutyKind
from services.tasks.figures import queries as figures
from services.tasks.figures import queries_cases as cases
from services.tasks.figures.queries import Span, Whose
from services.tasks.figures.queries_duties import Measured
from services.tasks.figures.tables import Figure
from services.tasks.measures.domain import Known, Reason, Standing, Target
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.punctuality import queries as punctuality
from services.tasks.punctuality.queries import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One obligation that is measured, and the day it is asked of."""

    row: Obligation
    measured: Measured
    on: date
    now: datetime
    """By when what is due had fallen due."""
    known_by: datetime | None = None
    """Before which instant it was known; None for what is known now."""

    @property
    def last(self) -> date:
        """The last day that counts as at the day asked of."""
        return min(self.on, self.measured.last)

    @property
    def span(self) -> Span:
        """The days that count."""
        return Span(first=self.measured.first, last=self.last, known_by=self.known_by)

    @property
    def days(self) -> tuple[datetime, datetime]:
        """From 0:00 of the first day that counts to 24:00 of the last."""
        return calendar.opens_at(self.measured.first), calendar.closes_at(self.last)

    @property
    def metric(self) -> str:
        """What is counted."""
        return self.measured.duty.metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How an obligation stands, with everything that it follows from."""

    measured: Measured
    target: Target | None
    known: Known
    standing: Standing
    on: date
    breach: Figure | None

    @property
    def final(self) -> bool:
        """Whether the period is over."""
        return self.on >= self.measured.last


async def known(session: AsyncSession, asked: Asked) -> Known:
    """What is known as at a day."""
    return await _KNOWN[asked.measured.rule.told_by](session, asked)


async def breach(session: AsyncSession, asked: Asked) -> Figure | None:
    """The first counted fact, of something that must not happen."""
    if asked.measured.kind is not DutyKind.PROHIBITION:
        return None
    whose = await _whose(session, asked)
    return await figures.first_counted(session, asked.metric, whose=whose, span=asked.span)


async def _of_accidents(session: AsyncSession, asked: Asked) -> Known:
    if not _told_apart(asked):
        return Known(unknown=Reason.PLACE_NOT_TOLD)
    whose = await _whose(session, asked)
    kind = asked.measured.kind
    return await counted(session, asked.metric, kind, whose=whose, span=asked.span)


async def counted(
    session: AsyncSession, metric: str, kind: DutyKind, *, whose: Whose, span: Span
) -> Known:
    """What accidents add up to, and of a reduction what the frozen base has."""
    _, total = await figures.added_up(session, metric, whose=whose, span=span)
    count = total or 0
    if kind is not DutyKind.REDUCTION_TARGET:
        return Known(count=count)
    year = span.first.year
    if await figures.frozen(session, year) is None:
        return Known(count=count)
    # The same days of the year before: at the end of the period they are its whole base.
    base = await figures.base(
        session,
        metric,
        year=year,
        whose=whose,
        first=year_before(span.first),
        last=year_before(span.last),
    )
    return Known(count=count, base=base or 0)


def _told_apart(asked: Asked) -> bool:
    """Accidents are told by county and park: a township's are not told apart from its county's."""
    unit, day = asked.row.unit, asked.measured.first
    if unit is None or not units.exists(unit, on=day):
        return True
    return units.unit(unit, on=day).township is None


async def _of_reports(session: AsyncSession, asked: Asked) -> Known:
    whose, rule, kind = await _whose(session, asked), asked.measured.rule, asked.measured.kind
    if not pack.adds_up(rule, kind):
        row = await figures.newest(session, asked.metric, whose=whose, span=asked.span)
        if row is None:
            return Known(base=await _stated_base(session, asked, whose))
        return Known(
            count=row.amount,
            numerator=row.numerator,
            denominator=row.denominator,
            base=await _stated_base(session, asked, whose),
        )
    _, total = await figures.added_up(session, asked.metric, whose=whose, span=asked.span)
    return Known(count=total, base=await _stated_base(session, asked, whose))


async def _stated_base(session: AsyncSession, asked: Asked, whose: Whose) -> int | None:
    if asked.measured.kind is not DutyKind.REDUCTION_TARGET:
        return None
    return await figures.base(
        session,
        asked.metric,
        year=asked.measured.first.year,
        whose=whose,
        first=year_before(asked.measured.first),
        last=year_before(asked.measured.last),
    )


async def _of_investigations(session: AsyncSession, asked: Asked) -> Known:
    if not _told_apart(asked):
        return Known(unknown=Reason.PLACE_NOT_TOLD)
    if asked.row.unit is None:
        return Known(numerator=0, denominator=0)
    region = asked.row.region_code
    closed, due = await cases.closed_in_time(session, region=region, span=asked.span)
    return Known(numerator=closed, denominator=due)


async def _of_orders(session: AsyncSession, asked: Asked) -> Known:
    if asked.row.unit is None:
        return Known(numerator=0, denominator=0)
    answered, due = await punctuality.answered_in_time(
        session, unit=asked.row.unit, period=_period(asked)
    )
    return Known(numerator=answered, denominator=due)


async def _of_obligations(session: AsyncSession, asked: Asked) -> Known:
    """Done in time, of what is done or late; without what is itself measured by figures."""
    begins_at, ends_at = asked.days
    due = and_(
        Obligation.subject == asked.row.subject,
        Obligation.unit == asked.row.unit
        if asked.row.unit is not None
        else Obligation.enterprise_uscc == asked.row.enterprise_uscc,
        owed.due_within(begins_at, min(ends_at, asked.now)),
        owed.owed(),
        Obligation.duty_kind.not_in(pack.MEASURED),
    )
    late = or_(owed.late(asked.now), owed.missed(ends_at))
    done = owed.done_in_time(asked.now)
    counted = select(func.count().filter(done), func.count()).where(due, or_(late, done))
    row = (await session.execute(counted)).one()
    return Known(numerator=int(row[0]), denominator=int(row[1]))


def _period(asked: Asked) -> Period:
    begins_at, ends_at = asked.days
    return punctuality.of_days(begins_at=begins_at, ends_at=ends_at, now=min(ends_at, asked.now))


_KNOWN: Mapping[str, Callable[[AsyncSession, Asked], Awaitable[Known]]] = {
    "accidents": _of_accidents,
    "investigations": _of_investigations,
    "orders": _of_orders,
    "obligations": _of_obligations,
    "reported": _of_reports,
}


async def _whose(session: AsyncSession, asked: Asked) -> Whose:
    """Of accidents the place of the unit; of reports all who had the duty in turn."""
    row = asked.row
    if row.enterprise_uscc is not None:
        return Whose(enterprises=(row.enterprise_uscc,))
    if asked.measured.rule.told_by == "accidents":
        return Whose(region=row.region_code)
    return Whose(units=[one.subject for one in await lineage(session, row)])


async def lineage(session: AsyncSession, row: Obligation) -> list[Obligation]:
    """An obligation and those of units that ended which it goes on with, the newest first."""
    found = [row]
    while found[-1].inherits is not None:
        before = await session.get(Obligation, found[-1].inherits)
        if before is None:
            break
        found.append(before)
    return found


async def following(session: AsyncSession, row: Obligation) -> Obligation:
    """What goes on with an obligation of a unit that ended; itself where nothing does."""
    if row.status != Status.SUPERSEDED:
        return row
    heirs = select(Obligation).where(
        Obligation.origin == row.origin,
        Obligation.duty == row.duty,
        Obligation.status != Status.SUPERSEDED,
        Obligation.inherits.is_not(None),
    )
    for heir in await session.scalars(heirs):
        if row.id in {one.id for one in await lineage(session, heir)}:
            return heir
    return row


def year_before(day: date) -> date:
    """The same day a year before, or the last of February."""
    last_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if last_of_february else day.day)
