"""The dispatch catalogue: what it learns from returns, and how its lines are written."""

from collections import Counter

import pytest

from services.tasks.catalogue.tables import CatalogueLine, LearntLesson
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders.tables import OrderEntry
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GAS,
    GAS_UNIT,
    HOUSING,
    NOT_OURS,
    OFFICE,
    OPERATOR,
    at,
    post,
)
from tests.services.tasks.story import COUNTY, person

pytestmark = pytest.mark.usefixtures("monday")


async def propose(tasks: Stage, matter: str = "noise") -> list[tuple[str, int]]:
    path = f"/tasks/catalogue/proposal?matter={matter}&region={COUNTY}"
    found = (await tasks.as_(OPERATOR).get(path)).json()
    return [(row["unit"], row["points"]) for row in found]


async def go_wrong(tasks: Stage) -> None:
    """An order that the catalogue's first unit returns and another one settles."""
    first = (await propose(tasks))[0][0]
    inspector = person(hotline.Role.INSPECTOR, first)
    order_id = await hotline.taken(tasks)
    held = await hotline.sent(tasks, order_id, first)
    await hotline.done(tasks, inspector, f"dispatches/{held}/return", NOT_OURS)
    await hotline.sent(tasks, order_id, GAS_UNIT)
    await hotline.answered(tasks, order_id, GAS)


async def test_the_catalogue_learns_from_returns_and_from_who_settled_it(tasks: Stage) -> None:
    (ecology, points), *_ = before = await propose(tasks)

    await go_wrong(tasks)
    once = dict(await propose(tasks))
    await go_wrong(tasks)
    twice = await propose(tasks)

    assert dict(before).get(GAS_UNIT) is None
    assert (once[ecology], once[GAS_UNIT]) == (points - 30, 30)
    assert twice[0] == (GAS_UNIT, 60)
    assert dict(twice)[ecology] == points - 60
    assert dict(await propose(tasks, "gas")).get(GAS_UNIT) == 150  # another matter learnt nothing


async def test_what_was_learnt_can_be_worked_out_again_from_the_log(tasks: Stage) -> None:
    for _ in range(2):
        await go_wrong(tasks)
    await hotline.returned(tasks)  # one that nobody has decided on

    kept = Counter((row.unit, row.lesson) for row in await tasks.rows(LearntLesson))

    parts = {str(row.id): row for row in await tasks.rows(Dispatch)}
    entries = sorted(await tasks.rows(OrderEntry), key=lambda entry: entry.id)
    again: Counter[tuple[str, str]] = Counter()
    came_back: dict[object, str] = {}
    settled_after: set[object] = set()
    for entry in entries:
        if entry.action == "return":
            came_back[entry.order_id] = parts[entry.detail["dispatch"]].unit
        elif entry.action == "dispatch" and entry.order_id in came_back:
            again[came_back.pop(entry.order_id), "returned"] += 1
            settled_after.add(entry.order_id)
        elif entry.action == "answer" and entry.order_id in settled_after:
            again[parts[entry.detail["dispatch"]].unit, "settled"] += 1
    assert kept == again


async def test_a_return_for_want_of_clarity_teaches_nothing(tasks: Stage) -> None:
    order_id, held = await hotline.dispatched(tasks)
    await hotline.done(
        tasks, HOUSING, f"dispatches/{held}/return", {"reason": "unclear", "note": "诉求不清。"}
    )

    await hotline.sent(tasks, order_id, GAS_UNIT)

    assert await tasks.rows(LearntLesson) == []


def line(**changed: object) -> dict[str, object]:
    body: dict[str, object] = {
        "matter": "noise",
        "lead": "{county}.urban_management",
        "reason": "职责调整。",
        "effective_from": "2023-06-05",
    }
    return body | changed


async def test_a_line_is_written_over_the_pack_from_its_day_on(tasks: Stage) -> None:
    tomorrow = line(effective_from="2023-06-06", region_code=COUNTY)

    await hotline.done(tasks, OFFICE, "catalogue/lines", tomorrow)

    today = await propose(tasks)
    tasks.now = at(6, 6, 10)
    assert today[0][0] != GAS_UNIT
    assert (await propose(tasks))[0] == (GAS_UNIT, 100)
    shown = (await tasks.as_(OPERATOR).get("/tasks/catalogue/lines")).json()
    assert ("noise", COUNTY) in {(row["matter"], row["region"]) for row in shown}


async def test_the_line_before_ends_on_the_eve_and_history_is_not_rewritten(tasks: Stage) -> None:
    await hotline.done(tasks, OFFICE, "catalogue/lines", line())
    await hotline.done(
        tasks, OFFICE, "catalogue/lines", line(lead="{county}.housing", effective_from="2023-07-01")
    )

    back = await post(tasks, OFFICE, "catalogue/lines", line(effective_from="2023-07-01"))

    rows = sorted(await tasks.rows(CatalogueLine), key=lambda row: row.effective_from)
    assert [str(row.effective_to) for row in rows] == ["2023-06-30", "None"]
    assert back.json()["type"] == "/problems/line-written-later"


async def test_a_line_that_loops_is_refused_and_nothing_is_lost(tasks: Stage) -> None:
    # The pack has noise handled as environment.
    looping = line(matter="environment", lead=None, same_as="noise")

    answer = await post(tasks, OFFICE, "catalogue/lines", looping)

    assert answer.status_code == 409
    assert answer.json()["matters"] == ["environment", "noise", "environment"]
    assert await tasks.rows(CatalogueLine) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead": None},
        {"same_as": "gas"},
        {"matter": "witchcraft"},
        {"lead": None, "same_as": "witchcraft"},
        {"lead": "{county}.nobody"},
        {"lead": "{moon}.housing"},
        {"supporting": ["430481.nobody"]},
        {"lead": None, "same_as": "gas", "supporting": ["{county}.housing"]},
    ],
)
async def test_a_line_names_units_or_another_matter_that_exist(
    tasks: Stage, wrong: dict[str, object]
) -> None:
    answer = await post(tasks, OFFICE, "catalogue/lines", line(**wrong))

    assert answer.status_code == 422


async def test_a_county_s_office_writes_no_line_for_the_city(tasks: Stage) -> None:
    county = person(hotline.Role.COMMITTEE_OFFICE, f"{COUNTY}.committee_office")

    city = await post(tasks, county, "catalogue/lines", line())
    own = await post(tasks, county, "catalogue/lines", line(region_code=COUNTY))

    assert (city.status_code, own.status_code) == (403, 201)
