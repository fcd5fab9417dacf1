"""An accident that came without a credit code is found to be an enterprise's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from contracts.incidents_enterprises import AccidentIdentified
from kernel.access import Principal
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base
from services.incidents.duplicates.tables import Likeness
from services.incidents.identifications import operations
from services.incidents.identifications.tables import Identification
from services.incidents.maps.tables import MapPoint
from services.incidents.search.tables import SearchText
from services.incidents.statistics.tables import CountedAccident, CountedCase
from tests.services.incidents import casework
from tests.services.incidents.casework import CITY_TEAM, get, larger
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    OTHER_USCC,
    USCC,
    Body,
    heard,
    reported,
)
from tests.services.incidents.counting import kept, recounted
from tests.services.incidents.story import recommended, teamed
from tests.services.incidents.telling import story
from tests.services.stage import Stage

WHY = "工商登记核对"
NAMELESS: Body = {"enterprise_uscc": None, "enterprise_name": "导子乡某作坊", "industry": "C26"}


async def unknown(stage: Stage, **said: Any) -> str:
    """An accident of nobody knows whom, with everything that followed from its report."""
    told = await reported(stage, by=COUNTY_DESK, **{**NAMELESS, **said})
    await heard(stage)
    return str(told["accident_id"])


async def put(
    stage: Stage, accident: str, uscc: str = USCC, by: Principal = COUNTY_DESK, **said: Any
) -> Any:
    path = f"/incidents/accidents/{accident}/enterprise"
    return await stage.as_(by).put(path, json={"enterprise_uscc": uscc, "why": WHY, **said})


async def identified(stage: Stage, accident: str, uscc: str = USCC) -> Body:
    answer = await put(stage, accident, uscc)
    assert answer.status_code == 200, answer.text
    await heard(stage)
    seen: Body = answer.json()
    return seen


async def owners(stage: Stage, accident: str) -> dict[str, set[str | None]]:
    """Whose the rows about an accident are, by table."""
    found = {}
    async with stage.work() as session:
        for table in Base.metadata.sorted_tables:
            if {"accident_id", "enterprise_uscc"} <= set(table.c.keys()):
                query = f'SELECT DISTINCT enterprise_uscc FROM "{table.name}" WHERE accident_id=:id'
                found[table.name] = set(await session.scalars(text(query), {"id": accident}))
    return {name: whose for name, whose in found.items() if whose}


async def test_it_is_the_enterprise_s_with_all_that_is_kept_of_it_and_its_history(
    incidents: Stage,
) -> None:
    accident = await unknown(incidents)
    before = await owners(incidents, accident)
    assert set().union(*before.values()) == {None}
    assert {
        "direct_report",
        "report",
        "grade_version",
        "assignment",
        "notice",
        "rescue",
        "entry",
    } <= before.keys()

    seen = await identified(incidents, accident)

    assert (seen["enterprise_uscc"], seen["enterprise_name"]) == (USCC, "导子乡某作坊")
    after = await owners(incidents, accident)
    assert after.keys() == before.keys() | {"identification"}
    assert set().union(*after.values()) == {USCC}
    [row] = await incidents.rows(Identification)
    assert (row.why, row.identified_by, row.unit) == (WHY, COUNTY_DESK.subject, "430481.emergency")
    [entry] = [one for one in await story(incidents, accident) if one["kind"] == "identified"]
    assert entry["zh"].endswith(f"（原报“导子乡某作坊”）：统一社会信用代码{USCC}（{WHY}）")


async def test_it_is_told_with_what_whoever_asks_by_it_needs(incidents: Stage) -> None:
    accident = await unknown(incidents)
    await identified(incidents, accident)

    [told] = await incidents.told(AccidentIdentified)
    [row] = await incidents.rows(Accident)
    assert (told["accident_id"], told["enterprise_uscc"]) == (accident, USCC)
    assert (told["grade"], told["industry"]) == (row.grade, "C26")
    assert told["toll"]["deaths"] == row.deaths
    assert told["happened_at"] == "2023-06-01T01:30:00Z"


async def test_what_is_searched_mapped_and_counted_follows(incidents: Stage) -> None:
    accident = await unknown(incidents, location={"lon": 112.86, "lat": 26.42})
    sums = await kept(incidents)
    await identified(incidents, accident)

    for table in (SearchText, MapPoint, CountedAccident, CountedCase):
        rows: list[Any] = list(await incidents.rows(table))
        assert [row.enterprise_uscc for row in rows] == [USCC], table
    assert await kept(incidents) == sums == await recounted(incidents)


async def test_the_enterprise_reads_it_from_then_on_and_no_other_does(incidents: Stage) -> None:
    accident = await unknown(incidents)
    other = Principal(
        subject="x", roles=frozenset({"enterprise"}), region="430405", uscc=OTHER_USCC
    )
    path = f"/incidents/accidents/{accident}/timeline"

    async def answers(by: Principal) -> tuple[int, int]:
        client = incidents.as_(by)
        own = await client.get("/incidents/accidents")
        return (await client.get(path)).status_code, len(own.json()["items"])

    assert await answers(ENTERPRISE) == (404, 0)
    await identified(incidents, accident)

    assert await answers(ENTERPRISE) == (200, 1)
    assert await answers(other) == (404, 0)
    kinds = {
        entry["kind"] for entry in (await incidents.as_(ENTERPRISE).get(path)).json()["entries"]
    }
    assert {"reported", "graded", "investigation", "case_opened", "identified"} <= kinds
    assert kinds.isdisjoint({"notice_owed", "lead", "team", "statistics_entry"})
    chapter = await incidents.as_(CITY_DESK).get(f"/incidents/enterprises/{USCC}/timeline")
    assert [one["accident_id"] for one in chapter.json()["items"]] == [accident]


async def test_said_again_it_changes_nothing(incidents: Stage) -> None:
    accident = await unknown(incidents)
    first = await identified(incidents, accident)
    again = await identified(incidents, accident)

    assert first == again
    assert len(await incidents.told(AccidentIdentified)) == 1
    assert len(await incidents.rows(Identification)) == 1


@pytest.mark.parametrize("known", ["identified", "reported"])
async def test_another_enterprise_is_not_replaced(incidents: Stage, known: str) -> None:
    if known == "identified":
        accident = await unknown(incidents)
        await identified(incidents, accident)
    else:
        accident = str((await reported(incidents))["accident_id"])
        assert (await put(incidents, accident)).status_code == 200  # the same is no other
    answer = await put(incidents, accident, OTHER_USCC)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enterprise-known")
    [row] = await incidents.rows(Accident)
    assert row.enterprise_uscc == USCC
    assert len(await incidents.told(AccidentIdentified)) == (known == "identified")


@pytest.mark.parametrize("uscc", [USCC[:-1] + "N", USCC[:-1], "", USCC.lower()])
async def test_a_code_whose_check_character_is_wrong_is_refused(
    incidents: Stage, uscc: str
) -> None:
    accident = await unknown(incidents)
    answer = await put(incidents, accident, uscc)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/enterprise_uscc")
    assert (await put(incidents, accident, why=" ")).status_code == 422


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (COUNTY_DESK, 200),
        (CITY_DESK, 200),
        (OTHER_COUNTY_DESK, 404),
        (INVESTIGATOR, 403),
        (ENTERPRISE, 403),
    ],
)
async def test_the_desk_that_handles_it_says_so(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident = await unknown(incidents)

    assert (await put(incidents, accident, by=by)).status_code == status


async def test_it_counts_as_the_enterprise_s_second_within_24_months(incidents: Stage) -> None:
    earlier = {"occurred_at": "2022-06-01T09:30:00+08:00", "known_at": "2022-06-01T10:00:00+08:00"}
    first = await larger(incidents, by=COUNTY_DESK, **NAMELESS, **earlier)
    accident = await larger(incidents)

    async def again() -> Any:
        grounds = (await get(incidents, CITY_TEAM, accident, "standing"))["grounds"]
        return next(one["stands"] for one in grounds if one["code"] == "same_enterprise_again")

    assert await again() is False
    await identified(incidents, first)
    assert await again() is True


async def test_the_enterprise_s_own_report_of_it_is_offered_as_the_same(incidents: Stage) -> None:
    accident = await unknown(incidents, place="二号井口东侧")
    await reported(incidents, place="矿区西门", accident_type="vehicle_injury")
    await heard(incidents)
    assert await incidents.rows(Likeness) == []

    await identified(incidents, accident)

    assert len(await incidents.rows(Likeness)) == 1


async def test_what_goes_on_as_another_is_identified_there(incidents: Stage) -> None:
    gone = await unknown(incidents)
    into = await unknown(incidents, occurred_at="2023-05-31T09:30:00+08:00")
    desk = incidents.as_(COUNTY_DESK)
    pair = await desk.post("/incidents/duplicates", json={"accident_id": gone, "other_id": into})
    path = f"/incidents/duplicates/{pair.json()['id']}/merge"
    merged = await desk.post(path, json={"why": "同一事故", "into_id": into})
    assert merged.is_success, merged.text

    answer = await put(incidents, gone)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/goes-on-elsewhere")
    assert answer.json()["into_id"] == into
    assert (await put(incidents, into)).status_code == 200


async def test_a_recommendation_stays_its_addressee_s(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    await recommended(incidents, accident)  # to a government
    async with incidents.work() as session:  # as it would be of nobody known
        await session.execute(text("UPDATE accident SET enterprise_uscc = NULL"))
    assert (await put(incidents, accident)).status_code == 200

    assert (await owners(incidents, accident))["recommendation"] == {None}


async def test_whose_it_was_found_to_be_is_never_rewritten(incidents: Stage) -> None:
    accident = await unknown(incidents)
    await identified(incidents, accident)
    for changed in (
        "UPDATE identification SET why = 'x'",
        "DELETE FROM identification",
        "UPDATE report SET summary = 'x'",
        "UPDATE assignment SET unit = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with incidents.work() as session:
                await session.execute(text(changed))


def test_only_tables_that_are_there_keep_an_enterprise_of_their_own() -> None:
    assert {table.name for table in Base.metadata.sorted_tables} >= operations.OWN


async def test_it_can_be_entrusted_to_the_enterprise_once_it_is_known(incidents: Stage) -> None:
    accident = await unknown(incidents, casualties={"deaths": 0})
    entrusted = {"to": USCC, **casework.DOCUMENT}
    path = "delegations"
    county = casework.COUNTY_LEADER
    before = await casework.post(incidents, county, accident, path, entrusted)
    await identified(incidents, accident)
    after = await casework.post(incidents, county, accident, path, entrusted)

    assert (before.status_code, after.status_code) == (409, 201)
    begun = await casework.post(incidents, ENTERPRISE, accident, "begin")
    assert begun.is_success, begun.text


async def doubled(stage: Stage, *, first: Body, second: Body) -> tuple[str, str]:
    """Two reports that a desk says are one accident; the earlier one goes on."""
    kept_one = await unknown(stage, **first)
    stage.now += timedelta(minutes=5)
    gone = str((await reported(stage, by=COUNTY_DESK, **second))["accident_id"])
    await heard(stage)
    desk = stage.as_(COUNTY_DESK)
    [pair] = (await desk.get("/incidents/duplicates")).json()
    path = f"/incidents/duplicates/{pair['id']}/merge"
    answer = await desk.post(path, json={"why": "同一起", "into_id": kept_one})
    assert answer.status_code == 200, answer.text
    await heard(stage)
    return kept_one, gone


async def test_an_accident_that_goes_on_without_a_code_has_that_of_the_one_merged_into_it(
    incidents: Stage,
) -> None:
    accident, _ = await doubled(incidents, first={}, second={"industry": "C26"})

    read = await incidents.as_(ENTERPRISE).get(f"/incidents/accidents/{accident}")
    assert (read.status_code, read.json()["enterprise_uscc"]) == (200, USCC)
    whose = await owners(incidents, accident)
    assert set().union(*whose.values()) - {None} == {USCC}
    assert None not in whose["report"] | whose["notice"] | whose["grade_version"]
    [told] = await incidents.told(AccidentIdentified)
    assert (told["accident_id"], told["enterprise_uscc"]) == (accident, USCC)
    [row] = await incidents.rows(Identification)
    assert (row.why, row.identified_by) == ("同一起", COUNTY_DESK.subject)


async def test_an_accident_that_has_a_code_keeps_it_when_another_is_merged_into_it(
    incidents: Stage,
) -> None:
    accident, _ = await doubled(
        incidents, first={"enterprise_uscc": USCC}, second={"enterprise_uscc": OTHER_USCC}
    )

    [row] = [one for one in await incidents.rows(Accident) if str(one.id) == accident]
    assert row.enterprise_uscc == USCC
    assert await incidents.told(AccidentIdentified) == []


async def test_two_that_nobody_knows_merge_into_one_that_nobody_knows(incidents: Stage) -> None:
    await doubled(incidents, first={}, second=NAMELESS)

    assert {one.enterprise_uscc for one in await incidents.rows(Accident)} == {None}
    assert await incidents.told(AccidentIdentified) == []
