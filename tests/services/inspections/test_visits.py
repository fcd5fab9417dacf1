"""An accident orders a special inspection, also where nobody knows the enterprise."""

from datetime import date
from typing import Any

import pytest

from contracts.gateway import Role
from contracts.inspections import VisitOpened
from services.inspections.visits.tables import Visit
from tests.services.inspections.story import (
    ACCIDENT,
    CITY_OFFICE,
    COUNTY,
    INSPECTOR,
    MINE,
    OTHER,
    OTHER_INSPECTOR,
    officer,
    person,
    reported,
)
from tests.services.stage import Stage

RESULT = {"result": "The pumps were tested."}


async def ordered(inspections: Stage, **changed: Any) -> Visit:
    await inspections.hear(reported(**changed))
    (row,) = await inspections.rows(Visit, origin=ACCIDENT)
    return row


async def test_an_accident_orders_one_special_visit_within_fifteen_days(
    inspections: Stage,
) -> None:
    envelope = inspections.envelope(reported())
    for _ in range(2):
        await inspections.apply(envelope)

    (row,) = await inspections.rows(Visit)
    (told,) = await inspections.told(VisitOpened)
    assert (row.unit, row.due_on) == (f"{COUNTY}.emergency", date(2023, 3, 25))
    assert (told["visit_id"], told["kind"], told["uscc"]) == (str(row.id), "special", MINE)


async def test_the_field_decides_who_visits(inspections: Stage) -> None:
    assert (await ordered(inspections, industry="construction")).unit == f"{COUNTY}.housing"


async def test_the_place_is_visited_though_no_enterprise_is_known(inspections: Stage) -> None:
    row = await ordered(inspections, enterprise_uscc=None, industry=None)

    assert (row.uscc, row.region_code, row.unit) == (None, COUNTY, f"{COUNTY}.emergency")


async def test_an_inspector_closes_a_visit_with_its_result_once(inspections: Stage) -> None:
    row = await ordered(inspections)
    client = inspections.as_(INSPECTOR)

    answers = [
        await client.post(f"/inspections/visits/{row.id}/complete", json=RESULT) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json()["status"] == "done"
    assert answers[0].json()["result"] == RESULT["result"]


async def test_the_office_calls_a_visit_off_with_a_reason(inspections: Stage) -> None:
    row = await ordered(inspections)

    answer = await inspections.as_(CITY_OFFICE).post(
        f"/inspections/visits/{row.id}/cancel", json=RESULT
    )

    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize(
    ("actor", "step", "status"),
    [
        (OTHER_INSPECTOR, "complete", 404),
        (INSPECTOR, "cancel", 403),
        (CITY_OFFICE, "complete", 403),
        (officer(MINE), "complete", 403),
        (person(Role.AUDITOR, COUNTY), "cancel", 403),
    ],
)
async def test_nobody_else_closes_it(
    inspections: Stage, actor: Any, step: str, status: int
) -> None:
    row = await ordered(inspections)

    answer = await inspections.as_(actor).post(f"/inspections/visits/{row.id}/{step}", json=RESULT)

    assert answer.status_code == status
    assert (await inspections.rows(Visit))[0].status == "open"


@pytest.mark.parametrize(
    ("actor", "count"),
    [
        (INSPECTOR, 1),
        (CITY_OFFICE, 1),
        (officer(MINE), 1),
        (officer(OTHER), 0),
        (OTHER_INSPECTOR, 0),
    ],
)
async def test_a_visit_is_listed_for_those_it_concerns(
    inspections: Stage, actor: Any, count: int
) -> None:
    await ordered(inspections)

    answer = await inspections.as_(actor).get("/inspections/visits?status=open")

    assert len(answer.json()["items"]) == count
