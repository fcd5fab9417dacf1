"""The clock of a case: its bar, what stretches and stops it, its warnings and its alarm."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.incidents_cases import ClockMove, InvestigationOverdue, InvestigationWarned
from kernel import calendar
from kernel.calendar import SHANGHAI
from services.incidents.clocks import operations as clocks
from tests.services.incidents import casework
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_TEAM,
    COUNTY_LEADER,
    DOCUMENT,
    done,
    get,
    larger,
    post,
)
from tests.services.incidents.conftest import DAY, RECEIVED, reported
from tests.services.stage import Stage

START = date(2023, 6, 1)
SECOND = timedelta(seconds=1)


def closes(days: int) -> datetime:
    """24:00 of the day so many days after the accident."""
    return calendar.closes_at(START + DAY * days)


async def opened(stage: Stage) -> str:
    accident = await larger(stage)
    async with stage.work() as session:
        await clocks.open_case(
            session, accident_id=accident, because=ClockMove.OPENED, now=stage.now
        )
    return accident


async def appraised(stage: Stage, accident: str, began_on: date) -> Any:
    body = {"subject": "原因", "institution": "中心", "began_on": began_on.isoformat()}
    return await post(stage, CITY_TEAM, accident, "appraisals", body)


async def ended(stage: Stage, accident: str, appraisal: str, on: date) -> Any:
    body = {"ended_on": on.isoformat()}
    return await post(stage, CITY_TEAM, accident, f"appraisals/{appraisal}/end", body)


async def test_the_bar_shows_every_day_and_why_it_is_due_when_it_is(incidents: Stage) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    incidents.now += DAY * 10
    first = (await appraised(incidents, accident, START + DAY * 10)).json()
    incidents.now += DAY * 5
    second = (await appraised(incidents, accident, START + DAY * 15)).json()
    incidents.now += DAY * 5
    for appraisal in (first, second):
        await ended(incidents, accident, appraisal["id"], START + DAY * 20)
    await done(incidents, CITY_LEADER, accident, "extensions", {"days": 30, **DOCUMENT})
    incidents.now += DAY * 2
    clock = await get(incidents, CITY_TEAM, accident, "clock")

    assert [(one["kind"], one["from"], one["to"], one["days"]) for one in clock["segments"]] == [
        ("investigation", "2023-06-02", "2023-06-11", 10),
        ("appraisal", "2023-06-12", "2023-06-21", 0),
        ("investigation", "2023-06-22", "2023-06-23", 2),
    ]
    assert (clock["days_used"], clock["days_allowed"], clock["days_excluded"]) == (12, 90, 10)
    assert (clock["due_on"], clock["due_at"]) == ("2023-09-09", "2023-09-10T00:00:00+08:00")
    assert [line["days"] for line in clock["why"]] == [60, 30, 10]
    assert clock["why"][0]["rule"] == "decree-493 29@2007-06-01"
    assert (len(clock["appraisals"]), len(clock["extensions"])) == (2, 1)


async def test_a_clock_nobody_has_touched_is_shown_without_being_stored(incidents: Stage) -> None:
    accident = await larger(incidents)
    clock = await get(incidents, CITY_TEAM, accident, "clock")

    assert (clock["stage"], clock["due_on"]) == ("investigation", "2023-07-31")


@pytest.mark.parametrize(("days", "status"), [(60, 201), (61, 409)])
async def test_one_extension_gives_at_most_sixty_days(
    incidents: Stage, days: int, status: int
) -> None:
    accident = await opened(incidents)
    body = {"days": days, **DOCUMENT}

    assert (await post(incidents, CITY_LEADER, accident, "extensions", body)).status_code == status


async def test_extensions_add_up_and_only_the_holder_gives_them(incidents: Stage) -> None:
    accident = await opened(incidents)
    body = {"days": 40, **DOCUMENT}
    wrong = await post(incidents, COUNTY_LEADER, accident, "extensions", body)
    first = await post(incidents, CITY_LEADER, accident, "extensions", body)
    second = await post(incidents, CITY_LEADER, accident, "extensions", body)

    assert (wrong.status_code, first.status_code) == (403, 201)
    assert (second.status_code, second.json()["days_left"]) == (409, 20)


@pytest.mark.parametrize(("late", "status"), [(-SECOND, 201), (timedelta(), 409)])
async def test_a_limit_that_has_run_out_is_neither_extended_nor_stopped(
    incidents: Stage, late: timedelta, status: int
) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    incidents.now = closes(60) + late
    extension = await post(incidents, CITY_LEADER, accident, "extensions", {"days": 1, **DOCUMENT})

    assert extension.status_code == status


@pytest.mark.parametrize(("day", "status"), [(59, 201), (60, 409)])
async def test_an_appraisal_must_begin_before_the_last_day(
    incidents: Stage, day: int, status: int
) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    incidents.now = closes(60) - SECOND
    answer = await appraised(incidents, accident, START + DAY * day)

    assert answer.status_code == status


async def test_days_out_of_order_and_appraisals_ended_twice_are_refused(incidents: Stage) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    incidents.now += DAY * 5
    before = await appraised(incidents, accident, START - DAY)
    tomorrow = await appraised(incidents, accident, START + DAY * 6)
    good = (await appraised(incidents, accident, START + DAY * 3)).json()
    backwards = await ended(incidents, accident, good["id"], START + DAY * 2)
    ahead = await ended(incidents, accident, good["id"], START + DAY * 6)
    once = await ended(incidents, accident, good["id"], START + DAY * 5)
    twice = await ended(incidents, accident, good["id"], START + DAY * 5)

    refused = (before, tomorrow, backwards, ahead)
    assert [answer.status_code for answer in refused] == [422] * 4
    assert (once.status_code, twice.status_code) == (200, 409)


async def test_a_report_waits_for_the_appraisals(incidents: Stage) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    await casework.written(incidents, accident)
    appraisal = (await appraised(incidents, accident, START)).json()
    waiting = await post(incidents, CITY_TEAM, accident, "submissions")
    await ended(incidents, accident, appraisal["id"], START)
    after = await post(incidents, CITY_TEAM, accident, "submissions")

    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/appraisal-open")
    assert after.status_code == 201


async def test_warnings_come_and_at_the_end_of_the_last_day_the_alarm_once(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await incidents.fire_until(closes(45) - SECOND)
    assert await incidents.told(InvestigationWarned) == []
    await incidents.fire_until(closes(45))
    await incidents.fire_until(closes(57))
    assert len(await incidents.told(InvestigationWarned)) == 2
    await incidents.fire_until(closes(60) - SECOND)
    assert await incidents.told(InvestigationOverdue) == []
    await incidents.fire_until(closes(60))
    async with incidents.work() as session:
        await clocks.open_case(
            session, accident_id=accident, because=ClockMove.OPENED, now=closes(61)
        )
    await incidents.fire_until(closes(400))

    [told] = await incidents.told(InvestigationOverdue)
    assert (told["stage"], told["unit"]) == ("investigation", "430400.government")
    assert told["due_at"] == "2023-08-01T00:00:00+08:00"
    incidents.now = closes(61)
    assert (await get(incidents, CITY_TEAM, accident, "clock"))["overdue"]


async def test_an_open_appraisal_holds_the_alarm_back_and_its_end_sets_it_again(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    appraisal = (await appraised(incidents, accident, START)).json()
    await incidents.fire_until(closes(100))
    assert await incidents.told(InvestigationOverdue) == []
    incidents.now = closes(100) - SECOND
    await ended(incidents, accident, appraisal["id"], START + DAY * 100)
    await incidents.fire_until(closes(160) - SECOND)
    assert await incidents.told(InvestigationOverdue) == []
    await incidents.fire_until(closes(160))

    assert len(await incidents.told(InvestigationOverdue)) == 1


async def test_the_government_has_fifteen_days_for_its_decision(incidents: Stage) -> None:
    accident = await opened(incidents)
    await casework.submitted(incidents, accident)
    await incidents.fire_until(closes(15) - SECOND)
    assert await incidents.told(InvestigationOverdue) == []
    await incidents.fire_until(closes(15))

    [told] = await incidents.told(InvestigationOverdue)
    assert told["stage"] == "approval"
    incidents.now = closes(14)
    clock = await get(incidents, CITY_TEAM, accident, "clock")
    assert (clock["stage"], clock["due_on"]) == ("approval", "2023-06-16")
    more = await post(incidents, CITY_LEADER, accident, "extensions", {"days": 1, **DOCUMENT})
    assert (more.status_code, more.json()["days_left"]) == (409, 0)


async def test_the_gravest_have_thirty_days_for_the_approval_and_thirty_more(
    incidents: Stage,
) -> None:
    told = await reported(incidents, industry="C26", casualties={"deaths": 30})
    accident = told["accident_id"]
    nation = casework.leader("000000.government")
    team = casework.leader("000000.emergency", role="investigator")
    await casework.submitted(incidents, accident, team)
    more = {"days": 30, **DOCUMENT}
    await done(incidents, nation, accident, "extensions", more)
    refused = await post(incidents, nation, accident, "extensions", more | {"days": 1})
    clock = await get(incidents, team, accident, "clock")

    assert refused.status_code == 409
    assert clock["due_on"] == (START + DAY * 60).isoformat()
    assert clock["case_due_on"] == (START + DAY * 120).isoformat()


async def test_a_timer_of_an_older_generation_tells_nothing(incidents: Stage) -> None:
    accident = await opened(incidents)
    await casework.closed(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    async with incidents.work() as session:
        await clocks.mark_overdue(session, thing=f"{accident}:1", now=closes(3650))

    assert await incidents.told(InvestigationOverdue) == []


def test_the_accident_of_these_tests_happened_on_the_first_of_june() -> None:
    assert RECEIVED.astimezone(SHANGHAI).date() == START
