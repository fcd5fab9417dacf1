"""What a later version of a plan does to the periods of the one before: those begun stay."""

from datetime import date, datetime, timedelta

from contracts.tasks import PlanIssued
from kernel import calendar
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.domain import OpeningStatus
from services.tasks.openings.tables import Opening
from services.tasks.organisations import domain as organisations
from services.tasks.organisations import operations as recording
from tests.services.stage import Stage
from tests.services.tasks.drafting import issued
from tests.services.tasks.story import CITY

FIRST = """全市安全生产工作要点
1.开好会议。市安委会每季度至少召开1次全体会议。(市安委办牵头，市应急管理局配合)
2.整治燃气。12月底前改造燃气管道40公里。(市城管执法局牵头，市住建局配合)
"""
SECOND = """全市安全生产工作要点
1.开好会议。市安委会每季度至少召开2次全体会议。(市安委办牵头，市应急管理局配合)
2.学习培训。市安委办每半年至少组织1次集中培训。(市安委办牵头)
"""


async def issue(tasks: Stage, text: str, *, at: datetime) -> int:
    tasks.now = at
    done = await issued(tasks, text)
    await tasks.hear(
        PlanIssued(
            occurred_at=at,
            plan="2024",
            year=2024,
            version=done["version"],
            region_code=CITY,
            articles=done["articles"],
            duties=done["duties"],
        )
    )
    return int(done["version"])


async def prepare(tasks: Stage) -> None:
    on = date(2024, 1, 2)
    every = organisations.of_pack(on=on, address=lambda _: None)
    async with tasks.work() as session:
        await recording.record_units(session, units=every, on=on, now=calendar.opens_at(on))


async def periods(tasks: Stage, version: int, *, status: OpeningStatus) -> list[date]:
    rows = await tasks.rows(Opening, version=version, status=status)
    return sorted(row.period_from for row in rows)


async def test_a_period_that_has_begun_is_frozen_and_later_ones_follow_the_new_version(
    tasks: Stage,
) -> None:
    await prepare(tasks)
    january, may = (calendar.opens_at(date(2024, month, 2)) for month in (1, 5))
    assert await issue(tasks, FIRST, at=january) == 1
    await tasks.fire_until(may)
    assert await issue(tasks, SECOND, at=may) == 2
    await tasks.fire_until(may + timedelta(hours=1))

    assert await periods(tasks, 1, status=OpeningStatus.SUPERSEDED) == [
        date(2024, 7, 1),
        date(2024, 10, 1),
    ]
    waiting = await tasks.rows(Opening, version=2, status=OpeningStatus.WAITING)
    assert sorted((row.period_from, row.least) for row in waiting) == [
        (date(2024, 7, 1), 1),
        (date(2024, 7, 1), 2),
        (date(2024, 10, 1), 2),
    ]


async def test_what_a_version_adds_is_owed_in_the_period_that_runs(tasks: Stage) -> None:
    await prepare(tasks)
    january, may = (calendar.opens_at(date(2024, month, 2)) for month in (1, 5))
    await issue(tasks, FIRST, at=january)
    await tasks.fire_until(may)
    await issue(tasks, SECOND, at=may)
    await tasks.fire_until(may + timedelta(hours=1))

    (added,) = await tasks.rows(Opening, version=2, status=OpeningStatus.OPEN)
    assert (added.period_from, added.period_to) == (date(2024, 1, 1), date(2024, 6, 30))
    old = await tasks.rows(Obligation, plan_version=1, period_from=date(2024, 4, 1))
    assert old
    assert {row.least for row in old} == {1}


async def test_a_superseded_period_never_opens(tasks: Stage) -> None:
    await prepare(tasks)
    january, may = (calendar.opens_at(date(2024, month, 2)) for month in (1, 5))
    await issue(tasks, FIRST, at=january)
    await tasks.fire_until(may)
    await issue(tasks, SECOND, at=may)

    await tasks.fire_until(calendar.opens_at(date(2024, 7, 1)))

    third = await tasks.rows(Obligation, period_from=date(2024, 7, 1))
    assert third
    assert {row.plan_version for row in third} == {2}


async def test_a_period_that_has_begun_is_frozen_though_nobody_has_opened_it_yet(
    tasks: Stage,
) -> None:
    await prepare(tasks)
    await issue(tasks, FIRST, at=calendar.opens_at(date(2024, 1, 2)))
    await issue(tasks, SECOND, at=calendar.opens_at(date(2024, 5, 2)))

    assert date(2024, 4, 1) in await periods(tasks, 1, status=OpeningStatus.WAITING)
    assert date(2024, 4, 1) not in await periods(tasks, 1, status=OpeningStatus.SUPERSEDED)
