"""Whoever signs what follows an order and whoever hands both to an heir wait for each other."""

from asyncio import create_task, gather

import pytest
from sqlalchemy import text

from services.tasks.supervisions import operations_inheritance as inheritance
from services.tasks.supervisions import queries
from tests.services.stage import Stage
from tests.services.tasks.city import found, reorganised, somebody_waits, unit
from tests.services.tasks.hotline import MONDAY
from tests.services.tasks.story import COUNTY
from tests.services.tasks.supervising import HOUSING_UNIT, SIGNER, do, drafted, issued, row

pytestmark = pytest.mark.usefixtures("monday")

HEIR = f"{COUNTY}.construction"
TIMES = 10


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units."""
    return await found(tasks)


async def following(city: Stage) -> str:
    """A draft that follows an order which is out; its id."""
    return await drafted(city, "listing", follows=await issued(city))


async def test_who_signs_waits_for_who_hands_over_and_holds_nothing_meanwhile(city: Stage) -> None:
    draft = await following(city)

    async with city.work() as session:
        earlier = (await row(city, draft)).follows
        assert earlier is not None
        await queries.get(session, earlier, lock=True)
        signing = create_task(do(city, SIGNER, f"{draft}/issue"))
        await somebody_waits(city)
        await session.execute(text("SET LOCAL lock_timeout = '1s'"))
        held = await queries.held_by(session, HOUSING_UNIT)

    assert [str(one.id) for one in held] == [str(earlier), draft]
    assert (await signing).status_code == 200


async def test_both_at_once_succeed_however_often(city: Stage) -> None:
    drafts = [await following(city) for _ in range(TIMES)]
    before = [HOUSING_UNIT, f"{COUNTY}.water"]
    await reorganised(city, "merge", before, [unit(HEIR)], on="2023-06-05")

    async def hand_over() -> None:
        async with city.work() as session:
            await inheritance.hand_over(session, unit=HOUSING_UNIT, now=MONDAY)

    *answers, _ = await gather(*(do(city, SIGNER, f"{one}/issue") for one in drafts), hand_over())

    assert [answer.status_code for answer in answers] == [200] * TIMES
    assert {(await row(city, draft)).addressee for draft in drafts} == {HEIR}
