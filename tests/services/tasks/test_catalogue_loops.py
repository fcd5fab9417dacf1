"""No line of the catalogue leads back to its matter, on whatever day that would begin."""

import random
from asyncio import create_task
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from reference import orders
from services.tasks.catalogue import operations
from services.tasks.catalogue.domain import CatalogueLoops
from services.tasks.catalogue.schemas import NewLine
from services.tasks.catalogue.tables import CatalogueLine
from tests.services.stage import Stage
from tests.services.tasks.city import somebody_waits
from tests.services.tasks.hotline import OFFICE, post
from tests.services.tasks.story import COUNTY

pytestmark = pytest.mark.usefixtures("monday")

PATH = "catalogue/lines"
JUNE, JULY = "2023-06-05", "2023-07-01"


def leading(matter: str, to: str, on: str) -> dict[str, str]:
    """A line by which orders about one matter go where those of another go."""
    return {"matter": matter, "same_as": to, "reason": "职责调整。", "effective_from": on}


async def test_a_line_that_would_loop_only_later_is_refused(tasks: Stage) -> None:
    ahead = await post(tasks, OFFICE, PATH, leading("gas", "fire", JULY))

    looping = await post(tasks, OFFICE, PATH, leading("fire", "gas", JUNE))

    assert (ahead.status_code, looping.status_code) == (201, 409)
    assert looping.json()["matters"] == ["fire", "gas", "fire"]
    assert JULY in looping.json()["detail"]
    assert [row.matter for row in await tasks.rows(CatalogueLine)] == ["gas"]


async def test_a_line_that_ends_before_the_other_begins_loops_with_nothing(tasks: Stage) -> None:
    await post(tasks, OFFICE, PATH, leading("gas", "fire", JUNE))
    units = {**leading("gas", "fire", JULY), "same_as": None, "lead": "{county}.housing"}
    await post(tasks, OFFICE, PATH, units)

    answer = await post(tasks, OFFICE, PATH, leading("fire", "gas", JULY))

    assert answer.status_code == 201, answer.text


async def test_who_writes_second_waits_for_the_first_and_is_refused(tasks: Stage) -> None:
    async def write(session: AsyncSession, matter: str, to: str) -> None:
        new = NewLine.model_validate(leading(matter, to, JUNE))
        await operations.write(session, new=new, by=OFFICE, now=tasks.now)

    async def second() -> None:
        async with tasks.work(OFFICE) as session:
            await write(session, "fire", "gas")

    async with tasks.work(OFFICE) as session:
        await write(session, "gas", "fire")
        await session.flush()
        later = create_task(second())
        await somebody_waits(tasks)

    with pytest.raises(CatalogueLoops):
        await later


MATTERS = ("gas", "fire", "noise", "environment", "mine")
PLACES = ("", COUNTY)
FIRST = date(2023, 6, 5)
DAYS = 12


@dataclass
class Written:
    """A line as the walker keeps it; None for where it goes means units."""

    matter: str
    region: str
    to: str | None
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.last is None or day <= self.last)


def of_the_pack() -> Iterator[Written]:
    for row in orders.lines(on=FIRST):
        yield Written(row.matter, row.region, row.same_as, row.effective_from)


def ends(lines: list[Written], matter: str, region: str, day: date) -> bool:
    """Walk the lines of a day from a matter in a place, one at a time."""
    # Later ones were written over the pack's.
    held = {(row.matter, row.region): row.to for row in lines if row.holds(day)}
    here: str | None = matter
    for _ in range(len(held) + 1):
        at = next((place for place in (region, "") if (here, place) in held), None)
        here = None if here is None or at is None else held[here, at]
    return here is None


def loops(lines: list[Written]) -> bool:
    days = [FIRST + timedelta(days=n) for n in range(DAYS + 1)]
    return not all(
        ends(lines, matter, region, day) for matter in MATTERS for region in PLACES for day in days
    )


def written(lines: list[Written], new: Written) -> list[Written] | None:
    """The lines with a new one; None where the walker would refuse it."""
    standing = [
        row
        for row in lines
        if (row.matter, row.region, row.last) == (new.matter, new.region, None)
        and row.first >= FIRST
    ]
    if any(row.first >= new.first for row in standing):
        return None
    eve = new.first - timedelta(days=1)
    kept = [
        Written(row.matter, row.region, row.to, row.first, eve) if row in standing else row
        for row in lines
    ]
    after = [*kept, new]
    return None if loops(after) else after


@pytest.mark.parametrize("seed", range(6))
async def test_lines_are_taken_just_where_walking_them_day_by_day_always_ends(
    tasks: Stage, seed: int
) -> None:
    drawn = random.Random(seed)
    lines = list(of_the_pack())
    refused = 0
    for _ in range(30):
        matter, region = drawn.choice(MATTERS), drawn.choice(PLACES)
        to = drawn.choice([*(other for other in MATTERS if other != matter), None])
        new = Written(matter, region, to, FIRST + timedelta(days=drawn.randrange(DAYS)))
        expected = written(lines, new)
        assert await is_taken(tasks, new) is (expected is not None), new
        lines = expected or lines
        refused += expected is None
    assert 0 < refused < 30


async def is_taken(tasks: Stage, line: Written) -> bool:
    where = {"same_as": line.to} if line.to else {"lead": "{county}.housing"}
    body = {"matter": line.matter, "reason": "职责调整。", **where}
    on = {"region_code": line.region or None, "effective_from": line.first.isoformat()}
    answer = await post(tasks, OFFICE, PATH, body | on)
    assert answer.status_code in {201, 409}, answer.text
    return answer.status_code == 201
