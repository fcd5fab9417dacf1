"""The pack's plan issued on a day, and who owes what of it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Text, cast, select, update

from contracts.tasks import PlanIssued
from kernel import calendar
from kernel.timers import Timer
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.tables import Opening
from services.tasks.organisations import domain as organisations
from services.tasks.organisations import operations as recording
from services.tasks.plans import operations as plans
from tests.services.stage import Stage
from tests.services.tasks.story import CITY

NEW_YEAR = calendar.opens_at(date(2023, 1, 1))
LED_INSPECTION, DRILL, COMMITMENT, MEETING = "2023/4.1", "2023/4.2", "2023/30.4", "2023/3.1"
COAL = "B06"


async def issue(tasks: Stage, *, at: datetime = NEW_YEAR, only: Collection[str] = ()) -> None:
    """The city's units are on record and the pack's plan is issued and heard of.

    With `only`, no other duties open: all of them take seconds.
    """
    on = calendar.day_of(at)
    every = organisations.of_pack(on=on, address=lambda _: None)
    async with tasks.work() as session:
        await recording.record_units(session, units=every, on=on, now=at)
        assert await plans.issue(session, year=2023, now=at)
    await tasks.hear(
        PlanIssued(
            occurred_at=at,
            plan="2023",
            year=2023,
            version=1,
            region_code=CITY,
            articles=35,
            duties=168,
        )
    )
    if only:
        others = select(cast(Opening.id, Text)).where(Opening.code.not_in(only))
        async with tasks.work() as session:
            await session.execute(
                update(Timer).where(Timer.entity_id.in_(others)).values(cancelled_at=at)
            )


async def owed(tasks: Stage, duty: str) -> list[tuple[str, date | None]]:
    rows = await tasks.rows(Obligation, duty=duty)
    return sorted((row.subject, row.period_from) for row in rows)
