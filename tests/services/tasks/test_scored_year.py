"""A year of the assessment is counted twice: when its window closes and when December is over."""

from datetime import datetime, timedelta
from decimal import Decimal

from kernel.calendar import Cadence
from kernel.ids import uuid7
from reference.terms import Grade
from services.tasks.indicators.domain import period_of
from services.tasks.scores import operations_runs
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import LEIYANG, standing
from tests.services.tasks.story import reported


async def test_the_year_is_counted_again_when_december_is_over(tasks: Stage) -> None:
    await scoring.founded(tasks)
    tasks.now = at(11, 20)
    async with tasks.work() as session:
        operations_runs.schedule(session, now=tasks.now)
    await _play_until(tasks, at(12, 6))
    when = at(12, 10)
    told = {"happened_at": when, "received_at": when, "occurred_at": when, "relays": ()}
    await tasks.hear(reported(accident_id=uuid7(), grade=Grade.MAJOR, **told))
    before = await _major(tasks)

    await _play_until(tasks, at(1, 4, year=2024))

    assert (before, await _major(tasks)) == (Decimal("0.00"), Decimal("-40.00"))


async def _major(tasks: Stage) -> Decimal | None:
    year = period_of(at(6, 1).date(), Cadence.YEAR)
    return (await standing(tasks, f"{LEIYANG}.government", year))["accidents_major"].points


async def _play_until(tasks: Stage, end: datetime) -> None:
    while tasks.now < end:
        tasks.now = min(end, tasks.now + timedelta(days=3))
        await tasks.fire_until(tasks.now)
