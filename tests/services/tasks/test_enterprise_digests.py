"""Once a working day each enterprise hears what it owes: some at a time, and never twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from contracts.tasks_reminders import EnterpriseDigestDue
from kernel.calendar import closes_at
from kernel.timers import Timer
from reference.creditcodes import demonstration_code
from reference.terms import DutyKind
from services.tasks.digests import operations_clocks, operations_enterprises
from services.tasks.digests.operations_clocks import ENTERPRISE_DIGEST_DUE
from services.tasks.digests.tables import EnterpriseDigest
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks import supervising
from tests.services.tasks.hotline import MONDAY
from tests.services.tasks.measured import asked, planned
from tests.services.tasks.story import COUNTY, MINE, OTHER, officer, registered
from tests.services.tasks.supervising import do
from tests.services.tasks.test_digests import morning
from tests.services.tasks.test_feeds import address, entries


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    await planned(tasks)
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))
    async with tasks.work() as session:
        await operations_clocks.arm(session, now=morning(5, 31, 12))
    return tasks


async def owes(city: Stage, uscc: str = MINE, *, last: date, code: str = "15.10") -> Obligation:
    return await asked(
        city, code, DutyKind.DEADLINE_TASK, unit=None, uscc=uscc, due_at=closes_at(last)
    )


async def rung(city: Stage, day: int, month: int = 6) -> list[dict[str, Any]]:
    """What enterprises were told on a morning."""
    await city.fire_until(morning(month, day), ENTERPRISE_DIGEST_DUE)
    told = await city.told(EnterpriseDigestDue)
    return [fact for fact in told if fact["day"] == f"2023-{month:02}-{day:02}"]


async def test_an_enterprise_hears_what_is_late_due_today_and_due_soon(city: Stage) -> None:
    late = await owes(city, last=date(2023, 5, 31), code="10.4")
    today = await owes(city, last=date(2023, 6, 1), code="12.1")
    soon = await owes(city, last=date(2023, 6, 6), code="12.2")
    await owes(city, last=date(2023, 6, 7), code="12.3")
    await owes(city, OTHER, last=date(2023, 6, 7))

    (fact,) = await rung(city, 1)

    assert (fact["enterprise_uscc"], fact["region_code"], fact["within"]) == (MINE, COUNTY, 3)
    assert [fact[name] for name in ("overdue", "due_today", "due_soon")] == [1, 1, 1]
    assert [one["id"] for one in fact["named"]] == [str(row.id) for row in (late, today, soon)]
    assert "自建房" in fact["named"][0]["title_zh"]


@pytest.mark.parametrize(("day", "hears"), [(9, False), (12, True), (14, True), (15, True)])
async def test_it_hears_of_it_from_three_working_days_before_on(
    city: Stage, day: int, hears: bool
) -> None:
    await owes(city, last=date(2023, 6, 15))  # a Thursday: Monday is three working days before

    assert bool(await rung(city, day)) is hears


async def test_what_is_done_or_stands_still_is_not_told(city: Stage) -> None:
    rows = [await owes(city, last=date(2023, 6, 1), code=code) for code in ("10.4", "12.1", "12.2")]
    async with city.work() as session:
        found = [await session.get_one(Obligation, row.id) for row in rows]
        found[0].status, found[1].status = Status.ACCEPTED, Status.SUBMITTED
        found[2].stopped_at = morning(5, 31)

    assert await rung(city, 1) == []
    assert await city.rows(EnterpriseDigest) == []


async def test_a_supervisory_order_to_an_enterprise_is_in_its_digest_and_calendar(
    city: Stage,
) -> None:
    city.now = MONDAY
    order = await supervising.issued(city, addressees=[], enterprise_uscc=MINE)
    path = await address(city, officer(MINE))

    unsigned = {entry.lines["UID"].rpartition("-")[0][:19] for entry in await entries(city, path)}
    (fact,) = await rung(city, 6)
    await do(city, officer(MINE), f"{order}/receive")
    signed = await entries(city, path)
    after = await rung(city, 7)

    assert unsigned == {"supervision_receipt", "supervision-" + order[:7]}
    assert [one["kind"] for one in fact["named"]] == ["supervision_receipt"]
    assert [entry.lines["UID"] for entry in signed] == [f"supervision-{order}@anlian"]
    assert after == []


async def test_it_goes_out_on_working_days_only_and_once_a_day(city: Stage) -> None:
    await owes(city, last=date(2023, 5, 31))
    for day in range(21, 27):  # 22 to 24 June is a festival, and its Sunday is worked
        await city.fire_until(morning(6, day, 20), ENTERPRISE_DIGEST_DUE)

    days = [fact["day"] for fact in await city.told(EnterpriseDigestDue)]

    assert days == ["2023-06-21", "2023-06-25", "2023-06-26"]
    (kept,) = await city.rows(EnterpriseDigest)
    assert kept.day == date(2023, 6, 26)


async def test_however_often_a_chunk_is_told_an_enterprise_hears_it_once(city: Stage) -> None:
    await owes(city, last=date(2023, 5, 31))

    for _ in range(3):
        async with city.work() as session:
            await operations_enterprises.tell(session, entity_id="2023-06-01", now=morning(6, 1))

    assert len(await city.told(EnterpriseDigestDue)) == 1


@pytest.mark.parametrize(("chunk", "clocks"), [(1, 7), (2, 4), (3, 3), (5, 2), (7, 1)])
async def test_enterprises_are_told_chunk_by_chunk_each_by_its_own_clock(
    city: Stage, monkeypatch: pytest.MonkeyPatch, chunk: int, clocks: int
) -> None:
    monkeypatch.setattr(operations_enterprises, "CHUNK", chunk)
    more = [demonstration_code(region=COUNTY, number=number) for number in range(10, 14)]
    await city.hear(*(registered(uscc, COUNTY) for uscc in more))
    owing = [*more[::2], MINE, OTHER]
    for uscc in owing:
        await owes(city, uscc, last=date(2023, 5, 31))

    told = await rung(city, 1)

    assert sorted(fact["enterprise_uscc"] for fact in told) == sorted(owing)
    async with city.work() as session:
        fired = select(Timer.entity_id).where(
            Timer.kind == ENTERPRISE_DIGEST_DUE, Timer.fired_at.is_not(None)
        )
        assert len(list(await session.scalars(fired))) == clocks


async def test_between_chunks_whatever_is_due_has_its_turn(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk that goes on is due when it is left, not at the hour at which all began."""
    monkeypatch.setattr(operations_enterprises, "CHUNK", 1)
    late = morning(6, 1) + timedelta(minutes=7)

    await city.fire_until(late, ENTERPRISE_DIGEST_DUE)

    async with city.work() as session:
        chosen = select(Timer.due_at).where(
            Timer.kind == ENTERPRISE_DIGEST_DUE, Timer.entity_id.like("%@%")
        )
        assert set(await session.scalars(chosen)) == {late}


async def test_after_an_outage_only_today_is_caught_up(city: Stage) -> None:
    await owes(city, last=date(2023, 5, 31))

    await city.fire_until(morning(6, 8, 15), ENTERPRISE_DIGEST_DUE)
    await city.fire_until(morning(6, 9), ENTERPRISE_DIGEST_DUE)

    days = [fact["day"] for fact in await city.told(EnterpriseDigestDue)]
    assert days == ["2023-06-08", "2023-06-09"]


async def test_no_more_than_the_most_urgent_are_named_and_all_are_counted(city: Stage) -> None:
    codes = ("10.4", "12.1", "12.2", "12.3", "15.10", "10.1")
    rows = [
        await owes(city, last=date(2023, 5, 20 + place), code=code)
        for place, code in enumerate(codes)
    ]

    (fact,) = await rung(city, 1)

    assert fact["overdue"] == len(codes)
    assert [one["id"] for one in fact["named"]] == [str(row.id) for row in rows[:5]]


async def test_its_calendar_names_what_its_digest_names(city: Stage) -> None:
    for place, code in enumerate(("10.4", "12.1", "12.2")):
        await owes(city, last=date(2023, 5, 31) + timedelta(days=place), code=code)
    city.now = morning(6, 1)
    path = await address(city, officer(MINE))

    shown = {entry.lines["UID"] for entry in await entries(city, path)}
    (fact,) = await rung(city, 1)

    assert {f"{one['kind']}-{one['id']}@anlian" for one in fact["named"]} == shown
