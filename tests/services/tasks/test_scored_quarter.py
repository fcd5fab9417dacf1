"""A quarter is played, ranked, and every point of the ranking is traced back to what happened."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from contracts.tasks_scoring import RankingPublished
from kernel.calendar import Cadence
from kernel.ids import uuid7
from reference.terms import Grade
from services.tasks.accidents.tables import Accident
from services.tasks.dispatches.tables import Dispatch
from services.tasks.indicators.domain import period_of
from services.tasks.obligations.tables import Obligation
from services.tasks.rankings.tables import Ranking
from services.tasks.scores import operations_runs
from services.tasks.scores.tables import ScoreLine, ScoreRun
from tests.services.stage import Stage
from tests.services.tasks import hotline, scoring
from tests.services.tasks.hotline import HOUSING_UNIT, at
from tests.services.tasks.scoring import (
    AFTER,
    CHANGNING,
    LEIYANG,
    MAYOR,
    OFFICE,
    PARK,
    QUARTER,
    county_leader,
    standing,
)
from tests.services.tasks.story import reported

BEGAN = at(4, 3, 9)
NOTE = {"note": "已落实。"}
ACCIDENT = uuid7()


@pytest.fixture
async def played(tasks: Stage) -> Stage:
    """From 3 April on: an accident and what it asks, hotline orders, and every deadline."""
    await scoring.founded(tasks)
    tasks.now = BEGAN
    async with tasks.work() as session:
        operations_runs.schedule(session, now=BEGAN)
    when = at(4, 20, 9)
    told = {"happened_at": when, "received_at": when, "occurred_at": when}
    await tasks.hear(reported(accident_id=ACCIDENT, region_code=LEIYANG, relays=(), **told))
    await _duties_done(tasks, when)
    await _orders_answered(tasks)
    await _play_until(tasks, AFTER)
    return tasks


async def _duties_done(tasks: Stage, when: datetime) -> None:
    """The government hands one duty in early and has it accepted; nothing else is done."""
    rows = await tasks.rows(Obligation, origin=ACCIDENT, unit=f"{LEIYANG}.government")
    first = min((row for row in rows if row.duty.startswith("2023/")), key=lambda row: row.duty)
    tasks.now = when + timedelta(days=2)
    leader = county_leader(LEIYANG)
    handed_in = await tasks.as_(leader).post(f"/tasks/obligations/{first.id}/evidence", json=NOTE)
    accepted = await tasks.as_(OFFICE).post(f"/tasks/obligations/{first.id}/accept", json={})
    assert (handed_in.status_code, accepted.status_code) == (201, 200)


async def _orders_answered(tasks: Stage) -> None:
    """One order is answered in time, one is not answered at all."""
    tasks.now = at(6, 5, 10)
    order = await hotline.taken(tasks)
    await hotline.sent(tasks, order)
    await hotline.answered(tasks, order)
    forgotten = await hotline.taken(tasks, matter="wages")
    await hotline.sent(tasks, forgotten)


async def _play_until(tasks: Stage, end: datetime) -> None:
    while tasks.now < end:
        tasks.now = min(end, tasks.now + timedelta(days=3))
        await tasks.fire_until(tasks.now)


async def published(tasks: Stage) -> dict[str, Any]:
    drafts = await tasks.rows(
        Ranking, group_code="counties", cadence="quarter", first=QUARTER.first, status="draft"
    )
    answer = await tasks.as_(MAYOR).post(f"/tasks/rankings/{drafts[0].id}/publish")
    assert answer.status_code == 200, answer.text
    read = await tasks.as_(OFFICE).get(f"/tasks/rankings/{drafts[0].id}")
    found: dict[str, Any] = read.json()
    return found


async def test_every_point_of_the_ranking_is_traced_back_to_rows(played: Stage) -> None:
    ranking = await published(played)

    for row in ranking["rows"]:
        lines = (await standing(played, row["subject"])).values()
        assert Decimal(row["score"] or 0) == _by_hand(lines)
        assert (row["score"] is None) is not any(line.weight for line in lines)
        for line in lines:
            _redone(line)
            assert (line.numerator, line.denominator) == await _counted(played, line), (
                line.indicator
            )
    ours = next(row for row in ranking["rows"] if row["subject"] == f"{LEIYANG}.government")
    assert ours["rank"] == 1  # nobody else had anything to do
    assert Decimal(ours["taken_off"]) <= Decimal("-10.00")  # a larger accident, and what is overdue
    assert ranking["unmeasured"] == 11
    assert [one["number"] for one in await played.told(RankingPublished)] == [1]


def _by_hand(lines: Any) -> Decimal:
    """The score again: what was earned of what was measured, and what is taken off."""
    held = list(lines)
    weight = sum((line.weight for line in held if line.weight), start=Decimal(0))
    earned = sum((line.points for line in held if line.weight), start=Decimal(0))
    off = sum(
        (line.points for line in held if line.weight is None and line.points is not None),
        start=Decimal(0),
    )
    return (earned / weight).quantize(Decimal("0.01")) + off if weight else Decimal(0)


def _redone(line: ScoreLine) -> None:
    """Every step of the arithmetic is true, and the last is the points."""
    if line.points is None:
        assert line.arithmetic.endswith("÷ 0 = —")
        return
    steps = re.findall(r"(-?[\d.]+) × (-?[\d.]+) = (-?[\d.]+)", line.arithmetic)
    for left, right, product in steps:
        assert (Decimal(left) * Decimal(right)).quantize(Decimal("0.01")) == Decimal(product)
    assert line.arithmetic.endswith(f"= {line.points}")


async def _counted(played: Stage, line: ScoreLine) -> tuple[int, int]:
    """The figure counted from the rows by what the line's evidence says."""
    said = line.evidence
    place, figure = said["counted_by"], said["figure"]
    after, until = (datetime.fromisoformat(said[name]) for name in ("after", "until"))
    as_of = datetime.fromisoformat(said["as_of"])
    assert (after, until) == (QUARTER.begins_at, QUARTER.ends_at)
    if figure == "orders_in_time":
        parts = [
            part
            for part in await played.rows(Dispatch)
            if part.unit.startswith(place) and after < part.due_at <= until
        ]
        good = [one for one in parts if one.answered_at and one.answered_at < one.due_at]
        assert {str(one.id) for one in parts if one not in good} == set(said["costly"])
        return len(good), len(parts)
    if figure.startswith("obligations_"):
        rows = [
            row
            for row in await played.rows(Obligation, region_code=place)
            if row.unit
            and row.status not in {"superseded", "excused"}
            and after < row.due_at <= until
            and (row.closed_at or not row.stopped_at)
        ]
        late = [row for row in rows if row.overdue_at and row.overdue_at <= as_of]
        if figure == "obligations_returned":
            return 0, 0
        assert {str(one.id) for one in late} >= set(said["costly"])
        if figure == "obligations_overdue":
            return len(late), len(late)
        good_ones = [row for row in rows if row.closed_at and not row.overdue_at]
        return len(good_ones), len(good_ones) + len(late)
    known = {row.accident_id for row in await played.rows(Accident, region_code=place)}
    assert set(map(UUID, said["costly"])) <= known
    return line.numerator, line.denominator


async def test_what_happened_is_what_the_lines_say_and_each_rhythm_ran_once(played: Stage) -> None:
    ours = await standing(played, f"{LEIYANG}.government")
    accident, fewer, orders = (
        ours[name] for name in ("accidents_larger", "accidents_fewer", "orders_in_time")
    )

    assert accident.arithmetic == "1 × -10.00 = -10.00"
    assert accident.evidence["costly"] == [str(ACCIDENT)]
    for place in (CHANGNING, PARK):
        other = (await standing(played, f"{place}.government"))["accidents_larger"]
        assert (other.numerator, other.points) == (0, Decimal("0.00"))
    # The base of the year before is zero: nothing is measured, and that is no hundred per cent.
    assert (fewer.numerator, fewer.denominator, fewer.value) == (1, 0, None)
    assert (fewer.points, fewer.arithmetic) == (None, "(0 − 1) ÷ 0 = —")
    assert orders.arithmetic == "1 ÷ 2 = 50.00 %; 50.00 × 0.30 = 15.00"
    [forgotten] = scoring.uuids(orders.evidence["costly"])
    [part] = await played.rows(Dispatch, id=forgotten)
    assert (part.unit, part.answered_at) == (HOUSING_UNIT, None)
    await _each_rhythm_ran_once(played)


async def _each_rhythm_ran_once(played: Stage) -> None:
    runs = await played.rows(ScoreRun)
    counts = {
        cadence: sum(run.cadence == cadence for run in runs)
        for cadence in ("week", "half_month", "month", "quarter", "year")
    }
    assert all(run.status == "done" for run in runs)
    assert counts == {"week": 13, "half_month": 6, "month": 3, "quarter": 1, "year": 0}
    months = {run.first for run in runs if run.cadence == "month"}
    assert months == {at(month, 1).date() for month in (4, 5, 6)}
    assert all(run.as_of >= run.period.ends_at for run in runs)


async def test_the_year_is_counted_again_when_december_is_over(tasks: Stage) -> None:
    await scoring.founded(tasks)
    tasks.now = at(11, 20)
    async with tasks.work() as session:
        operations_runs.schedule(session, now=tasks.now)
    await _play_until(tasks, at(12, 6))
    when = at(12, 10)
    told = {"happened_at": when, "received_at": when, "occurred_at": when, "relays": ()}
    await tasks.hear(reported(accident_id=ACCIDENT, grade=Grade.MAJOR, **told))
    before = await _major(tasks)

    await _play_until(tasks, at(1, 4, year=2024))

    assert (before, await _major(tasks)) == (Decimal("0.00"), Decimal("-40.00"))


async def _major(tasks: Stage) -> Decimal | None:
    year = period_of(at(6, 1).date(), Cadence.YEAR)
    return (await standing(tasks, f"{LEIYANG}.government", year))["accidents_major"].points
