"""Searching accidents: newest first, each page a bounded walk.

The walk goes along the rarest pair of letters of the query, or along all accidents when the
query has no pair or an enterprise asks, whose accidents are few. It looks into each text for
the whole of the query. A page that walked its length without filling says how far it got; its
cursor goes on from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import (
    ARRAY,
    Select,
    Subquery,
    Text,
    bindparam,
    func,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identifiers import bounds
from kernel import paging
from kernel.access import Principal
from kernel.listing import Asked, Filter, Listing, one_of, within
from kernel.problems import FieldFault, InvalidPayload
from reference.terms import Grade
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.search import domain
from services.incidents.search.tables import SearchGram, SearchText

LONGEST_QUERY = 100

WALK = 2_000
"""Texts that one page looks into at most: some tens of milliseconds."""

COMMON = 500
"""A pair that stands in so many accidents is not counted further."""

Sought = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUERY)]

SEARCH = Listing(
    "accident-search",
    key=SearchText.accident_id,
    sorts={"occurred_at": SearchText.occurred_at},
    default="-occurred_at",
    filters={
        # Which texts are found is decided along the walk.
        "q": Filter(Sought, lambda _: true(), "检索词，以空格分隔者须同时出现 / all must occur"),
        "region": within(Accident.region_code, "行政区划 / division"),
        "grade": one_of(Accident.grade, Grade, "事故等级 / grades"),
        "accident_type": one_of(Accident.accident_type, str, "事故类型 / kinds of accident"),
        "merged": accidents.MERGED,
    },
)


@dataclass(frozen=True, kw_only=True)
class Results:
    """One page of what was found."""

    items: Sequence[Accident]
    next_cursor: str | None
    searched_back_to: datetime | None
    """Where a walk that is not over stopped; None when all was searched or the page is full."""


async def search(session: AsyncSession, *, by: Principal, asked: Asked) -> Results:
    """The accidents of the actor's area whose texts hold every term, newest first."""
    sought = terms(asked)
    branches = await _branches(session, sought, by)
    if not branches:
        return Results(items=(), next_cursor=None, searched_back_to=None)
    walked = _walk(branches, asked)
    found = (await session.execute(_found(walked, sought, by, asked))).all()
    items = [row[0] for row in found[: asked.limit]]
    if len(found) > asked.limit:
        last = found[asked.limit - 1]
        return Results(
            items=items,
            next_cursor=paging.cursor_at(last[1:], asked),
            searched_back_to=None,
        )
    end = await _end_of(session, walked)
    return Results(
        items=items,
        next_cursor=paging.cursor_at(end, asked) if end else None,
        searched_back_to=end[0] if end else None,
    )


def terms(asked: Asked) -> Sequence[str]:
    """The terms of a query; one without a letter or a digit is refused."""
    found = domain.terms(asked.filters.get("q", ""))
    if not found:
        fault = FieldFault(
            pointer="query:q",
            code="nothing_to_search",
            zh="应至少有一个汉字、字母或数字",
            en="expected at least one letter or digit",
        )
        raise InvalidPayload(fault)
    return found


_COUNTED = text(
    "SELECT wanted.gram, (SELECT count(*) FROM (SELECT FROM search_gram s"
    " WHERE s.gram = wanted.gram AND s.region_code BETWEEN :lowest AND :highest"
    " LIMIT :common) AS counted) AS held"
    " FROM unnest(:grams) AS wanted(gram) ORDER BY held, wanted.gram LIMIT 1"
).bindparams(bindparam("grams", type_=ARRAY(Text)))

_DIVISIONS = text(
    "WITH RECURSIVE found(code) AS ("
    " (SELECT region_code FROM search_text WHERE region_code BETWEEN :lowest AND :highest"
    " ORDER BY region_code LIMIT 1)"
    " UNION ALL SELECT (SELECT s.region_code FROM search_text s"
    " WHERE s.region_code > found.code AND s.region_code <= :highest"
    " ORDER BY s.region_code LIMIT 1) FROM found WHERE found.code IS NOT NULL)"
    " SELECT code FROM found WHERE code IS NOT NULL"
)
"""The divisions in which there are accidents, without reading the accidents."""

Steps = Select[datetime, UUID]


async def _branches(session: AsyncSession, sought: Sequence[str], by: Principal) -> Sequence[Steps]:
    """What is walked along: each branch is in the order of an index."""
    if by.uscc is not None:
        own = select(SearchText.occurred_at, SearchText.accident_id)
        return [own.where(SearchText.enterprise_uscc == by.uscc)]
    if by.region is None:
        return []
    lowest, highest = bounds(by.region)
    place = {"lowest": lowest, "highest": highest}
    gram = await _rarest(session, sought, place)
    table: Any = SearchText if gram is None else SearchGram
    steps = select(table.occurred_at, table.accident_id)
    steps = steps if gram is None else steps.where(SearchGram.gram == gram)
    divisions = await session.scalars(_DIVISIONS, place)
    return [steps.where(table.region_code == code) for code in divisions]


async def _rarest(
    session: AsyncSession, sought: Sequence[str], place: Mapping[str, str]
) -> str | None:
    """The pair of a query that the fewest of the actor's accidents have."""
    grams = sorted(set().union(*(domain.grams(term) for term in sought)))
    if len(grams) < 2:
        return grams[0] if grams else None
    counted = await session.execute(_COUNTED, {"grams": grams, "common": COMMON, **place})
    return str(counted.one().gram)


def _walk(branches: Sequence[Steps], asked: Asked) -> Subquery:
    """So many accidents from the cursor on, newest first, of all branches together.

    Each branch has its own order and end, so that the server merges index scans and reads of
    each no more than the page takes.
    """
    after, descending = paging.resumed(asked), asked.order[0][1]
    ends = (_ordered(branch, after, descending=descending) for branch in branches)
    every = union_all(*ends).subquery()
    return _in_order(select(*every.c), descending=descending).limit(WALK).subquery("walked")


def _ordered(branch: Steps, after: Sequence[Any] | None, *, descending: bool) -> Steps:
    if after is not None:
        place = tuple_(*branch.selected_columns)
        branch = branch.where(place < tuple(after) if descending else place > tuple(after))
    return _in_order(branch, descending=descending).limit(WALK)


def _in_order(steps: Steps, *, descending: bool) -> Steps:
    order = tuple(steps.selected_columns)
    return steps.order_by(*(key.desc() if descending else key for key in order))


def _found(walked: Subquery, sought: Sequence[str], by: Principal, asked: Asked) -> Select[Any]:
    descending = asked.order[0][1]
    order = (walked.c.occurred_at, walked.c.accident_id)
    found = (
        accidents.reached_by(by)
        .join(walked, walked.c.accident_id == Accident.id)
        .join(SearchText, SearchText.accident_id == walked.c.accident_id)
        .where(*(func.strpos(SearchText.text, term) > 0 for term in sought))
    )
    inside = paging.narrowed(found, asked).add_columns(*order)
    inside = inside.order_by(*(key.desc() if descending else key for key in order))
    return inside.limit(asked.limit + 1)


async def _end_of(session: AsyncSession, walked: Subquery) -> tuple[datetime, UUID] | None:
    """The last accident of a walk that went its whole length; None when there are no more."""
    steps = func.row_number().over().label("step")
    numbered = select(walked.c.occurred_at, walked.c.accident_id, steps).subquery()
    last = select(numbered.c.occurred_at, numbered.c.accident_id).where(numbered.c.step == WALK)
    row = (await session.execute(last)).one_or_none()
    return (row[0], row[1]) if row else None
