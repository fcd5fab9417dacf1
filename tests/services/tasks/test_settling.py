"""When a period is over its measured obligations are closed by their figures, set by set."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from contracts.tasks import ObligationOverdue
from kernel.ids import uuid7
from kernel.timers import Timer
from reference.creditcodes import demonstration_code
from reference.terms import DutyKind
from services.tasks.figures.operations import SETTLING_DUE
from services.tasks.figures.tables import Figure
from services.tasks.measures import operations
from services.tasks.measures.domain import Outcome
from services.tasks.measures.operations import Settled
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.city import reorganised
from tests.services.tasks.measured import (
    COUNTY_GOVERNMENT,
    HOUSING,
    OPENING,
    YEAR_END,
    accepted,
    asked,
    at,
    builder,
    figure,
    planned,
)
from tests.services.tasks.story import CITY, CITY_OFFICE, MINE, officer, reported

WATER = f"{CITY}.water"

Settle = Callable[..., Awaitable[Settled]]


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


async def settle(city: Stage, now: datetime = YEAR_END) -> Settled:
    """As an opening does that ends: some at a time until none is left."""
    whole, after = Settled(), ""
    while True:
        async with city.work() as session:
            some, last = await operations.settle_some(
                session, opening_id=OPENING, after=after, now=now
            )
        for outcome in Outcome:
            whole.count(outcome, getattr(some, outcome))
        if last is None:
            return whole
        after = last


async def found(city: Stage, row: Obligation) -> tuple[str, bool]:
    (read,) = await city.rows(Obligation, id=row.id)
    return read.status, read.overdue_at is not None


async def test_what_met_its_target_is_fulfilled_and_the_rest_is_overdue(city: Stage) -> None:
    counties = (COUNTY_GOVERNMENT, "430426.government")
    broken, kept = [await asked(city, "8.1", DutyKind.PROHIBITION, unit=unit) for unit in counties]
    await city.hear(reported())

    settled = await settle(city)

    assert settled == Settled(fulfilled=1, missed=1)
    assert await found(city, kept) == (Status.FULFILLED, False)
    assert await found(city, broken) == (Status.OPEN, True)
    told = [fact["obligation_id"] for fact in await city.told(ObligationOverdue)]
    assert told == [str(broken.id)]


async def test_nothing_is_settled_before_the_period_is_over(city: Stage) -> None:
    row = await asked(city, "8.1", DutyKind.PROHIBITION, unit=COUNTY_GOVERNMENT)

    settled = await settle(city, YEAR_END - timedelta(microseconds=1))

    assert settled == Settled()
    assert await found(city, row) == (Status.OPEN, False)


async def test_settling_again_tells_nobody_twice_and_finds_what_became_known_since(
    city: Stage,
) -> None:
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING)
    first = await settle(city)
    await settle(city)
    await accepted(city, row, builder(), count=55)

    last = await settle(city, YEAR_END + timedelta(days=20))

    assert (first, last) == (Settled(missed=1), Settled(fulfilled=1))
    assert len(await city.told(ObligationOverdue)) == 1
    assert await found(city, row) == (Status.FULFILLED, True)


@pytest.mark.parametrize("uscc", [None, MINE])
@pytest.mark.parametrize(("count", "stands"), [(55, Status.FULFILLED), (54, Status.OPEN)])
async def test_a_figure_that_is_accepted_after_its_period_settles_what_it_is_of(
    city: Stage, count: int, stands: Status, uscc: str | None
) -> None:
    unit = HOUSING if uscc is None else None
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=unit, uscc=uscc)
    city.now = YEAR_END + timedelta(days=5)
    await settle(city, city.now)
    by = builder() if uscc is None else officer(uscc)
    await accepted(city, row, by, day="2023-12-31", count=count)

    await city.fire_until(city.now)

    assert await found(city, row) == (stands, True)


@pytest.mark.parametrize("uscc", [None, MINE])
@pytest.mark.parametrize(
    ("count", "how", "stands", "late"),
    [
        (55, "accept", Status.FULFILLED, False),
        (54, "accept", Status.OPEN, True),
        (55, "return", Status.OPEN, True),
    ],
)
async def test_what_waits_for_its_reviewer_as_its_period_ends_is_settled_when_it_was_read(
    city: Stage, count: int, how: str, stands: Status, late: bool, uscc: str | None
) -> None:
    unit = HOUSING if uscc is None else None
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=unit, uscc=uscc)
    by = builder() if uscc is None else officer(uscc)
    told = await city.as_(by).post("/tasks/figures/reports", json=figure(row, count=count))
    city.now = YEAR_END + timedelta(days=5)

    assert await settle(city, city.now) == Settled(left=1)
    assert await found(city, row) == (Status.OPEN, False)

    path = f"/tasks/figures/reports/{told.json()['id']}/{how}"
    read = await city.as_(CITY_OFFICE).post(path, json={"remark": "已核。"})
    await city.fire_until(city.now)

    assert read.status_code == 200, read.text
    assert await found(city, row) == (stands, late)


async def test_what_a_unit_had_reported_before_it_ended_settles_what_its_heir_goes_on_with(
    city: Stage,
) -> None:
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING)
    body = figure(row, count=55)
    told = await city.as_(builder()).post("/tasks/figures/reports", json=body)
    for day, ending, heir in ((5, HOUSING, WATER), (6, WATER, f"{CITY}.transport")):
        city.now = at(date(2023, 6, day))
        await reorganised(city, "merge", [ending, heir], [heir], on=f"2023-06-0{day}")
        await city.fire_until(city.now)
    city.now = YEAR_END + timedelta(days=5)
    settled = await settle(city, city.now)

    path = f"/tasks/figures/reports/{told.json()['id']}/accept"
    read = await city.as_(CITY_OFFICE).post(path, json={})
    await city.fire_until(city.now)

    assert read.status_code == 200, read.text
    (heirs,) = await city.rows(Obligation, duty="2023/12.1", unit=f"{CITY}.transport")
    assert (settled, heirs.status, heirs.overdue_at) == (Settled(left=1), "fulfilled", None)


@pytest.mark.parametrize("uscc", [None, MINE])
async def test_what_is_reported_when_its_period_is_over_is_late_whoever_reads_it(
    city: Stage, uscc: str | None
) -> None:
    unit = HOUSING if uscc is None else None
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=unit, uscc=uscc)
    by = builder() if uscc is None else officer(uscc)
    city.now = YEAR_END
    body = figure(row, day="2023-12-31", count=55)
    told = await city.as_(by).post("/tasks/figures/reports", json=body)

    assert told.status_code == 201, told.text
    assert await settle(city, YEAR_END) == Settled(missed=1)


async def test_a_figure_that_is_accepted_within_its_period_ends_nothing(city: Stage) -> None:
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING)
    await accepted(city, row, builder(), count=55)

    async with city.work() as session:
        kinds = set(await session.scalars(select(Timer.kind)))

    assert SETTLING_DUE not in kinds


@pytest.mark.parametrize(
    "watched", [{"stopped_at": YEAR_END}, {"due_at": YEAR_END + timedelta(days=9)}]
)
@pytest.mark.parametrize("uscc", [None, MINE])
async def test_whose_clock_stands_or_was_moved_is_not_late_with_the_others(
    city: Stage, uscc: str | None, watched: dict[str, datetime]
) -> None:
    unit = HOUSING if uscc is None else None
    row = await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=unit, uscc=uscc, **watched)

    assert await settle(city) == Settled(missed=1)
    assert await found(city, row) == (Status.OPEN, False)


async def test_where_nothing_fell_due_nothing_is_fulfilled_and_nobody_is_late(city: Stage) -> None:
    row = await asked(city, "10.4", DutyKind.RATE_TARGET, unit=HOUSING)
    await accepted(city, row, builder(), numerator=0, denominator=0)

    assert await settle(city) == Settled(left=1)
    assert await found(city, row) == (Status.OPEN, False)


async def test_what_was_superseded_or_accepted_is_left_alone(city: Stage) -> None:
    gone = await asked(
        city, "8.1", DutyKind.PROHIBITION, unit=COUNTY_GOVERNMENT, status=Status.SUPERSEDED
    )
    done = await asked(
        city, "8.1", DutyKind.PROHIBITION, unit="430426.government", status=Status.ACCEPTED
    )

    assert await settle(city) == Settled()
    assert [(await found(city, row))[0] for row in (gone, done)] == ["superseded", "accepted"]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
async def test_enterprises_are_settled_set_by_set(
    city: Stage, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(operations, "CHUNK", chunk)
    kept, broken, silent = sorted(demonstration_code(region="430426", number=n) for n in (7, 8, 9))
    rows = {
        uscc: await asked(city, "15.7", DutyKind.RATE_TARGET, uscc=uscc, region="430426")
        for uscc in (kept, broken, silent)
    }
    async with city.work() as session:
        for uscc, part in ((kept, 4), (broken, 3)):
            for day, numerator in ((1, 0), (2, part)):
                session.add(rating(uscc, date(2023, 5, day), numerator))

    settled = await settle(city)

    assert settled == Settled(fulfilled=1, missed=2)
    assert await found(city, rows[kept]) == (Status.FULFILLED, False)
    assert await found(city, rows[broken]) == (Status.OPEN, True)
    assert await found(city, rows[silent]) == (Status.OPEN, True)
    assert await city.told(ObligationOverdue) == []


async def test_an_enterprise_whose_clock_stands_or_was_moved_is_not_late_with_the_rest(
    city: Stage,
) -> None:
    codes = sorted(demonstration_code(region="430426", number=n) for n in (7, 8, 9))
    given: list[dict[str, Any]] = [
        {},
        {"stopped_at": YEAR_END - timedelta(days=9)},
        {"due_at": YEAR_END + timedelta(days=9)},
    ]
    rows = [
        await asked(city, "15.7", DutyKind.RATE_TARGET, uscc=uscc, region="430426", **more)
        for uscc, more in zip(codes, given, strict=True)
    ]

    await settle(city)

    assert [(await found(city, row))[1] for row in rows] == [True, False, False]


async def test_an_enterprise_answers_for_its_own_accidents(city: Stage) -> None:
    row = await asked(city, "8.1", DutyKind.PROHIBITION, uscc=MINE)
    other = await asked(
        city,
        "8.1",
        DutyKind.PROHIBITION,
        uscc=demonstration_code(region="430426", number=7),
        region="430426",
    )
    await city.hear(reported())

    assert await settle(city) == Settled(fulfilled=1, missed=1)
    assert await found(city, row) == (Status.OPEN, True)
    assert (await found(city, other))[0] == Status.FULFILLED


def rating(uscc: str, day: date, numerator: int) -> Figure:
    """So many of five."""
    return Figure(
        id=uuid7(),
        metric="coal_std_level2_rate",
        region_code="430426",
        enterprise_uscc=uscc,
        day=day,
        numerator=numerator,
        denominator=5,
        source=f"report:{uscc}@{day}",
        version=1,
        told_by=uuid7(),
        rule="platform whole@2000-01-01",
        recorded_at=YEAR_END - timedelta(days=30),
    )
