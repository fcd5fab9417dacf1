"""Enterprises are registered by whoever supervises their place, and flagged by accidents."""

from typing import Any

import pytest

from contracts.gateway import Role
from contracts.incidents import Toll
from contracts.incidents_enterprises import AccidentIdentified
from contracts.inspections import EnterpriseFlagged, EnterpriseRegistered
from kernel.inbox import Turn
from reference import demonstration
from reference.creditcodes import demonstration_code
from reference.terms import Grade, Risk
from services.inspections.registry import operations
from services.inspections.registry.domain import NewEnterprise
from services.inspections.registry.tables import Enterprise, Flag, FlagGrade
from services.inspections.visits.tables import Visit
from tests.services.inspections.story import (
    ACCIDENT,
    CITY_OFFICE,
    COUNTY,
    INSPECTOR,
    MINE,
    OTHER,
    OTHER_COUNTY,
    OTHER_INSPECTOR,
    enterprise,
    officer,
    person,
    regraded,
    reported,
)
from tests.services.stage import NOON, Stage

BODY: dict[str, Any] = {
    "uscc": MINE,
    "name": "演示矿业",
    "region_code": COUNTY,
    "industry": "B10",
    "risk": "red",
    "location": {"lon": 112.86, "lat": 26.42},
}


async def register(inspections: Stage, *enterprises: NewEnterprise) -> int:
    async with inspections.work() as session:
        return await operations.register(session, enterprises=enterprises, now=NOON)


async def test_a_registered_enterprise_is_told_with_its_county_and_its_park(
    inspections: Stage,
) -> None:
    park = demonstration_code(region="430405", number=7)
    await register(inspections, enterprise(), enterprise(park, "430471"))

    told = {fact["uscc"]: fact for fact in await inspections.told(EnterpriseRegistered)}
    assert (told[MINE]["region_code"], told[MINE]["park_code"]) == (COUNTY, None)
    assert told[park]["park_code"] == "430471"
    assert told[park]["region_code"] != "430471"
    assert told[MINE]["sector"] == "noncoal_mining"


async def test_what_is_registered_again_unchanged_is_not_told_again(inspections: Stage) -> None:
    changed = [
        await register(inspections, enterprise()),
        await register(inspections, enterprise()),
        await register(inspections, enterprise(risk=Risk.RED)),
    ]

    assert changed == [1, 0, 1]
    told = await inspections.told(EnterpriseRegistered)
    assert [fact["risk_class"] for fact in told] == [None, "red"]


async def test_the_demonstration_city_is_registered_whole(inspections: Stage) -> None:
    known = demonstration.enterprises()
    stated = [
        enterprise(found.uscc, found.region, name=found.zh, industry=found.industry)
        for found in known
    ]

    assert await register(inspections, *stated) == len(known)
    assert len(await inspections.rows(Enterprise)) == len(known)


async def test_an_inspector_registers_an_enterprise_of_the_county(inspections: Stage) -> None:
    answer = await inspections.as_(INSPECTOR).post("/inspections/registry/enterprises", json=BODY)

    assert answer.status_code == 201
    assert answer.json()["sector"] == "noncoal_mining"
    assert answer.json()["flags"] == []


async def test_an_inspector_of_another_county_may_neither_take_nor_move_it(
    inspections: Stage,
) -> None:
    client = inspections.as_(OTHER_INSPECTOR)
    first = await client.post("/inspections/registry/enterprises", json=BODY)
    await register(inspections, enterprise())
    moved = await client.post(
        "/inspections/registry/enterprises", json={**BODY, "region_code": OTHER_COUNTY}
    )

    assert (first.status_code, moved.status_code) == (404, 409)
    (row,) = await inspections.rows(Enterprise)
    assert row.region_code == COUNTY


async def test_the_city_moves_an_enterprise_between_its_counties(inspections: Stage) -> None:
    await register(inspections, enterprise())

    answer = await inspections.as_(CITY_OFFICE).post(
        "/inspections/registry/enterprises", json={**BODY, "region_code": OTHER_COUNTY}
    )

    assert answer.status_code == 201
    assert answer.json()["region_code"] == OTHER_COUNTY


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"uscc": MINE[:-1] + ("0" if MINE[-1] != "0" else "1")}, "/uscc"),
        ({"region_code": "999999"}, "/region_code"),
        ({"region_code": "430400"}, "/region_code"),
        ({"industry": "alchemy"}, "/industry"),
        ({"location": {"lon": 500, "lat": 26}}, "/location/lon"),
        ({"name": ""}, "/name"),
        ({"owner": "x"}, "/owner"),
    ],
)
async def test_a_faulty_entry_is_refused_by_its_field(
    inspections: Stage, changed: dict[str, Any], pointer: str
) -> None:
    answer = await inspections.as_(CITY_OFFICE).post(
        "/inspections/registry/enterprises", json={**BODY, **changed}
    )

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await inspections.rows(Enterprise) == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.DUTY_DESK, Role.AUDITOR, Role.ENTERPRISE])
async def test_others_do_not_register(inspections: Stage, role: Role) -> None:
    answer = await inspections.as_(person(role, COUNTY)).post(
        "/inspections/registry/enterprises", json=BODY
    )

    assert answer.status_code == 403


async def test_an_enterprise_sees_itself_and_no_other(inspections: Stage) -> None:
    await register(inspections, enterprise(), enterprise(OTHER, OTHER_COUNTY))

    client = inspections.as_(officer(MINE))
    own = await client.get(f"/inspections/registry/enterprises/{MINE}")
    other = await client.get(f"/inspections/registry/enterprises/{OTHER}")
    listed = (await client.get("/inspections/registry/enterprises")).json()
    assert (own.status_code, other.status_code) == (200, 404)
    assert [row["uscc"] for row in listed["items"]] == [MINE]


async def test_an_inspector_lists_the_subtree_and_filters_it(inspections: Stage) -> None:
    await register(inspections, enterprise(), enterprise(OTHER, OTHER_COUNTY))
    await inspections.hear(reported())

    async def listed(actor: Any, query: str = "") -> list[str]:
        answer = await inspections.as_(actor).get(f"/inspections/registry/enterprises{query}")
        return [row["uscc"] for row in answer.json()["items"]]

    assert await listed(INSPECTOR) == [MINE]
    assert await listed(CITY_OFFICE) == sorted([MINE, OTHER])
    assert await listed(CITY_OFFICE, "?flagged=true") == [MINE]
    assert await listed(CITY_OFFICE, "?flagged=false") == [OTHER]
    assert await listed(CITY_OFFICE, f"?region={OTHER_COUNTY}") == [OTHER]


async def test_an_accident_flags_its_enterprise_once(inspections: Stage) -> None:
    await register(inspections, enterprise())
    envelope = inspections.envelope(reported())

    turns = [await inspections.apply(envelope), await inspections.apply(envelope)]

    assert turns == [Turn.NEXT, Turn.SEEN]
    (flag,) = await inspections.rows(Flag, accident_id=ACCIDENT)
    assert (flag.uscc, flag.grade) == (MINE, Grade.LARGER)
    assert len(await inspections.told(EnterpriseFlagged)) == 1


async def test_an_enterprise_that_is_found_out_later_is_flagged_and_visited(
    inspections: Stage,
) -> None:
    await register(inspections, enterprise())
    await inspections.hear(reported(enterprise_uscc=None))
    assert await inspections.rows(Flag) == []

    await inspections.hear(
        AccidentIdentified(
            occurred_at=NOON,
            accident_id=ACCIDENT,
            region_code=COUNTY,
            enterprise_uscc=MINE,
            happened_at=NOON,
            grade=Grade.LARGER,
            toll=Toll(deaths=3),
        )
    )

    (flag,) = await inspections.rows(Flag, accident_id=ACCIDENT)
    assert (flag.uscc, flag.grade) == (MINE, Grade.LARGER)
    (visit,) = await inspections.rows(Visit, origin=ACCIDENT)
    assert visit.uscc == MINE


async def test_two_accidents_are_two_flags(inspections: Stage) -> None:
    other = ACCIDENT.int + 1
    await inspections.hear(reported(), reported(accident_id=type(ACCIDENT)(int=other)))

    assert len(await inspections.rows(Flag, uscc=MINE)) == 2


async def test_a_regrade_raises_the_flag_and_keeps_its_history(inspections: Stage) -> None:
    await register(inspections, enterprise())
    await inspections.hear(reported(), regraded(Grade.MAJOR))

    shown = (
        await inspections.as_(INSPECTOR).get(f"/inspections/registry/enterprises/{MINE}")
    ).json()
    (flag,) = shown["flags"]
    assert flag["grade"] == "major"
    assert [graded["grade"] for graded in flag["history"]] == ["larger", "major"]


async def test_a_grade_in_the_history_cannot_be_changed(inspections: Stage) -> None:
    await inspections.hear(reported())
    (graded,) = await inspections.rows(FlagGrade)

    with pytest.raises(Exception, match="permission denied"):
        async with inspections.work() as session:
            (await session.merge(graded)).grade = "general"


async def test_a_regrade_that_comes_before_its_report_waits(inspections: Stage) -> None:
    first, second = (
        inspections.envelope(reported()),
        inspections.envelope(regraded(Grade.MAJOR)),
    )

    assert await inspections.apply(second) is Turn.EARLY
    assert [await inspections.apply(first), await inspections.apply(second)] == [Turn.NEXT] * 2
    (flag,) = await inspections.rows(Flag)
    assert flag.grade == Grade.MAJOR


async def test_a_flag_on_an_enterprise_nobody_registered_shows_once_it_is(
    inspections: Stage,
) -> None:
    await inspections.hear(reported())
    await register(inspections, enterprise())

    shown = await inspections.as_(officer(MINE)).get(f"/inspections/registry/enterprises/{MINE}")

    assert [flag["reason"] for flag in shown.json()["flags"]] == ["accident"]
