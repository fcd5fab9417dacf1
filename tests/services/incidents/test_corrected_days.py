"""A corrected day of an accident moves its window: what was stated is held against it again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.incidents import AccidentRegraded, FollowUpMissed
from kernel.calendar import SHANGHAI
from services.incidents.accidents.tables import Accident, GradeVersion
from services.incidents.investigations.tables import Assignment
from services.incidents.reports.tables import Report
from services.incidents.tolls.tables import TollChange
from tests.services.incidents.conftest import Body, reported
from tests.services.incidents.counting import correct, follow_up, hear_own
from tests.services.stage import Stage

MOMENT = timedelta(microseconds=1)
FIRST, THIRD = (datetime(2023, 6, day, 8, tzinfo=SHANGHAI) for day in (1, 3))
"""The day that was said first, and the last one that it may be: it was reported on it."""
CLOSES_OF_FIRST = datetime(2023, 7, 2, tzinfo=SHANGHAI)
CLOSES_OF_THIRD = datetime(2023, 7, 4, tzinfo=SHANGHAI)


async def two_dead(stage: Stage, *, happened_at: datetime = FIRST, **changes: Any) -> Body:
    stage.now = THIRD + timedelta(hours=4)
    times = dict.fromkeys(("occurred_at", "known_at"), happened_at.isoformat())
    said = {"industry": "C26", "casualties": {"deaths": 2}, "direct_loss_wan": 10}
    return await reported(stage, **said | times | changes)


async def third_died(stage: Stage, body: Body, at: datetime, **said: Any) -> None:
    stage.now = at
    await follow_up(stage, body, casualties={"deaths": 3}, **said)
    await hear_own(stage)


async def stands(stage: Stage) -> tuple[str, str, int, int]:
    [accident] = await stage.rows(Accident)
    return accident.grade, accident.investigating_level, accident.deaths, accident.late_deaths


LARGER, GENERAL = ("larger", "city", 3, 0), ("general", "county", 2, 1)


@pytest.mark.parametrize(
    ("at", "after"),
    [(CLOSES_OF_FIRST - MOMENT, LARGER), (CLOSES_OF_FIRST, GENERAL)],
)
async def test_an_earlier_day_leaves_out_what_was_told_after_its_window(
    incidents: Stage, at: datetime, after: tuple[str, str, int, int]
) -> None:
    body = await two_dead(incidents, happened_at=THIRD)
    await third_died(incidents, body, at)
    assert await stands(incidents) == LARGER
    await correct(incidents, body, happened_at=FIRST)

    assert await stands(incidents) == after
    grades = [
        row.grade for row in sorted(await incidents.rows(GradeVersion), key=lambda one: one.version)
    ]
    assert grades == ["general", "larger"] + ["general"] * (after == GENERAL)
    counted = {row.version: row.counted for row in await incidents.rows(Report)}
    assert counted == {1: True, 2: after == LARGER}


@pytest.mark.parametrize(
    ("at", "after"),
    [(CLOSES_OF_THIRD - MOMENT, LARGER), (CLOSES_OF_THIRD, GENERAL)],
)
async def test_a_later_day_counts_what_was_told_inside_its_window(
    incidents: Stage, at: datetime, after: tuple[str, str, int, int]
) -> None:
    body = await two_dead(incidents)
    await third_died(incidents, body, at)
    assert await stands(incidents) == GENERAL
    await correct(incidents, body, happened_at=THIRD)

    assert await stands(incidents) == after
    told = [(fact["from_grade"], fact["grade"]) for fact in await incidents.told(AccidentRegraded)]
    assert told == ([("general", "larger")] if after == LARGER else [])
    reasons = [row.reason for row in await incidents.rows(Assignment)]
    assert reasons == ["graded"] + ["regraded"] * (after == LARGER)


@pytest.mark.parametrize(
    ("known_at", "after"),
    [(CLOSES_OF_THIRD - MOMENT, LARGER), (CLOSES_OF_THIRD, GENERAL)],
)
async def test_a_change_counts_by_when_it_was_known_and_is_late_by_its_own_day(
    incidents: Stage, known_at: datetime, after: tuple[str, str, int, int]
) -> None:
    body = await two_dead(incidents)
    told_at = CLOSES_OF_THIRD + timedelta(days=5)
    await third_died(incidents, body, told_at, known_at=known_at.isoformat())
    assert [fact for fact in await incidents.told(FollowUpMissed) if fact["change"]] == []
    await correct(incidents, body, happened_at=THIRD)

    assert await stands(incidents) == after
    [change] = await incidents.rows(TollChange)
    assert (change.counted, change.late) == ((after == LARGER),) * 2
    assert change.due_at == (CLOSES_OF_THIRD if after == LARGER else None)
    missed = [fact for fact in await incidents.told(FollowUpMissed) if fact["change"]]
    assert [fact["day"] for fact in missed] == ["2023-07-03"] * (after == LARGER)


@pytest.mark.parametrize(
    ("kind", "at", "after"),
    [
        ("fire", datetime(2023, 6, 9, tzinfo=SHANGHAI) - MOMENT, LARGER),
        ("fire", datetime(2023, 6, 9, tzinfo=SHANGHAI), GENERAL),
        ("road_traffic", datetime(2023, 6, 9, tzinfo=SHANGHAI) - MOMENT, LARGER),
        ("road_traffic", datetime(2023, 6, 9, tzinfo=SHANGHAI), GENERAL),
    ],
)
async def test_seven_days_of_the_road_and_of_fires_move_too(
    incidents: Stage, kind: str, at: datetime, after: tuple[str, str, int, int]
) -> None:
    body = await two_dead(incidents, happened_at=THIRD, accident_type=kind)
    await third_died(incidents, body, at)
    await correct(incidents, body, happened_at=FIRST)

    assert await stands(incidents) == after


async def test_a_day_that_is_put_right_twice_ends_where_it_began(incidents: Stage) -> None:
    body = await two_dead(incidents)
    await third_died(incidents, body, CLOSES_OF_FIRST)
    for day, after in ((THIRD, LARGER), (FIRST, GENERAL), (THIRD, LARGER)):
        await correct(incidents, body, happened_at=day)
        await hear_own(incidents)
        assert await stands(incidents) == after

    grades = [
        row.grade for row in sorted(await incidents.rows(GradeVersion), key=lambda one: one.version)
    ]
    assert grades == ["general", "larger", "general", "larger"]


async def test_what_a_statement_that_counts_now_left_out_stays_as_it_was(
    incidents: Stage,
) -> None:
    body = await two_dead(incidents)
    await third_died(incidents, body, CLOSES_OF_FIRST)
    await follow_up(incidents, body, direct_loss_wan=999.99)
    await correct(incidents, body, happened_at=THIRD)

    [accident] = await incidents.rows(Accident)
    assert (accident.deaths, str(accident.direct_loss_wan)) == (3, "999.9900")


async def test_another_hour_of_the_same_day_moves_nothing(incidents: Stage) -> None:
    body = await two_dead(incidents)
    await third_died(incidents, body, CLOSES_OF_FIRST)
    await correct(incidents, body, happened_at=FIRST + timedelta(hours=2))

    assert await stands(incidents) == GENERAL
    assert len(await incidents.rows(GradeVersion)) == 1
