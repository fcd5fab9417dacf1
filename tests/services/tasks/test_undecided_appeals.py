"""Whoever decides on an objection hears of it at once, has some working days, and is overdue."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update

from contracts.gateway import Role
from contracts.tasks_evidence import AppealMade, AppealUndecided
from kernel.calendar import closes_at
from kernel.timers import Timer
from reference.terms import DutyKind
from services.tasks.appeals import operations_deciding as deciding
from services.tasks.appeals import rules
from services.tasks.appeals.tables import Appeal
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.tables import Part
from tests.services.stage import Stage
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.hotline import MONDAY
from tests.services.tasks.measured import COUNTY_GOVERNMENT, HOUSING, asked, planned
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY, COUNTY_OFFICE, person
from tests.services.tasks.test_appeals import decided, objected
from tests.services.tasks.test_part_appeals import FIRE, divide, made

OFFICE = f"{CITY}.committee_office"
DUE = closes_at(date(2023, 6, 12))
"""Five working days after MONDAY."""
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    await planned(tasks)
    tasks.now = MONDAY
    return tasks


async def duty(city: Stage, unit: str = HOUSING, **more: Any) -> Obligation:
    return await asked(city, "10.4", DutyKind.RATE_TARGET, unit=unit, **more)


async def objection(city: Stage, unit: str = HOUSING) -> dict[str, Any]:
    row = await duty(city, unit)
    by = person(Role.LEADER, unit, subject=f"head of {unit}")
    answer = await objected(city, row, by=by)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def overdue(city: Stage) -> list[tuple[str, str]]:
    return [(fact["unit"], fact["appeal_id"]) for fact in await city.told(AppealUndecided)]


async def test_the_office_hears_of_it_and_is_overdue_after_five_working_days(city: Stage) -> None:
    appeal = await objection(city)

    await city.fire_until(DUE - MOMENT)
    early = await overdue(city)
    await city.fire_until(DUE + timedelta(days=40))

    [told] = await city.told(AppealMade)
    assert (told["unit"], told["subject_code"], told["ground"]) == (OFFICE, HOUSING, "not_ours")
    assert (told["duty"], "why" in told) == ("2023/10.4", False)
    assert (appeal["office"], datetime.fromisoformat(appeal["due_at"])) == (OFFICE, DUE)
    assert (early, await overdue(city)) == ([], [(OFFICE, appeal["id"])])
    city.now = DUE + timedelta(days=41)
    late = await decided(city, appeal, "refuse")
    assert (late.status_code, late.json()["overdue_at"] is None) == (200, False)


@pytest.mark.parametrize(
    ("unit", "office"),
    [
        (f"{COUNTY}.emergency", f"{COUNTY}.committee_office"),
        (COUNTY_GOVERNMENT, OFFICE),
        (f"{CITY}.government", "430000.committee_office"),
        (f"{COUNTY}.committee_office", OFFICE),
    ],
)
async def test_the_nearest_office_that_may_decides(city: Stage, unit: str, office: str) -> None:
    appeal = await objection(city, unit)

    await city.fire_until(DUE + timedelta(days=40))

    assert appeal["office"] == office
    assert await overdue(city) == [(office, appeal["id"])]


async def test_where_no_office_may_decide_nobody_is_overdue(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "decider", lambda **_: None)
    appeal = await objection(city)

    await city.fire_until(DUE + timedelta(days=40))

    assert (appeal["office"], appeal["due_at"]) == (None, None)
    assert await overdue(city) == []


@pytest.mark.parametrize("step", ["refuse", "excuse"])
async def test_of_what_was_decided_in_time_nobody_is_overdue(city: Stage, step: str) -> None:
    appeal = await objection(city)
    city.now = DUE - MOMENT

    answer = await decided(city, appeal, step)
    await city.fire_until(DUE + timedelta(days=40))

    assert (answer.status_code, answer.json()["overdue_at"]) == (200, None)
    assert await overdue(city) == []
    (clock,) = await city.rows(Timer, kind=deciding.DECISION_DUE)
    assert (clock.fired_at, clock.cancelled_at) == (None, city.now)


async def test_a_clock_that_rings_early_or_again_or_after_it_finds_nothing(city: Stage) -> None:
    appeal = await objection(city)

    async def rung(now: datetime) -> None:
        async with city.work() as session:
            await deciding.note_undecided(session, appeal_id=UUID(appeal["id"]), now=now)

    await rung(DUE - MOMENT)
    early = await overdue(city)
    await rung(DUE)
    await rung(DUE + MOMENT)
    once = await overdue(city)
    await decided(city, appeal, "refuse")
    async with city.work() as session:
        await session.execute(update(Appeal).values(overdue_at=None))
    await rung(DUE + MOMENT)

    assert (early, len(once), len(await overdue(city))) == ([], 1, 1)


async def test_of_what_is_owed_no_more_nobody_is_overdue(city: Stage) -> None:
    await objection(city)
    async with city.work() as session:
        await session.execute(update(Obligation).values(status="superseded"))

    await city.fire_until(DUE + timedelta(days=40))

    assert await overdue(city) == []


async def shared(city: Stage) -> dict[str, Any]:
    """A supporting unit objects to its part."""
    await duty(city, due_at=DUE + timedelta(days=60))
    await divide(city)
    body: dict[str, Any] = await made(city)
    return body


async def test_of_a_part_it_is_the_same_and_the_part_is_named(city: Stage) -> None:
    appeal = await shared(city)

    await city.fire_until(DUE)

    assert appeal["office"] == OFFICE
    assert await city.told(AppealMade) == []  # what is told of parts has its own name
    [told] = await city.told(AppealUndecided)
    assert (told["part_id"], told["subject_code"]) == (appeal["part_id"], FIRE)


ENDS = {
    "part": update(Part).where(Part.unit == FIRE).values(status="excused"),
    "whole": update(Obligation).values(status="superseded"),
}


@pytest.mark.parametrize("ended", ENDS)
async def test_of_a_part_that_is_done_nobody_is_overdue(city: Stage, ended: str) -> None:
    await shared(city)
    async with city.work() as session:
        await session.execute(ENDS[ended])

    await city.fire_until(DUE)

    assert await overdue(city) == []


async def test_whoever_decides_for_the_heir_has_what_is_left_of_the_time(city: Stage) -> None:
    appeal = await objection(city, f"{COUNTY}.emergency")
    before = [f"{COUNTY}.emergency", f"{COUNTY}.committee_office"]
    heir = unit(f"{COUNTY}.safety", "安全监管局", "department", "principal")
    await reorganised(city, "merge", before, [heir], on="2023-06-05")
    city.now = MONDAY
    await city.fire_until(MONDAY)

    (row,) = await city.rows(Appeal)
    assert (str(row.id), row.unit, row.due_at) == (appeal["id"], f"{COUNTY}.safety", DUE)
    assert row.office == f"{COUNTY}.committee_office"  # the packs still know it
    await city.fire_until(DUE)
    assert await overdue(city) == [(f"{COUNTY}.committee_office", appeal["id"])]


async def test_the_office_that_inherits_a_duty_does_not_decide_on_it(city: Stage) -> None:
    appeal = await objection(city, f"{COUNTY}.emergency")
    office = f"{COUNTY}.committee_office"
    await reorganised(city, "merge", [f"{COUNTY}.emergency", office], [office], on="2023-06-05")
    city.now = MONDAY
    await city.fire_until(MONDAY)

    (row,) = await city.rows(Appeal)

    assert (str(row.id), row.unit, row.office) == (appeal["id"], office, OFFICE)


async def test_the_office_that_inherits_a_part_does_not_decide_on_it(city: Stage) -> None:
    await shared(city)
    await reorganised(city, "merge", [FIRE, OFFICE], [OFFICE], on="2023-06-05")
    await city.fire_until(MONDAY)

    (row,) = await city.rows(Appeal)

    assert (row.unit, row.office) == (OFFICE, "430000.committee_office")


async def test_an_upgrade_gives_what_waits_already_an_office_and_a_week(city: Stage) -> None:
    waiting = await objection(city)
    async with city.work() as session:
        await session.execute(update(Appeal).values(office=None, due_at=None))
        await session.execute(text("DELETE FROM timer WHERE kind = 'appeal_decision_due'"))
    step = import_module("services.tasks.migrations.versions.0261_who_decides_on_objections")

    async with city.work() as session:
        for statement in (step.WAITING, step.CLOCKS):
            await session.execute(text(statement))

    (row,) = await city.rows(Appeal)
    assert row.office == OFFICE
    assert row.due_at is not None
    await city.fire_until(row.due_at)
    assert await overdue(city) == [(OFFICE, waiting["id"])]


async def test_a_county_s_office_reads_by_when_it_decides(city: Stage) -> None:
    appeal = await objection(city, f"{COUNTY}.emergency")

    (shown,) = (await city.as_(COUNTY_OFFICE).get("/tasks/appeals")).json()["items"]
    above = (await city.as_(CITY_OFFICE).get("/tasks/appeals")).json()["items"]

    assert (shown["id"], shown["due_at"]) == (appeal["id"], appeal["due_at"])
    assert [one["id"] for one in above] == [appeal["id"]]
