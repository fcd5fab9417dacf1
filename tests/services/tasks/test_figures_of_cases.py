"""Investigations closed in time (按期结案): a rate of counts, by the last day of each case."""

from datetime import date, datetime
from typing import Any

import pytest

from contracts.incidents import AccidentMerged, AccidentStruckOff, Toll
from contracts.incidents_cases import InvestigationApproved, InvestigationReckoned
from kernel.ids import uuid7
from reference.terms import DutyKind, Grade, Level
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.measured import (
    CITY_GOVERNMENT,
    COUNTY_GOVERNMENT,
    asked,
    at,
    figure,
    planned,
    standing,
)
from tests.services.tasks.story import ACCIDENT, COUNTY, HAPPENED, MINE, person, published
from tests.services.tasks.story import reported as story_reported

DUE = date(2023, 5, 24)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


async def closed_on_time(tasks: Stage, unit: str = COUNTY_GOVERNMENT) -> Obligation:
    return await asked(tasks, "6.5", DutyKind.RATE_TARGET, unit=unit)


def told(event: Any, when: datetime = HAPPENED, **changed: Any) -> Any:
    facts = {
        "occurred_at": when,
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "grade": Grade.LARGER,
    }
    return event(**facts | changed)


def reckoned(due_on: date | None = DUE, generation: int = 1) -> InvestigationReckoned:
    return told(InvestigationReckoned, due_on=due_on, generation=generation)


def approved(day: date, generation: int = 1) -> InvestigationApproved:
    unit = {"level": Level.CITY, "unit": CITY_GOVERNMENT}
    return told(InvestigationApproved, at(day), generation=generation, **unit)


async def rate(tasks: Stage, row: Obligation, **query: Any) -> tuple[Any, Any]:
    found = await standing(tasks, row, **query)
    return found["numerator"], found["denominator"]


@pytest.mark.parametrize(("day", "closed"), [(24, 1), (25, 0)])
async def test_a_case_is_closed_in_time_until_its_last_day(
    city: Stage, day: int, closed: int
) -> None:
    rows = [await closed_on_time(city, unit) for unit in (COUNTY_GOVERNMENT, CITY_GOVERNMENT)]
    elsewhere = await closed_on_time(city, "430426.government")

    await city.hear(story_reported(), reckoned(), approved(date(2023, 5, day)))

    assert [await rate(city, row) for row in rows] == [(closed, 1), (closed, 1)]
    assert (await standing(city, rows[0]))["verdict"] == ("met" if closed else "not_met")
    nothing = await standing(city, elsewhere)
    assert (nothing["value"], nothing["denominator"]) == (None, 0)


async def test_a_case_counts_from_its_last_day_on_and_not_before(city: Stage) -> None:
    row = await closed_on_time(city)
    await city.hear(story_reported(), reckoned())

    assert await rate(city, row, on="2023-05-23") == (0, 0)
    assert await rate(city, row, on="2023-05-24") == (0, 1)


async def test_a_last_day_that_moves_or_waits_for_an_appraisal_moves_the_case(
    city: Stage,
) -> None:
    row = await closed_on_time(city)
    await city.hear(story_reported(), reckoned(), reckoned(None))
    assert await rate(city, row) == (0, 0)

    await city.hear(reckoned(date(2024, 1, 5)))
    assert await rate(city, row) == (0, 0)
    await city.hear(reckoned(date(2023, 5, 31)), approved(date(2023, 5, 30)))
    assert await rate(city, row) == (1, 1)


async def test_a_reopened_case_is_one_more(city: Stage) -> None:
    row = await closed_on_time(city)

    await city.hear(story_reported(), reckoned(), approved(DUE))
    await city.hear(reckoned(date(2023, 5, 31), generation=2))
    assert await rate(city, row) == (1, 2)
    await city.hear(approved(date(2023, 5, 31), generation=2))

    assert await rate(city, row) == (2, 2)


async def test_publication_closes_the_case_of_who_tells_no_approval_and_no_other(
    city: Stage,
) -> None:
    row = await closed_on_time(city)
    other = uuid7()
    late = {"published_on": date(2023, 5, 25)}
    await city.hear(
        *(story_reported(), reckoned(), approved(DUE), published(**late)),
        story_reported(accident_id=other),
        told(InvestigationReckoned, accident_id=other, due_on=DUE, generation=1),
        published(accident_id=other, **late),
    )

    assert await rate(city, row) == (1, 2)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (lambda: told(AccidentMerged, into_id=uuid7()), (0, 0)),
        (lambda: told(AccidentStruckOff, cause="crime", rule="x"), (0, 0)),
        (None, (1, 1)),
    ],
    ids=["merged", "struck off", "slight"],
)
async def test_the_case_of_what_is_no_accident_does_not_count_and_that_of_a_slight_one_does(
    city: Stage, gone: Any, left: tuple[int, int]
) -> None:
    row = await closed_on_time(city)
    slight = story_reported(grade=Grade.GENERAL, toll=Toll(), left_out=True)

    await city.hear(slight, reckoned(), approved(DUE), *([gone()] if gone else []))

    assert await rate(city, row) == left


async def test_nobody_types_in_what_investigations_tell(city: Stage) -> None:
    row = await closed_on_time(city)
    by = person("leader", COUNTY_GOVERNMENT)

    answer = await city.as_(by).post(
        "/tasks/figures/reports", json=figure(row, numerator=1, denominator=1)
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/figure-told")
