"""Lines of reporting and seats on committees, as at a day."""

from asyncio import create_task, gather
from datetime import date

import pytest

from contracts.tasks import UnitRecorded
from services.tasks.committees import operations as committees
from services.tasks.committees.domain import MemberAlready, of_pack
from services.tasks.committees.queries import members_of
from services.tasks.committees.schemas import NewSeat
from services.tasks.organisations.tables import Post
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import FOUNDED, found, get, post, put, somebody_waits, unit
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_DESK, COUNTY_OFFICE

BUREAU = f"{COUNTY}.emergency"
COMMITTEE = f"{COUNTY}.safety_committee"


async def line(tasks: Stage, code: str, on: str = "2023-06-01") -> list[str]:
    units: list[str] = (await get(tasks, f"units/{code}/line", on=on))["units"]
    return units


async def report(tasks: Stage, code: str, superior: str, on: str = "2023-01-01") -> int:
    body = {"superior": superior, "effective_from": on}
    return (await put(tasks, f"units/{code}/superior", body)).status_code


async def test_a_unit_reports_as_usual_until_something_else_is_stated(tasks: Stage) -> None:
    await found(tasks)
    assert await report(tasks, BUREAU, f"{COUNTY}.party_committee", "2023-03-01") == 200

    assert (await line(tasks, BUREAU, "2023-02-28"))[1] == f"{COUNTY}.government"
    assert (await line(tasks, BUREAU, "2023-03-01"))[1] == f"{COUNTY}.party_committee"


async def test_a_circular_line_is_refused(tasks: Stage) -> None:
    await found(tasks)
    water, housing = f"{COUNTY}.water", f"{COUNTY}.housing"
    assert await report(tasks, water, housing) == 200

    assert await report(tasks, housing, water) == 409
    assert await report(tasks, f"{COUNTY}.government", water) == 409
    assert await report(tasks, water, water) == 409


async def test_a_circle_that_would_close_only_later_is_refused_too(tasks: Stage) -> None:
    await found(tasks)
    water, housing = f"{COUNTY}.water", f"{COUNTY}.housing"
    assert await report(tasks, water, housing, "2023-05-01") == 200

    assert await report(tasks, housing, water, "2023-01-01") == 409


async def test_of_two_lines_that_would_close_a_circle_one_is_refused(tasks: Stage) -> None:
    await found(tasks)
    water, housing = f"{COUNTY}.water", f"{COUNTY}.housing"

    statuses = await gather(report(tasks, water, housing), report(tasks, housing, water))

    assert sorted(statuses) == [200, 409]


async def test_who_seats_a_unit_second_waits_for_the_first_and_is_refused(tasks: Stage) -> None:
    await found(tasks)
    stated = NewSeat(unit=BUREAU, effective_from=date(2023, 2, 1))

    async def second() -> None:
        async with tasks.work(CITY_OFFICE) as session:
            await committees.seat(
                session, committee=COMMITTEE, stated=stated, by=CITY_OFFICE, now=NOON
            )

    async with tasks.work(CITY_OFFICE) as session:
        await committees.seat(session, committee=COMMITTEE, stated=stated, by=CITY_OFFICE, now=NOON)
        await session.flush()
        later = create_task(second())
        await somebody_waits(tasks)

    with pytest.raises(MemberAlready):
        await later


async def test_a_superior_that_there_is_not_is_refused(tasks: Stage) -> None:
    await found(tasks)

    assert await report(tasks, BUREAU, f"{COUNTY}.nothing") == 404


async def test_a_county_reports_upward_but_is_not_rearranged_by_others(tasks: Stage) -> None:
    await found(tasks)
    body = {"superior": "430426.government", "effective_from": "2023-01-01"}
    path = "units/430426.water/superior"

    assert (await put(tasks, path, body, by=COUNTY_OFFICE)).status_code == 403
    assert (await put(tasks, path, body, by=COUNTY_DESK)).status_code == 403


async def test_a_unit_sits_on_a_committee_from_a_day_to_a_day(tasks: Stage) -> None:
    await found(tasks)
    body = {"unit": BUREAU, "capacity": "office", "effective_from": "2023-02-01"}
    assert (await post(tasks, f"committees/{COMMITTEE}/members", body)).status_code == 201
    path = f"committees/{COMMITTEE}/members/{BUREAU}/leaving"
    assert (await post(tasks, path, {"last_day": "2023-04-30"})).status_code == 200

    seen = {}
    for day in ("2023-01-31", "2023-02-01", "2023-04-30", "2023-05-01"):
        listed = await get(tasks, "committees/members", committee=COMMITTEE, on=day)
        seen[day] = [row["capacity"] for row in listed["items"]]
    assert seen == {
        "2023-01-31": [],
        "2023-02-01": ["office"],
        "2023-04-30": ["office"],
        "2023-05-01": [],
    }


@pytest.mark.parametrize(
    ("committee", "unit_code", "status"),
    [(COMMITTEE, BUREAU, 409), (BUREAU, f"{COUNTY}.water", 409), (COMMITTEE, f"{COUNTY}.x", 404)],
)
async def test_a_seat_is_taken_once_on_a_committee_by_a_unit_that_there_is(
    tasks: Stage, committee: str, unit_code: str, status: int
) -> None:
    await found(tasks)
    path = "committees/{}/members"
    body = {"unit": BUREAU, "effective_from": "2023-02-01"}
    await post(tasks, path.format(COMMITTEE), body)

    again = {"unit": unit_code, "effective_from": "2023-03-01"}

    assert (await post(tasks, path.format(committee), again)).status_code == status


async def test_the_packs_committees_are_filled_once(tasks: Stage) -> None:
    await found(tasks)
    async with tasks.work() as session:
        seated = await committees.record_of_pack(session, on=FOUNDED)
    async with tasks.work() as session:
        assert await committees.record_of_pack(session, on=FOUNDED) == 0

    async with tasks.work() as session:
        members = await members_of(session, COMMITTEE, on=FOUNDED)
    assert seated == len(list(of_pack(on=FOUNDED)))
    assert {BUREAU, f"{COUNTY}.government", f"{COUNTY}.water"} <= set(members)
    assert f"{COUNTY}.procuratorate" not in members


async def test_a_changed_contact_is_told_with_the_whole_unit(tasks: Stage) -> None:
    await found(tasks)
    desk = f"{BUREAU}.duty_desk"
    body = {
        "email": "new@example.org",
        "telephone": "0734-8869036",
        "effective_from": "2023-03-01",
    }
    assert (await put(tasks, f"posts/{desk}/contact", body)).status_code == 200

    told = [fact for fact in await tasks.told(UnitRecorded) if fact["unit"] == BUREAU]
    reach = {held["post"]: held["email"] for held in told[-1]["posts"]}
    assert reach[desk] == "new@example.org"
    assert reach[f"{BUREAU}.principal"] == f"{BUREAU}.principal@example.org"
    assert told[-1]["telephones"] == {desk: "0734-8869036"}
    assert len(await tasks.rows(Post, code=desk)) == 2


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ({"telephone": "13800138000"}, "telephone_of_a_person"),
        ({"telephone": "12"}, "telephone_not_valid"),
        ({"email": "nobody"}, "email_not_valid"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused(
    tasks: Stage, contact: dict[str, str], code: str
) -> None:
    await found(tasks)
    body = {**contact, "effective_from": "2023-03-01"}

    refused = await put(tasks, f"posts/{BUREAU}.duty_desk/contact", body)

    assert refused.status_code == 422
    assert [fault["code"] for fault in refused.json()["errors"]] == [code]


@pytest.mark.parametrize("code", ["430481", "999999.x", "430481.X", "430481.x y"])
async def test_a_unit_without_a_proper_code_is_refused(tasks: Stage, code: str) -> None:
    body = {"unit": unit(code), "effective_from": "2023-03-01"}

    assert (await put(tasks, "units", body)).status_code == 422
