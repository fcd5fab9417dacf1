"""The story of a played quarter: who plays, and what happens when."""

from datetime import date, timedelta
from functools import partial
from random import Random

from kernel import calendar
from reference.terms import Grade
from services.tasks.scores import operations_runs
from tests.services.stage import Stage
from tests.services.tasks import (
    city,
    quarteraccidents,
    quarteracts,
    quarterorders,
    quarterunits,
)
from tests.services.tasks.hotline import at
from tests.services.tasks.quarteracts import wanted
from tests.services.tasks.quarterlog import Owed
from tests.services.tasks.quarterplan import (
    BEGINS,
    COUNTIES,
    ENDS,
    LEIYANG,
    PLAN,
    closes,
    founded,
    issued,
    meant,
)
from tests.services.tasks.quarterplay import Play
from tests.services.tasks.story import CITY

ENDED, HEIR = f"{CITY}.culture_tourism", f"{CITY}.education"
TOWN, NEXT_TOWN = f"{LEIYANG}.daozi_government", f"{LEIYANG}.sandu_government"
MERGED_ON = date(2023, 5, 15)
FIRST_HEAD, SECOND_HEAD = (date(2022, 3, 1), date(2023, 5, 9)), (date(2023, 5, 12), None)
"""From when to when; for two days nobody held the post."""


async def played(tasks: Stage, seed: int) -> Play:
    """Everything from the eve of the quarter to the first days after it."""
    play = Play(tasks=tasks, chance=Random(seed))
    await founded(tasks)
    for unit in meant("county:party_committee") + meant("county:government"):
        await _heads(play, unit)
    await _year_before(play)
    tasks.now = BEGINS
    async with tasks.work() as session:
        operations_runs.schedule(session, now=BEGINS)
    await _issued(play)
    _planned(play)
    await play.run(ENDS)
    return play


async def _heads(play: Play, unit: str) -> None:
    for first, last in (FIRST_HEAD, SECOND_HEAD):
        until = last.isoformat() if last else None
        body = {"name": "李某", "effective_from": first.isoformat(), "effective_to": until}
        made = await city.post(play.tasks, f"posts/{unit}.principal/holders", body)
        assert made.status_code == 201, made.text


async def _year_before(play: Play) -> None:
    """Accidents of the spring of 2022, from which reductions are measured."""
    for place, number in zip(COUNTIES, (5, 1, 1, 0), strict=True):
        for n in range(number):
            happened = at(4, 10 + 4 * n, 8, year=2022)
            play.tasks.now = happened
            await quarteraccidents.happened(play, place, Grade.GENERAL, asks=False)


async def _issued(play: Play) -> None:
    """The plan is issued; what runs already is owed at once."""
    await issued(play.tasks, play.now)
    await play.ring()
    await quarteracts.owed(play, _of_period(play, BEGINS.date()))


def _of_period(play: Play, day: date) -> list[Owed]:
    """What the plan asks from a day on: what is due once only on the first of them."""
    found: list[Owed] = []
    for asks in PLAN.values():
        if asks.cadence is not None:
            first, last = calendar.period_of(day, asks.cadence)
            if day in (first, BEGINS.date()):
                found += wanted(play, asks, first, last)
        elif asks.trigger is None and day == BEGINS.date():
            found += wanted(play, asks, date(2023, 1, 1), asks.due_on or date(2023, 12, 31))
    return found


def _planned(play: Play) -> None:
    """Put what happens into the agenda."""
    day = BEGINS.date()
    while day < ENDS.date():
        day += timedelta(days=1)
        play.plan(calendar.opens_at(day), partial(_midnight, play, day))
    play.publish_every_period(BEGINS.date(), ENDS.date())
    units = {ENDED, *meant("city:regulator"), *_county_departments()} - {HEIR}
    quarterorders.orders(play, sorted(units), 40)
    quarterorders.order_due(play, f"{CITY}.emergency", closes(date(2023, 6, 12)), "in time")
    quarterorders.order_due(play, f"{CITY}.housing", closes(date(2023, 6, 12)), "late")
    quarteraccidents.planned(play)
    play.plan(at(4, 24, 9), partial(quarterunits.told, play, [ENDED, HEIR, f"{CITY}.housing"]))
    play.plan(at(5, 13, 9), partial(quarterunits.told, play, [ENDED, f"{CITY}.transport"]))
    play.plan(calendar.opens_at(MERGED_ON), partial(quarterunits.merged, play, ENDED, HEIR))
    play.plan(calendar.opens_at(MERGED_ON), partial(quarterunits.merged, play, TOWN, NEXT_TOWN))


def _county_departments() -> list[str]:
    return [f"{place}.{slug}" for place in COUNTIES for slug in ("emergency", "housing")]


async def _midnight(play: Play, day: date) -> None:
    """A day begins: what the plan asks from today on is owed."""
    owed = _of_period(play, day)
    if owed:
        await quarteracts.owed(play, owed)
