"""Whenever the limit of an investigation ends at another instant, that is told once, and why."""

from datetime import datetime

import pytest

from contracts.incidents_cases import InvestigationClockMoved, InvestigationOverdue
from services.incidents.clocks import operations as clocks
from tests.services.incidents import casework
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_TEAM,
    DOCUMENT,
    PROVINCE_LEADER,
    done,
    larger,
)
from tests.services.incidents.conftest import DAY, heard
from tests.services.incidents.counting import follow_up
from tests.services.incidents.test_case_clocks import START, appraised, closes, ended
from tests.services.incidents.test_duplicates import decide, offered, two
from tests.services.stage import Stage

EXTENDED = {"days": 30, **DOCUMENT}


async def begun(stage: Stage) -> str:
    accident = await larger(stage)
    await heard(stage)
    await done(stage, CITY_TEAM, accident, "begin")
    return accident


async def moves(stage: Stage) -> list[tuple[str, datetime | None]]:
    """Why the limit moved, and when it ends since then."""
    told = await stage.told(InvestigationClockMoved)
    return [
        (one["reason"], one["due_at"] and datetime.fromisoformat(one["due_at"])) for one in told
    ]


async def test_a_new_case_moves_nothing_and_neither_does_a_figure(incidents: Stage) -> None:
    accident = await begun(incidents)
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 4})
    await heard(incidents)

    assert await moves(incidents) == []


async def test_each_extension_moves_the_limit(incidents: Stage) -> None:
    accident = await begun(incidents)
    for _ in range(2):
        await done(incidents, CITY_LEADER, accident, "extensions", EXTENDED)

    assert await moves(incidents) == [("extended", closes(90)), ("extended", closes(120))]
    told = (await incidents.told(InvestigationClockMoved))[0]
    assert (told["accident_id"], told["generation"]) == (accident, 1)
    assert (told["stage"], told["unit"]) == ("investigation", "430400.government")


async def test_an_extension_of_a_case_that_nobody_has_opened_yet_is_told_too(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_LEADER, accident, "extensions", EXTENDED)
    await heard(incidents)

    assert await moves(incidents) == [("extended", closes(90))]


async def test_an_appraisal_stops_the_limit_and_its_end_moves_it(incidents: Stage) -> None:
    accident = await begun(incidents)
    incidents.now += DAY * 10
    first = (await appraised(incidents, accident, START + DAY * 10)).json()
    second = (await appraised(incidents, accident, START + DAY * 10)).json()
    incidents.now += DAY * 10
    await ended(incidents, accident, first["id"], START + DAY * 15)
    assert await moves(incidents) == [("appraisal_began", None)]
    await ended(incidents, accident, second["id"], START + DAY * 20)

    assert (await moves(incidents))[1:] == [("appraisal_ended", closes(70))]


async def test_handing_in_returning_and_approving_move_it(incidents: Stage) -> None:
    accident = await begun(incidents)
    await casework.written(incidents, accident)
    incidents.now += DAY * 20
    await done(incidents, CITY_TEAM, accident, "submissions")
    incidents.now += DAY * 5
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "returned", **DOCUMENT})
    incidents.now += DAY * 1
    await done(incidents, CITY_TEAM, accident, "submissions")
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})

    assert await moves(incidents) == [
        ("submitted", closes(20 + 15)),
        ("returned", closes(60 + 5)),
        ("submitted", closes(26 + 15)),
        ("approved", None),
    ]


async def test_a_grade_that_gives_the_case_to_another_government_has_it_investigated_again(
    incidents: Stage,
) -> None:
    accident = await begun(incidents)
    await casework.written(incidents, accident)
    await done(incidents, CITY_TEAM, accident, "submissions")
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 30})
    await heard(incidents)

    assert await moves(incidents) == [("submitted", closes(15)), ("regraded", closes(60))]


async def test_a_case_that_is_taken_up_after_its_report_is_investigated_again(
    incidents: Stage,
) -> None:
    accident = await begun(incidents)
    await casework.written(incidents, accident)
    await done(incidents, CITY_TEAM, accident, "submissions")
    ground = {"ground": "other", "taken": True, "reason": "案情复杂"}
    await done(incidents, PROVINCE_LEADER, accident, "climbs", ground)
    await heard(incidents)

    assert await moves(incidents) == [("submitted", closes(15)), ("taken_up", closes(60))]


async def test_a_reopened_case_has_a_limit_of_its_own(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await casework.closed(incidents, accident)
    before = len(await moves(incidents))
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)

    assert (await moves(incidents))[before:] == [("reopened", closes(61))]
    told = (await incidents.told(InvestigationClockMoved))[-1]
    assert told["generation"] == 2


async def test_the_case_of_a_merged_accident_runs_out_of_nothing(incidents: Stage) -> None:
    first, later = await two(incidents)
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success
    await heard(incidents)
    await incidents.fire_until(closes(61))

    told = await incidents.told(InvestigationClockMoved)
    assert [(one["accident_id"], one["due_at"], one["reason"]) for one in told] == [
        (later["accident_id"], None, "merged")
    ]
    overdue = await incidents.told(InvestigationOverdue)
    assert [one["accident_id"] for one in overdue] == [first["accident_id"]]


async def test_a_limit_that_moved_untold_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: it seems to end where it ended before."""

    async def until(session: object, thing: str) -> datetime:
        return closes(90)

    monkeypatch.setattr(clocks, "_runs_until", until)
    with pytest.raises(AssertionError):
        await test_each_extension_moves_the_limit(incidents)
