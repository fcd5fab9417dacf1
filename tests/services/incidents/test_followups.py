"""Follow-ups: new figures inside the window and after it, and what they move."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.incidents import AccidentRegraded, AccidentUpdated
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from services.incidents.accidents import rules
from services.incidents.accidents.tables import Accident, GradeVersion
from services.incidents.investigations.tables import Assignment
from services.incidents.relays.tables import Relay
from services.incidents.reports.tables import Report
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    Body,
    reported,
)
from tests.services.stage import Stage

ROUTE = "/incidents/reports"
CLOSES = datetime(2023, 7, 2, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)


async def followed(stage: Stage, accident_id: str, by: Any = ENTERPRISE, **said: Any) -> Body:
    answer = await stage.as_(by).post(ROUTE, json=follow_up(accident_id, **said))
    assert answer.status_code == 201, answer.text
    return answer.json()


def follow_up(accident_id: str, **said: Any) -> Body:
    return {"report_id": str(uuid7()), "kind": "followup", "accident_id": accident_id, **said}


async def test_the_missing_presumed_dead_move_the_grade_the_ways_and_the_versions(
    incidents: Stage,
) -> None:
    first = await reported(incidents)
    incidents.now += timedelta(days=1)
    answer = await followed(incidents, first["accident_id"], missing_presumed_dead=True)

    assert (answer["grade"], answer["grade_basis"]["value"]) == ("major", 13)
    assert [hop["level"] for hop in answer["relays"]] == ["city", "province", "national"]
    [told] = await incidents.told(AccidentRegraded)
    assert (told["from_grade"], told["grade"]) == ("larger", "major")
    assert [hop["level"] for hop in told["relays"]] == ["national"]
    versions = await incidents.rows(GradeVersion)
    assert sorted((row.version, row.grade) for row in versions) == [(1, "larger"), (2, "major")]
    assert {row.rule for row in versions} == {"decree-493 3@2007-06-01"}


async def test_a_higher_grade_goes_to_a_higher_government(incidents: Stage) -> None:
    first = await reported(incidents, industry="C26", casualties={"deaths": 2})
    answer = await followed(incidents, first["accident_id"], casualties={"deaths": 3})

    assert (first["investigating_unit"], answer["investigating_unit"]) == (
        "430481.government",
        "430400.government",
    )
    assert [row.reason for row in await incidents.rows(Assignment)] == ["graded", "regraded"]


async def test_figures_that_leave_the_grade_are_told_as_an_update(incidents: Stage) -> None:
    first = await reported(incidents)
    await followed(incidents, first["accident_id"], casualties={"deaths": 6, "missing": 7})

    [told] = await incidents.told(AccidentUpdated)
    assert (told["grade"], told["toll"]["deaths"], told["after_window"]) == ("larger", 6, False)
    assert await incidents.told(AccidentRegraded) == []
    assert len(await incidents.rows(Relay)) == 2


async def test_deaths_that_fall_make_a_new_version_and_keep_the_old_one(incidents: Stage) -> None:
    first = await reported(incidents, casualties={"deaths": 3})
    answer = await followed(incidents, first["accident_id"], casualties={"deaths": 2})

    assert answer["grade"] == "general"
    stated = await incidents.rows(Report)
    assert sorted((row.version, row.deaths) for row in stated) == [(1, 3), (2, 2)]
    assert len(await incidents.rows(Relay)) == 2  # nobody who was told is untold


async def test_what_a_follow_up_leaves_out_stays_as_it_was(incidents: Stage) -> None:
    first = await reported(incidents)
    await followed(incidents, first["accident_id"], direct_loss_wan="400")

    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.missing, str(kept.direct_loss_wan)) == (5, 8, "400.0000")


async def test_at_the_last_moment_of_the_window_figures_still_count(incidents: Stage) -> None:
    first = await reported(incidents)
    incidents.now = CLOSES - MOMENT
    answer = await followed(incidents, first["accident_id"], casualties={"deaths": 10})

    assert answer["grade"] == "major"


async def test_after_the_window_the_dead_are_recorded_and_the_grade_stands(
    incidents: Stage,
) -> None:
    first = await reported(incidents)
    incidents.now = CLOSES
    answer = await followed(incidents, first["accident_id"], casualties={"deaths": 10})

    assert answer["grade"] == "larger"
    [kept] = await incidents.rows(Accident)
    assert (kept.deaths, kept.late_deaths, kept.grade_version) == (5, 5, 1)
    [told] = await incidents.told(AccidentUpdated)
    assert (told["toll"]["deaths"], told["after_window"]) == (10, True)
    assert [row.counted for row in await incidents.rows(Report, version=2)] == [False]


async def test_a_window_that_never_closed_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: late figures that still count."""
    monkeypatch.setattr(rules, "counts", lambda **_: True)

    with pytest.raises(AssertionError):
        await test_after_the_window_the_dead_are_recorded_and_the_grade_stands(incidents)


async def test_fires_have_seven_days(incidents: Stage) -> None:
    first = await reported(
        incidents, accident_type="火灾", industry="Q84", casualties={"deaths": 5}
    )
    incidents.now = datetime(2023, 6, 8, 23, 59, 59, tzinfo=SHANGHAI)
    inside = await followed(incidents, first["accident_id"], casualties={"deaths": 6})
    incidents.now = datetime(2023, 6, 9, tzinfo=SHANGHAI)
    after = await followed(incidents, first["accident_id"], casualties={"deaths": 10})

    assert (inside["grade_basis"]["value"], after["grade_basis"]["value"]) == (6, 6)
    assert after["grade"] == "larger"


async def test_a_written_report_may_follow_a_quick_one(incidents: Stage) -> None:
    first = await reported(incidents)
    answer = await incidents.as_(ENTERPRISE).post(
        ROUTE,
        json=follow_up(
            first["accident_id"], summary="书面报告", unit_profile="煤矿，年产30万吨", scene="井下"
        )
        | {"kind": "written"},
    )

    assert (answer.status_code, answer.json()["accident_id"]) == (201, first["accident_id"])


@pytest.mark.parametrize("by", [COUNTY_DESK, CITY_DESK])
async def test_desks_above_may_follow_up(incidents: Stage, by: Any) -> None:
    first = await reported(incidents)

    assert (await followed(incidents, first["accident_id"], by))["receipt"] == "committed"


@pytest.mark.parametrize("by", [OTHER_ENTERPRISE, OTHER_COUNTY_DESK])
async def test_an_accident_of_others_is_absent(incidents: Stage, by: Any) -> None:
    first = await reported(incidents)
    answer = await incidents.as_(by).post(ROUTE, json=follow_up(first["accident_id"]))
    nothing = await incidents.as_(by).post(ROUTE, json=follow_up(str(uuid7())))

    assert (answer.status_code, nothing.status_code) == (404, 404)
    assert len(await incidents.rows(Report)) == 1


async def test_a_follow_up_names_no_other_enterprise(incidents: Stage) -> None:
    first = await reported(incidents)
    answer = await incidents.as_(COUNTY_DESK).post(
        ROUTE, json=follow_up(first["accident_id"], enterprise_uscc=OTHER_USCC)
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/enterprise_uscc")


async def test_a_follow_up_sent_twice_counts_once(incidents: Stage) -> None:
    first = await reported(incidents)
    body = follow_up(first["accident_id"], casualties={"deaths": 6})
    answers = [await incidents.as_(ENTERPRISE).post(ROUTE, json=body) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert len(await incidents.rows(Report)) == 2
    assert len(await incidents.told(AccidentUpdated)) == 1
