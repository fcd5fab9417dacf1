"""A danger that a hotline order speaks of is looked into, and nobody reads from whom it came."""

from datetime import date
from typing import Any

import pytest

from contracts.inspections import VisitOpened
from services.inspections.registry import operations as registry
from services.inspections.visits.tables import Visit
from tests.services.inspections.story import (
    COUNTY,
    INSPECTOR,
    MINE,
    ORDER,
    OTHER_INSPECTOR,
    enterprise,
    hazard_told,
    officer,
)
from tests.services.stage import NOON, Stage

VISITS = "/inspections/visits"


async def looked_into(inspections: Stage, **changed: Any) -> Visit:
    await inspections.hear(hazard_told(**changed))
    (row,) = await inspections.rows(Visit, origin=ORDER)
    return row


async def test_an_order_that_speaks_of_a_danger_orders_one_visit_within_seven_days(
    inspections: Stage,
) -> None:
    envelope = inspections.envelope(hazard_told())
    for told_again in (envelope, envelope, inspections.envelope(hazard_told())):
        await inspections.apply(told_again)

    (row,) = await inspections.rows(Visit)
    (told,) = await inspections.told(VisitOpened)
    assert (row.kind, row.source, row.origin) == ("clue", "hotline", ORDER)
    assert (row.uscc, row.region_code, row.matter) == (MINE, COUNTY, "gas")
    assert (row.lon, row.lat, row.due_on) == (112.86, 26.41, date(2023, 3, 17))
    assert (told["visit_id"], told["kind"], told["unit"]) == (str(row.id), "clue", row.unit)


@pytest.mark.parametrize(
    ("matter", "registered", "slug"),
    [
        ("gas", None, "urban_management"),  # the field of the matter
        ("fire", None, "emergency"),  # a matter of no field
        ("fire", "construction", "housing"),  # the field of the enterprise
        ("gas", "construction", "housing"),
        ("unheard_of", None, "emergency"),
    ],
)
async def test_the_field_of_the_enterprise_or_else_of_the_matter_decides_who_goes(
    inspections: Stage, matter: str, registered: str | None, slug: str
) -> None:
    if registered is not None:
        async with inspections.work() as session:
            known = enterprise(industry=registered)
            await registry.register(session, enterprises=[known], now=NOON)

    assert (await looked_into(inspections, matter=matter)).unit == f"{COUNTY}.{slug}"


async def test_a_place_is_looked_into_though_no_enterprise_is_known(inspections: Stage) -> None:
    row = await looked_into(inspections, enterprise_uscc=None, lon=None, lat=None)

    assert (row.uscc, row.shown_to, row.region_code) == (None, None, COUNTY)


async def test_an_inspector_reads_and_closes_it_and_nothing_says_who_called(
    inspections: Stage,
) -> None:
    row = await looked_into(inspections)
    client = inspections.as_(INSPECTOR)

    (listed,) = (await client.get(f"{VISITS}?kind=clue&source=hotline")).json()["items"]
    closed = await client.post(f"{VISITS}/{row.id}/complete", json={"result": "Pipe replaced."})

    assert listed["source"] == "hotline"
    assert set(listed) == {
        *("id", "kind", "status", "source", "origin", "uscc", "region_code", "matter"),
        *("lon", "lat", "unit", "rule", "opened_at", "due_on", "closed_at", "result"),
    }
    assert (closed.status_code, closed.json()["status"]) == (200, "done")


@pytest.mark.parametrize("actor", [officer(MINE), OTHER_INSPECTOR])
async def test_whom_a_clue_is_about_does_not_read_of_it(inspections: Stage, actor: Any) -> None:
    row = await looked_into(inspections)
    client = inspections.as_(actor)

    assert (await client.get(VISITS)).json()["items"] == []
    assert (await client.get(f"{VISITS}/{row.id}")).status_code == 404
