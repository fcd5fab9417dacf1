"""Two who draft, publish, object or rule at once wait for one another and do not collide."""

from asyncio import create_task, gather
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.tasks.rankings import operations as rankings
from services.tasks.rankings import queries as placed
from services.tasks.scoreobjections.tables import ScoreObjection
from tests.services.stage import Stage
from tests.services.tasks import test_rankings
from tests.services.tasks.city import somebody_waits
from tests.services.tasks.scoring import AFTER, LEIYANG, MAYOR, OFFICE, QUARTER, computed, standing
from tests.services.tasks.test_rankings import CORRECTION, LEADER, draft_of, post, published


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """One county did all in time, two half of it, and the others had nothing to do."""
    return await test_rankings.prepared(tasks)


async def test_who_publishes_waits_for_who_drafts(city: Stage) -> None:
    await computed(city)
    draft = await draft_of(city)

    async with city.work() as session:
        await rankings.hold(session, QUARTER)
        later = create_task(post(city, MAYOR, f"rankings/{draft.id}/publish"))
        await somebody_waits(city)
        await session.execute(text("SET LOCAL lock_timeout = '1s'"))
        found = await placed.versions(session, group="counties", period=QUARTER, lock=True)

    assert [row.id for row in found] == [draft.id]
    assert (await later).status_code == 200


async def test_who_rules_waits_for_who_publishes_a_correction(city: Stage) -> None:
    await computed(city)
    ranking = await published(city)
    path = f"score-objections/to/{ranking['id']}"
    objection = (await post(city, LEADER, path, {"grounds": "名次有误"})).json()["id"]
    draft = await post(city, OFFICE, "rankings", CORRECTION | {"reason": "漏计一项任务"})

    answers = await gather(
        post(city, MAYOR, f"rankings/{draft.json()['id']}/publish"),
        post(city, OFFICE, f"score-objections/{objection}/uphold", {"ruling": "属实"}),
    )

    # Whoever was first: a draft that the ruling replaced is not published any more.
    assert [one.status_code for one in answers] in ([200, 200], [409, 200])


async def test_one_objects_once_to_the_same_however_fast(city: Stage) -> None:
    await computed(city)
    ranking = await published(city)
    line = (await standing(city, f"{LEIYANG}.government"))["duties_in_time"]
    path = f"score-objections/to/{ranking['id']}"
    bodies = [{"grounds": "名次有误"}, {"grounds": "漏计", "line_id": str(line.id)}]

    answers = await gather(*(post(city, LEADER, path, body) for body in bodies for _ in range(3)))

    assert sorted(one.status_code for one in answers) == [201] * 2 + [409] * 4
    assert len(await city.rows(ScoreObjection)) == 2


@pytest.mark.parametrize(
    ("figures", "status"),
    [((3, 2), 422), ((1, 0), 422), ((2, 2), 200), ((0, 0), 200), ((10**6, 10**6), 200)],
)
async def test_a_ruling_states_figures_that_can_be(
    city: Stage, figures: tuple[int, int], status: int
) -> None:
    await computed(city)
    ranking = await published(city)
    city.now = AFTER + timedelta(hours=1)
    line = (await standing(city, f"{LEIYANG}.government"))["duties_in_time"]
    body = {"grounds": "漏计", "line_id": str(line.id)}
    made = await post(city, LEADER, f"score-objections/to/{ranking['id']}", body)
    numerator, denominator = figures

    ruled = await post(
        city,
        OFFICE,
        f"score-objections/{made.json()['id']}/uphold",
        {"ruling": "属实", "numerator": numerator, "denominator": denominator},
    )

    assert ruled.status_code == status, ruled.text
