"""A post is held by one person a day, appointed and relieved by an office."""

from asyncio import create_task
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditRecord
from kernel.ids import uuid7
from services.tasks.holders import operations, queries
from services.tasks.holders.domain import PostOccupied
from services.tasks.holders.schemas import Appointment
from services.tasks.holders.tables import Holding
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import found, get, post, put, somebody_waits, unit
from tests.services.tasks.story import (
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    COUNTY_OFFICE,
    MINE,
    officer,
)

HEAD = f"{COUNTY}.emergency.principal"
LIAISON = f"{COUNTY}.emergency.liaison"


async def appointed(tasks: Stage, on: str, until: str | None = None, **more: Any) -> dict[str, Any]:
    where = more.pop("post", HEAD)
    body = {"name": "张三丰", "effective_from": on, "effective_to": until, **more}
    answer = await post(tasks, f"posts/{where}/holders", body)
    assert answer.status_code == 201, answer.text
    held: dict[str, Any] = answer.json()
    return held


async def relieved(tasks: Stage, held: dict[str, Any], last_day: str) -> int:
    answer = await post(tasks, f"holders/{held['id']}/relief", {"last_day": last_day})
    return answer.status_code


async def test_a_post_is_held_from_a_day_to_a_day(tasks: Stage) -> None:
    await found(tasks)
    held = await appointed(tasks, "2023-01-10")
    assert await relieved(tasks, held, "2023-03-31") == 200

    async with tasks.work() as session:
        days = {
            day: await queries.holder_of(session, HEAD, on=day)
            for day in map(date.fromisoformat, ("2023-01-09", "2023-01-10", "2023-03-31"))
        }
        after = await queries.holder_of(session, HEAD, on=date(2023, 4, 1))
    assert [row.name if row else None for row in days.values()] == [None, "张三丰", "张三丰"]
    assert after is None


async def test_two_holders_on_one_day_are_refused(tasks: Stage) -> None:
    await found(tasks)
    held = await appointed(tasks, "2023-01-10")

    body = {"name": "李四", "effective_from": "2023-05-01"}
    refused = await post(tasks, f"posts/{HEAD}/holders", body)
    assert refused.status_code == 409
    assert refused.json()["holding"] == held["id"]
    assert "张三丰" not in refused.text

    assert await relieved(tasks, held, "2023-05-01") == 200
    assert (await post(tasks, f"posts/{HEAD}/holders", body)).status_code == 409
    next_day = {**body, "effective_from": "2023-05-02"}
    assert (await post(tasks, f"posts/{HEAD}/holders", next_day)).status_code == 201


async def test_the_database_itself_refuses_two_holders_on_one_day(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10")

    with pytest.raises(IntegrityError, match="ex_holding_one_a_day"):
        async with tasks.work() as session:
            session.add(
                Holding(
                    id=uuid7(),
                    post=HEAD,
                    unit=f"{COUNTY}.emergency",
                    person=uuid7(),
                    name="李四",
                    public=True,
                    effective_from=date(2023, 5, 1),
                    appointed_by="x",
                    appointed_at=NOON,
                )
            )


async def test_who_appoints_second_waits_for_the_first_and_is_refused(tasks: Stage) -> None:
    await found(tasks)
    body = Appointment(name="甲", effective_from=date(2023, 5, 1))

    async def second() -> None:
        async with tasks.work(CITY_OFFICE) as session:
            await operations.appoint(session, post_code=HEAD, stated=body, by=CITY_OFFICE, now=NOON)

    async with tasks.work(CITY_OFFICE) as session:
        await operations.appoint(session, post_code=HEAD, stated=body, by=CITY_OFFICE, now=NOON)
        await session.flush()
        later = create_task(second())
        await somebody_waits(tasks)

    with pytest.raises(PostOccupied):
        await later


@pytest.mark.parametrize("day", ["0001-01-01", "1949-09-30", "2200-01-01", "9999-12-31"])
async def test_a_day_so_far_off_that_it_is_a_slip_is_refused(tasks: Stage, day: str) -> None:
    body = {"name": "李四", "effective_from": day}

    assert (await post(tasks, f"posts/{HEAD}/holders", body)).status_code == 422


async def test_gaps_between_terms_are_listed(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10", "2023-03-31")
    await appointed(tasks, "2023-05-01", "2023-05-15")

    terms = await get(tasks, f"posts/{HEAD}/holders", since="2023-01-01")

    assert terms["gaps"] == [
        {"first": "2023-01-01", "last": "2023-01-09"},
        {"first": "2023-04-01", "last": "2023-04-30"},
        {"first": "2023-05-16", "last": "2023-06-01"},
    ]


async def test_posts_that_nobody_holds_on_a_day_are_listed(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10", "2023-03-31")

    for day, vacant in (("2023-03-31", False), ("2023-04-01", True)):
        listed = await get(tasks, "vacancies", unit=f"{COUNTY}.emergency", on=day)
        assert (HEAD in {row["code"] for row in listed["items"]}) is vacant


async def test_a_list_of_holders_is_also_a_file(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10")

    client = tasks.as_(CITY_OFFICE, Accept="text/csv")
    answer = await client.get("/tasks/organisations/holders?on=2023-02-01")

    assert answer.headers["content-type"].startswith("text/csv")
    assert HEAD in answer.text
    assert "张三丰" in answer.text


async def test_who_is_in_charge_is_published_and_anybody_else_is_masked(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10")
    await appointed(tasks, "2023-01-10", post=LIAISON)
    await appointed(tasks, "2023-01-10", post="430400.power_company.principal")

    listed = await get(tasks, "holders", on="2023-02-01")

    assert {row["post"]: row["name"] for row in listed["items"]} == {
        HEAD: "张三丰",
        LIAISON: "张**",
        "430400.power_company.principal": "张**",
    }


async def test_names_are_stored_sealed_and_stay_out_of_the_audit_trail(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2023-01-10")

    async with tasks.work() as session:
        stored = await session.scalar(text("SELECT name FROM holding"))
    trail = await tasks.rows(AuditRecord, entity="holding")
    assert "张三丰".encode() not in bytes(stored)
    assert [note.act for note in trail] == ["appoint"]
    assert "张三丰" not in str(trail[0].detail)
    assert "张三丰" not in str(await tasks.told())


async def test_an_office_appoints_only_in_its_own_place_and_below(tasks: Stage) -> None:
    await found(tasks)
    body = {"name": "李四", "effective_from": "2023-05-01"}
    path = "posts/430426.emergency.principal/holders"

    assert (await post(tasks, path, body, by=COUNTY_OFFICE)).status_code == 403
    for nobody in (COUNTY_DESK, officer(MINE)):
        assert (await post(tasks, path, body, by=nobody)).status_code == 403
    assert (await post(tasks, path, body)).status_code == 201


@pytest.mark.parametrize(
    ("last_day", "status"),
    [("2023-01-09", 422), ("2023-01-10", 200), ("2023-03-31", 200), ("2023-04-01", 422)],
)
async def test_a_term_ends_within_itself(tasks: Stage, last_day: str, status: int) -> None:
    await found(tasks)
    held = await appointed(tasks, "2023-01-10", "2023-03-31")

    assert await relieved(tasks, held, last_day) == status


async def test_nobody_is_relieved_twice(tasks: Stage) -> None:
    await found(tasks)
    held = await appointed(tasks, "2023-01-10")

    assert [await relieved(tasks, held, "2023-03-31") for _ in range(2)] == [200, 409]


async def test_a_term_that_ends_before_it_begins_is_refused(tasks: Stage) -> None:
    await found(tasks)
    body = {"name": "李四", "effective_from": "2023-05-01", "effective_to": "2023-04-30"}

    assert (await post(tasks, f"posts/{HEAD}/holders", body)).status_code == 422


async def test_a_post_that_there_was_not_on_the_day_has_no_holder(tasks: Stage) -> None:
    await found(tasks)

    for where, on in ((f"{COUNTY}.emergency.nothing", "2023-05-01"), (HEAD, "2021-12-31")):
        body = {"name": "李四", "effective_from": on}
        assert (await post(tasks, f"posts/{where}/holders", body)).status_code == 404


async def test_one_person_keeps_one_number_in_whatever_post(tasks: Stage) -> None:
    await found(tasks)
    first = await appointed(tasks, "2023-01-10", "2023-03-31")
    second = await appointed(tasks, "2023-04-01", post=LIAISON, person=first["person"])

    assert second["person"] == first["person"]


async def test_a_post_that_is_left_out_ends_and_so_does_its_holder(tasks: Stage) -> None:
    await found(tasks)
    code = f"{COUNTY}.science"
    stated = {
        "unit": unit(code, "科技局", "department", "principal"),
        "effective_from": "2023-01-01",
    }
    assert (await put(tasks, "units", stated)).status_code == 200
    head = f"{code}.principal"
    await appointed(tasks, "2023-01-10", post=head)

    without = {"unit": unit(code, "科技局"), "effective_from": "2023-04-01"}
    assert (await put(tasks, "units", without)).status_code == 200
    again = {**stated, "effective_from": "2023-05-01"}
    assert (await put(tasks, "units", again)).status_code == 200

    terms = await get(tasks, f"posts/{head}/holders")
    assert [row["effective_to"] for row in terms["holders"]] == ["2023-03-31"]
    assert terms["gaps"] == [
        {"first": "2023-01-01", "last": "2023-01-09"},
        {"first": "2023-05-01", "last": "2023-06-01"},
    ]
