"""Whether an accident counts: found to be one, or struck off by those who may."""

from datetime import datetime
from typing import Any

import pytest

from contracts.incidents import AccidentQualified, AccidentStruckOff
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from services.incidents.qualifications.tables import Qualification, QualificationVersion
from tests.services.incidents.clues import HOTLINE, LEADER, OFFICE
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    reported,
)
from tests.services.stage import Stage

ASKED = {"cause": "sudden_illness", "opinion": "尸检：心源性猝死", "document": "衡应急函1号"}
DECIDED = {
    "deciding_unit": "430000.committee_office",
    "opinion": "同意核销",
    "document": "湘安办函2号",
}


async def act(stage: Stage, accident: str, action: str, by: Principal, **body: Any) -> Any:
    return await stage.as_(by).post(f"/incidents/qualifications/{accident}/{action}", json=body)


async def opened(stage: Stage, deaths: int = 1) -> str:
    return str((await reported(stage, casualties={"deaths": deaths}))["accident_id"])


async def test_an_accident_is_to_be_qualified_until_somebody_decides(incidents: Stage) -> None:
    accident = await opened(incidents)
    seen = await incidents.as_(ENTERPRISE).get(f"/incidents/qualifications/{accident}")

    assert seen.json() == {"accident_id": accident, "status": "pending", "decisions": []}


async def test_a_qualified_accident_says_who_decided_when_and_by_which_rule(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    answer = await act(incidents, accident, "qualify", INVESTIGATOR, opinion="生产安全责任事故")

    [decision] = answer.json()["decisions"]
    assert (decision["status"], decision["unit"]) == ("qualified", "430400.emergency")
    assert decision["basis"] == "decree-493 30@2007-06-01"
    assert decision["decided_at"] == "2023-06-01T10:40:00+08:00"
    [told] = await incidents.told(AccidentQualified)
    assert (told["accident_id"], told["basis"]) == (accident, decision["basis"])
    again = await act(incidents, accident, "qualify", INVESTIGATOR, opinion="再次")
    assert (again.status_code, again.json()["qualification_status"]) == (409, "qualified")


async def test_an_accident_is_struck_off_by_the_office_above_with_every_step_kept(
    incidents: Stage,
) -> None:
    accident = await opened(incidents)
    await act(incidents, accident, "qualify", INVESTIGATOR, opinion="初步认定")
    await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    answer = await act(incidents, accident, "strike-off", OFFICE, **DECIDED)

    assert answer.json()["status"] == "struck_off"
    decided = [(one["version"], one["status"]) for one in answer.json()["decisions"]]
    assert decided == [(1, "qualified"), (2, "strike_off_asked"), (3, "struck_off")]
    last = answer.json()["decisions"][-1]
    assert last["cause"] == "sudden_illness"
    assert last["deciding_unit"] == "430000.committee_office"
    assert last["basis"] == "accident-statistics-2020 whole@2020-11-25"
    [now] = await incidents.rows(Qualification)
    assert (now.status, now.version, now.decided_by) == ("struck_off", 3, "office")
    assert len(await incidents.rows(QualificationVersion)) == 3
    [told] = await incidents.told(AccidentStruckOff)
    assert (told["cause"], told["grade"]) == ("sudden_illness", "general")


async def test_a_refused_strike_off_leaves_the_accident_to_be_qualified(incidents: Stage) -> None:
    accident = await opened(incidents)
    await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    answer = await act(incidents, accident, "refuse-strike-off", OFFICE, **DECIDED)

    assert answer.json()["status"] == "pending"
    assert await incidents.told(AccidentStruckOff) == []


@pytest.mark.parametrize(
    ("deaths", "unit", "status"),
    [
        (1, "430481.committee_office", 409),
        (1, "430400.committee_office", 409),
        (1, "430000.committee_office", 200),
        (3, "430000.committee_office", 409),
        (3, "000000.committee_office", 200),
        (1, "440000.committee_office", 422),
        (1, "430405.committee_office", 422),
        (1, "430000.emergency", 422),
        (1, "990000.committee_office", 422),
    ],
)
async def test_a_level_below_the_one_named_for_the_grade_is_refused(
    incidents: Stage, deaths: int, unit: str, status: int
) -> None:
    accident = await opened(incidents, deaths)
    await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    body = DECIDED | {"deciding_unit": unit}
    answer = await act(incidents, accident, "strike-off", OFFICE, **body)

    assert answer.status_code == status, answer.text
    if status == 409:
        assert answer.json()["type"] == "/problems/level-too-low"
    assert len(await incidents.told(AccidentStruckOff)) == (1 if status == 200 else 0)


async def test_what_was_not_asked_for_is_not_struck_off(incidents: Stage) -> None:
    accident = await opened(incidents)
    answer = await act(incidents, accident, "strike-off", OFFICE, **DECIDED)

    assert (answer.status_code, answer.json()["qualification_status"]) == (409, "pending")


async def test_a_struck_off_accident_stays_struck_off(incidents: Stage) -> None:
    accident = await opened(incidents)
    await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    await act(incidents, accident, "strike-off", OFFICE, **DECIDED)
    answer = await act(incidents, accident, "qualify", INVESTIGATOR, opinion="重新认定")

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("by", "asking", "deciding"),
    [
        (INVESTIGATOR, 200, 403),
        (COUNTY_DESK, 200, 403),
        (OFFICE, 200, 200),
        (LEADER, 403, 403),
        (OTHER_COUNTY_DESK, 404, 403),
        (ENTERPRISE, 403, 403),
        (OTHER_ENTERPRISE, 403, 403),
        (HOTLINE, 403, 403),
    ],
)
async def test_who_asks_and_who_decides(
    incidents: Stage, by: Principal, asking: int, deciding: int
) -> None:
    accident = await opened(incidents)
    asked = await act(incidents, accident, "ask-strike-off", by, **ASKED)
    if not asked.is_success:
        await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    decided = await act(incidents, accident, "strike-off", by, **DECIDED)

    assert (asked.status_code, decided.status_code) == (asking, deciding)


async def test_a_decision_is_a_change_of_the_accident(incidents: Stage) -> None:
    accident = await opened(incidents)
    before = (await incidents.as_(OFFICE).get(f"/incidents/accidents/{accident}")).json()
    await act(incidents, accident, "qualify", INVESTIGATOR, opinion="认定")
    after = (await incidents.as_(OFFICE).get(f"/incidents/accidents/{accident}")).json()

    assert after["version"] == before["version"] + 1


async def test_before_the_rule_was_in_force_nothing_is_struck_off(incidents: Stage) -> None:
    incidents.now = datetime(2020, 11, 24, 12, tzinfo=SHANGHAI)
    then = {"occurred_at": "2020-11-24T09:00:00+08:00", "known_at": "2020-11-24T09:05:00+08:00"}
    accident = (await reported(incidents, casualties={"deaths": 1}, **then))["accident_id"]
    await act(incidents, accident, "ask-strike-off", INVESTIGATOR, **ASKED)
    answer = await act(incidents, accident, "strike-off", OFFICE, **DECIDED)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "law_not_loaded")
