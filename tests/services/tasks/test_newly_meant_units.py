"""Whoever comes to be meant while a duty runs owes it from then on, as enterprises do."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from contracts.tasks import PlanIssued
from kernel import calendar
from services.tasks.committees import operations as committees
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations_newcomers as newcomers
from services.tasks.organisations import operations as recording
from services.tasks.organisations.domain import NewUnit, UnitFacts
from tests.services.stage import Stage
from tests.services.tasks.city import post as organise
from tests.services.tasks.city import reorganised
from tests.services.tasks.city import unit as stated
from tests.services.tasks.drafting import issued
from tests.services.tasks.opened import MEETING, NEW_YEAR, issue, owed
from tests.services.tasks.story import CITY

NEWCOMER = "430400.low_altitude_committee"
PLAN = """全市安全生产工作要点
一、强化责任
1.开好会议。市安委会各成员单位每季度至少召开4次专题会议。(市安委办牵头，各成员单位配合)
2.会商研判。每季度至少会商4次。(市安委办牵头，各成员单位配合)
"""
MEMBERS_MEET, SHARED = "2024/1.1", "2024/2.1"
YEAR = calendar.opens_at(date(2024, 1, 1))
FIRST_RECORDED = calendar.day_of(NEW_YEAR)
"""The day from which the city's units are on record."""
COMMITTEE = f"committees/{CITY}.safety_committee/members"


async def record(tasks: Stage, on: date, *, code: str = NEWCOMER, name: str = "某委") -> None:
    facts = UnitFacts(
        code=code,
        name_zh=name,
        name_en="A committee",
        region_code=CITY,
        level="city",
        kind="special_committee",
    )
    async with tasks.work() as session:
        await recording.record_units(session, units=[NewUnit(facts=facts)], on=on, now=tasks.now)


async def asked(tasks: Stage, duty: str, unit: str = NEWCOMER) -> list[int | None]:
    return [row.least for row in await tasks.rows(Obligation, duty=duty, subject=unit)]


async def hear_of(tasks: Stage, text: str) -> None:
    plan = await issued(tasks, text)
    await tasks.hear(
        PlanIssued(
            occurred_at=tasks.now,
            plan="2024",
            year=2024,
            version=plan["version"],
            region_code=CITY,
            articles=plan["articles"],
            duties=plan["duties"],
        )
    )


async def members_meet(tasks: Stage) -> None:
    """A plan asks the member units to meet; its first quarter has begun."""
    await issue(tasks, only={"3.1"})
    async with tasks.work() as session:
        await committees.record_of_pack(session, on=date(2022, 1, 1))
    tasks.now = YEAR - timedelta(days=30)
    await record(tasks, date(2023, 11, 1))
    await hear_of(tasks, PLAN)
    await tasks.fire_until(YEAR)


# Of the first quarter of 2023, 45 of 90 days are left on 15 February: half a meeting.
@pytest.mark.parametrize(("day", "owes"), [(15, [1]), (16, [])])
async def test_a_unit_recorded_while_a_quarter_runs_owes_the_share_that_is_left(
    tasks: Stage, day: int, owes: list[int]
) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    since = date(2023, 2, day)
    tasks.now = NEW_YEAR

    await record(tasks, since)
    await tasks.fire_until(calendar.opens_at(since) - timedelta(seconds=1))
    assert await asked(tasks, MEETING) == []
    await tasks.fire_until(calendar.opens_at(since))

    assert await asked(tasks, MEETING) == owes


async def test_what_was_recorded_of_a_day_gone_by_is_owed_from_now_on(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    tasks.now = calendar.opens_at(date(2023, 2, 16))

    await record(tasks, date(2023, 1, 15))
    await tasks.fire_until(tasks.now)

    assert await asked(tasks, MEETING) == []


async def test_nobody_owes_twice_and_who_owed_before_owes_as_before(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    before = await owed(tasks, MEETING)
    known = before[0][0]

    tasks.now = calendar.opens_at(date(2023, 1, 10))
    await record(tasks, date(2023, 1, 10))
    await record(tasks, date(2023, 1, 10), code=known, name="更名的委")
    await tasks.fire_until(tasks.now)
    tasks.now = calendar.opens_at(date(2023, 1, 20))
    await record(tasks, date(2023, 1, 20), name="再更名的委")
    await tasks.fire_until(tasks.now)

    assert await owed(tasks, MEETING) == sorted([*before, (NEWCOMER, date(2023, 1, 1))])


async def test_who_joins_the_committee_owes_what_its_members_owe_from_then(tasks: Stage) -> None:
    await members_meet(tasks)
    assert await asked(tasks, MEMBERS_MEET) == []
    assert await asked(tasks, MEMBERS_MEET, "430400.commerce") == [4]

    tasks.now = YEAR + timedelta(days=1)
    joined = await organise(tasks, COMMITTEE, {"unit": NEWCOMER, "effective_from": "2024-03-01"})
    assert joined.status_code == 201, joined.text
    await tasks.fire_until(calendar.opens_at(date(2024, 3, 1)))

    # 31 of 91 days are left: 4 * 31 / 91 = 1.36
    assert await asked(tasks, MEMBERS_MEET) == [1]
    assert await asked(tasks, SHARED, "430400.committee_office") == [4]
    assert await asked(tasks, SHARED) == []


async def test_a_unit_that_is_no_more_is_not_asked_when_another_joins(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    gone = (await owed(tasks, MEETING))[0][0]
    tasks.now = NEW_YEAR + timedelta(days=5)
    new = stated("430400.successor_committee", "某专委会", "special_committee")
    await reorganised(tasks, "move", [gone], [new], on="2023-01-10")
    await tasks.fire_until(calendar.opens_at(date(2023, 4, 1)))
    before = await spring(tasks)
    assert gone not in before

    tasks.now = calendar.opens_at(date(2023, 4, 2))
    await record(tasks, date(2023, 4, 2))
    await tasks.fire_until(tasks.now)

    assert await spring(tasks) == before | {NEWCOMER}


async def test_who_is_no_more_by_the_time_it_is_heard_of_is_asked_nothing(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    gone = (await owed(tasks, MEETING))[0][0]
    tasks.now = calendar.opens_at(date(2023, 1, 10))
    new = stated("430400.successor_committee", "某专委会", "special_committee")
    await reorganised(tasks, "move", [gone], [new], on="2023-01-10")
    await tasks.fire_until(tasks.now)
    before = await owed(tasks, MEETING)

    await look(tasks, FIRST_RECORDED, tasks.now)

    assert await owed(tasks, MEETING) == before


async def test_what_was_superseded_is_not_asked_again(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)
    known = (await owed(tasks, MEETING))[0][0]
    async with tasks.work() as session:
        await session.execute(
            update(Obligation).where(Obligation.subject == known).values(status=Status.SUPERSEDED)
        )
    before = await owed(tasks, MEETING)

    await look(tasks, FIRST_RECORDED, NEW_YEAR + timedelta(days=5))

    assert await owed(tasks, MEETING) == before


async def spring(tasks: Stage) -> set[str]:
    return {row for row, begun in await owed(tasks, MEETING) if begun == date(2023, 4, 1)}


async def moved(tasks: Stage, on: date) -> str:
    """The city's commerce authority goes over into another that nobody has heard of."""
    heir = "430400.trade"
    new = stated(heir, "衡阳市贸易局")
    await reorganised(tasks, "move", ["430400.commerce"], [new], on=on.isoformat())
    return heir


@pytest.mark.parametrize("first", ["newcomers", "inheritance"])
async def test_an_heir_inherits_what_its_predecessor_was_asked_whole(
    tasks: Stage, first: str
) -> None:
    await members_meet(tasks)
    day = date(2024, 3, 1)
    tasks.now = calendar.opens_at(day)
    heir = await moved(tasks, day)

    if first == "newcomers":
        await look(tasks, day, tasks.now)
        assert await asked(tasks, MEMBERS_MEET, heir) == []
    await tasks.fire_until(tasks.now)
    await look(tasks, day, tasks.now)

    assert await asked(tasks, MEMBERS_MEET, heir) == [4]


async def look(tasks: Stage, since: date, now: datetime) -> None:
    async with tasks.work() as session:
        await newcomers.units_owe_from_now(session, since=since, now=now)
