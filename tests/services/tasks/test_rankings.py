"""A ranking is frozen and published once; what was wrong is corrected by a further version."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.gateway import Role
from contracts.tasks_scoring import (
    RankingPublished,
    ScoreObjected,
    ScoreRuledOn,
    ScoreRulingOverdue,
)
from kernel.access import Principal
from kernel.calendar import Cadence
from services.tasks.indicators.domain import period_of
from services.tasks.rankings.tables import Ranking
from services.tasks.scoreobjections import operations as objections
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import (
    AFTER,
    CHANGNING,
    LEIYANG,
    MAYOR,
    OFFICE,
    QUARTER,
    SECOND_OFFICER,
    computed,
    county_leader,
    duty,
    standing,
)
from tests.services.tasks.story import CITY, officer, person

FIRST_QUARTER = period_of(at(2, 1).date(), Cadence.QUARTER)
LEADER = county_leader(LEIYANG)
TWIN = "430405"
CORRECTION = {"group": "counties", "cadence": "quarter", "day": "2023-05-01"}


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """One county did all in time, two half of it, and the others had nothing to do."""
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Stage:
    """The same, for whoever plants a bug."""
    await scoring.founded(tasks)
    rows = []
    for county, in_time in ((CHANGNING, 2), (LEIYANG, 1), (TWIN, 1)):
        unit, due = f"{county}.government", at(5, 10)
        rows += [duty(unit, due=due, closed=at(5, 1)) for _ in range(in_time)]
        rows += [duty(unit, due=due, overdue=due) for _ in range(2 - in_time)]
    rows.append(duty(f"{LEIYANG}.government", due=at(2, 1), closed=at(1, 9)))
    await scoring.stored(tasks, rows)
    return tasks


async def draft_of(city: Stage, group: str = "counties") -> Ranking:
    rows = await city.rows(Ranking, group_code=group, status="draft", first=QUARTER.first)
    return rows[0]


async def post(city: Stage, by: Principal, path: str, body: Any = None) -> httpx.Response:
    return await city.as_(by).post(f"/tasks/{path}", json=body)


async def published(city: Stage, by: Principal = MAYOR) -> dict[str, Any]:
    """The draft of the counties as it was published: with its rows."""
    draft = await draft_of(city)
    answer = await post(city, by, f"rankings/{draft.id}/publish")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = (await city.as_(LEADER).get(f"/tasks/rankings/{draft.id}")).json()
    return found


async def test_no_total_is_below_zero_and_the_arithmetic_says_so(city: Stage) -> None:
    """Whatever is taken off: those below share the last rank, and the sums stay as they are."""
    worst, bad = "430426.government", "430424.government"
    late = [scoring.duty(worst, due=at(6, 1), overdue=at(6, 1)) for _ in range(3)]
    await scoring.stored(city, [*late, scoring.duty(bad, due=at(6, 1), overdue=at(6, 1))])
    await computed(city)

    rows = {row["subject"]: row for row in (await published(city))["rows"]}
    params = {"group": "counties", "cadence": "quarter", "day": "2023-05-01"}
    sums, recount = [
        (await city.as_(OFFICE).get("/tasks/scores/sums", params=params | {"basis": basis})).json()
        for basis in ("rolled_up", "recount")
    ]

    assert [(rows[one]["score"], rows[one]["taken_off"]) for one in (worst, bad)] == [
        ("0.00", "-1.50"),
        ("0.00", "-0.50"),
    ]
    assert rows[worst]["rank"] == rows[bad]["rank"] == 4
    steps = "0.00 ÷ 0.60 = 0.00; 0.00 + (-1.50) = -1.50; max(-1.50, 0.00) = 0.00"
    [shown] = [row for row in sums if row["subject"] == worst]
    assert rows[worst]["arithmetic"] == shown["arithmetic"] == steps
    assert sums == recount
    assert (await computed(city))["added"] == 0


async def test_a_computed_period_is_drafted_and_published_by_a_person(city: Stage) -> None:
    await computed(city, FIRST_QUARTER)
    await city.fire_until(AFTER)
    await computed(city)

    ranking = await published(city)

    rows = {row["subject"].partition(".")[0]: row for row in ranking["rows"]}
    assert (ranking["number"], ranking["version"], ranking["units"]) == (1, 1, 12)
    assert [rows[one]["rank"] for one in (CHANGNING, LEIYANG, TWIN)] == [1, 2, 2]
    assert [rows[one]["tied"] for one in (CHANGNING, LEIYANG, TWIN)] == [False, True, True]
    assert rows[LEIYANG]["score"] == "49.50"  # 50.00 % of what was measured, and 1 × -0.50
    unmeasured = [row for row in ranking["rows"] if row["rank"] is None]
    assert ranking["unmeasured"] == len(unmeasured) == 9
    assert [row["place"] for row in unmeasured] == list(range(4, 13))
    assert all(row["score"] is None for row in unmeasured)
    [told] = await city.told(RankingPublished)
    assert (told["group"], told["number"], told["unmeasured"]) == ("counties", 1, 9)


async def test_a_ranking_says_what_changed_since_the_one_before(city: Stage) -> None:
    await computed(city, FIRST_QUARTER)
    before = await city.rows(Ranking, group_code="counties", first=FIRST_QUARTER.first)
    await post(city, MAYOR, f"rankings/{before[0].id}/publish")
    await computed(city)

    rows = {row["subject"]: row for row in (await published(city))["rows"]}

    assert rows[f"{LEIYANG}.government"]["rank_before"] == 1
    assert rows[f"{LEIYANG}.government"]["score_before"] == "100.00"
    assert rows[f"{CHANGNING}.government"]["rank_before"] is None


async def test_a_draft_is_absent_to_those_who_may_not_see_it(city: Stage) -> None:
    await computed(city)
    draft = await draft_of(city)

    for by in (LEADER, officer("91430481MA4T00019M"), person(Role.INSPECTOR, f"{LEIYANG}.housing")):
        assert (await city.as_(by).get(f"/tasks/rankings/{draft.id}")).status_code == 404
        assert (await city.as_(by).get("/tasks/rankings")).json()["items"] == []
        assert (await post(city, by, f"rankings/{draft.id}/publish")).status_code == 403
    assert (await city.as_(OFFICE).get(f"/tasks/rankings/{draft.id}")).status_code == 200


async def test_everybody_signed_in_reads_what_is_published(city: Stage) -> None:
    await computed(city)
    ranking = await published(city)

    for by in (officer("91430481MA4T00019M"), person(Role.HOTLINE_OPERATOR, f"{CHANGNING}.x")):
        read = await city.as_(by).get(f"/tasks/rankings/{ranking['id']}")
        assert read.json()["rows"] == ranking["rows"]


async def test_a_period_that_is_not_over_is_not_published(city: Stage) -> None:
    await computed(city, now=QUARTER.ends_at - timedelta(seconds=1))
    draft = await draft_of(city)

    early = await post(city, MAYOR, f"rankings/{draft.id}/publish")
    city.now = QUARTER.ends_at
    stale = await post(city, MAYOR, f"rankings/{draft.id}/publish")
    again = await post(city, OFFICE, "rankings", CORRECTION)
    still = await post(city, MAYOR, f"rankings/{again.json()['id']}/publish")
    await computed(city, now=QUARTER.ends_at)
    in_time = await post(city, MAYOR, f"rankings/{(await draft_of(city)).id}/publish")

    answers = (early, stale, again, still, in_time)
    assert [one.status_code for one in answers] == [409, 409, 201, 409, 200]
    assert early.json()["type"] == "/problems/period-not-over"
    assert stale.json()["type"] == still.json()["type"] == "/problems/drafted-too-early"


async def test_a_correction_says_why_and_is_a_further_version(city: Stage) -> None:
    await computed(city)
    first = await published(city)
    await scoring.stored(city, [duty(f"{TWIN}.government", due=at(5, 2), closed=at(5, 1))])
    await computed(city)

    refused = await post(city, OFFICE, "rankings", CORRECTION)
    await post(city, OFFICE, "rankings", CORRECTION | {"reason": "漏计一项任务"})
    second = await published(city)

    assert refused.status_code == 422
    assert (second["number"], second["version"]) == (first["number"], 2)
    old = (await city.as_(LEADER).get(f"/tasks/rankings/{first['id']}")).json()
    assert (old["status"], old["rows"]) == ("superseded", first["rows"])


async def test_an_objection_upheld_reverses_the_line_for_good(city: Stage) -> None:
    await computed(city)
    ranking = await published(city)
    unit = f"{LEIYANG}.government"
    line = (await standing(city, unit))["duties_in_time"]
    body = {"line_id": str(line.id), "grounds": "一项已按期完成"}
    made = await post(city, LEADER, f"score-objections/to/{ranking['id']}", body)
    objection = made.json()["id"]

    own = await post(city, LEADER, f"score-objections/{objection}/dismiss", {"ruling": "x"})
    bare = await post(city, OFFICE, f"score-objections/{objection}/uphold", {"ruling": "属实"})
    ruled = await post(
        city,
        OFFICE,
        f"score-objections/{objection}/uphold",
        {"ruling": "属实", "numerator": 2, "denominator": 2},
    )
    again = await computed(city)
    corrected = await published(city)

    assert (made.status_code, own.status_code, bare.status_code) == (201, 403, 422)
    assert ruled.json()["new_ranking_id"] == corrected["id"]
    stands = (await standing(city, unit))["duties_in_time"]
    assert (stands.kind, stands.evidence["objection"]) == ("ruled", objection)
    assert stands.arithmetic == "2 ÷ 2 = 100.00 %; 100.00 × 0.60 = 60.00"
    assert again["added"] == 0  # computing it again does not undo what was ruled
    ranks = {row["subject"]: (row["rank"], row["score"]) for row in corrected["rows"]}
    assert ranks[unit] == (2, "99.50")
    [objected] = await city.told(ScoreObjected)
    [told] = await city.told(ScoreRuledOn)
    assert (objected["objection_id"], objected["unit"]) == (objection, unit)
    assert objected["office"] == f"{CITY}.committee_office"
    assert (told["objection_id"], told["unit"], told["upheld"]) == (objection, unit, True)


async def test_a_unit_objects_until_the_last_working_day_and_to_nothing_of_others(
    city: Stage,
) -> None:
    await computed(city)
    ranking = await published(city)
    until = at(7, 11)  # published on Monday 3 July: five working days end on Monday the 10th
    path, body = f"score-objections/to/{ranking['id']}", {"grounds": "名次有误"}
    foreign = (await standing(city, f"{CHANGNING}.government"))["duties_in_time"]

    others = await post(city, LEADER, path, body | {"line_id": str(foreign.id)})
    no_part = await post(city, person(Role.LEADER, f"{LEIYANG}.housing"), path, body)
    city.now = until - timedelta(seconds=1)
    in_time = await post(city, LEADER, path, body)
    twice = await post(city, LEADER, path, body)
    city.now = until
    late = await post(city, county_leader(TWIN), path, body)

    assert ranking["objections_until"] == until.isoformat()
    assert [a.status_code for a in (others, no_part, in_time, twice, late)] == [
        409,
        409,
        201,
        409,
        409,
    ]
    assert late.json()["type"] == "/problems/objected-too-late"


async def test_nobody_rules_twice_and_a_county_does_not_rule_on_itself(city: Stage) -> None:
    await computed(city)
    ranking = await published(city)
    path = f"score-objections/to/{ranking['id']}"
    objection = (await post(city, LEADER, path, {"grounds": "名次有误"})).json()["id"]
    county_office = person(Role.COMMITTEE_OFFICE, f"{LEIYANG}.committee_office")

    answers = [
        await post(city, by, f"score-objections/{objection}/dismiss", {"ruling": "无误"})
        for by in (county_office, SECOND_OFFICER, OFFICE)
    ]

    assert [one.status_code for one in answers] == [403, 200, 409]
    assert [fact["upheld"] for fact in await city.told(ScoreRuledOn)] == [False]


async def objected(city: Stage) -> tuple[str, dict[str, Any]]:
    """An objection of a county to its rank: its id, and how it is shown."""
    await computed(city)
    ranking = await published(city)
    path = f"score-objections/to/{ranking['id']}"
    made = (await post(city, LEADER, path, {"grounds": "名次有误"})).json()
    return made["id"], made


async def shown(city: Stage) -> dict[str, Any]:
    [found] = (await city.as_(LEADER).get("/tasks/score-objections")).json()["items"]
    return dict(found)


async def test_whoever_does_not_rule_in_time_is_overdue_once(city: Stage) -> None:
    objection, made = await objected(city)
    due = at(7, 11)  # made on Monday 3 July: five working days end on Monday the 10th

    await city.fire_until(due - timedelta(seconds=1))
    early = await city.told(ScoreRulingOverdue)
    before = await shown(city)
    await city.fire_until(due + timedelta(days=30))
    after = await shown(city)

    assert (made["due_at"], made["overdue_at"]) == (due.isoformat(), None)
    assert (early, before["overdue_at"]) == ([], None)
    [told] = await city.told(ScoreRulingOverdue)
    assert (told["objection_id"], told["unit"]) == (objection, f"{LEIYANG}.government")
    assert told["office"] == f"{CITY}.committee_office"
    assert after["overdue_at"] is not None
    city.now = due + timedelta(days=31)
    late = await post(city, OFFICE, f"score-objections/{objection}/dismiss", {"ruling": "无误"})
    assert (late.status_code, late.json()["overdue_at"]) == (200, after["overdue_at"])


async def test_of_what_was_ruled_in_time_nobody_is_overdue(city: Stage) -> None:
    objection, _ = await objected(city)
    city.now = at(7, 10, 23)

    ruled = await post(city, OFFICE, f"score-objections/{objection}/dismiss", {"ruling": "无误"})
    await city.fire_until(at(8, 1))

    assert ruled.status_code == 200
    assert await city.told(ScoreRulingOverdue) == []
    assert (await shown(city))["overdue_at"] is None


async def test_a_ruling_clock_that_fires_early_or_after_the_ruling_finds_nothing(
    city: Stage,
) -> None:
    objection, _ = await objected(city)

    for now, step in ((at(7, 10, 23), None), (at(7, 12), "dismiss")):
        city.now = now
        if step:
            await post(city, OFFICE, f"score-objections/{objection}/{step}", {"ruling": "无误"})
        async with city.work() as session:
            await objections.note_unruled(session, objection_id=UUID(objection), now=now)

    assert await city.told(ScoreRulingOverdue) == []
