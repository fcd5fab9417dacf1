"""Keeping the counts of cases closed in time equal to the cases."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Integer,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.base import Base
from services.incidents.investigations.tables import Investigation
from services.incidents.statistics import queries, queries_closure
from services.incidents.statistics.tables import ClosureSum, CountedCase

# As tables, not as classes: what comes from a query is not rows that a session knows.
_CASES, _CLOSURES = (Base.metadata.tables[each.__tablename__] for each in (CountedCase, ClosureSum))
_COLUMNS = tuple(column.name for column in _CASES.columns)
_IDENTITY = ("accident_id", "generation")
_PLACE = ("region_code", "month", "park_code")


async def count(session: AsyncSession, *, accident_id: UUID) -> None:
    """Let the sums hold an accident's cases as they stand now; again at any time.

    Nobody else counts them meanwhile: the counted accident is locked. One that is not counted
    yet counts its cases when it is.
    """
    if await queries.counted(session, accident_id) is not None:
        await recount_cases(session, accident_id=accident_id)


async def recount_cases(session: AsyncSession, *, accident_id: UUID) -> None:
    """The same, of an accident that is locked already."""
    await session.execute(_COUNT, {"accident": accident_id})


def _kept(rows: Insert) -> Insert:
    changed = {name: getattr(rows.excluded, name) for name in _COLUMNS if name not in _IDENTITY}
    return rows.on_conflict_do_update(index_elements=_IDENTITY, set_=changed)


def _counting() -> Insert:
    """One statement: what an accident's cases added before goes, what they add now comes."""
    accident: BindParameter[UUID] = bindparam("accident")
    wanted = queries_closure.cases().where(Investigation.accident_id == accident).cte("wanted")
    known = select(_CASES).where(_CASES.c.accident_id == accident).cte("known")
    gone = delete(_CASES).where(
        _CASES.c.accident_id == accident,
        _CASES.c.generation.not_in(select(wanted.c.generation)),
    )
    kept = _kept(
        upsert(_CASES).from_select(_COLUMNS, select(*(wanted.c[name] for name in _COLUMNS)))
    )
    each = union_all(
        *(
            select(literal(sign).label("sign"), *(rows.c[name] for name in (*_PLACE, "closed")))
            for rows, sign in ((known, -1), (wanted, 1))
        )
    ).subquery()
    due, closed = func.sum(each.c.sign), func.sum(each.c.sign * cast(each.c.closed, Integer))
    place = [each.c[name] for name in _PLACE]
    changes = (
        select(*place, due, closed)
        .group_by(*place)
        .having((due != 0) | (closed != 0))
        .order_by(*place)
    )
    added = upsert(_CLOSURES).from_select([*_PLACE, "due", "closed"], changes)
    sums = {name: _CLOSURES.c[name] + added.excluded[name] for name in ("due", "closed")}
    return added.on_conflict_do_update(index_elements=_PLACE, set_=sums).add_cte(
        gone.returning(_CASES.c.generation).cte("gone"),
        kept.returning(_CASES.c.generation).cte("kept"),
    )


_COUNT = _counting()


async def count_year_anew(session: AsyncSession, *, year: int) -> None:
    """Build the sums of the cases whose last day lies in a year; accidents were counted before."""
    first, last = date(year, 1, 1), date(year, 12, 1)
    for table in (_CASES, _CLOSURES):
        await session.execute(delete(table).where(table.c.month.between(first, last)))
    found = queries_closure.cases().where(queries_closure.during(first, last))
    each = found.subquery()
    taken = upsert(_CASES).from_select(_COLUMNS, select(*(each.c[name] for name in _COLUMNS)))
    await session.execute(_kept(taken))
    place = [each.c[name] for name in _PLACE]
    rows = select(*place, func.count(), func.sum(cast(each.c.closed, Integer))).group_by(*place)
    await session.execute(insert(_CLOSURES).from_select([*_PLACE, "due", "closed"], rows))
