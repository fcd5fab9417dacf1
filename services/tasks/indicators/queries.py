"""Counting figures for some subjects of one group over a period, each in one statement."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    true,
    values,
)
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
    counting = _COUNTINGS[indicator.figure](territory, period, as_of)
    return await _answered(session, _summed(counting, places))


async def listed(
    session: AsyncSession,
    indicator: Indicator,
    *,
    lines: Mapping[Subject, UUID],
    period: Period,
    as_of: datetime,
) -> Select[Any] | None:
    """All that `counted` counts, for the line of each of some subjects; None of nothing at all.

    Columns: the line, the items in the order of their ids, of each whether it stands in the
    numerator and in the denominator, and the digest.
    """
    territory = next(iter(lines)).territory
    by_place = {subject.place: line_id for subject, line_id in lines.items()}
    if indicator.figure in accidents.COUNTED:
        places = sorted(by_place)
        found = await accidents.named(session, indicator, places=places, period=period)
        return _stated([(by_place[place], one) for place, one in found.items()]) if found else None
    return _itemised(_COUNTINGS[indicator.figure](territory, period, as_of), by_place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """Which rows a figure counts, and as what."""

    by: ColumnElement[Any]
    """The place or the unit that a row counts to."""
    ids: ColumnElement[Any]
    all_of: ColumnElement[bool]
    good: ColumnElement[bool]
    costly: ColumnElement[bool]
    of_evidence: bool = False

    @property
    def flags(self) -> ColumnElement[bool]:
        """Whether it is in the numerator."""
        return func.coalesce(self.good, False)

    @property
    def digest(self) -> ColumnElement[str]:
        """Over all ids, and whether each is good."""
        each = func.concat(self.ids, ":", self.flags)
        return func.md5(func.string_agg(each, aggregate_order_by(literal(","), self.ids)))

    def of(self, query: Select[Any]) -> Select[Any]:
        """A query of what is counted."""
        if self.of_evidence:
            joined = Evidence.obligation_id == Obligation.id
            query = query.join_from(Evidence, Obligation, joined)
        return query.where(self.all_of)


def _summed(counting: _Counting, places: Sequence[str]) -> Select[Any]:
    """A numerator and a denominator for each place, and what cost points."""
    by, good = counting.by, counting.good
    in_order = aggregate_order_by(counting.ids, counting.ids)
    wrong = func.array_agg(in_order).filter(counting.costly)
    figures = (by, func.count().filter(good), func.count(), wrong[1:MOST_NAMED], counting.digest)
    return counting.of(select(*figures)).where(by.in_(places)).group_by(by)


def _itemised(counting: _Counting, lines: Mapping[str, UUID]) -> Select[Any]:
    """Every item of each line, one row a line; all of them are in the denominator."""
    ids, flags = counting.ids, counting.flags
    of_lines = values(column("place", Text), column("line_id", Uuid), name="of_lines")
    asked = of_lines.data(sorted(lines.items()))
    found = select(
        asked.c.line_id,
        func.array_agg(aggregate_order_by(ids, ids)),
        func.array_agg(aggregate_order_by(flags, ids)),
        func.array_agg(true()),
        counting.digest,
    )
    return counting.of(found).where(asked.c.place == counting.by).group_by(asked.c.line_id)


def _stated(found: Sequence[tuple[UUID, accidents.Named]]) -> Select[Any]:
    """The same of what was judged one by one."""
    flags = ARRAY(Boolean)
    rows = values(
        column("line_id", Uuid),
        column("items", ARRAY(Uuid)),
        column("in_numerator", flags),
        column("in_denominator", flags),
        column("digest", Text),
        name="stated",
    )
    return select(rows.data([_stated_row(line_id, one) for line_id, one in found]))


def _stated_row(line_id: UUID, one: accidents.Named) -> tuple[Any, ...]:
    items = sorted({*one.above, *one.below})
    above, below = set(one.above), set(one.below)
    return (
        line_id,
        items,
        [item in above for item in items],
        [item in below for item in items],
        one.digest,
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


def _in_time(territory: bool, period: Period, as_of: datetime) -> _Counting:
    """Done and never overdue, of those that are done or overdue."""
    late, done = obligations.late(as_of), obligations.done_in_time(as_of)
    settled = and_(_fell_due(period, as_of), or_(late, done))
    return _Counting(by=_by(territory), ids=_id(Obligation), all_of=settled, good=done, costly=late)


def _overdue(territory: bool, period: Period, as_of: datetime) -> _Counting:
    """Overdue by now, however late it was done afterwards."""
    late = and_(_fell_due(period, as_of), obligations.late(as_of))
    return _Counting(
        by=_by(territory), ids=_id(Obligation), all_of=late, good=true(), costly=true()
    )


def _returned(territory: bool, period: Period, as_of: datetime) -> _Counting:
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
    return _Counting(
        by=_by(territory),
        ids=_id(Evidence),
        all_of=returned,
        good=true(),
        costly=true(),
        of_evidence=True,
    )


def _orders(territory: bool, period: Period, as_of: datetime) -> _Counting:
    """Answered in time, of those due: as the figures of hotline orders count them."""
    days = punctuality.of_days(begins_at=period.begins_at, ends_at=period.ends_at, now=as_of)
    counts = punctuality.parts(days)
    by = func.split_part(Dispatch.unit, ".", 1) if territory else Dispatch.unit
    return _Counting(
        by=by,  # type: ignore[arg-type]  # the ORM's own type is longer
        ids=_id(Dispatch),
        all_of=counts["due"],
        good=counts["answered"],
        costly=~func.coalesce(counts["answered"], False),
    )


def _id(table: type[Obligation] | type[Evidence] | type[Dispatch]) -> ColumnElement[Any]:
    return table.id  # type: ignore[return-value]  # the ORM's own type is longer


_COUNTINGS: Mapping[Figure, Callable[[bool, Period, datetime], _Counting]] = {
    Figure.OBLIGATIONS_IN_TIME: _in_time,
    Figure.OBLIGATIONS_OVERDUE: _overdue,
    Figure.OBLIGATIONS_RETURNED: _returned,
    Figure.ORDERS_IN_TIME: _orders,
}
