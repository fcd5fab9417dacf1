"""What no fact tells, a person may: a duty that is tied to it is owed from then on."""

from datetime import date
from typing import Any

import httpx
import pytest

from contracts.gateway import Role
from contracts.tasks_parts import PartOverdue
from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from reference.creditcodes import demonstration_code
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.tables import Opening
from services.tasks.parts.tables import Part
from tests.services.stage import Stage
from tests.services.tasks.story import (
    CITY,
    CITY_OFFICE,
    COUNTY,
    COUNTY_OFFICE,
    MINE,
    OTHER,
    person,
    registered,
)

# 3.5: put right what the city's committee office assigned; 4.4: the double report.
ASSIGNED, DOUBLE_REPORT = "3.5", "4.4"
NOW = calendar.opens_at(date(2023, 6, 1))


def said(duty: str = ASSIGNED, **values: Any) -> dict[str, Any]:
    return {
        "happening_id": str(uuid7()),
        "year": 2023,
        "duty": duty,
        "happened_on": "2023-05-31",
        "reason": "市安委办交办函〔2023〕12号",
    } | values


async def post(tasks: Stage, body: dict[str, Any], by: Principal = CITY_OFFICE) -> httpx.Response:
    tasks.now = NOW
    return await tasks.as_(by).post("/tasks/triggers", json=body)


async def owing(tasks: Stage, duty: str) -> set[str]:
    await tasks.fire_until(NOW)
    return {row.subject for row in await tasks.rows(Obligation, duty=f"2023/{duty}")}


async def test_everybody_whom_the_duty_means_owes_it(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))

    answer = await post(tasks, said(DOUBLE_REPORT))

    assert answer.status_code == 201, answer.text
    assert await owing(tasks, DOUBLE_REPORT) == {MINE, OTHER}
    (row,) = await tasks.rows(Obligation, duty="2023/4.4", subject=MINE)
    assert row.due_at == calendar.closes_at(date(2023, 6, 16))
    assert (row.cause, row.period_from) == ("told", None)


async def test_only_those_who_are_named_owe_it(tasks: Stage) -> None:
    unit = f"{COUNTY}.government"

    answer = await post(tasks, said(only=[unit]))

    assert answer.status_code == 201, answer.text
    assert await owing(tasks, ASSIGNED) == {unit}
    (opening,) = await tasks.rows(Opening)
    assert (opening.reason, opening.only) == ("市安委办交办函〔2023〕12号", [unit])


POLICE, HELPERS = (
    f"{CITY}.public_security",
    {f"{CITY}.{slug}" for slug in ("emergency", "transport", "market_regulation", "post_bureau")},
)
FIREWORKS = "14.3"  # act on every illegal firework: the police lead, four support them


async def parts(tasks: Stage) -> dict[str, str]:
    return {part.unit: part.role for part in await tasks.rows(Part)}


async def test_what_an_event_asks_is_shared_by_those_who_lead_and_support(tasks: Stage) -> None:
    answer = await post(tasks, said(FIREWORKS))

    assert answer.status_code == 201, answer.text
    owes = await owing(tasks, FIREWORKS)
    assert {unit for unit in owes if unit.startswith(CITY)} == {POLICE}
    assert f"{COUNTY}.public_security" in owes  # what counties owe they owe by themselves
    assert await parts(tasks) == {POLICE: "lead"} | dict.fromkeys(HELPERS, "supporting")
    (row,) = await tasks.rows(Obligation, subject=POLICE)
    assert row.parts_open == 5


async def test_who_holds_what_an_event_asked_is_told_when_the_time_is_up(tasks: Stage) -> None:
    await post(tasks, said(FIREWORKS))
    (row,) = await tasks.rows(Obligation, subject=POLICE)

    await tasks.fire_until(row.due_at)

    assert {fact["unit"] for fact in await tasks.told(PartOverdue)} == HELPERS


async def test_only_those_who_are_named_have_a_part_and_without_the_lead_nobody(
    tasks: Stage,
) -> None:
    one, other = f"{CITY}.transport", f"{CITY}.emergency"
    await post(tasks, said(FIREWORKS, only=[one, other]))
    alone = (await owing(tasks, FIREWORKS), await parts(tasks))

    await post(tasks, said(FIREWORKS, only=[POLICE, one]))

    assert alone == ({one, other}, {})
    assert await parts(tasks) == {POLICE: "lead", one: "supporting"}
    subjects = [row.subject for row in await tasks.rows(Obligation)]
    assert sorted(subjects) == sorted([one, other, POLICE])


async def test_said_twice_it_is_divided_once(tasks: Stage) -> None:
    body = said(FIREWORKS)

    for _ in range(2):
        await post(tasks, body)

    assert len(await tasks.rows(Part)) == 1 + len(HELPERS)
    assert len(await tasks.rows(Obligation, subject=POLICE)) == 1


async def test_one_enterprise_of_many_can_be_meant(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))

    await post(tasks, said(DOUBLE_REPORT, only=[MINE]))

    assert await owing(tasks, DOUBLE_REPORT) == {MINE}


MANY = [demonstration_code(region=COUNTY, number=number) for number in range(50, 60)]


async def many(tasks: Stage) -> None:
    await tasks.hear(*(registered(uscc, COUNTY) for uscc in [*MANY, MINE]))


async def test_several_enterprises_are_meant_by_one_ask_and_each_owes_it_once(
    tasks: Stage,
) -> None:
    await many(tasks)
    body = said(DOUBLE_REPORT, only=[*MANY, MANY[0]])

    first, again = await post(tasks, body, COUNTY_OFFICE), await post(tasks, body, COUNTY_OFFICE)

    assert (first.status_code, first.content) == (201, again.content), first.text
    assert await owing(tasks, DOUBLE_REPORT) == {*MANY}
    assert len(await tasks.rows(Obligation)) == len(MANY)
    assert len(await tasks.rows(Opening)) == 1


async def test_everyone_who_is_not_known_or_not_meant_is_named_and_nothing_is_opened(
    tasks: Stage,
) -> None:
    await many(tasks)
    others = [OTHER, f"{COUNTY}.nobody"]
    only = [MANY[0], others[0], MANY[1], others[1], f"{COUNTY}.government"]

    answer = await post(tasks, said(DOUBLE_REPORT, only=only))

    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("/only/1", "subject_unknown"),
        ("/only/3", "subject_unknown"),
        ("/only/4", "not_meant"),
    ]
    assert all(code in answer.text for code in [*others, f"{COUNTY}.government"])
    assert await tasks.rows(Opening) == []


async def test_an_office_names_none_of_another_place_among_its_own(tasks: Stage) -> None:
    await many(tasks)
    await tasks.hear(registered(OTHER, "430426"))

    answer = await post(tasks, said(DOUBLE_REPORT, only=[*MANY, OTHER]), COUNTY_OFFICE)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/only/10")
    assert await tasks.rows(Opening) == []


async def test_an_ask_names_a_thousand_at_most(tasks: Stage) -> None:
    answer = await post(tasks, said(DOUBLE_REPORT, only=[MINE] * 1001))

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/only")


@pytest.mark.parametrize(
    ("since", "only", "owes"),
    [
        (date(2023, 5, 31), {}, True),
        (date(2023, 6, 1), {}, False),
        (date(2023, 5, 31), {"only": [OTHER]}, False),
    ],
)
async def test_who_was_there_on_the_day_owes_it_though_heard_of_later(
    tasks: Stage, since: date, only: dict[str, Any], owes: bool
) -> None:
    await tasks.hear(registered(OTHER, "430426"))
    await post(tasks, said(DOUBLE_REPORT, **only))
    assert await owing(tasks, DOUBLE_REPORT) == {OTHER}

    came = registered(MINE, COUNTY).model_copy(update={"occurred_at": calendar.opens_at(since)})
    await tasks.hear(came)

    assert (MINE in await owing(tasks, DOUBLE_REPORT)) is owes
    mine = await tasks.rows(Obligation, subject=MINE)
    assert [(row.cause, row.period_from) for row in mine] == [("told", None)] * owes


async def test_said_twice_it_is_owed_once(tasks: Stage) -> None:
    body = said(only=[f"{COUNTY}.government"])

    first, second = await post(tasks, body), await post(tasks, body)

    assert first.content == second.content
    assert len(await tasks.rows(Opening)) == 1


async def test_an_office_asks_those_of_its_own_place_only(tasks: Stage) -> None:
    everybody = await post(tasks, said(), COUNTY_OFFICE)
    own = await post(tasks, said(only=[f"{COUNTY}.government"]), COUNTY_OFFICE)
    other = await post(tasks, said(only=["430426.government"]), COUNTY_OFFICE)
    nobody = await post(tasks, said(), person(Role.INSPECTOR, f"{CITY}.emergency"))

    assert [one.status_code for one in (everybody, own, other, nobody)] == [403, 201, 403, 403]


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (said("99.9"), 404, "not-found"),
        (said("4.1"), 409, "not-set-off"),
        (said("1.4"), 409, "not-set-off"),
        (said("35.7"), 409, "tasks.card.proposed"),
        (said(happened_on="2022-12-31"), 422, "/happened_on"),
        (said(happened_on="2023-06-02"), 422, "/happened_on"),
        (said(only=["430481.nobody"]), 422, "/only/0"),
        (said(year=2019), 404, "not-found"),
    ],
)
async def test_what_is_no_such_event_is_refused_by_name(
    tasks: Stage, body: dict[str, Any], status: int, named: str
) -> None:
    answer = await post(tasks, body)

    assert answer.status_code == status, answer.text
    assert named in answer.text
    assert await tasks.rows(Opening) == []


@pytest.mark.parametrize("duty", ["33.1", "33.2", "35.5"])
async def test_what_facts_cover_a_part_of_a_person_may_still_say(tasks: Stage, duty: str) -> None:
    # An accident where nobody was late, a card on paper, a prominent problem: nothing tells them.
    answer = await post(tasks, said(duty))

    assert answer.status_code == 201, answer.text
    assert await owing(tasks, duty)
