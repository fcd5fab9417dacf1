"""The last follow-up: it ends the rescue as the desk's own word does, and what comes after it."""

from datetime import timedelta

import pytest

from contracts.incidents import AccidentUpdated, FollowUpMissed, RescueEnded
from kernel.access import Principal
from services.incidents.followups import operations as followups
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.tables import Report
from services.incidents.rescues import rules
from services.incidents.rescues.tables import FollowUpDay, RescueStep
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    DAY,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    Body,
    heard,
    report_body,
    reported,
)
from tests.services.incidents.test_followups import ROUTE, follow_up, followed
from tests.services.incidents.test_rescues import NEXT_DAY, days, end, follow, opened
from tests.services.stage import Stage

MORNING = NEXT_DAY + timedelta(hours=9)
HOUR = timedelta(hours=1)
FOUND = {"casualties": {"deaths": 7, "missing": 0}}
STILL = [{"pointer": "/final", "code": "still_missing"}]


async def last(stage: Stage, accident: str, by: Principal = COUNTY_DESK, **said: object) -> None:
    stage.now = max(stage.now, MORNING)
    await followed(stage, accident, by, final=True, **FOUND | said)
    await heard(stage)


async def rescue(stage: Stage, accident: str) -> Body:
    seen: Body = (await stage.as_(COUNTY_DESK).get(f"/incidents/rescues/{accident}")).json()
    return seen


async def test_the_last_follow_up_ends_the_rescue_and_its_days_with_its_reason(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await last(incidents, accident, summary="人员全部找到")
    seen = await rescue(incidents, accident)

    assert (seen["status"], seen["ended_at"]) == ("ended", MORNING.isoformat())
    [report] = await incidents.rows(Report, version=2)
    [step] = seen["steps"]
    assert (step["action"], step["reason"]) == ("end", "人员全部找到")
    assert (step["unit"], step["report_id"]) == ("430481.emergency", str(report.id))
    assert [day["status"] for day in seen["days"]] == ["met"]
    await incidents.fire_until(NEXT_DAY + 30 * DAY)
    assert await incidents.told(FollowUpMissed) == []
    [told] = await incidents.told(RescueEnded)
    assert told["accident_id"] == accident


async def test_the_rest_of_a_day_that_needed_more_is_lifted(incidents: Stage) -> None:
    accident = await opened(incidents, casualties={"deaths": 10})
    await last(incidents, accident, casualties={"deaths": 10})

    assert await days(incidents, accident) == [("2023-06-02", "lifted", 2, 1)]


async def test_the_last_follow_up_does_not_forgive_the_days_before_it(incidents: Stage) -> None:
    accident = await opened(incidents)
    incidents.now = MORNING + 2 * DAY
    await last(incidents, accident)

    assert [day[1] for day in await days(incidents, accident)] == ["missed", "missed", "met"]
    assert len(await incidents.told(FollowUpMissed)) == 2


async def test_it_ends_a_rescue_that_the_platform_has_not_begun_yet(incidents: Stage) -> None:
    accident = str((await reported(incidents))["accident_id"])
    await last(incidents, accident)

    assert (await rescue(incidents, accident))["status"] == "ended"
    assert len(await incidents.rows(FollowUpDay)) == 1
    assert len(await incidents.told(RescueEnded)) == 1


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"casualties": {"deaths": 5, "missing": 1}}, True),
        ({}, True),  # the eight of the first report
        ({"casualties": {"deaths": 13, "missing": 0}}, False),
        ({"missing_presumed_dead": True}, False),
    ],
)
async def test_nobody_may_be_missing_unless_presumed_dead(
    incidents: Stage, said: Body, missing: bool
) -> None:
    accident = await opened(incidents)
    body = follow_up(accident, final=True, **said)
    answer = await incidents.as_(COUNTY_DESK).post(ROUTE, json=body)

    assert answer.status_code == (422 if missing else 201)
    if missing:
        faults = answer.json()["errors"]
        assert [{key: one[key] for key in ("pointer", "code")} for one in faults] == STILL
        assert len(await incidents.rows(Report)) == 1
    assert ((await rescue(incidents, accident))["status"] == "ongoing") is missing


@pytest.mark.parametrize(
    ("by", "status"), [(CITY_DESK, 201), (ENTERPRISE, 403), (OTHER_COUNTY_DESK, 404)]
)
async def test_only_a_duty_desk_above_it_may_say_so(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident = await opened(incidents)
    body = follow_up(accident, final=True, **FOUND)
    answer = await incidents.as_(by).post(ROUTE, json=body)

    assert answer.status_code == status
    assert len(await incidents.rows(Report)) == (2 if status == 201 else 1)


async def test_a_first_report_is_not_the_last_one(incidents: Stage) -> None:
    answer = await incidents.as_(COUNTY_DESK).post(ROUTE, json=report_body(final=True))

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/final"]


async def test_a_later_follow_up_is_a_changed_figure_and_the_rescue_stays_ended(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await last(incidents, accident)
    worse = {"deaths": 8, "missing": 0}
    await follow(incidents, accident, MORNING + DAY, casualties=worse)

    [told] = (await incidents.told(AccidentUpdated))[1:]
    assert (told["toll"]["deaths"], told["after_window"]) == (8, False)
    seen = await rescue(incidents, accident)
    assert (seen["status"], len(seen["steps"]), len(seen["days"])) == ("ended", 1, 1)
    await incidents.fire_until(NEXT_DAY + 9 * DAY)
    assert await incidents.told(FollowUpMissed) == []


async def test_people_newly_missing_after_the_last_follow_up_have_the_rescue_go_on(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await last(incidents, accident)
    again = {"deaths": 7, "missing": 2}
    await follow(incidents, accident, MORNING + HOUR, casualties=again, summary="另有2人失联")

    seen = await rescue(incidents, accident)
    assert (seen["status"], seen["ended_at"]) == ("ongoing", None)
    assert [(step["action"], step["reason"]) for step in seen["steps"][1:]] == [
        ("resume", "另有2人失联")
    ]
    assert seen["days"][-1]["status"] == "open"
    await incidents.fire_until(NEXT_DAY + 2 * DAY)
    [told] = await incidents.told(FollowUpMissed)
    assert told["day"] == "2023-06-03"


async def test_those_who_were_missing_when_the_search_was_called_off_change_nothing(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    incidents.now = MORNING
    await end(incidents, accident)
    same = {"deaths": 6, "missing": 7}
    await follow(incidents, accident, MORNING + HOUR, casualties=same)

    assert (await rescue(incidents, accident))["status"] == "ended"


async def test_after_the_end_a_last_follow_up_is_kept_and_ends_nothing_again(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    incidents.now = MORNING
    await end(incidents, accident)
    await last(incidents, accident)
    await last(incidents, accident)

    assert len(await incidents.rows(Report)) == 3
    assert len(await incidents.rows(RescueStep)) == 1
    assert len(await incidents.told(RescueEnded)) == 1


async def test_a_last_follow_up_that_waited_while_a_later_one_was_stored_ends_nothing(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, MORNING + HOUR, casualties={"deaths": 6, "missing": 7})
    waited = NewReport.model_validate(follow_up(accident, final=True, **FOUND))
    async with incidents.work(COUNTY_DESK) as session:
        await followups.add_report(
            session, report=waited, by=COUNTY_DESK, received_at=MORNING, now=incidents.now
        )

    assert (await rescue(incidents, accident))["status"] == "ongoing"


async def test_a_last_follow_up_after_the_window_still_ends_the_rescue(incidents: Stage) -> None:
    accident = await opened(incidents)
    incidents.now = NEXT_DAY + 60 * DAY
    await last(incidents, accident)

    assert (await rescue(incidents, accident))["status"] == "ended"
    [late] = await incidents.rows(Report, version=2)
    assert not late.counted


async def test_a_last_follow_up_despite_the_missing_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: nobody is ever looked for."""
    monkeypatch.setattr(rules, "sought", lambda _: 0)

    with pytest.raises(AssertionError):
        await test_nobody_may_be_missing_unless_presumed_dead(incidents, {}, missing=True)
