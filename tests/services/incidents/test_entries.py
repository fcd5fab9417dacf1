"""Entry within a day, completion within a week: on both sides of each deadline."""

from datetime import datetime, timedelta

import pytest

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
    reported,
)
from tests.services.incidents.counting import hear_own
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
