"""Once a working day every unit hears what it owes, and never twice."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.tasks_reminders import DigestDue
from kernel.calendar import SHANGHAI, closes_at
from kernel.timers import Timer
from reference.terms import DutyKind
from services.tasks.digests import operations, operations_clocks
from services.tasks.digests.operations_clocks import DIGEST_DUE
from services.tasks.digests.tables import Digest
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.hotline import HOUSING_UNIT, dispatched
from tests.services.tasks.measured import HOUSING, asked, planned
from tests.services.tasks.story import CITY, COUNTY, reported


def morning(month: int, day: int, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


async def armed(city: Stage, now: datetime) -> None:
    async with city.work() as session:
        await operations_clocks.arm(session, now=now)


async def task(city: Stage, code: str = "10.4", **more: Any) -> Obligation:
    return await asked(city, code, DutyKind.RATE_TARGET, **{"unit": HOUSING} | more)


async def told(city: Stage, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(fact[name] for name in names) for fact in await city.told(DigestDue)]


async def test_a_unit_hears_once_what_it_owes(city: Stage) -> None:
    late = await task(city, "10.4", due_at=closes_at(date(2023, 5, 31)))
    today = await task(city, "12.1", due_at=closes_at(date(2023, 6, 1)))
    await task(city, "12.2", due_at=closes_at(date(2023, 6, 6)))
    await task(city, "12.3", due_at=closes_at(date(2023, 6, 7)))
    await task(city, "10.1", status=Status.SUBMITTED, due_at=closes_at(date(2023, 6, 1)))
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 1))

    (fact,) = [one for one in await city.told(DigestDue) if one["unit"] == HOUSING]
    counts = {name: fact[name] for name in ("overdue", "due_today", "due_soon", "waiting")}
    assert counts == {"overdue": 1, "due_today": 1, "due_soon": 1, "waiting": 1}
    assert (fact["day"], fact["within"]) == ("2023-06-01", 3)
    assert fact["obligations"][:2] == [str(late.id), str(today.id)]


async def test_a_unit_that_owes_nothing_soon_hears_nothing(city: Stage) -> None:
    await task(city)
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 1))

    assert await told(city, "unit") == []


async def test_it_goes_out_on_working_days_only(city: Stage) -> None:
    await task(city, due_at=closes_at(date(2023, 1, 19)))
    await armed(city, morning(1, 20, 8, 29))

    for day in range(20, 32):
        await city.fire_until(morning(1, day))

    days = [day for (day,) in await told(city, "day")]
    assert days == [f"2023-01-{day}" for day in (20, 28, 29, 30, 31)]


async def test_however_often_it_fires_a_unit_hears_it_once_a_day(city: Stage) -> None:
    await task(city, due_at=closes_at(date(2023, 5, 31)))

    for _ in range(3):
        async with city.work() as session:
            await operations.tell(session, entity_id="2023-06-01", now=morning(6, 1))

    assert await told(city, "unit", "day") == [(HOUSING, "2023-06-01")]
    assert len(await city.rows(Digest)) == 1


async def test_after_an_outage_only_today_is_caught_up(city: Stage) -> None:
    await task(city, due_at=closes_at(date(2023, 5, 31)))
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 8, 15))
    await city.fire_until(morning(6, 9))

    assert await told(city, "day") == [("2023-06-08",), ("2023-06-09",)]


async def test_an_outage_that_ends_on_a_holiday_is_not_caught_up(city: Stage) -> None:
    await task(city, due_at=closes_at(date(2023, 5, 31)))
    await armed(city, morning(6, 20, 12))

    await city.fire_until(morning(6, 24, 15))  # Dragon Boat Festival
    await city.fire_until(morning(6, 25))

    assert await told(city, "day") == [("2023-06-25",)]  # a Sunday that is worked


@pytest.mark.parametrize("chunk", [150, 157, 10_000])
async def test_units_are_told_chunk_by_chunk(
    city: Stage, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(operations, "CHUNK", chunk)
    owing = (HOUSING, f"{CITY}.emergency", f"{COUNTY}.government", "430426.housing")
    for unit in owing:
        await task(city, unit=unit, due_at=closes_at(date(2023, 5, 31)))
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 1))

    assert sorted(unit for (unit,) in await told(city, "unit")) == sorted(owing)


async def test_an_office_hears_what_waits_for_its_review(city: Stage) -> None:
    handed_in: list[tuple[str, str]] = [
        ("10.4", f"{COUNTY}.housing"),
        ("10.4", f"{COUNTY}.emergency"),
        ("10.4", f"{COUNTY}.government"),  # reviewed from above
        ("10.4", f"{COUNTY}.committee_office"),  # not by itself
    ]
    for code, unit in handed_in:
        await task(city, code, unit=unit, status=Status.SUBMITTED)
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 1))

    assert sorted(await told(city, "unit", "to_review")) == [
        (f"{CITY}.committee_office", 1),
        (f"{COUNTY}.committee_office", 2),
    ]


async def test_hotline_orders_stand_in_it(city: Stage) -> None:
    city.now = morning(6, 5, 10)
    _, part = await dispatched(city)

    await city.fire_until(morning(6, 12))

    facts = [fact for fact in await city.told(DigestDue) if fact["unit"] == HOUSING_UNIT]
    assert [fact["day"] for fact in facts] == ["2023-06-12"]
    assert (facts[0]["orders"], facts[0]["due_today"]) == ([str(UUID(part))], 1)


async def test_what_an_accident_asks_sees_to_the_next_morning(city: Stage) -> None:
    await city.hear(reported())

    async with city.work() as session:
        chosen = select(Timer.due_at).where(Timer.kind == DIGEST_DUE)
        dues = list(await session.scalars(chosen))

    assert dues == [morning(3, 13)]  # it was told on a Friday at noon


async def test_a_unit_that_ended_hears_nothing(city: Stage) -> None:
    await task(city, unit="430400.never_recorded", due_at=closes_at(date(2023, 5, 31)))
    await armed(city, morning(5, 31, 12))

    await city.fire_until(morning(6, 1) + timedelta(hours=1))

    assert await told(city, "unit") == []
