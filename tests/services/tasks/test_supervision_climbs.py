"""What stays unanswered climbs: each step once, in order, however late somebody looks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.gateway import Role
from contracts.tasks_supervisions import SupervisionClimbed, SupervisionIssued, SupervisionOverdue
from kernel.timers import Timer
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks.city import found
from tests.services.tasks.hotline import MONDAY, at
from tests.services.tasks.story import COUNTY, MINE, officer, person, registered
from tests.services.tasks.supervising import (
    COLLEAGUE,
    DRAFTER,
    DUE,
    HOUSING,
    HOUSING_UNIT,
    ISSUER,
    MAYOR,
    SIGNER,
    SUPERVISIONS,
    do,
    issued,
    received,
    row,
)

pytestmark = pytest.mark.usefixtures("monday")
STEPS = [at(6, 21), at(6, 27), at(7, 4), at(7, 11)]
"""24:00 of the 1st, 4th, 9th and 14th working day after 19 June; 22 to 24 June are off, and
25 June is worked."""
COUNTY_GOVERNMENT = f"{COUNTY}.government"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units."""
    return await found(tasks)


async def climbed(tasks: Stage) -> list[tuple[int, str, bool, str]]:
    """The steps that were told: which, what follows, whether by itself, who above."""
    return [
        (fact["rung"], fact["follows"], fact["automatic"], fact["superior"])
        for fact in await tasks.told(SupervisionClimbed)
    ]


ALL = [
    (1, "urging", True, COUNTY_GOVERNMENT),
    (2, "supervision", False, "430400.government"),
    (3, "listing", False, "430000.government"),
    (4, "interview", False, "000000.government"),
]


async def test_an_unanswered_assignment_is_urged_by_itself_and_the_rest_is_proposed(
    city: Stage,
) -> None:
    supervision = await received(city)
    for instant, n in zip(STEPS, range(1, 5), strict=True):
        await city.fire_until(instant - timedelta(seconds=1))
        assert len(await climbed(city)) == n - 1
        await city.fire_until(instant)
        assert await climbed(city) == ALL[:n]

    rows = {one.kind: one for one in await city.rows(Supervision)}
    assert {kind: one.status for kind, one in rows.items()} == {
        "assignment": "received",
        "urging": "issued",
        "supervision": "drafted",
        "listing": "drafted",
        "interview": "drafted",
    }
    assert all(one.automatic and str(one.follows) == supervision
               for kind, one in rows.items() if kind != "assignment")  # fmt: skip
    assert rows["urging"].number_text == "催办〔2023〕1号"
    assert "交办〔2023〕1号" in rows["urging"].title
    assert [f["automatic"] for f in await city.told(SupervisionIssued)] == [False, True]
    [late] = [f for f in await city.told(SupervisionOverdue) if f["step"] == "answer"]
    assert late["unit"] == HOUSING_UNIT


@pytest.mark.parametrize("seconds", [-1, 0])
async def test_an_answer_is_overdue_at_the_end_of_its_last_day(city: Stage, seconds: int) -> None:
    supervision = await received(city)
    await city.fire_until(DUE + timedelta(seconds=seconds))

    assert ((await row(city, supervision)).overdue_at is not None) is (seconds == 0)


async def test_after_an_outage_every_missed_step_is_taken_once(city: Stage) -> None:
    await received(city)
    await city.fire_until(at(8, 1))
    await city.fire_until(at(8, 2))

    assert await climbed(city) == ALL


async def test_the_climb_stops_with_the_answer_and_begins_anew_after_a_return(
    city: Stage,
) -> None:
    supervision = await received(city)
    await city.fire_until(STEPS[1])
    city.now = at(6, 28, 9)
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    await city.fire_until(at(7, 4))
    assert await climbed(city) == ALL[:2]

    await do(city, COLLEAGUE, f"{supervision}/return", missing="照片")
    await city.fire_until(at(7, 31))
    follows = [step[:2] for step in await climbed(city)][2:]
    assert follows == [(1, "urging"), (2, "supervision"), (3, "listing"), (4, "interview")]
    # What stands already from the first round is named and not drafted a second time.
    assert len(await city.rows(Supervision, kind="supervision")) == 1


async def test_what_was_proposed_climbs_by_its_own_clock_once_somebody_signs_it(
    city: Stage,
) -> None:
    await received(city)
    await city.fire_until(STEPS[1])
    [proposal] = await city.rows(Supervision, kind="supervision")
    city.now = at(6, 28, 9)
    signed = await do(city, MAYOR, f"{proposal.id}/issue")
    await city.fire_until(at(7, 10))
    assert (signed.status_code, await climbed(city)) == (200, ALL[:2])

    await city.fire_until(at(8, 1))
    later = (await city.told(SupervisionClimbed))[2:]
    assert {fact["supervision_id"] for fact in later} == {str(proposal.id)}
    assert [fact["follows"] for fact in later] == ["urging", "listing", "interview"]


async def test_an_answer_stops_every_clock_but_that_of_its_acceptance(city: Stage) -> None:
    supervision = await received(city)
    await city.fire_until(STEPS[0])
    city.now = at(6, 21, 9)
    await do(city, HOUSING, f"{supervision}/answers", text="已办")

    rows = await city.rows(Timer, entity_id=supervision, fired_at=None, cancelled_at=None)
    assert [timer.kind for timer in rows] == ["supervision_acceptance_due"]


async def test_what_is_followed_leaves_the_climbing_to_what_follows_even_after_a_return(
    city: Stage,
) -> None:
    supervision = await received(city)
    await city.fire_until(STEPS[1])
    [proposal] = await city.rows(Supervision, kind="supervision")
    city.now = at(6, 28, 9)
    await do(city, MAYOR, f"{proposal.id}/issue")
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    await do(city, COLLEAGUE, f"{supervision}/return", missing="照片")
    await city.fire_until(at(7, 31))

    told = await city.told(SupervisionClimbed)
    own = [fact["rung"] for fact in told if fact["supervision_id"] == supervision]
    assert own == [1, 2]


async def test_an_order_climbs_on_when_what_followed_it_is_withdrawn(city: Stage) -> None:
    supervision = await received(city)
    await city.fire_until(STEPS[1])
    [proposal] = await city.rows(Supervision, kind="supervision")
    city.now = at(6, 28, 9)
    await do(city, MAYOR, f"{proposal.id}/issue")
    await do(city, COLLEAGUE, f"{proposal.id}/withdraw", reason="改由县里督办")
    await city.fire_until(STEPS[2] - timedelta(seconds=1))
    assert await climbed(city) == ALL[:2]

    await city.fire_until(STEPS[2])
    assert await climbed(city) == ALL[:3]
    assert (await row(city, supervision)).rung == 3
    late = (await city.as_(DRAFTER).get(SUPERVISIONS, params={"overdue": True})).json()["items"]
    assert [one["id"] for one in late] == [supervision]


async def test_a_proposed_interview_is_signed_once_its_meeting_is_stated(city: Stage) -> None:
    await received(city)
    await city.fire_until(STEPS[3])
    [proposal] = await city.rows(Supervision, kind="interview")
    city.now = at(7, 11, 9)
    bare = await do(city, SIGNER, f"{proposal.id}/issue")
    meeting = {
        "at": "2023-07-14T09:00:00+08:00",
        "place": "三楼会议室",
        "interviewees": [f"{HOUSING_UNIT}.principal"],
    }
    await city.as_(DRAFTER).patch(f"{SUPERVISIONS}/{proposal.id}", json={"meeting": meeting})

    assert (bare.status_code, bare.json()["type"]) == (422, "/problems/supervision-unfit")
    assert (await do(city, SIGNER, f"{proposal.id}/issue")).status_code == 200


async def test_the_line_above_reads_what_it_is_told_of(city: Stage) -> None:
    supervision = await received(city)
    county = officer_of(COUNTY_GOVERNMENT)
    path = f"{SUPERVISIONS}/{supervision}"
    before = (await city.as_(county).get(path)).status_code
    await city.fire_until(STEPS[0])

    assert (before, (await city.as_(county).get(path)).status_code) == (404, 200)
    assert (await do(city, county, f"{supervision}/answers", text="代办")).status_code == 403


def officer_of(unit: str) -> Any:
    """A leader of a unit."""
    return person(Role.LEADER, unit)


async def test_an_enterprise_climbs_by_its_regulator(city: Stage) -> None:
    await city.hear(registered(MINE, COUNTY))
    supervision = await issued(city, addressees=[], enterprise_uscc=MINE)
    await do(city, officer(MINE), f"{supervision}/receive")
    await city.fire_until(STEPS[1])

    steps = await climbed(city)
    assert steps[0][3].startswith(COUNTY)
    assert steps[0][3] != steps[1][3]
    urging = (await city.as_(officer(MINE)).get(SUPERVISIONS, params={"kind": "urging"})).json()
    assert len(urging["items"]) == 1


async def test_an_addressee_that_does_not_sign_is_told_of_once_and_by_name(city: Stage) -> None:
    await issued(city)
    for now in (at(6, 6, 23, 59), at(6, 7), at(6, 8)):
        await city.fire_until(now)

    late = [f for f in await city.told(SupervisionOverdue) if f["step"] == "receipt"]
    assert [(f["unit"], f["due_at"]) for f in late] == [(HOUSING_UNIT, "2023-06-06T16:00:00Z")]
    assert (await city.told(SupervisionClimbed)) == []


LOOKS = st.lists(st.integers(0, 60 * 24), min_size=1, max_size=6, unique=True)
"""Hours after MONDAY at which the platform is up and looks."""


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(looks=LOOKS, answered_after=st.integers(0, 60 * 24))
async def test_however_often_it_looks_each_step_is_told_once_in_order_and_none_after_the_answer(
    city: Stage, looks: list[int], answered_after: int
) -> None:
    city.now = MONDAY
    supervision = await received(city)
    before = sorted(hours for hours in looks if hours < answered_after)
    for hours in before:
        await city.fire_until(MONDAY + timedelta(hours=hours))
    city.now = MONDAY + timedelta(hours=answered_after)
    await do(city, HOUSING, f"{supervision}/answers", text="已办")
    await city.fire_until(MONDAY + timedelta(days=80))

    told = await city.told(SupervisionClimbed)
    steps = [fact["rung"] for fact in told if fact["supervision_id"] == supervision]
    last_look = MONDAY + timedelta(hours=before[-1] if before else 0)
    assert steps == list(range(1, 1 + due_by(last_look)))


def due_by(now: datetime) -> int:
    """How many steps are due by an instant."""
    return sum(instant <= now for instant in STEPS)


async def test_a_free_cause_is_urged_once_a_step_too(city: Stage) -> None:
    first, second = await received(city), await received(city)
    await city.fire_until(STEPS[0])

    urgings = await city.rows(Supervision, kind="urging")
    assert {str(one.follows) for one in urgings} == {first, second}
    assert {one.keeper for one in urgings} == {ISSUER}
