"""Cases closed in time (按期结案): held to the clock of each case as it stood at its approval."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from contracts.incidents_cases import InvestigationReckoned
from services.incidents.clocks import operations as clocks
from services.incidents.investigations.tables import Investigation
from services.incidents.statistics import operations_closure
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.tables import ClosureSum, CountedCase
from tests.services.incidents import casework
from tests.services.incidents.casework import CITY_LEADER, CITY_TEAM, DOCUMENT, done, larger
from tests.services.incidents.conftest import DAY, OFFICE, Body, heard
from tests.services.incidents.counting import follow_up, strike
from tests.services.incidents.test_analysis import analysis
from tests.services.incidents.test_case_clocks import START, appraised, closes, ended
from tests.services.stage import Stage

MOMENT = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


async def begun(stage: Stage, **changes: object) -> str:
    accident = await larger(stage, **changes)
    await heard(stage)
    await done(stage, CITY_TEAM, accident, "begin")
    return accident


async def decided(stage: Stage, accident: str, at: datetime) -> None:
    await casework.written(stage, accident)
    await done(stage, CITY_TEAM, accident, "submissions")
    stage.now = at
    await done(stage, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})


async def rate(stage: Stage, month: str = "2023-12") -> tuple[int, int]:
    """How many were closed in time, of how many whose last day lies in the year so far.

    What is kept is always what a recount finds.
    """
    await heard(stage)
    found: Body = (await analysis(stage, month=month))["closed_on_time"]
    counted: Body = (await analysis(stage, month=month, basis="recount"))["closed_on_time"]
    assert found == counted
    return found["part"], found["whole"]


async def last_day(stage: Stage) -> date | None:
    [case] = await stage.rows(Investigation)
    return case.case_due_on


@pytest.mark.parametrize(
    ("after", "closed"), [(-MOMENT, 1), (timedelta(), 0), (SECOND, 0), (-9 * DAY, 1)]
)
async def test_an_approval_is_in_time_until_its_last_day_has_ended(
    incidents: Stage, after: timedelta, closed: int
) -> None:
    accident = await begun(incidents)
    await decided(incidents, accident, closes(60 + 15) + after)

    assert await rate(incidents) == (closed, 1)


@pytest.mark.parametrize(("after", "closed"), [(-MOMENT, 1), (timedelta(), 0)])
async def test_extensions_of_both_limits_are_added(
    incidents: Stage, after: timedelta, closed: int
) -> None:
    accident = await begun(incidents)
    for days in (20, 10):
        body = {"days": days, **DOCUMENT}
        await done(incidents, CITY_LEADER, accident, "extensions", body)
    await decided(incidents, accident, closes(60 + 30 + 15) + after)

    assert await rate(incidents) == (closed, 1)


@pytest.mark.parametrize(("after", "closed"), [(-MOMENT, 1), (timedelta(), 0)])
async def test_the_days_of_an_appraisal_are_added(
    incidents: Stage, after: timedelta, closed: int
) -> None:
    accident = await begun(incidents)
    incidents.now += DAY * 10
    appraisal = (await appraised(incidents, accident, START + DAY * 10)).json()
    incidents.now += DAY * 12
    await ended(incidents, accident, appraisal["id"], START + DAY * 22)
    await decided(incidents, accident, closes(60 + 12 + 15) + after)

    assert await rate(incidents) == (closed, 1)


async def test_while_an_appraisal_goes_on_a_case_has_no_last_day(incidents: Stage) -> None:
    accident = await begun(incidents)
    incidents.now += DAY * 10
    appraisal = (await appraised(incidents, accident, START + DAY * 10)).json()

    assert await last_day(incidents) is None
    assert await rate(incidents) == (0, 0)
    await ended(incidents, accident, appraisal["id"], START + DAY * 11)
    assert await last_day(incidents) == START + DAY * 76


async def test_the_gravest_have_thirty_days_for_the_approval(incidents: Stage) -> None:
    accident = await begun(incidents)
    assert await last_day(incidents) == START + DAY * 75
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 30})
    await heard(incidents)

    assert await last_day(incidents) == START + DAY * 90


async def test_what_comes_after_the_approval_does_not_move_its_last_day(incidents: Stage) -> None:
    accident = await begun(incidents)
    await decided(incidents, accident, incidents.now + DAY)
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 30})
    await heard(incidents)

    assert await last_day(incidents) == START + DAY * 75


@pytest.mark.parametrize(("month", "due"), [("2023-07", 0), ("2023-08", 1)])
async def test_a_case_counts_from_the_month_of_its_last_day_on(
    incidents: Stage, month: str, due: int
) -> None:
    await begun(incidents)  # its last day is 15 August

    assert await rate(incidents, month) == (0, due)


@pytest.mark.parametrize(("after", "due"), [(-MOMENT, 0), (timedelta(), 1)])
async def test_in_a_month_that_runs_nobody_is_late_with_a_last_day_to_come(
    incidents: Stage, after: timedelta, due: int
) -> None:
    await begun(incidents)  # its last day is 15 August
    incidents.now = closes(60 + 15) + after

    for basis in ("rollup", "recount"):
        route = "/incidents/statistics/analysis"
        asked = {"month": "2023-08", "basis": basis}
        found = (await incidents.as_(OFFICE).get(route, params=asked)).json()["closed_on_time"]
        assert (found["part"], found["whole"]) == (0, due)


async def test_a_case_the_sums_have_not_heard_of_takes_nothing_from_them(incidents: Stage) -> None:
    await begun(incidents)
    incidents.now = closes(60 + 15) - MOMENT
    async with incidents.work() as session:
        for table in (CountedCase, ClosureSum):
            await session.execute(table.__table__.delete())

    asked = {"month": "2023-08"}
    answer = await incidents.as_(OFFICE).get("/incidents/statistics/analysis", params=asked)

    assert answer.json()["closed_on_time"]["whole"] == 0


async def test_what_was_approved_early_counts_before_its_last_day(incidents: Stage) -> None:
    accident = await begun(incidents)
    await decided(incidents, accident, closes(60 + 15) - 9 * DAY)
    await heard(incidents)

    asked = {"month": "2023-08"}
    answer = await incidents.as_(OFFICE).get("/incidents/statistics/analysis", params=asked)

    found = answer.json()["closed_on_time"]
    assert (found["part"], found["whole"]) == (1, 1)


@pytest.mark.parametrize("standing", [Standing.STRUCK_OFF, Standing.MERGED])
async def test_a_case_of_what_is_not_counted_is_none(incidents: Stage, standing: Standing) -> None:
    accident = await begun(incidents)
    await larger(incidents, enterprise_uscc=None)
    assert await rate(incidents) == (0, 2)
    await strike(incidents, {"accident_id": accident}, standing)

    assert await rate(incidents) == (0, 1)


async def test_a_reopened_case_is_held_to_a_clock_of_its_own(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await casework.closed(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)

    assert await rate(incidents) == (1, 2)


async def spoilt(stage: Stage) -> None:
    """What is kept of the cases, bent by hand."""
    async with stage.work() as session:
        await session.execute(
            update(CountedCase).values(closed=False, generation=CountedCase.generation + 9)
        )
        await session.execute(update(ClosureSum).values(due=7))
        session.add(ClosureSum(region_code="430407", month=START, park_code="", due=5, closed=5))


async def test_counting_anew_repairs_what_is_kept_of_cases(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await casework.closed(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    await heard(incidents)
    await spoilt(incidents)
    answer = await incidents.as_(OFFICE).post("/incidents/statistics/recount")
    assert answer.status_code == 202, answer.text
    await incidents.fire_until(incidents.now)

    assert await rate(incidents) == (1, 2)
    await done(incidents, CITY_TEAM, accident, "begin")
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 30})
    assert await rate(incidents) == (1, 2)


async def test_counting_a_case_again_changes_nothing(incidents: Stage) -> None:
    accident = await begun(incidents)
    await decided(incidents, accident, closes(60 + 15) - MOMENT)
    await heard(incidents)
    for _ in range(2):
        async with incidents.work() as session:
            await operations_closure.count(session, accident_id=UUID(accident))

    assert await rate(incidents) == (1, 1)


async def test_a_case_that_nobody_counts_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what is told of a case does not reach what is kept."""

    async def nothing(*_: object, **__: object) -> None: ...

    monkeypatch.setattr(operations_closure, "count", nothing)

    with pytest.raises(AssertionError):
        await test_an_approval_is_in_time_until_its_last_day_has_ended(incidents, -MOMENT, 1)


async def test_a_case_held_to_no_clock_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: extensions and appraisals do not reach the statistics."""
    keep = clocks._keep_due
    monkeypatch.setattr(
        clocks,
        "_keep_due",
        lambda session, accident, case, clock, now: (
            case.case_due_on or keep(session, accident, case, clock, now=now)
        ),
    )

    with pytest.raises(AssertionError):
        await test_extensions_of_both_limits_are_added(incidents, -MOMENT, 1)


async def test_whoever_measures_by_closures_hears_each_last_day_when_it_moves(
    incidents: Stage,
) -> None:
    accident = await begun(incidents)
    incidents.now += DAY * 10
    appraisal = (await appraised(incidents, accident, START + DAY * 10)).json()
    incidents.now += DAY
    await ended(incidents, accident, appraisal["id"], START + DAY * 11)
    await decided(incidents, accident, incidents.now + DAY)

    told = await incidents.told(InvestigationReckoned)

    days = [START + DAY * 75, None, START + DAY * 76]
    assert [fact["due_on"] for fact in told] == [day and day.isoformat() for day in days]
