"""Corrections: a new version beside the old one, and what it moves."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.incidents import AccidentCorrected, AccidentRegraded
from contracts.incidents_cases import InvestigationClockMoved
from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.corrections.tables import Correction
from services.incidents.investigations.domain import INVESTIGATION_DUE
from services.incidents.investigations.tables import Investigation
from services.incidents.maps.tables import MapPoint
from services.incidents.reports.tables import Report
from services.incidents.search.tables import SearchText
from services.incidents.statistics.tables import CountedAccident, CountedCase
from tests.services.incidents import casework
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    KNOWN,
    OTHER_ENTERPRISE,
    RECEIVED,
    Body,
    heard,
    reported,
)
from tests.services.stage import Stage


async def corrected(
    stage: Stage, report_id: str, by: Principal = ENTERPRISE, why: str = "写错", **changes: Any
) -> Any:
    body = {"correction_id": str(uuid7()), "changes": changes, "why": why}
    return await stage.as_(by).post(f"/incidents/reports/{report_id}/corrections", json=body)


async def versions(stage: Stage, report_id: str) -> Body:
    answer = await stage.as_(COUNTY_DESK).get(f"/incidents/reports/{report_id}/versions")
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def test_every_version_stays_with_who_when_and_why(incidents: Stage) -> None:
    told = await reported(incidents)
    assert (await corrected(incidents, told["report_id"], place="三号井")).status_code == 201
    incidents.now = RECEIVED + timedelta(hours=1)
    await corrected(incidents, told["report_id"], COUNTY_DESK, "核实", place="四号井", scene="有水")

    found = await versions(incidents, told["report_id"])
    assert found["as_made"]["place"] == "二号井"
    first, second = found["corrections"]
    assert (first["before"], first["after"]) == ({"place": "二号井"}, {"place": "三号井"})
    assert second["before"] == {"place": "三号井", "scene": None}
    assert (second["version"], second["why"], second["corrected_by"]) == (
        2,
        "核实",
        COUNTY_DESK.subject,
    )
    assert (found["now_says"]["place"], found["now_says"]["scene"]) == ("四号井", "有水")
    [report] = await incidents.rows(Report)
    assert report.place == "二号井"
    assert (await incidents.rows(Accident))[0].place == "四号井"


async def test_the_times_of_all_versions_are_shown_as_people_here_read_them(
    incidents: Stage,
) -> None:
    happened, after_all = ("2023-06-01T00:30:00Z", "2023-06-01T00:10:00Z")
    told = await reported(incidents, occurred_at=happened, known_at=KNOWN.isoformat())
    await corrected(incidents, told["report_id"], COUNTY_DESK, occurred_at=after_all)

    found = await versions(incidents, told["report_id"])
    assert found["as_made"]["occurred_at"] == "2023-06-01T08:30:00+08:00"
    [one] = found["corrections"]
    assert one["before"] == {"occurred_at": "2023-06-01T08:30:00+08:00"}
    assert one["after"] == {"occurred_at": "2023-06-01T08:10:00+08:00"}
    assert found["now_says"]["occurred_at"] == "2023-06-01T08:10:00+08:00"


async def test_corrected_figures_of_the_last_report_move_the_grade(incidents: Stage) -> None:
    told = await reported(incidents, casualties={"deaths": 1})
    answer = await corrected(incidents, told["report_id"], casualties={"deaths": 3})

    assert answer.json()["moved"] is True
    [moved] = await incidents.told(AccidentRegraded)
    assert (moved["from_grade"], moved["grade"]) == ("general", "larger")
    made = {row.version: row.deaths for row in await incidents.rows(Report)}
    assert made == {1: 1, 2: 3}


async def test_the_burnt_forest_is_corrected_like_any_figure(incidents: Stage) -> None:
    fire = {"accident_type": "forest_fire", "casualties": {"deaths": 1}, "burnt_area_ha": 0.5}
    told = await reported(incidents, **fire)
    answer = await corrected(incidents, told["report_id"], burnt_area_ha=2)

    assert answer.status_code == 201, answer.text
    assert answer.json()["before"] == {"burnt_area_ha": "0.5000"}
    [accident] = await incidents.rows(Accident)
    assert (accident.burnt_area_ha, accident.grade, accident.deaths) == (2, "larger", 1)
    path = f"/incidents/accidents/{told['accident_id']}/timeline"
    story = (await incidents.as_(COUNTY_DESK).get(path)).json()["entries"]
    [entry] = [one for one in story if one["kind"] == "corrected"]
    assert "受害森林面积由0.5000公顷改为2公顷" in entry["zh"]
    assert "the burnt forest in hectares from 0.5000 to 2" in entry["en"]


async def test_corrected_figures_of_an_older_report_move_nothing(incidents: Stage) -> None:
    told = await reported(incidents, casualties={"deaths": 1})
    later = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": told["accident_id"],
        "casualties": {"deaths": 2},
    }
    await incidents.as_(ENTERPRISE).post("/incidents/reports", json=later)
    answer = await corrected(incidents, told["report_id"], casualties={"deaths": 5})

    assert answer.json()["moved"] is False
    [accident] = await incidents.rows(Accident)
    assert (accident.deaths, accident.grade) == (2, "general")


async def test_a_desk_that_corrects_the_times_moves_window_and_lateness(incidents: Stage) -> None:
    told = await reported(incidents)
    earlier = HAPPENED - timedelta(days=1)
    known = RECEIVED - timedelta(hours=1, seconds=1)
    answer = await corrected(
        incidents,
        told["report_id"],
        COUNTY_DESK,
        occurred_at=earlier.isoformat(),
        known_at=known.isoformat(),
    )

    assert answer.json()["moved"] is True
    [accident] = await incidents.rows(Accident)
    assert (accident.occurred_at, accident.late, accident.late_by_seconds) == (earlier, True, 1)
    assert accident.window_closes_at == datetime.fromisoformat("2023-07-01T00:00:00+08:00")


async def test_whoever_counts_by_day_or_place_follows_a_correction(incidents: Stage) -> None:
    told = await reported(incidents)
    await heard(incidents)
    earlier = HAPPENED - timedelta(days=1)
    changes = {"occurred_at": earlier.isoformat(), "place": "三号井"}
    await corrected(incidents, told["report_id"], COUNTY_DESK, **changes)
    await heard(incidents)

    [fact] = await incidents.told(AccidentCorrected)
    assert datetime.fromisoformat(fact["happened_at"]) == earlier
    [counted] = await incidents.rows(CountedAccident)
    assert counted.month == date(2023, 5, 1)
    [point], [text] = await incidents.rows(MapPoint), await incidents.rows(SearchText)
    assert point.occurred_at == text.occurred_at == earlier
    assert "三号井" in text.text


async def test_the_limit_of_a_case_runs_from_the_corrected_day(incidents: Stage) -> None:
    told = await reported(incidents)
    await heard(incidents)
    earlier = HAPPENED - timedelta(days=1)
    await corrected(incidents, told["report_id"], COUNTY_DESK, occurred_at=earlier.isoformat())
    await heard(incidents)

    [case], [counted] = await incidents.rows(Investigation), await incidents.rows(CountedCase)
    assert (case.starts_on, case.case_due_on) == (date(2023, 5, 31), date(2023, 8, 14))
    assert counted.month == date(2023, 8, 1)
    [moved] = await incidents.told(InvestigationClockMoved)
    end = datetime.fromisoformat(moved["due_at"])
    assert end == datetime.fromisoformat("2023-07-31T00:00:00+08:00")
    last_second = end - timedelta(seconds=1)
    assert await incidents.fire_until(last_second, INVESTIGATION_DUE) == 0
    assert await incidents.fire_until(end, INVESTIGATION_DUE) == 1


async def test_a_reopened_case_keeps_the_day_it_was_reopened(incidents: Stage) -> None:
    told = await reported(incidents, industry="C26", casualties={"deaths": 3}, direct_loss_wan=10)
    accident = told["accident_id"]
    await casework.closed(incidents, accident)
    incidents.now += timedelta(days=30)
    await casework.done(incidents, casework.CITY_LEADER, accident, "reopen", casework.DOCUMENT)
    earlier = HAPPENED - timedelta(days=1)
    await corrected(incidents, told["report_id"], COUNTY_DESK, occurred_at=earlier.isoformat())
    await heard(incidents)

    starts = {case.generation: case.starts_on for case in await incidents.rows(Investigation)}
    assert starts == {1: HAPPENED.date(), 2: date(2023, 7, 2)}


@pytest.mark.parametrize(
    ("by", "changes"),
    [
        (ENTERPRISE, {"occurred_at": (HAPPENED - timedelta(days=1)).isoformat()}),
        (COUNTY_DESK, {"known_at": KNOWN.isoformat()}),
        (COUNTY_DESK, {"place": "二号井"}),
    ],
)
async def test_what_moves_neither_day_nor_place_is_told_to_nobody(
    incidents: Stage, by: Principal, changes: Body
) -> None:
    told = await reported(incidents)
    assert (await corrected(incidents, told["report_id"], by, **changes)).status_code == 201

    assert await incidents.told(AccidentCorrected) == []


async def test_an_enterprise_cannot_correct_itself_out_of_being_late(incidents: Stage) -> None:
    incidents.now = KNOWN + timedelta(hours=3)
    told = await reported(incidents)
    answer = await corrected(
        incidents, told["report_id"], known_at=(incidents.now - timedelta(minutes=5)).isoformat()
    )

    assert answer.json()["moved"] is False
    [accident] = await incidents.rows(Accident)
    assert accident.late is True
    assert len(await incidents.rows(Correction)) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"known_at": (HAPPENED - timedelta(seconds=1)).isoformat()}, "/changes/known_at"),
        ({"occurred_at": (KNOWN + timedelta(seconds=1)).isoformat()}, "/changes/known_at"),
        ({"occurred_at": (RECEIVED + timedelta(days=1)).isoformat()}, "/occurred_at"),
    ],
)
async def test_times_out_of_order_are_refused_with_the_field(
    incidents: Stage, changes: Body, pointer: str
) -> None:
    told = await reported(incidents)
    answer = await corrected(incidents, told["report_id"], COUNTY_DESK, **changes)

    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await incidents.rows(Correction) == []


async def test_an_enterprise_does_not_correct_what_a_desk_wrote(incidents: Stage) -> None:
    told = await reported(incidents, by=COUNTY_DESK)

    assert (await corrected(incidents, told["report_id"], place="三号井")).status_code == 403


@pytest.mark.parametrize("by", [OTHER_ENTERPRISE, INVESTIGATOR])
async def test_strangers_correct_nothing(incidents: Stage, by: Principal) -> None:
    told = await reported(incidents)

    assert (await corrected(incidents, told["report_id"], by, place="三号井")).status_code in (
        403,
        404,
    )
    assert await incidents.rows(Correction) == []


async def test_a_correction_needs_a_reason(incidents: Stage) -> None:
    told = await reported(incidents)

    assert (await corrected(incidents, told["report_id"], why="", place="三")).status_code == 422


async def test_another_correction_of_the_same_report_does_not_forget_when_its_head_knew(
    incidents: Stage,
) -> None:
    told = await reported(incidents)
    after_all = RECEIVED - timedelta(hours=1, seconds=5)
    occurred = {"occurred_at": (after_all - timedelta(minutes=5)).isoformat()}
    first = await corrected(
        incidents, told["report_id"], COUNTY_DESK, known_at=after_all.isoformat(), **occurred
    )
    assert first.status_code == 201, first.text
    for by, changes in (
        (COUNTY_DESK, {"accident_type": "瓦斯爆炸"}),
        (ENTERPRISE, {"known_at": KNOWN.isoformat()}),
        (COUNTY_DESK, {"accident_type": "透水"}),
    ):
        answer = await corrected(incidents, told["report_id"], by, **changes)
        assert answer.status_code == 201, answer.text

    [accident] = await incidents.rows(Accident)
    assert (accident.late, accident.late_by_seconds) == (True, 5)
