"""Enterprises as they stood on a day: what was asked of the past is answered from the past."""

from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from contracts.gateway import Role
from contracts.inspections import EnterpriseRegistered
from contracts.tasks import ObligationKind
from kernel import calendar
from kernel.access import Principal
from reference.creditcodes import demonstration_code
from services.tasks.chains import queries
from services.tasks.chains.tables import Entry
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.story import (
    ACCIDENT,
    CITY_OFFICE,
    COUNTY,
    COUNTY_OFFICE,
    MINE,
    OTHER,
    officer,
    person,
    registered,
    reported,
)
from tests.services.tasks.test_decisions import NAME, gaps, read

ELSEWHERE, PARK = "430426", "430473"
THERE = person(Role.COMMITTEE_OFFICE, f"{ELSEWHERE}.committee_office")
FEBRUARY, MARCH, APRIL = date(2023, 2, 8), date(2023, 3, 1), date(2023, 4, 1)


def told(day: date, **changed: Any) -> EnterpriseRegistered:
    """The entry of MINE as it is told on a day."""
    first = registered(MINE, COUNTY, "construction")
    return first.model_copy(update={"occurred_at": calendar.opens_at(day), **changed})


async def moved(tasks: Stage) -> Stage:
    """Built in one county, a mine with another name in another one since April."""
    changed = {"region_code": ELSEWHERE, "industry": "B10", "name": "矿业公司"}
    await tasks.hear(told(FEBRUARY, name="建筑公司"), told(APRIL, **changed))
    return tasks


async def test_a_chain_is_of_the_enterprise_as_it_was_registered_on_the_day(tasks: Stage) -> None:
    await moved(tasks)

    before = (await read(tasks, "resolve", enterprise=MINE, on="2023-03-31")).json()
    since = (await read(tasks, "resolve", enterprise=MINE, on="2023-04-01")).json()
    now = (await read(tasks, "resolve", enterprise=MINE)).json()
    drawn = await read(tasks, "picture", enterprise=MINE, on="2023-03-31")

    told_of = ("enterprise_name", "region_code", "sector")
    assert [before[name] for name in told_of] == ["建筑公司", COUNTY, "construction"]
    assert before["links"][0]["unit"] == f"{COUNTY}.housing"
    assert [since[name] for name in told_of] == ["矿业公司", ELSEWHERE, "noncoal_mining"]
    assert since["links"][0]["unit"] == f"{ELSEWHERE}.emergency"
    assert now["links"] == since["links"]
    assert "建筑公司" in drawn.text


async def test_whoever_has_it_now_reads_all_its_past_and_whoever_had_it_its_own_days(
    tasks: Stage,
) -> None:
    await moved(tasks)
    stranger = person(Role.COMMITTEE_OFFICE, "430421.committee_office")

    async def asked(by: Principal, on: str) -> int:
        return (await read(tasks, "resolve", by=by, enterprise=MINE, on=on)).status_code

    for by, then, after in (
        (CITY_OFFICE, 200, 200),
        (THERE, 200, 200),
        (COUNTY_OFFICE, 200, 404),
        (officer(MINE), 200, 200),
        (officer(OTHER), 404, 404),
        (stranger, 404, 404),
    ):
        assert [await asked(by, "2023-03-31"), await asked(by, "2023-04-01")] == [then, after]


async def test_before_it_was_registered_there_was_none(tasks: Stage) -> None:
    await moved(tasks)

    early = await read(tasks, "resolve", enterprise=MINE, on="2023-02-07")
    never = await read(tasks, "resolve", enterprise=OTHER, on="2023-02-07")

    assert [early.status_code, never.status_code] == [404, 404]
    assert early.json()["detail"] == never.json()["detail"].replace(OTHER, MINE)


async def test_gaps_are_of_the_enterprises_that_there_were_on_the_day(tasks: Stage) -> None:
    await tasks.hear(
        told(FEBRUARY, industry=NAME),
        told(APRIL, region_code=ELSEWHERE),
        registered(OTHER, ELSEWHERE, NAME).model_copy(
            update={"occurred_at": calendar.opens_at(MARCH)}
        ),
    )

    async def found(on: str) -> list[tuple[str, str]]:
        return [(gap["uscc"], gap["region_code"]) for gap in await gaps(tasks, on=on)]

    first, second, third = [await found(on) for on in ("2023-02-28", "2023-03-01", "2023-04-01")]

    assert first == [(MINE, COUNTY)]
    assert sorted(second) == sorted([(MINE, COUNTY), (OTHER, ELSEWHERE)])
    assert third == [(OTHER, ELSEWHERE)]
    listed = await read(tasks, "gaps", by=COUNTY_OFFICE, on="2023-03-01")
    assert [gap["uscc"] for gap in listed.json()["items"]] == [MINE]


async def test_overlaps_are_of_the_enterprises_that_there_were_on_the_day(tasks: Stage) -> None:
    await tasks.hear(told(FEBRUARY, industry="road_transport"), told(APRIL))

    assert [one["uscc"] for one in await gaps(tasks, "overlaps", on="2023-03-31")] == [MINE]
    assert await gaps(tasks, "overlaps", on="2023-04-01") == []


@pytest.mark.parametrize("first", [FEBRUARY, MARCH, date(2023, 3, 20)])
async def test_an_accident_told_of_later_is_answered_by_the_trade_of_its_day(
    tasks: Stage, first: date
) -> None:
    await tasks.hear(told(first), told(APRIL, industry="B10"))
    later = {"occurred_at": calendar.opens_at(date(2023, 5, 1)), "industry": None}

    await tasks.hear(reported(relays=(), **later))

    rows = await tasks.rows(Obligation, origin=ACCIDENT, kind=ObligationKind.ATTENDANCE)
    assert f"{COUNTY}.housing" in {row.unit for row in rows}


async def test_what_the_report_says_of_the_trade_goes_first(tasks: Stage) -> None:
    await tasks.hear(told(FEBRUARY), reported(relays=()))

    rows = await tasks.rows(Obligation, origin=ACCIDENT, kind=ObligationKind.ATTENDANCE)
    assert f"{COUNTY}.housing" not in {row.unit for row in rows}


async def test_what_is_told_again_unchanged_opens_no_entry_and_of_a_day_the_last_holds(
    tasks: Stage,
) -> None:
    await tasks.hear(told(FEBRUARY), told(MARCH), told(APRIL, name="甲"), told(APRIL, name="乙"))

    rows = sorted(await tasks.rows(Entry), key=lambda row: row.effective_from)

    assert [(row.name, row.effective_from, row.effective_to) for row in rows] == [
        ("演示企业", FEBRUARY, date(2023, 3, 31)),
        ("乙", APRIL, None),
    ]


async def test_an_enterprise_in_a_park_was_in_it_on_the_day(tasks: Stage) -> None:
    await tasks.hear(told(FEBRUARY, park_code=PARK), told(APRIL))

    before = (await read(tasks, "resolve", enterprise=MINE, on="2023-03-31")).json()
    since = (await read(tasks, "resolve", enterprise=MINE, on="2023-04-01")).json()

    assert [before["region_code"], since["region_code"]] == [PARK, COUNTY]
    rows = sorted(await tasks.rows(Entry), key=lambda row: row.effective_from)
    assert [row.groups for row in rows] == [["in_park"], []]


@pytest.mark.parametrize(
    ("heard", "since"),
    [([FEBRUARY], FEBRUARY), ([FEBRUARY, APRIL], date(1900, 1, 1))],
    ids=["told once", "told again"],
)
async def test_what_stood_before_there_were_entries_is_taken_over(
    tasks: Stage, heard: Sequence[date], since: date
) -> None:
    await tasks.hear(*(told(day, name=f"名{day}") for day in heard))
    step = import_module("services.tasks.migrations.versions.0250_entries_of_enterprises")
    async with tasks.work() as session:
        await session.execute(text("DELETE FROM enterprise_entry"))
        await session.execute(text(step.TAKEN_OVER))

    (row,) = await tasks.rows(Entry)
    assert (row.name, row.effective_from, row.effective_to) == (f"名{heard[-1]}", since, None)

    await tasks.hear(told(date(2023, 6, 1), name="后"))
    async with tasks.work() as session:
        then = await queries.entry(session, MINE, on=date(2023, 5, 31))
    assert then is not None
    assert then.name == f"名{heard[-1]}"


NUMBERS = count(100)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["甲", "乙"]),
        st.sampled_from([COUNTY, ELSEWHERE]),
        st.sampled_from(["construction", "B10"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES)
async def test_every_day_reads_as_the_last_that_was_told_by_its_end(
    tasks: Stage, changes: list[tuple[int, str, str, str]]
) -> None:
    uscc, day = demonstration_code(region=COUNTY, number=next(NUMBERS)), FEBRUARY
    written: dict[date, tuple[str, str, str]] = {}
    for later, name, region, industry in changes:
        day += timedelta(days=later)
        written[day] = (name, region, industry)
        fact = told(day, uscc=uscc, name=name, region_code=region, industry=industry)
        await tasks.hear(fact)

    async with tasks.work() as session:
        for number in range(-1, (day - FEBRUARY).days + 2):
            on = FEBRUARY + timedelta(days=number)
            row = await queries.entry(session, uscc, on=on)
            latest = max((noted for noted in written if noted <= on), default=None)
            found = (row.name, row.region_code, row.industry) if row else None
            assert found == (written[latest] if latest else None)
