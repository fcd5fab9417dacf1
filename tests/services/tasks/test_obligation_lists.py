"""A county's list is read by its county, wherever its rows stand among the city's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, event, text

from kernel.access import Principal
from tests.services.stage import Stage
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_DESK, OTHER_DESK

OTHERS, OURS = 4_000, 800
"""Many more than a page, behind many more that are due as soon."""

PAGE = 50

# As while everybody's duty is being opened county by county: ours came last.
_OPENED = text(
    """
    INSERT INTO obligation (id, kind, status, origin, cause, duty, subject, enterprise_uscc,
                            region_code, rule, due_at, opened_at)
    SELECT (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, 'plan',
           CASE WHEN n < :others OR n % :each = 0 THEN 'open' ELSE 'accepted' END,
           '00000000-0000-7000-8000-000000000001', 'period', '2023/4.1', 'e' || n,
           'e' || n,
           CASE WHEN n < :others THEN '430405' ELSE :county END, 'plan',
           '2023-02-01 00:00+08', '2023-01-01 00:00+08'
    FROM generate_series(0, :others + :ours - 1) AS n
    """
).bindparams(*(bindparam(name, type_=Integer) for name in ("others", "ours", "each")))


async def opened(tasks: Stage, *, each: int = 1) -> None:
    """What others have to do, then what we have: of ours one in `each` is still to be done."""
    values = {"others": OTHERS, "ours": OURS, "county": COUNTY, "each": each}
    async with tasks.work() as session:
        await session.execute(_OPENED, values)
    async with tasks.work() as session:
        await session.execute(text("SELECT analyze_obligation()"))


@contextmanager
def overheard(tasks: Stage) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of obligations meanwhile, with its values."""
    asked: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        if statement.startswith("SELECT obligation."):
            asked.append((statement, values))

    engine = tasks.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    yield asked
    event.remove(engine, "before_cursor_execute", hear)


async def looked_through(tasks: Stage, by: Principal, asked: tuple[str, Any]) -> int:
    """How many rows are read to answer a question, those that are dropped among them."""
    statement, values = asked
    async with tasks.work(by) as session:
        connection = await session.connection()
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        (told,) = (await connection.exec_driver_sql(explained, values)).scalars()
    [plan] = json.loads(told) if isinstance(told, str) else told
    return sum(_read(plan["Plan"]))


def _read(node: dict[str, Any]) -> Iterator[int]:
    if "Plans" not in node:
        yield node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    for below in node.get("Plans", ()):
        yield from _read(below)


@pytest.mark.parametrize("sort", ["due_at", "-due_at"])
@pytest.mark.parametrize(
    ("by", "query"),
    [(COUNTY_DESK, ""), (COUNTY_DESK, "&status=open"), (CITY_OFFICE, f"&region={COUNTY}")],
    ids=["a county's desk", "what is open", "the city of a county"],
)
async def test_only_the_county_is_looked_through(
    tasks: Stage, by: Principal, query: str, sort: str
) -> None:
    await opened(tasks)
    with overheard(tasks) as asked:
        listed = (await tasks.as_(by).get(f"/tasks/obligations?sort={sort}{query}")).json()

    assert {row["region_code"] for row in listed["items"]} == {COUNTY}
    assert len(listed["items"]) == PAGE
    assert await looked_through(tasks, by, asked[-1]) <= PAGE + 1


async def test_what_is_open_is_not_looked_for_among_what_was_done(tasks: Stage) -> None:
    """Years of what a county has done stand before what it has to do."""
    await opened(tasks, each=10)
    with overheard(tasks) as asked:
        listed = (await tasks.as_(COUNTY_DESK).get("/tasks/obligations?status=open")).json()

    assert len(listed["items"]) == PAGE
    assert await looked_through(tasks, COUNTY_DESK, asked[-1]) <= PAGE + 1


async def test_another_county_is_shown_nothing_of_it(tasks: Stage) -> None:
    await opened(tasks)
    for query in ("", f"?region={COUNTY}"):
        listed = await tasks.as_(OTHER_DESK).get(f"/tasks/obligations{query}")
        assert listed.json()["items"] == []
