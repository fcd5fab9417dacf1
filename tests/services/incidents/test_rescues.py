"""Follow-ups day by day until the rescue ends, and counts that change or fall."""

from datetime import date, datetime, timedelta

import pytest

from contracts.incidents import AccidentRegraded, AccidentUpdated, FollowUpMissed, RescueEnded
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.followups import operations as followups
from services.incidents.reports.schemas import Casualties, NewReport
from services.incidents.reports.tables import Report
from services.incidents.rescues import domain
from services.incidents.rescues.tables import FollowUpDay, RescueStep
from services.incidents.tolls.tables import TollChange
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    DAY,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    Body,
    heard,
    reported,
)
from tests.services.incidents.test_followups import followed
from tests.services.stage import Stage

MOMENT = timedelta(microseconds=1)
NEXT_DAY = datetime(2023, 6, 2, tzinfo=SHANGHAI)
WINDOW_CLOSES = datetime(2023, 7, 2, tzinfo=SHANGHAI)
WHY = {"reason": "搜救结束"}


async def opened(stage: Stage, **changes: object) -> str:
    told = await reported(stage, **changes)
    await heard(stage)
    return str(told["accident_id"])


async def follow(stage: Stage, accident: str, at: datetime, **said: object) -> None:
    stage.now = at
    await followed(stage, accident, **said)
    await heard(stage)


async def days(stage: Stage, accident: str) -> list[tuple[str, str, int, int]]:
    seen = (await stage.as_(COUNTY_DESK).get(f"/incidents/rescues/{accident}")).json()
    return [(d["day"], d["status"], d["needed"], d["received"]) for d in seen["days"]]


async def end(stage: Stage, accident: str, by: Principal = COUNTY_DESK) -> Body:
    answer = await stage.as_(by).post(f"/incidents/rescues/{accident}/end", json=WHY)
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


async def test_the_day_after_the_report_owes_a_follow_up_before_it_ends(
    incidents: Stage,
) -> None:
    await opened(incidents)
    [day] = await incidents.rows(FollowUpDay)

    assert (day.day, day.needed, day.status) == (date(2023, 6, 2), 1, "open")
    assert day.due_at == NEXT_DAY + DAY
    assert (day.unit, day.rule) == ("430481.emergency", "order-21 11@2009-07-01")
    [mine] = (await incidents.as_(COUNTY_DESK).get("/incidents/rescues/days?mine=true")).json()
    assert mine["day"] == "2023-06-02"
    assert (await incidents.as_(CITY_DESK).get("/incidents/rescues/days?mine=true")).json() == []


@pytest.mark.parametrize(
    ("at", "met"),
    [
        (NEXT_DAY - MOMENT, False),
        (NEXT_DAY, True),
        (NEXT_DAY + DAY - MOMENT, True),
        (NEXT_DAY + DAY, False),
    ],
)
async def test_a_follow_up_counts_from_the_first_to_the_last_instant_of_its_day(
    incidents: Stage, at: datetime, met: bool
) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, at)
    await incidents.fire_until(NEXT_DAY + DAY)

    [told] = await incidents.told(FollowUpMissed) or [None]
    assert (told is None) is met
    first, second = await days(incidents, accident)
    assert first[1] == ("met" if met else "missed")
    assert second[:2] == ("2023-06-03", "open")


async def test_a_missed_day_is_told_once_and_the_next_one_opens(incidents: Stage) -> None:
    accident = await opened(incidents)
    assert await incidents.fire_until(NEXT_DAY + DAY - MOMENT - timedelta(hours=20)) > 0
    before = len(await incidents.told(FollowUpMissed))
    await incidents.fire_until(NEXT_DAY + DAY)
    await incidents.fire_until(NEXT_DAY + DAY)

    assert before == 0
    told = await incidents.told(FollowUpMissed)
    assert [(one["day"], one["needed"], one["received"]) for one in told] == [("2023-06-02", 1, 0)]
    assert [(one["unit"], one["grade"]) for one in told] == [("430481.emergency", "larger")]
    assert told[0]["change"] is False
    assert [day[1] for day in await days(incidents, accident)] == ["missed", "open"]


async def test_a_major_accident_needs_two_and_one_is_not_enough(incidents: Stage) -> None:
    accident = await opened(incidents, casualties={"deaths": 10})
    await follow(incidents, accident, NEXT_DAY + timedelta(hours=9))
    assert (await days(incidents, accident))[0][1:] == ("open", 2, 1)
    await follow(incidents, accident, NEXT_DAY + timedelta(hours=17))
    assert (await days(incidents, accident))[0][1:] == ("met", 2, 2)
    await follow(incidents, accident, NEXT_DAY + DAY + timedelta(hours=9))
    await incidents.fire_until(NEXT_DAY + 2 * DAY)

    [told] = await incidents.told(FollowUpMissed)
    assert (told["day"], told["needed"], told["received"]) == ("2023-06-03", 2, 1)


async def test_a_graver_grade_asks_for_more_from_the_next_day_on(incidents: Stage) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, NEXT_DAY + timedelta(hours=9), missing_presumed_dead=True)
    await incidents.fire_until(NEXT_DAY + DAY)

    assert [day[1:3] for day in await days(incidents, accident)] == [("met", 1), ("open", 2)]


async def test_timers_that_come_weeks_late_judge_every_day_all_the_same(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, NEXT_DAY + 4 * DAY)
    late = NEXT_DAY + 20 * DAY
    await incidents.fire_until(late)
    judged = await days(incidents, accident)

    assert len(judged) == 21
    assert [day[1] for day in judged[:6]] == ["missed"] * 4 + ["met", "missed"]
    assert judged[-1][1] == "open"
    assert len(await incidents.told(FollowUpMissed)) == 19


async def test_a_rescue_that_has_ended_owes_nothing_more(incidents: Stage) -> None:
    accident = await opened(incidents)
    incidents.now = NEXT_DAY + timedelta(hours=10)
    seen = await end(incidents, accident)

    assert (seen["status"], seen["steps"][0]["reason"]) == ("ended", WHY["reason"])
    assert [day["status"] for day in seen["days"]] == ["lifted"]
    await incidents.fire_until(NEXT_DAY + 30 * DAY)
    assert await incidents.told(FollowUpMissed) == []
    [told] = await incidents.told(RescueEnded)
    assert told["accident_id"] == accident


async def test_an_end_does_not_forgive_the_days_before_it(incidents: Stage) -> None:
    """Though no timer has fired since."""
    accident = await opened(incidents)
    incidents.now = NEXT_DAY + 3 * DAY + timedelta(hours=10)
    seen = await end(incidents, accident)

    assert [day["status"] for day in seen["days"]] == ["missed"] * 3 + ["lifted"]
    assert len(await incidents.told(FollowUpMissed)) == 3
    await incidents.fire_until(NEXT_DAY + 9 * DAY)
    assert len(await incidents.told(FollowUpMissed)) == 3


async def test_an_end_after_an_early_follow_up_judges_the_days_that_no_timer_opened(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, NEXT_DAY + timedelta(hours=1))
    incidents.now = NEXT_DAY + 2 * DAY + timedelta(hours=1)
    seen = await end(incidents, accident)

    assert [day["status"] for day in seen["days"]] == ["met", "missed", "lifted"]


async def test_a_rescue_that_goes_on_after_all_owes_again(incidents: Stage) -> None:
    accident = await opened(incidents)
    incidents.now = NEXT_DAY + timedelta(hours=10)
    for _ in range(2):  # twice on one day: the day that was lifted opens again
        await end(incidents, accident)
        path = f"/incidents/rescues/{accident}/resume"
        answer = await incidents.as_(COUNTY_DESK).post(path, json={"reason": "仍有被困人员"})
        assert answer.json()["status"] == "ongoing"
    await incidents.fire_until(NEXT_DAY + 2 * DAY)

    [told] = await incidents.told(FollowUpMissed)
    assert told["day"] == "2023-06-03"
    assert [day[1] for day in await days(incidents, accident)] == ["lifted", "missed", "open"]
    steps = [row.action for row in await incidents.rows(RescueStep)]
    assert sorted(steps) == ["end", "end", "resume", "resume"]


@pytest.mark.parametrize("action", ["end", "resume"])
async def test_what_was_said_is_not_said_again(incidents: Stage, action: str) -> None:
    accident = await opened(incidents)
    if action == "end":
        await end(incidents, accident)
    path = f"/incidents/rescues/{accident}/{action}"
    answer = await incidents.as_(COUNTY_DESK).post(path, json=WHY)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rescue-action-refused")


@pytest.mark.parametrize(
    ("by", "status"),
    [(CITY_DESK, 200), (OTHER_COUNTY_DESK, 404), (ENTERPRISE, 403), (INVESTIGATOR, 403)],
)
async def test_a_rescue_is_ended_by_a_desk_above_it(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident = await opened(incidents)
    answer = await incidents.as_(by).post(f"/incidents/rescues/{accident}/end", json=WHY)

    assert answer.status_code == status


async def test_a_report_that_waited_in_a_spool_meets_the_day_it_was_received_in(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await incidents.fire_until(NEXT_DAY + DAY)
    assert (await days(incidents, accident))[0][1] == "missed"
    await stored_late(incidents, accident, received_at=NEXT_DAY + timedelta(hours=9))

    [first, _] = await days(incidents, accident)
    assert first[1:] == ("met", 1, 1)
    [kept] = await incidents.rows(FollowUpDay, day=date(2023, 6, 2))
    assert kept.missed_at == NEXT_DAY + DAY  # the mark stays


async def stored_late(
    stage: Stage, accident: str, *, received_at: datetime, deaths: int | None = None
) -> None:
    """Store a follow-up as the spool does: with the instant at which it came in."""
    report = NewReport(
        report_id=uuid7(),
        kind="followup",
        accident_id=accident,
        casualties=None if deaths is None else Casualties(deaths=deaths),
    )
    async with stage.work(ENTERPRISE) as session:
        await followups.add_report(
            session, report=report, by=ENTERPRISE, received_at=received_at, now=stage.now
        )
    await heard(stage)


async def test_figures_that_waited_do_not_push_out_later_ones(incidents: Stage) -> None:
    accident = await opened(incidents, casualties={"deaths": 3})
    noon = NEXT_DAY + timedelta(hours=12)
    await follow(incidents, accident, noon, casualties={"deaths": 5})
    await stored_late(incidents, accident, received_at=noon - timedelta(hours=1), deaths=10)

    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.grade) == (5, "larger")
    reports = sorted(await incidents.rows(Report), key=lambda row: row.version)
    assert [(row.deaths, row.counted) for row in reports] == [(3, True), (5, True), (10, False)]
    told = await incidents.told(AccidentUpdated)
    assert [fact["toll"]["deaths"] for fact in told] == [5, 5]
    assert [fact["after_window"] for fact in told] == [False, False]


async def test_a_change_of_counts_is_due_on_the_day_it_became_known(incidents: Stage) -> None:
    accident = await opened(incidents)
    known = (NEXT_DAY + timedelta(hours=8)).isoformat()
    six, seven = {"deaths": 6, "missing": 7}, {"deaths": 7, "missing": 6}
    await follow(incidents, accident, NEXT_DAY + DAY - MOMENT, known_at=known, casualties=six)
    assert await incidents.told(FollowUpMissed) == []
    await follow(incidents, accident, NEXT_DAY + DAY, known_at=known, casualties=seven)

    changes = sorted(await incidents.rows(TollChange), key=lambda row: row.version)
    assert [(row.late, row.due_at) for row in changes] == [
        (False, NEXT_DAY + DAY),
        (True, NEXT_DAY + DAY),
    ]
    [told] = await incidents.told(FollowUpMissed)
    assert (told["change"], told["day"]) == (True, "2023-06-02")


async def test_a_follow_up_that_changes_no_count_is_no_change(incidents: Stage) -> None:
    accident = await opened(incidents)
    await follow(incidents, accident, NEXT_DAY, direct_loss_wan="400")

    assert await incidents.rows(TollChange) == []


async def test_deaths_that_fall_keep_both_versions_and_the_reason(incidents: Stage) -> None:
    accident = await opened(incidents, casualties={"deaths": 3})
    await follow(incidents, accident, NEXT_DAY, casualties={"deaths": 2}, summary="1人经核实为轻伤")
    [shown] = (await incidents.as_(CITY_DESK).get(f"/incidents/tolls/{accident}")).json()

    assert (shown["before"]["deaths"], shown["after"]["deaths"]) == (3, 2)
    assert (shown["fell"], shown["contested"]) == (True, False)
    assert shown["reason"] == "1人经核实为轻伤"
    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.grade, kept.grade_version) == (2, "general", 2)
    story = (await incidents.as_(CITY_DESK).get(f"/incidents/accidents/{accident}/timeline")).json()
    [entry] = [one for one in story["entries"] if one["kind"] == "toll_corrected"]
    assert entry["zh"] == "伤亡人数由死亡3人更正为2人：1人经核实为轻伤"


@pytest.mark.parametrize(("by", "contested"), [(ENTERPRISE, False), (COUNTY_DESK, True)])
async def test_the_missing_who_are_not_dead_after_all_make_the_count_fall(
    incidents: Stage, by: Principal, contested: bool
) -> None:
    """Nobody was found: what is counted dead falls all the same, and the grade with it."""
    accident = await opened(incidents, casualties={"missing": 3})
    incidents.now = NEXT_DAY
    await followed(incidents, accident, ENTERPRISE, missing_presumed_dead=True)
    incidents.now = NEXT_DAY + timedelta(minutes=5)
    await followed(incidents, accident, by, missing_presumed_dead=False)
    await heard(incidents)
    risen, fallen = (await incidents.as_(CITY_DESK).get(f"/incidents/tolls/{accident}")).json()

    assert (risen["fell"], risen["after"]["missing_presumed_dead"]) == (False, True)
    assert (fallen["fell"], fallen["contested"]) == (True, contested)
    assert (fallen["before"]["deaths"], fallen["before"]["missing_presumed_dead"]) == (0, True)
    story = (await incidents.as_(CITY_DESK).get(f"/incidents/accidents/{accident}/timeline")).json()
    [entry] = [one for one in story["entries"] if one["kind"] == "toll_corrected"]
    assert entry["zh"] == "伤亡人数核减，失联人员不再推定死亡：未说明原因"


async def test_two_who_disagree_are_both_kept_and_the_lower_count_is_contested(
    incidents: Stage,
) -> None:
    accident = await opened(incidents, casualties={"deaths": 3})
    incidents.now = NEXT_DAY
    await followed(incidents, accident, COUNTY_DESK, casualties={"deaths": 5})
    incidents.now = NEXT_DAY + timedelta(minutes=5)
    await followed(incidents, accident, ENTERPRISE, casualties={"deaths": 4})
    await heard(incidents)
    rising, falling = (await incidents.as_(CITY_DESK).get(f"/incidents/tolls/{accident}")).json()

    assert (rising["contested"], falling["contested"]) == (False, True)
    assert [row.deaths for row in await incidents.rows(Accident)] == [4]  # the last word received
    path = f"/incidents/tolls/{falling['report_id']}/reason"
    answers = [
        await incidents.as_(COUNTY_DESK).post(path, json={"reason": "1人重复统计"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json()["contested"] is False
    assert answers[1].json()["type"] == "/problems/nothing-to-reason"


@pytest.mark.parametrize("known", [WINDOW_CLOSES, WINDOW_CLOSES + DAY, HAPPENED - MOMENT, None])
async def test_after_the_window_a_change_is_kept_and_not_owed(
    incidents: Stage, known: datetime | None
) -> None:
    accident = await opened(incidents, casualties={"deaths": 2})
    said = {"known_at": known.isoformat()} if known else {}
    await follow(incidents, accident, WINDOW_CLOSES + 60 * DAY, **said, casualties={"deaths": 3})

    [change] = await incidents.rows(TollChange)
    assert (change.counted, change.late, change.due_at) == (False, False, None)
    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.late_deaths, kept.grade) == (2, 1, "general")


@pytest.mark.parametrize("known", [WINDOW_CLOSES - MOMENT, NEXT_DAY])
async def test_a_change_inside_the_window_counts_though_it_is_told_late(
    incidents: Stage, known: datetime
) -> None:
    accident = await opened(incidents, casualties={"deaths": 2})
    at = WINDOW_CLOSES + 60 * DAY
    await follow(incidents, accident, at, known_at=known.isoformat(), casualties={"deaths": 3})

    [change] = await incidents.rows(TollChange)
    assert (change.counted, change.late) == (True, True)
    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.late_deaths, kept.grade) == (3, 0, "larger")
    [told] = await incidents.told(AccidentRegraded)
    assert told["counted_deaths"] == 3
    missed = [fact for fact in await incidents.told(FollowUpMissed) if fact["change"]]
    assert [fact["accident_id"] for fact in missed] == [accident]


async def test_who_repeats_when_the_accident_was_known_says_nothing_of_a_change(
    incidents: Stage,
) -> None:
    accident = await opened(incidents, casualties={"deaths": 2})
    [first] = await incidents.rows(Report)
    known = first.known_at.isoformat()
    at = WINDOW_CLOSES + DAY
    await follow(incidents, accident, at, known_at=known, casualties={"deaths": 3})

    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.late_deaths, kept.grade) == (2, 1, "general")


async def test_the_late_dead_are_fewer_once_some_prove_to_have_died_in_time(
    incidents: Stage,
) -> None:
    accident = await opened(incidents, casualties={"deaths": 2})
    at = WINDOW_CLOSES + DAY
    await follow(incidents, accident, at, casualties={"deaths": 5})
    known = NEXT_DAY.isoformat()
    await follow(incidents, accident, at + DAY, known_at=known, casualties={"deaths": 4})

    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.late_deaths) == (4, 1)


async def test_a_day_judged_before_it_is_over_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a day that passes as met with nothing received."""
    monkeypatch.setattr(
        domain, "judged", lambda status, *, received, needed, over: domain.DayStatus.MET
    )

    with pytest.raises(AssertionError):
        await test_a_missed_day_is_told_once_and_the_next_one_opens(incidents)
