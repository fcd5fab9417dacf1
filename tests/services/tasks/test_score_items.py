"""Every point is traced to what it was counted from, however much has come in since."""

from datetime import timedelta
from hashlib import md5
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.gateway import Role
from kernel.access import Principal
from reference import city as packs
from services.tasks.dispatches.tables import Dispatch
from services.tasks.indicators import rules
from services.tasks.obligations.tables import Obligation
from services.tasks.scores import operations_items
from services.tasks.scores.tables import ScoreItems, ScoreLine
from tests.services.stage import Stage
from tests.services.tasks import (
    hotline,
    scoring,
    test_rankings,
    test_scores,
    test_scores_counted,
)
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import (
    AFTER,
    CHANGNING,
    LEIYANG,
    MAYOR,
    OFFICE,
    QUARTER,
    computed,
    duty,
    standing,
)
from tests.services.tasks.story import officer, person

GOVERNMENT = f"{LEIYANG}.government"
LEADER = person(Role.LEADER, GOVERNMENT)


@pytest.fixture
async def quarter(tasks: Stage) -> Stage:
    return await test_scores.prepared(tasks)


async def listed(stage: Stage, by: Principal, line: ScoreLine, query: str = "") -> httpx.Response:
    return await stage.as_(by).get(f"/tasks/scores/lines/{line.id}/items{query}")


async def every(stage: Stage, line: ScoreLine, *, limit: int = 200) -> list[dict[str, Any]]:
    """All pages of a line's items."""
    found: list[dict[str, Any]] = []
    query = f"?limit={limit}"
    while True:
        page = await listed(stage, OFFICE, line, query)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        if page.json()["next_cursor"] is None:
            return found
        query = f"?limit={limit}&cursor={page.json()['next_cursor']}"


def redone(line: ScoreLine, items: list[dict[str, Any]]) -> tuple[Any, ...]:
    """What the items come to under the version of the rule that the line names."""
    marked = rules.marked(
        packs.current().indicators.one(line.indicator, on=line.last),
        numerator=sum(one["in_numerator"] for one in items),
        denominator=sum(one["in_denominator"] for one in items),
    )
    return (marked.value, marked.points, marked.weight, marked.arithmetic)


def covered(line: ScoreLine, items: list[dict[str, Any]]) -> str | None:
    """The digest that the line has of all that was counted, made of its items alone."""
    if line.indicator.startswith("accidents"):
        named = [one["item"] for one in items if one["in_numerator"]]
    else:
        named = [f"{one['item']}:{'t' if one['in_numerator'] else 'f'}" for one in items]
    return (
        md5(",".join(sorted(named)).encode(), usedforsecurity=False).hexdigest() if named else None
    )


def said(line: ScoreLine) -> tuple[Any, ...]:
    return (line.value, line.points, line.weight, line.arithmetic)


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_listed_comes_to_what_the_line_says(tasks: Stage, seed: int) -> None:
    """Of every line of a city, and of those still that facts which came in later took back."""
    await scoring.founded(tasks)
    chance = Random(seed)
    for days in (0, 1):
        await scoring.stored(tasks, test_scores_counted.duties(chance))
        await scoring.stored(tasks, test_scores_counted.accidents(chance))
        await computed(tasks, now=AFTER + timedelta(days=days))

    lines = [row for row in await tasks.rows(ScoreLine) if row.sign > 0]
    of_lines: dict[Any, list[dict[str, Any]]] = {line.id: [] for line in lines}
    for row in await tasks.rows(ScoreItems):
        of_lines[row.line_id] = [
            {"item": str(item), "in_numerator": above, "in_denominator": below}
            for item, above, below in zip(
                row.items, row.in_numerator, row.in_denominator, strict=True
            )
        ]

    assert {line.id: redone(line, of_lines[line.id]) for line in lines} == {
        line.id: said(line) for line in lines
    }
    for line in lines:
        named = {one["item"] for one in of_lines[line.id]}
        assert set(line.evidence["costly"]) <= named
        assert line.evidence["digest"] == covered(line, of_lines[line.id])
    assert {line.sequence for line in lines} == {1, 3}


async def test_all_are_listed_page_by_page_and_as_a_file(quarter: Stage) -> None:
    due = at(5, 10)
    late = [duty(GOVERNMENT, due=due, overdue=due) for _ in range(27)]
    await scoring.stored(quarter, late)
    await computed(quarter)
    line = (await standing(quarter, GOVERNMENT))["duties_in_time"]

    found = await every(quarter, line, limit=7)
    good = (await listed(quarter, OFFICE, line, "?in_numerator=true&limit=200")).json()["items"]
    file = await quarter.as_(OFFICE, Accept="text/csv").get(f"/tasks/scores/lines/{line.id}/items")

    assert (len(found), len(good)) == (42, 12)
    assert [one["item"] for one in found] == sorted({one["item"] for one in found})
    assert {one["kind"] for one in found} == {"obligation"}
    assert {str(row.id) for row in late} <= {one["item"] for one in found}
    assert len(line.evidence["costly"]) == 20
    assert len(file.text.strip().splitlines()) == 43


async def test_a_line_lists_what_it_counted_whatever_came_in_later(quarter: Stage) -> None:
    await computed(quarter)
    first = (await standing(quarter, GOVERNMENT))["duties_in_time"]
    before = await every(quarter, first)
    later = duty(GOVERNMENT, due=at(6, 1), closed=at(5, 30))
    await scoring.stored(quarter, [later])
    async with quarter.work() as session:
        await session.execute(text("UPDATE obligation SET overdue_at = NULL"))

    unread = await every(quarter, first)
    await computed(quarter)

    rows = await quarter.rows(ScoreLine, subject=GOVERNMENT, indicator="duties_in_time")
    _, back, new = sorted(rows, key=lambda row: row.sequence)
    assert before == unread == await every(quarter, first) == await every(quarter, back)
    after = {one["item"]: one for one in await every(quarter, new)}
    assert after[str(later.id)]["in_numerator"]
    assert str(later.id) not in {one["item"] for one in before}


async def test_what_changed_between_counting_and_listing_is_counted_anew(
    quarter: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, late = operations_items.keep, duty(GOVERNMENT, due=at(6, 1), overdue=at(6, 1))

    async def keep_what_is_there(*given: Any, **more: Any) -> None:
        if not await quarter.rows(Obligation, id=late.id):
            await scoring.stored(quarter, [late])
        await keep(*given, **more)

    monkeypatch.setattr(operations_items, "keep", keep_what_is_there)
    quarter.now = AFTER
    body = {"cadence": "quarter", "day": QUARTER.last.isoformat()}
    await quarter.as_(OFFICE).post("/tasks/scores/runs", json=body)
    await quarter.fire_until(AFTER)
    assert await quarter.rows(ScoreLine, subject=GOVERNMENT) == []
    await quarter.fire_until(AFTER + timedelta(hours=1))

    line = (await standing(quarter, GOVERNMENT))["duties_in_time"]

    assert (line.sequence, line.arithmetic) == (1, "12 ÷ 16 = 75.00 %; 75.00 × 0.60 = 45.00")
    found = await every(quarter, line)
    assert len(found) == 16
    assert str(late.id) in {one["item"] for one in found}


async def test_accidents_against_the_year_before_list_both_years(tasks: Stage) -> None:
    await scoring.founded(tasks)
    rows = [
        row
        for seed in range(3)
        for row in test_scores_counted.accidents(Random(seed))
        if row.region_code == LEIYANG
    ]
    for number, row in enumerate(rows):
        row.merged_into = row.struck_off_at = None
        row.left_out, row.happened_at = False, at(5, 1, year=2022 + number % 2)
    await scoring.stored(tasks, rows)
    await computed(tasks)
    line = (await standing(tasks, GOVERNMENT))["accidents_fewer"]

    found = await every(tasks, line)

    ours = {str(row.accident_id) for row in rows if row.happened_at.year == 2023}
    assert {one["item"] for one in found if one["in_numerator"]} == ours
    assert {one["item"] for one in found if one["in_denominator"]} == {
        str(row.accident_id) for row in rows
    } - ours
    assert {one["kind"] for one in found} == {"accident"}


async def test_orders_are_listed_by_their_parts(tasks: Stage) -> None:
    """The items of a line about hotline orders are the parts that were sent to units."""
    await scoring.founded(tasks)
    tasks.now = hotline.MONDAY
    await hotline.dispatched(tasks)
    await computed(tasks)

    line = (await standing(tasks, GOVERNMENT))["orders_in_time"]
    [part] = await tasks.rows(Dispatch)
    assert await every(tasks, line) == [
        {"item": str(part.id), "kind": "dispatch", "in_numerator": False, "in_denominator": True}
    ]


async def test_who_may_not_read_the_line_reads_none_of_its_items(quarter: Stage) -> None:
    await computed(quarter)
    line = (await standing(quarter, GOVERNMENT))["duties_in_time"]

    statuses = [
        (await listed(quarter, by, line)).status_code
        for by in (
            OFFICE,
            LEADER,
            person(Role.LEADER, f"{CHANGNING}.government"),
            officer("91430481MA4T00019M"),
        )
    ]

    assert statuses == [200, 200, 404, 404]


async def test_of_a_line_that_counted_nothing_nothing_is_listed(quarter: Stage) -> None:
    await computed(quarter)
    line = (await standing(quarter, f"{scoring.PARK}.government"))["duties_in_time"]

    assert await every(quarter, line) == []


async def test_no_item_is_ever_changed(quarter: Stage) -> None:
    await computed(quarter)

    with pytest.raises(DBAPIError, match=r"permission denied|only added to"):
        async with quarter.work() as session:
            await session.execute(text("UPDATE score_items SET digest = NULL"))


async def test_a_figure_that_was_ruled_says_that_it_was_not_counted(tasks: Stage) -> None:
    city = await test_rankings.prepared(tasks)
    await computed(city)
    ranking = await test_rankings.published(city)
    line = (await standing(city, GOVERNMENT))["duties_in_time"]
    body = {"line_id": str(line.id), "grounds": "一项已按期完成。"}
    made = await test_rankings.post(city, LEADER, f"score-objections/to/{ranking['id']}", body)
    upheld = {"ruling": "属实。", "numerator": 2, "denominator": 2}
    path = f"score-objections/{made.json()['id']}/uphold"
    assert (await test_rankings.post(city, MAYOR, path, upheld)).status_code == 200

    ruled = (await standing(city, GOVERNMENT))["duties_in_time"]
    refused = await listed(city, OFFICE, ruled)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/items-not-kept")
    assert len(await every(city, line)) == 2
    assert ruled.evidence["objection"] == made.json()["id"]
    assert QUARTER.last == ruled.last
