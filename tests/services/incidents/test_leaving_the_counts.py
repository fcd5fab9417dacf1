"""What leaves the counts by a decision over HTTP leaves every sum once the fact is heard."""

from datetime import datetime, timedelta
from typing import Any

from kernel.calendar import SHANGHAI
from services.incidents.statistics.domain import ZERO, Measures, Shape, Standing
from services.incidents.statistics.operations_bases import BASE_DUE
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    INVESTIGATOR,
    OFFICE,
    Body,
    heard,
    reported,
)
from tests.services.incidents.counting import kept, recounted
from tests.services.stage import Stage

HAPPENED = datetime(2022, 12, 20, 9, tzinfo=SHANGHAI)
NEW_YEAR = datetime(2023, 1, 1, tzinfo=SHANGHAI)
QUALIFICATIONS = "/incidents/qualifications"


async def happened(stage: Stage, **said: Any) -> Body:
    """An accident of last year with one dead, reported and counted."""
    stage.now = HAPPENED + timedelta(hours=1)
    at = HAPPENED.isoformat()
    usual = {"casualties": {"deaths": 1}, "industry": "C26", "direct_loss_wan": 120}
    body = await reported(stage, CITY_DESK, **(usual | {"occurred_at": at, "known_at": at} | said))
    await heard(stage)
    return body


async def frozen(stage: Stage) -> None:
    """A new year has begun, and the base of its targets stands."""
    await stage.fire_until(NEW_YEAR, BASE_DUE)
    stage.now = NEW_YEAR + timedelta(days=3)


async def total(stage: Stage, standing: Standing = Standing.COUNTED) -> Measures:
    """All that is counted, which a recount of the accidents always confirms."""
    sums = await kept(stage)
    assert sums == await recounted(stage)
    found = (
        measures
        for key, measures in sums.items()
        if key.shape == Shape.TOTAL and key.standing == standing
    )
    return sum(found, start=ZERO)


async def base(stage: Stage) -> tuple[int, int, int, int]:
    """Accidents and deaths of the base: as they were frozen, then as they are adjusted."""
    route = "/incidents/statistics/analysis"
    answer = await stage.as_(OFFICE).get(route, params={"month": "2023-01"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["base"]
    names = ("accidents", "deaths", "adjusted_accidents", "adjusted_deaths")
    return tuple(found[name] for name in names)  # type: ignore[return-value]


async def decided(stage: Stage, path: str, by: Any, **body: Any) -> None:
    answer = await stage.as_(by).post(path, json=body)
    assert answer.status_code == 200, answer.text


async def test_what_the_province_strikes_off_leaves_the_sums_and_the_base(
    incidents: Stage,
) -> None:
    gone = await happened(incidents, casualties={"deaths": 2})
    await happened(incidents, region_code="430405", enterprise_uscc=None)
    await frozen(incidents)
    path = f"{QUALIFICATIONS}/{gone['accident_id']}"
    asked = {"cause": "sudden_illness", "opinion": "尸检：心源性猝死"}
    await decided(incidents, f"{path}/ask-strike-off", INVESTIGATOR, **asked)
    await heard(incidents)
    assert (await total(incidents)).deaths == 3, "what was only asked for still counts"

    province = {"deciding_unit": "430000.committee_office", "document": "湘安办函2号"}
    await decided(incidents, f"{path}/strike-off", OFFICE, opinion="同意核销", **province)
    await heard(incidents)

    counted = await total(incidents)
    assert (counted.accidents, counted.deaths) == (1, 1)
    assert (await total(incidents, Standing.STRUCK_OFF)).deaths == 2
    assert await base(incidents) == (2, 3, 1, 1)


async def test_two_reports_that_a_desk_finds_to_be_one_accident_are_counted_once(
    incidents: Stage,
) -> None:
    await happened(incidents)
    await happened(incidents)
    assert (await total(incidents)).accidents == 2
    await frozen(incidents)
    [pair] = (await incidents.as_(COUNTY_DESK).get("/incidents/duplicates")).json()

    path = f"/incidents/duplicates/{pair['id']}/merge"
    await decided(incidents, path, COUNTY_DESK, why="同一起")
    await heard(incidents)

    counted = await total(incidents)
    assert (counted.accidents, counted.deaths) == (1, 1)
    assert await total(incidents, Standing.STRUCK_OFF) == ZERO
    assert await base(incidents) == (2, 2, 1, 1)
