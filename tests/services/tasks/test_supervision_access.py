"""Who may see and do what with supervisory orders: by the policy table, and by the database."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from contracts.gateway import Role
from kernel.access import Principal
from services.tasks.policies import POLICIES
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionanswers.tables import SupervisionAnswer
from services.tasks.supervisions.tables import (
    Supervision,
    SupervisionEntry,
    SupervisionReceipt,
)
from tests.services.stage import Stage
from tests.services.tasks.city import found
from tests.services.tasks.story import CITY, COUNTY, MINE, OTHER, officer, person, registered
from tests.services.tasks.supervising import (
    COLLEAGUE,
    ELSEWHERE,
    GAS,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    ISSUER,
    SIGNER,
    SUPERVISIONS,
    answered,
    do,
    issued,
    received,
)

pytestmark = pytest.mark.usefixtures("monday")
CC = person(Role.LEADER, f"{COUNTY}.government", subject="copied")
DESK = person(Role.HOTLINE_OPERATOR, f"{CITY}.government_office")
TABLES = (Supervision, SupervisionReceipt, SupervisionAnswer, SupervisionEntry)

WRITES: list[tuple[str, dict[str, Any]]] = [
    ("issue", {}),
    ("receive", {}),
    ("answers", {"text": "已办"}),
    ("accept", {}),
    ("return", {"missing": "照片"}),
    ("close", {}),
    ("withdraw", {"reason": "重复"}),
    ("lift", {"checked_on": "2023-06-05", "note": "已核查", "record": "0" * 64}),
    ("extensions", {"working_days": 1, "reason": "雨天"}),
    (
        "minutes",
        {
            "held_at": "2023-06-05T09:00:00+08:00",
            "attended": ["430481.housing.principal"],
            "minutes": "0" * 64,
        },
    ),
]
READS = ("", "/answers", "/extensions", "/commitments", "/letter")


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units and two enterprises."""
    await found(tasks)
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))
    return tasks


@pytest.mark.parametrize("by", [person(Role.LEADER, GAS_UNIT), ELSEWHERE, officer(OTHER)])
async def test_to_a_stranger_an_order_is_absent_whatever_is_asked(
    city: Stage, by: Principal
) -> None:
    supervision = await issued(city)
    reads = [await city.as_(by).get(f"{SUPERVISIONS}/{supervision}{path}") for path in READS]
    writes = [await do(city, by, f"{supervision}/{path}", **body) for path, body in WRITES]

    assert {answer.status_code for answer in reads} == {404}
    # An enterprise has no part in most acts at all, and hears so before anything is looked up.
    assert {answer.status_code for answer in writes} <= ({404} if by.unit else {403, 404})
    assert (await city.as_(by).get(SUPERVISIONS)).json()["items"] == []


async def test_who_is_copied_reads_everything_and_does_nothing(city: Stage) -> None:
    supervision = await issued(city, cc=[f"{COUNTY}.government"])
    reads = [await city.as_(CC).get(f"{SUPERVISIONS}/{supervision}{path}") for path in READS]
    writes = [await do(city, CC, f"{supervision}/{path}", **body) for path, body in WRITES]

    assert {answer.status_code for answer in reads} == {200}
    assert {answer.status_code for answer in writes} == {403}


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (HOUSING, {"answers", "extensions"}),
        (COLLEAGUE, {"withdraw"}),
        (SIGNER, {"withdraw"}),
        (person(Role.INSPECTOR, ISSUER), {"withdraw"}),
        (person(Role.DUTY_DESK, HOUSING_UNIT), {"answers", "extensions"}),
        (person(Role.AUDITOR, f"{CITY}.emergency"), set()),
        (DESK, set()),
    ],
)
async def test_each_side_does_its_own_part_and_no_more(
    city: Stage, by: Principal, allowed: set[str]
) -> None:
    done = set()
    for path, body in WRITES:
        supervision = await received(city)
        answer = await do(city, by, f"{supervision}/{path}", **body)
        if answer.is_success:
            done.add(path)
        else:
            assert answer.status_code in {403, 404, 409}

    assert done == allowed


async def test_the_database_itself_shows_an_order_and_its_parts_to_those_concerned(
    city: Stage,
) -> None:
    await answered(city)
    await issued(city, addressees=[], enterprise_uscc=MINE)

    async def counts(by: Principal) -> list[int]:
        async with city.work(by) as session:
            return [
                await session.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES
            ]

    assert (await counts(COLLEAGUE))[:3] == [2, 2, 1]
    assert (await counts(HOUSING))[:3] == [1, 1, 1]
    assert (await counts(officer(MINE)))[:3] == [1, 1, 0]
    assert await counts(GAS) == await counts(ELSEWHERE) == await counts(officer(OTHER)) == [0] * 4


async def test_the_database_itself_refuses_a_step_written_to_another_s_order(city: Stage) -> None:
    await answered(city)
    (order,) = await city.rows(Supervision)
    (answer,) = await city.rows(SupervisionAnswer)
    values = {c.name: getattr(answer, c.name) for c in SupervisionAnswer.__table__.columns}

    async def write() -> None:
        async with city.work(ELSEWHERE) as session:
            session.add(SupervisionAnswer(**values | {"id": order.id, "round": 9}))

    with pytest.raises(ProgrammingError, match="row-level security"):
        await write()


@pytest.mark.parametrize("act", SupervisionAct)
@pytest.mark.parametrize("role", [Role.HOTLINE_CLIENT, Role.EXCHANGE_CLIENT, Role.ADMINISTRATOR])
def test_clients_and_administrators_have_no_part_in_supervision(
    act: SupervisionAct, role: Role
) -> None:
    assert not POLICIES.granted(person(role, GAS_UNIT), act)
