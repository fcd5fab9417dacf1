"""The ledger says what the rows say, twice the same, and its sums are those of its lines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.gateway import Role
from kernel.ids import uuid7
from services.tasks.holders.tables import Holding
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.scores import operations_recount, queries
from services.tasks.scores.tables import ScoreLine, ScoreSum
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import (
    AFTER,
    CHANGNING,
    LEIYANG,
    OFFICE,
    PARK,
    QUARTER,
    computed,
    duty,
    standing,
)
from tests.services.tasks.story import person

GOVERNMENT = f"{LEIYANG}.government"


@pytest.fixture
async def quarter(tasks: Stage) -> Stage:
    """Twelve duties of a county in time, three late, and some that are in no figure."""
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Stage:
    """The same, for whoever plants a bug."""
    await scoring.founded(tasks)
    due = at(5, 10)
    in_time = [duty(GOVERNMENT, due=due, closed=due - timedelta(days=1)) for _ in range(11)]
    reviewed_late = duty(GOVERNMENT, due=due, closed=due + timedelta(days=9))
    late = [
        duty(f"{LEIYANG}.emergency", due=due, closed=due + timedelta(days=n), overdue=due)
        for n in (1, 2)
    ]
    open_yet = duty(GOVERNMENT, due=at(7, 1), overdue=at(7, 1))
    in_none = [
        duty(GOVERNMENT, due=at(7, 1, 0, 1), overdue=at(7, 1, 0, 1)),
        duty(GOVERNMENT, due=at(4, 1), overdue=at(4, 1)),
        duty(GOVERNMENT, due=due, status=Status.SUBMITTED),
        duty(GOVERNMENT, due=due, closed=due, overdue=due, status=Status.SUPERSEDED),
        duty(f"{CHANGNING}.government", due=due, overdue=due),
    ]
    await scoring.stored(tasks, [*in_time, reviewed_late, *late, open_yet, *in_none])
    return tasks


async def test_a_line_can_be_redone_by_hand(quarter: Stage) -> None:
    await computed(quarter)

    lines = await standing(quarter, GOVERNMENT)

    rate, overdue = lines["duties_in_time"], lines["duties_overdue"]
    assert rate.arithmetic == "12 ÷ 15 = 80.00 %; 80.00 × 0.60 = 48.00"
    assert overdue.arithmetic == "3 × -0.50 = -1.50"
    assert rate.rule == "platform scoring@2017-01-01"
    late = await quarter.rows(Obligation, region_code=LEIYANG)
    expected = sorted(
        row.id
        for row in late
        if row.overdue_at and at(4, 2) < row.due_at <= at(7, 1) and row.status != Status.SUPERSEDED
    )
    assert scoring.uuids(rate.evidence["costly"]) == expected
    assert scoring.uuids(overdue.evidence["costly"]) == expected


async def test_where_nothing_fell_due_nothing_is_measured_and_it_is_said(quarter: Stage) -> None:
    await computed(quarter)
    line = (await standing(quarter, f"{PARK}.government"))["duties_in_time"]

    read = (await quarter.as_(OFFICE).get(f"/tasks/scores/lines/{line.id}")).json()

    assert (read["numerator"], read["denominator"]) == (0, 0)
    assert (read["value"], read["points"], read["reason"]) == (None, None, "no_base")


async def test_computed_twice_it_is_the_same_to_the_bit(quarter: Stage) -> None:
    first = await computed(quarter)
    lines = {row.id: row.arithmetic for row in await quarter.rows(ScoreLine)}

    again = await computed(quarter)

    assert first["digest"] == again["digest"]
    assert (first["added"], again["added"]) == (len(lines), 0)
    assert {row.id: row.arithmetic for row in await quarter.rows(ScoreLine)} == lines


async def test_what_has_changed_is_reversed_and_written_anew(quarter: Stage) -> None:
    await computed(quarter)
    await scoring.stored(quarter, [duty(GOVERNMENT, due=at(6, 1), closed=at(5, 30))])

    again = await computed(quarter)

    rows = await quarter.rows(ScoreLine, subject=GOVERNMENT, indicator="duties_in_time")
    first, back, new = sorted(rows, key=lambda row: row.sequence)
    assert (back.kind, back.reverses, back.sign, back.points) == (
        "reversal",
        first.id,
        -1,
        Decimal("48.00"),
    )
    assert new.arithmetic == "13 ÷ 16 = 81.25 %; 81.25 × 0.60 = 48.75"
    assert again["added"] == 2
    async with quarter.work() as session:
        sums = await queries.sums(session, group="counties", period=QUARTER)
    assert sums[GOVERNMENT].earned == Decimal("48.75")


async def test_the_sums_are_those_of_the_lines_and_can_be_built_anew(quarter: Stage) -> None:
    await computed(quarter)
    await scoring.stored(quarter, [duty(GOVERNMENT, due=at(6, 1), overdue=at(6, 1))])
    await computed(quarter)
    params = {"group": "counties", "cadence": "quarter", "day": "2023-05-01"}
    client = quarter.as_(OFFICE)

    rolled = (await client.get("/tasks/scores/sums", params=params)).json()
    counted = (await client.get("/tasks/scores/sums", params=params | {"basis": "recount"})).json()
    async with quarter.work() as session:
        await session.execute(text("UPDATE score_sum SET earned = earned + 1"))
    ordered = await client.post("/tasks/scores/recounts")
    await quarter.fire_until(AFTER)
    mended = (await client.get("/tasks/scores/sums", params=params)).json()

    assert len(rolled) == 12
    assert rolled == counted == mended
    assert ordered.json() == {"years": [2023]}


async def test_who_is_no_more_by_the_end_of_a_period_is_not_ranked_by_old_lines(
    quarter: Stage,
) -> None:
    await computed(quarter, now=at(6, 1))
    async with quarter.work() as session:
        ended = text("UPDATE unit SET effective_to = '2023-06-15' WHERE code = :code")
        await session.execute(ended, {"code": GOVERNMENT})

    run = await computed(quarter)
    again = await computed(quarter)

    assert await standing(quarter, GOVERNMENT) == {}
    assert (run["added"] > 0, again["added"], again["digest"]) == (True, 0, run["digest"])
    async with quarter.work() as session:
        sums = await queries.sums(session, group="counties", period=QUARTER)
        recounted = await queries.recounted(session, group="counties", period=QUARTER)
    assert GOVERNMENT not in sums
    assert sums == recounted


async def test_no_line_is_ever_changed(quarter: Stage) -> None:
    await computed(quarter)

    with pytest.raises(DBAPIError, match=r"permission denied|only added to"):
        async with quarter.work() as session:
            await session.execute(text("UPDATE score_line SET points = 100"))


async def test_a_run_goes_on_where_it_stopped(
    quarter: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await computed(quarter)
    monkeypatch.setattr("services.tasks.scores.operations_runs.PIECE", 5)

    in_pieces = await computed(quarter)

    assert in_pieces["digest"] == whole["digest"]
    assert in_pieces["subjects"] == whole["subjects"]
    assert in_pieces["added"] == 0


async def test_a_recount_mends_what_is_wrong_and_leaves_the_rest_and_other_years(
    quarter: Stage,
) -> None:
    await computed(quarter)
    of_one = f" WHERE subject = '{GOVERNMENT}'"
    rest = "cadence, first, group_code, last, region_code, earned, weight, taken_off, measured"
    made_up = (
        f"INSERT INTO score_sum (subject, unmeasured, {rest})"
        f" SELECT 'nobody', 0, {rest} FROM score_sum"
    )
    changes = [
        "UPDATE score_sum SET measured = measured + 1" + of_one,
        "DELETE FROM score_sum" + of_one,
        made_up + of_one,
    ]

    async def recounted(year: int) -> int:
        async with quarter.work() as session:
            return await operations_recount.count_year_anew(session, year=year)

    before = {(row.subject, row.earned) for row in await quarter.rows(ScoreSum)}
    mended = [(await recounted(2022), await recounted(2023))]
    for change in changes:
        async with quarter.work() as session:
            await session.execute(text(change))
        mended.append((await recounted(2022), await recounted(2023)))

    assert mended == [(0, 0), (0, 1), (0, 1), (0, 1)]
    assert {(row.subject, row.earned) for row in await quarter.rows(ScoreSum)} == before


async def test_a_score_stays_with_who_held_the_post_then(quarter: Stage) -> None:
    """Who has left the county reads the lines of the time; who came after does not find theirs."""
    before, first, then, now = (uuid7() for _ in range(4))
    post = f"{LEIYANG}.government.principal"
    terms = (
        (before, at(1, 1), at(3, 31)),
        (first, at(4, 1), at(6, 29)),
        (then, at(6, 30), at(6, 30)),
        (now, at(7, 1), None),
    )
    await scoring.stored(
        quarter,
        [
            Holding(
                id=uuid7(), post=post, unit=f"{LEIYANG}.government", person=person_id,
                name="某人", public=False, effective_from=since.date(),
                effective_to=until and until.date(), appointed_by="x", appointed_at=since,
            )
            for person_id, since, until in terms
        ],
    )  # fmt: skip
    await computed(quarter)
    line = (await standing(quarter, f"{LEIYANG}.government"))["duties_in_time"]

    answers = {}
    for person_id in (before, first, then, now):
        moved = person(Role.INSPECTOR, f"{CHANGNING}.housing", subject=str(person_id))
        one = await quarter.as_(moved).get(f"/tasks/scores/lines/{line.id}")
        every = await quarter.as_(moved).get("/tasks/scores/lines?cadence=quarter")
        answers[person_id] = (one.status_code, len(every.json()["items"]))
    read = (await quarter.as_(OFFICE).get(f"/tasks/scores/lines/{line.id}")).json()

    assert answers == {before: (404, 0), first: (200, 9), then: (200, 9), now: (404, 0)}
    assert [one["holder"] for one in read["holders"]] == [str(first), str(then)]
    assert [one["until"] for one in read["holders"]] == ["2023-06-29", "2023-06-30"]
