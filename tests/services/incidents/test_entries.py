"""Entry within a day, completion within a week: on both sides of each deadline."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from sqlalchemy import text

from contracts.incidents import EntryOverdue
from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.calendar import SHANGHAI
from services.incidents.entries.tables import Entry
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    RECEIVED,
    Body,
    reported,
)
from tests.services.incidents.counting import follow_up, hear_own
from tests.services.stage import Stage

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
WEEK_ENDS = datetime(2023, 6, 9, tzinfo=SHANGHAI)
ROUTE = "/incidents/statistics/entries"


async def opened(stage: Stage) -> str:
    body = await reported(stage)
    await hear_own(stage)
    return str(body["accident_id"])


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (MOMENT, True)])
async def test_an_entry_after_a_day_is_late(incidents: Stage, after: timedelta, late: bool) -> None:
    accident_id = await opened(incidents)
    incidents.now = RECEIVED + DAY + after
    answer = await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{accident_id}/entered")

    assert (answer.status_code, answer.json()["status"]) == (200, "entered")
    assert answer.json()["entered_late"] is late
    assert {row.act for row in await incidents.rows(AuditRecord, entity="entry")} == {"entry.enter"}


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (MOMENT, True)])
async def test_a_completion_after_a_week_is_late(
    incidents: Stage, after: timedelta, late: bool
) -> None:
    accident_id = await opened(incidents)
    desk = incidents.as_(COUNTY_DESK)
    await desk.post(f"{ROUTE}/{accident_id}/entered")
    incidents.now = WEEK_ENDS + after
    answer = await desk.post(f"{ROUTE}/{accident_id}/completed")

    assert answer.json()["status"] == "completed"
    assert answer.json()["completed_late"] is late


async def test_what_nobody_entered_is_told_and_stays_marked(incidents: Stage) -> None:
    accident_id = await opened(incidents)
    await incidents.fire_until(RECEIVED + DAY - MOMENT)
    assert await incidents.told(EntryOverdue) == []
    await incidents.fire_until(RECEIVED + DAY)
    await incidents.fire_until(WEEK_ENDS)

    told = await incidents.told(EntryOverdue)
    assert [(fact["stage"], fact["unit"]) for fact in told] == [
        ("entered", "430481.emergency"),
        ("completed", "430481.emergency"),
    ]
    incidents.now = WEEK_ENDS
    answer = await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{accident_id}/entered")
    assert answer.json()["entered_late"] is True
    listed = await incidents.as_(COUNTY_DESK).get(ROUTE, params={"late": "true"})
    assert [one["accident_id"] for one in listed.json()["items"]] == [accident_id]


async def test_what_was_done_in_time_is_never_alarmed(incidents: Stage) -> None:
    accident_id = await opened(incidents)
    desk = incidents.as_(COUNTY_DESK)
    await desk.post(f"{ROUTE}/{accident_id}/entered")
    await desk.post(f"{ROUTE}/{accident_id}/completed")
    await incidents.fire_until(WEEK_ENDS + DAY)

    assert await incidents.told(EntryOverdue) == []


async def test_an_entry_is_not_completed_before_it_is_made(incidents: Stage) -> None:
    accident_id = await opened(incidents)
    answer = await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{accident_id}/completed")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/entry-action-refused")


async def test_an_accident_has_one_entry_however_often_it_is_told(incidents: Stage) -> None:
    accident_id = await opened(incidents)
    vars(incidents)["heard"] = 0
    await hear_own(incidents)

    assert [str(row.accident_id) for row in await incidents.rows(Entry)] == [accident_id]


@pytest.mark.parametrize(
    ("by", "status"),
    [(OTHER_COUNTY_DESK, 404), (INVESTIGATOR, 403), (ENTERPRISE, 403)],
)
async def test_only_the_offices_of_the_place_enter(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident_id = await opened(incidents)
    answer = await incidents.as_(by).post(f"{ROUTE}/{accident_id}/entered")
    assert answer.status_code == status


SLIGHT: Body = {"casualties": {"deaths": 0}, "direct_loss_wan": 99.99}
LATER = RECEIVED + 3 * DAY


async def slight(stage: Stage) -> Body:
    body = await reported(stage, **SLIGHT)
    await hear_own(stage)
    return body


async def known(stage: Stage, body: Body, **said: object) -> None:
    await follow_up(stage, body, **said)
    await hear_own(stage)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"direct_loss_wan": 99.99}, 0),
        ({"direct_loss_wan": 100}, 1),
        ({"casualties": {"minor_injuries": 1}}, 1),
        ({"casualties": {"missing": 1}}, 1),
    ],
)
async def test_only_what_the_statistics_count_is_to_be_entered(
    incidents: Stage, said: Body, asked: int
) -> None:
    await reported(incidents, **SLIGHT | said)
    await hear_own(incidents)
    await incidents.fire_until(WEEK_ENDS + DAY)

    assert len(await incidents.rows(Entry)) == asked
    assert len(await incidents.told(EntryOverdue)) == 2 * asked


async def test_what_turns_out_to_count_is_to_be_entered_a_day_after_that_was_known(
    incidents: Stage,
) -> None:
    body = await slight(incidents)
    incidents.now = LATER
    await known(incidents, body, direct_loss_wan=100)

    [entry] = await incidents.rows(Entry)
    assert (entry.opened_at, entry.enter_by) == (LATER, LATER + DAY)
    assert entry.complete_by == WEEK_ENDS + 3 * DAY
    await incidents.fire_until(LATER + DAY - MOMENT)
    assert await incidents.told(EntryOverdue) == []
    await incidents.fire_until(LATER + DAY)
    assert [fact["stage"] for fact in await incidents.told(EntryOverdue)] == ["entered"]


async def test_what_turns_out_too_slight_is_entered_by_nobody_and_late_for_nobody(
    incidents: Stage,
) -> None:
    body = await reported(incidents, **SLIGHT | {"direct_loss_wan": 100})
    await hear_own(incidents)
    await known(incidents, body, direct_loss_wan=99.99)
    await incidents.fire_until(WEEK_ENDS + DAY)

    [entry] = await incidents.rows(Entry)
    assert (entry.status, entry.entered_late, entry.completed_late) == ("left_out", False, False)
    assert await incidents.told(EntryOverdue) == []
    answer = await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{body['accident_id']}/entered")
    assert (answer.status_code, answer.json()["entry_status"]) == (409, "left_out")


@pytest.mark.parametrize(
    ("entered", "states", "stages"),
    [
        (False, ("left_out", "open"), ["entered", "completed"]),
        (True, ("left_out", "entered"), ["completed"]),
    ],
)
async def test_what_counts_again_is_asked_for_from_then_on(
    incidents: Stage, entered: bool, states: tuple[str, str], stages: list[str]
) -> None:
    body = await reported(incidents, **SLIGHT | {"direct_loss_wan": 100})
    await hear_own(incidents)
    if entered:
        await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{body['accident_id']}/entered")
    await known(incidents, body, direct_loss_wan=99.99)
    [before] = await incidents.rows(Entry)
    incidents.now = LATER
    await known(incidents, body, direct_loss_wan=100)
    [after] = await incidents.rows(Entry)
    assert (before.status, after.status) == states

    await incidents.fire_until(LATER + DAY - MOMENT)
    assert await incidents.told(EntryOverdue) == []
    await incidents.fire_until(WEEK_ENDS + 3 * DAY)
    assert [fact["stage"] for fact in await incidents.told(EntryOverdue)] == stages


async def test_what_is_complete_stays_so(incidents: Stage) -> None:
    body = await reported(incidents, **SLIGHT | {"direct_loss_wan": 100})
    await hear_own(incidents)
    for step in ("entered", "completed"):
        await incidents.as_(COUNTY_DESK).post(f"{ROUTE}/{body['accident_id']}/{step}")
    await known(incidents, body, direct_loss_wan=99.99)

    assert [row.status for row in await incidents.rows(Entry)] == ["completed"]


@pytest.mark.parametrize(("loss", "left"), [(99.99, 1), (100, 0)])
async def test_slight_ones_that_were_asked_for_before_the_rule_end_with_the_upgrade(
    incidents: Stage, loss: float, left: int
) -> None:
    body = await reported(incidents, **SLIGHT | {"direct_loss_wan": 100})
    await hear_own(incidents)
    await follow_up(incidents, body, direct_loss_wan=loss)  # and nothing follows from it yet
    step = import_module("services.incidents.migrations.versions.0097_entering_what_counts")
    async with incidents.work() as session:
        await session.execute(text(step.ENDED))
        await session.execute(text(step.STOPPED))
    await incidents.fire_until(WEEK_ENDS)

    assert len(await incidents.rows(Entry, status="left_out")) == left
    assert len(await incidents.told(EntryOverdue)) == 2 * (1 - left)
