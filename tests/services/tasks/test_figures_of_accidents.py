"""Accidents make figures as incidents tells their story, and no one types them in."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.incidents import (
    AccidentCorrected,
    AccidentMerged,
    AccidentQualified,
    AccidentStruckOff,
    AccidentUpdated,
    Toll,
)
from kernel import calendar
from kernel.ids import uuid7
from kernel.timers import Timer
from reference.terms import DutyKind, Grade, Level
from services.tasks.accidents.tables import Accident
from services.tasks.figures.operations_bases import BASE_DUE
from services.tasks.figures.tables import Figure
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.measured import (
    CITY_GOVERNMENT,
    COUNTY_GOVERNMENT,
    HOUSING,
    asked,
    at,
    builder,
    figure,
    planned,
    standing,
)
from tests.services.tasks.story import (
    ACCIDENT,
    CITY,
    CITY_OFFICE,
    COUNTY,
    COUNTY_OFFICE,
    HAPPENED,
    MINE,
    OTHER_DESK,
    RECEIVED,
    placed,
    regraded,
    reported,
)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


def later(event: Any, **changed: Any) -> Any:
    facts = {
        "occurred_at": RECEIVED + timedelta(days=9),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
    }
    return event(**facts | changed)


def updated(deaths: int, **changed: Any) -> Any:
    toll, grade = Toll(deaths=deaths), Grade.LARGER
    facts = {"report_id": uuid7(), "grade": grade, "estimated_grade": grade, "toll": toll}
    return later(AccidentUpdated, **facts | changed)


async def larger(tasks: Stage, unit: str = COUNTY_GOVERNMENT) -> Obligation:
    return await asked(tasks, "8.1", DutyKind.PROHIBITION, unit=unit)


async def test_a_larger_accident_breaks_the_prohibition_of_its_county_and_of_the_city(
    city: Stage,
) -> None:
    rows = [await larger(city, unit) for unit in (COUNTY_GOVERNMENT, CITY_GOVERNMENT)]
    elsewhere = await larger(city, "430426.government")

    await city.hear(reported())

    for row in rows:
        found = await standing(city, row)
        assert (found["verdict"], found["count"]) == ("not_met", 1)
        assert found["breach"]["source"] == f"accident:{ACCIDENT}"
        assert found["breach"]["day"] == "2023-03-10"
    kept = await standing(city, elsewhere)
    assert (kept["verdict"], kept["count"], kept["breach"]) == ("met", 0, None)


async def test_a_standing_is_as_at_any_day(city: Stage) -> None:
    row = await larger(city)
    await city.hear(reported())

    before = await standing(city, row, on="2023-03-09")
    on_the_day = await standing(city, row, on="2023-03-10")

    assert (before["verdict"], on_the_day["verdict"]) == ("met", "not_met")
    assert not on_the_day["final"]


@pytest.mark.parametrize(
    "gone",
    [
        lambda: later(AccidentMerged, into_id=uuid7(), grade=Grade.LARGER),
        lambda: later(AccidentStruckOff, grade=Grade.LARGER, cause="crime", rule="x"),
    ],
)
async def test_an_accident_that_is_none_leaves_every_figure_and_its_versions_stay(
    city: Stage, gone: Any
) -> None:
    row = await larger(city)
    await city.hear(reported(), gone())

    found = await standing(city, row)
    versions = await city.rows(Figure, metric="accident_count_ge_larger")

    assert (found["verdict"], found["count"], found["breach"]) == ("met", 0, None)
    assert sorted((one.version, one.amount) for one in versions) == [(1, 1), (2, 0)]
    as_then = await standing(city, row, on="2023-03-15")
    assert as_then["count"] == 1


async def test_an_accident_that_is_placed_counts_where_it_lies(city: Stage) -> None:
    rows = [await larger(city, unit) for unit in (COUNTY_GOVERNMENT, CITY_GOVERNMENT)]
    await city.hear(reported(region_code=CITY))
    assert [(await standing(city, row))["count"] for row in rows] == [0, 1]

    await city.hear(placed(COUNTY), placed(COUNTY))

    assert [(await standing(city, row))["count"] for row in rows] == [1, 1]
    versions = await city.rows(Figure, metric="accident_count_ge_larger")
    told = sorted((one.version, one.region_code, one.amount) for one in versions)
    assert told == [(1, CITY, 1), (2, COUNTY, 1)]


async def test_an_accident_whose_day_was_corrected_counts_on_its_day(city: Stage) -> None:
    row = await larger(city)
    await city.hear(reported())
    (before,) = await city.rows(Figure, metric="accident_count_ge_larger")
    year_before = HAPPENED - timedelta(days=400)
    told = later(AccidentCorrected, grade=Grade.LARGER, report_id=uuid7(), happened_at=year_before)

    await city.hear(told)

    assert (await standing(city, row))["count"] == 0
    versions = await city.rows(Figure, metric="accident_count_ge_larger")
    days = sorted((one.version, one.day) for one in versions)
    assert days == [(1, before.day), (2, calendar.day_of(year_before))]
    (kept,) = await city.rows(Accident)
    assert kept.happened_at == year_before


async def test_an_accident_of_another_trade_or_kind_moves_between_figures(city: Stage) -> None:
    """It was taken for a mine's fire; it was one in the woods, and the mine was a building site."""
    there = {"grade": Grade.LARGER, "report_id": uuid7(), "happened_at": HAPPENED}
    metrics = ("building_death_count", "forest_fire_count_ge_larger")

    async def amounts() -> list[list[int | None]]:
        rows = [await city.rows(Figure, metric=metric) for metric in metrics]
        return [[row.amount for row in sorted(one, key=lambda row: row.version)] for one in rows]

    await city.hear(reported())
    assert await amounts() == [[], []]
    await city.hear(later(AccidentCorrected, **there))  # a fact that does not say so moves nothing
    assert await amounts() == [[], []]
    site = {"industry": "E47", "toll": Toll(deaths=5), "investigating_unit": CITY_GOVERNMENT}
    await city.hear(later(AccidentCorrected, **there, **site))
    assert await amounts() == [[5], []]
    await city.hear(later(AccidentCorrected, **there, accident_type="forest_fire"))
    assert await amounts() == [[5], [1]]
    await city.hear(later(AccidentCorrected, **there, **site | {"industry": "noncoal_mining"}))
    assert await amounts() == [[5, 0], [1]]


async def test_what_was_struck_off_and_is_qualified_after_all_counts_again(city: Stage) -> None:
    row = await larger(city)
    struck = later(AccidentStruckOff, grade=Grade.LARGER, cause="crime", rule="x")

    await city.hear(reported(), struck, later(AccidentQualified, grade=Grade.LARGER, basis="x"))

    assert (await standing(city, row))["count"] == 1


async def test_another_grade_moves_an_accident_between_figures(city: Stage) -> None:
    row = await larger(city)
    milder = regraded(
        Grade.GENERAL, COUNTY_GOVERNMENT, Level.COUNTY, toll=Toll(deaths=2), relays=()
    )

    await city.hear(reported(), milder)

    assert (await standing(city, row))["count"] == 0
    (general,) = await city.rows(Figure, metric="accident_count_general")
    assert general.amount == 1


async def counted(tasks: Stage) -> list[int | None]:
    rows = await tasks.rows(Figure, metric="accident_count")
    return [row.amount for row in sorted(rows, key=lambda row: row.version)]


async def test_what_is_too_slight_enters_the_figures_once_it_is_more_and_leaves_when_it_is_less(
    city: Stage,
) -> None:
    slight = {"grade": Grade.GENERAL, "toll": Toll(), "left_out": True}
    await city.hear(reported(**slight))
    assert await counted(city) == []
    (kept,) = await city.rows(Accident)
    assert kept.left_out

    await city.hear(updated(0, grade=Grade.GENERAL, left_out=False))
    assert await counted(city) == [1]
    (kept,) = await city.rows(Accident)
    assert not kept.left_out

    await city.hear(updated(0, grade=Grade.GENERAL))  # a fact that does not say so moves nothing
    assert await counted(city) == [1]
    corrected = later(
        AccidentCorrected,
        grade=Grade.GENERAL,
        report_id=uuid7(),
        happened_at=HAPPENED,
        left_out=True,
    )
    await city.hear(corrected)
    assert await counted(city) == [1, 0]

    graver = regraded(Grade.LARGER, COUNTY_GOVERNMENT, Level.CITY, relays=(), left_out=False)
    await city.hear(graver)
    assert await counted(city) == [1, 0, 1]
    (kept,) = await city.rows(Accident)
    assert not kept.left_out


async def test_who_died_within_the_window_is_counted_and_who_died_after_it_is_not(
    city: Stage,
) -> None:
    await city.hear(reported(), updated(6), updated(9, after_window=True))

    deaths = await city.rows(Figure, metric="death_count")

    assert sorted((row.version, row.amount) for row in deaths) == [(1, 5), (2, 6)]


async def test_the_missing_count_as_dead_once_the_search_has_ended(city: Stage) -> None:
    searching = reported(toll=Toll(deaths=5, missing=8))
    ended = regraded(
        Grade.MAJOR,
        "430000.government",
        Level.PROVINCE,
        toll=Toll(deaths=5, missing=8),
        counted_deaths=13,
    )

    await city.hear(searching, ended)

    deaths = await city.rows(Figure, metric="death_count")
    assert sorted((row.version, row.amount) for row in deaths) == [(1, 5), (2, 13)]


async def test_what_changes_nothing_makes_no_further_version(city: Stage) -> None:
    await city.hear(reported(), updated(5))

    assert [row.version for row in await city.rows(Figure, metric="death_count")] == [1]


async def test_a_sector_counts_only_its_own_accidents(city: Stage) -> None:
    row = await asked(city, "10.1", DutyKind.REDUCTION_TARGET, unit=HOUSING)
    await city.hear(reported(), reported(accident_id=uuid7(), industry="construction"))

    assert (await standing(city, row))["count"] == 1


async def test_a_reduction_is_measured_from_the_base_as_it_stood_when_the_year_began(
    city: Stage,
) -> None:
    row = await asked(city, "8.3", DutyKind.REDUCTION_TARGET, unit=CITY_GOVERNMENT)
    year_before = at(date(2022, 2, 1))
    before = {"happened_at": year_before, "received_at": year_before, "occurred_at": year_before}
    unfrozen = await standing(city, row)
    await city.hear(reported(accident_id=uuid7(), toll=Toll(deaths=10), **before))
    await city.fire_until(at(date(2023, 1, 1)))
    late = reported(accident_id=uuid7(), toll=Toll(deaths=30), **before)

    await city.hear(late, reported(toll=Toll(deaths=8)))

    found = await standing(city, row)
    assert (unfrozen["value"], unfrozen["reason"]["code"]) == (None, "base_not_frozen")
    assert (found["base"], found["count"]) == (10, 8)
    assert found["value"] == {"numerator": 20, "denominator": 1, "decimal": "20.0000"}
    assert found["verdict"] == "met"


async def test_a_base_that_history_was_loaded_for_late_is_frozen_by_hand_and_once(
    city: Stage,
) -> None:
    row = await asked(city, "8.2", DutyKind.REDUCTION_TARGET, unit=CITY_GOVERNMENT)
    path = "/tasks/figures/bases/2023"

    answers = [
        (await city.as_(by).post(path, json={})).status_code
        for by in (COUNTY_OFFICE, CITY_OFFICE, CITY_OFFICE)
    ]

    found = await standing(city, row)
    assert answers == [404, 201, 409]
    assert (found["value"], found["base"]) == (None, 0)
    assert found["reason"]["code"] == "zero_base"
    assert found["reason"]["zh"]
    assert found["reason"]["en"]


async def test_a_base_frozen_by_hand_is_not_frozen_again_when_its_year_begins(
    city: Stage,
) -> None:
    await city.hear(reported())
    await city.as_(CITY_OFFICE).post("/tasks/figures/bases/2024", json={})

    await city.fire_until(at(date(2024, 1, 1)))

    (timer,) = await city.rows(Timer, kind=BASE_DUE, entity_id="2024")
    assert (timer.attempts, timer.fired_at is not None) == (0, True)


async def test_what_facts_tell_nobody_types_in(city: Stage) -> None:
    row = await asked(city, "10.1", DutyKind.REDUCTION_TARGET, unit=HOUSING)

    answer = await city.as_(builder()).post("/tasks/figures/reports", json=figure(row, count=0))

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/figure-told"


async def test_a_township_is_not_told_apart_from_its_county(city: Stage) -> None:
    row = await larger(city, "430421.xidu_government")

    found = await standing(city, row)

    assert found["reason"]["code"] == "place_not_told"


async def test_another_county_sees_neither_the_standing_nor_the_ledger(city: Stage) -> None:
    row = await larger(city)
    await city.hear(reported())

    answer = await city.as_(OTHER_DESK).get(f"/tasks/obligations/{row.id}/standing")
    listed = (await city.as_(OTHER_DESK).get("/tasks/figures")).json()
    own = (await city.as_(COUNTY_OFFICE).get("/tasks/figures?metric=death_count")).json()

    assert answer.status_code == 404
    assert listed["items"] == []
    assert [one["count"] for one in own["items"]] == [5]


async def test_what_a_figure_does_not_measure_has_no_standing(city: Stage) -> None:
    row = await asked(city, "8.1", DutyKind.CONTINUOUS, unit=COUNTY_GOVERNMENT)

    answer = await city.as_(CITY_OFFICE).get(f"/tasks/obligations/{row.id}/standing")

    assert answer.status_code == 409
