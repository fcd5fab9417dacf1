"""Every day reads as a replay of everything that was done would tell it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tasks.holders import operations as appointing
from services.tasks.holders import queries as holders
from services.tasks.holders.domain import PostOccupied
from services.tasks.holders.schemas import Appointment
from services.tasks.holders.tables import Holding
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.operations import record_units
from services.tasks.organisations.schemas import UnitBody
from services.tasks.successions import operations, queries
from services.tasks.successions.schemas import Reorganisation
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import unit
from tests.services.tasks.story import CITY_OFFICE, COUNTY

FIRST = date(2023, 1, 1)
RUNS = count()
HORIZON = 45
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "move", "split", "merge", "absorb"]),
        st.integers(1, 5),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    max_size=7,
)


@dataclass
class Replay:
    """What an attentive clerk would have written down: a whole picture for every day."""

    pictures: dict[date, dict[str, str]] = field(default_factory=dict)
    heirs: dict[date, dict[str, str]] = field(default_factory=dict)

    def note(self, day: date, names: dict[str, str], answering: dict[str, str]) -> None:
        self.pictures[day] = dict(names)
        self.heirs[day] = dict(answering)

    def on(self, day: date) -> tuple[dict[str, str], dict[str, str]]:
        latest = max(noted for noted in self.pictures if noted <= day)
        return self.pictures[latest], self.heirs[latest]


def new_names(run: int) -> Iterator[str]:
    return (f"{COUNTY}.run{run}_{number}" for number in count())


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_reading_as_at_a_day_equals_a_replay(tasks: Stage, steps: list[Any]) -> None:
    run, replay, day = next(RUNS), Replay(), FIRST
    codes = new_names(run)
    names = {next(codes): "甲", next(codes): "乙"}
    answering = {code: code for code in names}
    founded = [UnitBody(**unit(code, name)).stated() for code, name in names.items()]
    async with tasks.work(CITY_OFFICE) as session:
        await record_units(session, units=founded, on=day, now=NOON)
    replay.note(day, names, answering)

    for kind, later, one, other in steps:
        day += timedelta(days=later)
        standing = sorted(names)
        before, third = standing[one % len(standing)], standing[other % len(standing)]
        stated = _stated(kind, before, third, codes, names, answering, day)
        if stated is None:
            continue
        async with tasks.work(CITY_OFFICE) as session:
            await operations.reorganise(session, stated=stated, by=CITY_OFFICE, now=NOON)
        replay.note(day, names, answering)

    for number in range((day - FIRST).days + 2):
        await _compare(tasks, replay, FIRST + timedelta(days=number), set(answering))


def _stated(
    kind: str,
    before: str,
    third: str,
    codes: Iterator[str],
    names: dict[str, str],
    answering: dict[str, str],
    day: date,
) -> Reorganisation | None:
    """The change as it is asked for; `names` and `answering` are brought forward by hand."""
    old, after, heir = [before], [next(codes)], None
    if kind == "rename":
        after = [before]
    elif kind == "split":
        after.append(next(codes))
        heir = after[1]
    elif kind == "merge":
        old = sorted({before, third})
    elif kind == "absorb":
        if third == before:
            return None
        kind, after = "merge", [third]
    stated = [
        code if code in names and kind == "merge" else UnitBody(**unit(code, f"名{day}"))
        for code in after
    ]
    for code in old:
        names.pop(code)
    for code in after:
        names.setdefault(code, f"名{day}")
        answering.setdefault(code, code)
    for owed, who in answering.items():
        if who in old:
            answering[owed] = heir or after[0]
    return Reorganisation(
        kind=kind, before=tuple(old), after=tuple(stated), heir=heir, effective_from=day
    )


async def _compare(tasks: Stage, replay: Replay, day: date, ever: set[str]) -> None:
    names, heirs = replay.on(day)
    async with tasks.work() as session:
        standing = await organisations.standing(session, ever, day=day)
        answering = await queries.answering(session, heirs, on=day)
    assert {code: row.name_zh for code, row in standing.items()} == names
    assert answering == heirs
    assert set(answering.values()) <= set(names)


TERMS = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(0, 10), st.booleans()), max_size=8
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(terms=TERMS)
async def test_a_post_has_at_most_one_holder_a_day_and_it_is_the_one_of_a_replay(
    tasks: Stage, terms: list[tuple[int, int | None, bool]]
) -> None:
    code = next(new_names(next(RUNS)))
    body = UnitBody(**unit(code, "局", "department", "principal")).stated()
    async with tasks.work(CITY_OFFICE) as session:
        await record_units(session, units=[body], on=FIRST, now=NOON)
    held: dict[int, str] = {}

    for number, (first, length, relieved) in enumerate(terms):
        days = range(first, HORIZON if length is None else first + length + 1)
        accepted = await _appointed(tasks, f"{code}.principal", str(number), days)
        assert (accepted is not None) == held.keys().isdisjoint(days)
        if accepted is None:
            continue
        if relieved:
            await _relieved(tasks, accepted, FIRST + timedelta(days=first))
            days = range(first, first + 1)
        held |= dict.fromkeys(days, str(number))

    async with tasks.work() as session:
        for day in range(HORIZON):
            on = FIRST + timedelta(days=day)
            found = await holders.holder_of(session, f"{code}.principal", on=on)
            assert (found.name if found else None) == held.get(day)


async def _appointed(tasks: Stage, post: str, name: str, days: range) -> Holding | None:
    stated = Appointment(
        name=name,
        effective_from=FIRST + timedelta(days=days[0]),
        effective_to=None if days[-1] == HORIZON - 1 else FIRST + timedelta(days=days[-1]),
    )
    try:
        async with tasks.work(CITY_OFFICE) as session:
            return await appointing.appoint(
                session, post_code=post, stated=stated, by=CITY_OFFICE, now=NOON
            )
    except PostOccupied:
        return None


async def _relieved(tasks: Stage, held: Holding, last_day: date) -> None:
    async with tasks.work(CITY_OFFICE) as session:
        await appointing.relieve(
            session,
            holding_id=held.id,
            last_day=last_day,
            document=None,
            by=CITY_OFFICE,
            now=NOON,
        )
