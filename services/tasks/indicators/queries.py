"""Counting figures for some subjects of one group over a period, each in one statement."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from reference.scorerows import Indicator
from reference.terms import Figure
from services.tasks.dispatches.tables import Dispatch
from services.tasks.evidence.tables import Evidence
from services.tasks.indicators import queries_accidents as accidents
from services.tasks.indicators.domain import MOST_NAMED, Count, Period, Subject
from services.tasks.obligations import queries as obligations
from services.tasks.obligations.domain import UNOWED, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.punctuality import queries as punctuality

Counts = Mapping[str, Count]
"""By the place or the unit that rows are counted by."""


async def counted(
    session: AsyncSession,
    indicator: Indicator,
    *,
    subjects: Collection[Subject],
    period: Period,
    as_of: datetime,
) -> Counts:
    """What an indicator's figure is for each of some subjects; who has none is left out."""
    territory = next(iter(subjects)).territory
    places = sorted(subject.place for subject in subjects)
    if indicator.figure in accidents.COUNTED:
        return await accidents.counted(session, indicator, places=places, period=period)
    return await _QUERIES[indicator.figure](session, territory, places, period, as_of)


def _summed(
    by: ColumnElement[Any],
    places: Sequence[str],
    ids: ColumnElement[Any],
    *,
    all_of: ColumnElement[bool],
    good: ColumnElement[bool],
    costly: ColumnElement[bool],
) -> Select[Any]:
    """A numerator and a denominator for each place, and what cost points."""
    wrong = func.array_agg(aggregate_order_by(ids, ids)).filter(costly)
    each = func.concat(ids, ":", func.coalesce(good, False))
    every = func.string_agg(each, aggregate_order_by(literal(","), ids))
    return (
        select(by, func.count().filter(good), func.count(), wrong[1:MOST_NAMED], func.md5(every))
        .where(by.in_(places), all_of)
        .group_by(by)
    )


async def _answered(session: AsyncSession, query: Select[Any]) -> Counts:
    return {
        place: Count(
            numerator=numerator,
            denominator=denominator,
            costly=tuple(costly or ()),
            digest=digest,
        )
        for place, numerator, denominator, costly, digest in await session.execute(query)
    }


def _fell_due(period: Period, as_of: datetime) -> ColumnElement[bool]:
    """Owed by a unit, due in the period and by now."""
    return and_(
        Obligation.unit.is_not(None),
        obligations.due_within(period.begins_at, min(period.ends_at, as_of)),
        obligations.owed(),
    )


def _by(territory: bool) -> ColumnElement[Any]:
    return Obligation.region_code if territory else Obligation.unit  # type: ignore[return-value]


async def _in_time(
    session: AsyncSession,
    territory: bool,
    places: Sequence[str],
    period: Period,
    as_of: datetime,
) -> Counts:
    """Done and never overdue, of those that are done or overdue."""
    late, done = obligations.late(as_of), obligations.done_in_time(as_of)
    settled = and_(_fell_due(period, as_of), or_(late, done))
    by = _by(territory)
    query = _summed(by, places, _id(Obligation), all_of=settled, good=done, costly=late)
    return await _answered(session, query)


async def _overdue(
    session: AsyncSession,
    territory: bool,
    places: Sequence[str],
    period: Period,
    as_of: datetime,
) -> Counts:
    """Overdue by now, however late it was done afterwards."""
    late = and_(_fell_due(period, as_of), obligations.late(as_of))
    by = _by(territory)
    query = _summed(by, places, _id(Obligation), all_of=late, good=true(), costly=true())
    return await _answered(session, query)


async def _returned(
    session: AsyncSession,
    territory: bool,
    places: Sequence[str],
    period: Period,
    as_of: datetime,
) -> Counts:
    """Times that evidence was returned in the period, of what was to be handed in at all.

    What an heir goes on with is the heir's, which has a copy of all that was handed in before.
    """
    returned = and_(
        Obligation.unit.is_not(None),
        Obligation.status.not_in(UNOWED),
        Evidence.verdict == Status.RETURNED,
        Evidence.part_id.is_(None),
        Evidence.reviewed_at >= period.begins_at,
        Evidence.reviewed_at < period.ends_at,
        Evidence.reviewed_at <= as_of,
    )
    by = _by(territory)
    query = _summed(by, places, _id(Evidence), all_of=returned, good=true(), costly=true())
    joined = query.join_from(Evidence, Obligation, Evidence.obligation_id == Obligation.id)
    return await _answered(session, joined)


async def _orders(
    session: AsyncSession,
    territory: bool,
    places: Sequence[str],
    period: Period,
    as_of: datetime,
) -> Counts:
    """Answered in time, of those due: as the figures of hotline orders count them."""
    days = punctuality.of_days(begins_at=period.begins_at, ends_at=period.ends_at, now=as_of)
    counts = punctuality.parts(days)
    by = func.split_part(Dispatch.unit, ".", 1) if territory else Dispatch.unit
    query = _summed(
        by,  # type: ignore[arg-type]  # the ORM's own type is longer
        places,
        _id(Dispatch),
        all_of=counts["due"],
        good=counts["answered"],
        costly=~func.coalesce(counts["answered"], False),
    )
    return await _answered(session, query)


def _id(table: type[Obligation] | type[Evidence] | type[Dispatch]) -> ColumnElement[Any]:
    return table.id  # type: ignore[return-value]  # the ORM's own type is longer


_Query = Callable[
    [AsyncSession, bool, Sequence[str], Period, datetime], Awaitable[Mapping[str, Count]]
]

_QUERIES: Mapping[Figure, _Query] = {
    Figure.OBLIGATIONS_IN_TIME: _in_time,
    Figure.OBLIGATIONS_OVERDUE: _overdue,
    Figure.OBLIGATIONS_RETURNED: _returned,
    Figure.ORDERS_IN_TIME: _orders,
}
