"""Visits go to whoever leads on their day: by decision, and to the heirs of units that ended."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.tasks import ChainDecided, UnitEnded
from kernel.ids import uuid7
from services.inspections.leads.tables import DecidedLead
from services.inspections.registry import operations as registry
from services.inspections.visits.tables import Visit
from tests.services.inspections.story import (
    ACCIDENT,
    CITY,
    COUNTY,
    ORDER,
    OTHER_COUNTY,
    RECEIVED,
    enterprise,
    hazard_told,
    reported,
)
from tests.services.stage import NOON, Stage

ROOMS = "密室逃脱"
DAY, A_DAY = date(2023, 3, 10), timedelta(days=1)
DECISION = UUID("018f2b7a-0000-7000-8000-000000000d01")
CULTURE, FIRE = f"{COUNTY}.culture_tourism", f"{COUNTY}.fire_rescue"
EMERGENCY, INDUSTRY, ECONOMY = (f"{COUNTY}.{slug}" for slug in ("emergency", "industry", "economy"))


def decided(**changed: Any) -> ChainDecided:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED - timedelta(days=60),
        "decision_id": DECISION,
        "business": ROOMS,
        "region_code": CITY,
        "field": "tourism",
        "effective_from": DAY,
    }
    return ChainDecided(**facts | changed)


def ended(unit: str, heir: str, on: date = DAY - A_DAY) -> UnitEnded:
    return UnitEnded(
        occurred_at=RECEIVED - timedelta(hours=1),
        unit=unit,
        region_code=COUNTY,
        heir=heir,
        ended_on=on,
    )


async def goes_to(inspections: Stage, industry: str | None = ROOMS) -> str:
    """Who makes the special visit after an accident of the day."""
    await inspections.hear(reported(industry=industry))
    (row,) = await inspections.rows(Visit, origin=ACCIDENT)
    return row.unit


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ({}, CULTURE),
        ({"lead": FIRE}, FIRE),  # one unit leads where the field has several
        ({"region_code": COUNTY}, CULTURE),
        ({"region_code": OTHER_COUNTY}, EMERGENCY),  # it holds elsewhere
        ({"business": "剧本杀"}, EMERGENCY),  # it is of another business
        ({"effective_from": DAY + A_DAY}, EMERGENCY),
        ({"effective_to": DAY}, CULTURE),
        ({"effective_from": DAY - A_DAY, "effective_to": DAY - A_DAY}, EMERGENCY),
        ({"field": "no_longer_there"}, EMERGENCY),
    ],
)
async def test_a_special_visit_goes_to_whoever_was_decided_to_lead_on_its_day(
    inspections: Stage, said: dict[str, Any], unit: str
) -> None:
    await inspections.hear(decided(**said))

    assert await goes_to(inspections) == unit


async def test_a_known_industry_is_found_by_whatever_it_is_called(inspections: Stage) -> None:
    await inspections.hear(decided(business="b06", field="gas"))

    assert await goes_to(inspections, "煤炭开采和洗选业") == f"{COUNTY}.urban_management"


async def test_of_two_places_the_nearer_one_decides(inspections: Stage) -> None:
    await inspections.hear(decided(lead=FIRE))
    await inspections.hear(decided(decision_id=uuid7(), region_code=COUNTY))

    assert await goes_to(inspections) == CULTURE


async def test_a_decision_that_is_revoked_holds_to_its_last_day(inspections: Stage) -> None:
    begun = DAY - timedelta(days=30)
    await inspections.hear(decided(effective_from=begun))
    await inspections.hear(decided(effective_from=begun, effective_to=DAY - A_DAY))

    assert len(await inspections.rows(DecidedLead)) == 1
    assert await goes_to(inspections) == EMERGENCY


@pytest.mark.parametrize(
    ("last_day", "unit"), [(DAY - A_DAY, INDUSTRY), (DAY, EMERGENCY), (DAY + A_DAY, EMERGENCY)]
)
async def test_what_a_unit_would_have_looked_into_is_its_heirs_from_its_end_on(
    inspections: Stage, last_day: date, unit: str
) -> None:
    await inspections.hear(ended(EMERGENCY, INDUSTRY, last_day))

    assert await goes_to(inspections, None) == unit


async def test_heirs_have_heirs(inspections: Stage) -> None:
    await inspections.hear(decided(lead=FIRE))
    await inspections.hear(ended(FIRE, INDUSTRY, date(2022, 12, 31)))
    await inspections.hear(ended(INDUSTRY, ECONOMY))

    assert await goes_to(inspections) == ECONOMY


async def test_a_clue_goes_to_whoever_was_decided_to_lead_the_enterprises_business(
    inspections: Stage,
) -> None:
    async with inspections.work() as session:
        mine = enterprise(industry="coal_mining")
        await registry.register(session, enterprises=[mine], now=NOON)
    await inspections.hear(decided(business="b06", lead=FIRE))
    await inspections.hear(ended(FIRE, ECONOMY))

    await inspections.hear(hazard_told())

    (row,) = await inspections.rows(Visit, origin=ORDER)
    assert row.unit == ECONOMY
