"""A quarter is played, and an independent counter of what was done says what every ranking says.

The play keeps a log of what people did; the counter knows the log and the city's rows, and
nothing of the service. Every row of every published ranking is traced to what was done.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from kernel import calendar
from services.tasks.rankings.schemas import RankingDetail, RankingRowView
from services.tasks.scores.tables import ScoreLine
from tests.services.stage import Stage
from tests.services.tasks import quarterstory
from tests.services.tasks.hotline import at
from tests.services.tasks.quartercount import Line, Row, days_of, periods, ranking
from tests.services.tasks.quarterplan import BEGINS, CHANGNING, ENDS, SHIGU, meant
from tests.services.tasks.quarterplay import SETTLED, Play, Published
from tests.services.tasks.scoring import OFFICE
from tests.services.tasks.story import CITY

pytestmark = pytest.mark.xdist_group("quarter")  # it is played once a worker

SEED = 1
CORRECTED = (
    (date(2023, 4, 1), "month"),
    (date(2023, 5, 1), "month"),
    (date(2023, 6, 1), "quarter"),
)
"""What is computed once more when all is over, and corrected."""
_PLAYED: dict[int, Play] = {}


async def _fill(tasks: Stage) -> None:
    play = _PLAYED[SEED] = await quarterstory.played(tasks, SEED)
    for day, cadence in CORRECTED:
        await play.corrected(day, cadence)


async def played(tasks: Stage) -> Play:
    """The quarter as it was played: once, and put back for whoever asks for it again."""
    await tasks.begin_with(_fill)
    play = _PLAYED[SEED]
    play.tasks, tasks.now = tasks, ENDS
    return play


async def test_every_row_of_every_ranking_is_what_a_counter_of_the_log_says(tasks: Stage) -> None:
    play = await played(tasks)

    for one in play.published:
        shown = await same_rows(play, one)
        before = await _before(play, one)
        for row in shown.rows:
            assert (row.rank_before, row.score_before) == before.get(row.subject, (None, None))
    assert _numbers(play) == {number + 1 for number in range(14)}


async def same_rows(play: Play, one: Published) -> RankingDetail:
    """Every row of a ranking is what the counter says."""
    shown = await play.ranking(one)
    wanted = ranking(play.log, one.group, one.days, one.at)
    assert len(shown.rows) == len(wanted)
    for row, said in zip(shown.rows, wanted, strict=True):
        assert _row(row) == _said(said), (one.group, one.days, said)
    return shown


def _row(row: RankingRowView) -> tuple[Any, ...]:
    score = None if row.score is None else Fraction(row.score)
    return row.subject, row.place, row.rank, row.tied, score


def _said(row: Row) -> tuple[Any, ...]:
    return row.unit, row.place, row.rank, row.tied, row.score


async def _before(play: Play, one: Published) -> Mapping[str, Any]:
    """How units stood in what was published last of the period before."""
    before = days_of(date.fromordinal(one.days.first.toordinal() - 1), one.days.cadence)
    earlier = play.published[: play.published.index(one)]
    known = [other for other in earlier if (other.group, other.days) == (one.group, before)]
    shown = await play.ranking(known[-1]) if known else None
    return {row.subject: (row.rank, row.score) for row in shown.rows} if shown else {}


def _numbers(play: Play) -> set[int]:
    """The running numbers of the weekly rankings of the counties."""
    weekly = [one for one in play.published if one.days.cadence == "week"]
    return {one.number for one in weekly if one.group == "counties"}


async def test_every_line_names_what_cost_its_points_and_can_be_redone(tasks: Stage) -> None:
    play = await played(tasks)

    for one in play.published:
        await same_lines(play, one)


async def same_lines(play: Play, one: Published) -> None:
    """Every line below a ranking is what the counter says, and none is more."""
    lines = dict(await _standing(play, one))
    for row in ranking(play.log, one.group, one.days, one.at):
        for name, said in row.lines.items():
            _same_line(lines.pop((row.unit, name)), said)
    assert not lines


async def _standing(play: Play, one: Published) -> Mapping[tuple[str, str], ScoreLine]:
    """The lines of a group in a period that held when it was computed."""
    first, cadence = one.days.first, one.days.cadence
    rows = await play.tasks.rows(ScoreLine, group_code=one.group, cadence=cadence, first=first)
    held: dict[tuple[str, str], ScoreLine] = {}
    for row in sorted(rows, key=lambda row: row.sequence):
        if row.written_at <= one.at:
            held[row.subject, row.indicator] = row
    return {key: row for key, row in held.items() if row.sign > 0}


def _same_line(line: ScoreLine, said: Line) -> None:
    """Everything that a line says is what the counter says."""
    figure = said.figure
    counted = (line.numerator, line.denominator, _exact(line.points), _exact(line.weight))
    assert counted == (figure.numerator, figure.denominator, said.points, said.weight), _of(line)
    assert tuple(map(UUID, line.evidence["costly"])) == figure.costly, _of(line)
    assert line.evidence["digest"] == figure.digest, _of(line)
    _redone(line)


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _of(line: ScoreLine) -> tuple[str, ...]:
    return line.subject, line.indicator, line.cadence, line.first.isoformat()


def _redone(line: ScoreLine) -> None:
    """Every step of the arithmetic is true, and the last is the points."""
    if line.points is None:
        assert line.arithmetic.endswith("÷ 0 = —")
        return
    for left, right, end in re.findall(r"(-?[\d.]+) × (-?[\d.]+) = (-?[\d.]+)", line.arithmetic):
        assert round(Decimal(left) * Decimal(right) - Decimal(end), 2) == 0
    assert line.arithmetic.endswith(f"= {line.points}")


async def test_every_obligation_stands_as_the_log_says(tasks: Stage) -> None:
    play = await played(tasks)
    rows = await _listed(play)

    for one in play.log.owed:
        row, stood = rows[str(one.id)], one.stood(ENDS)
        closed = row["closed_at"] is not None and not (stood.gone or stood.released)
        said = (one.unit, stood.due_at, stood.late_at is not None, stood.closed_at is not None)
        due_at = datetime.fromisoformat(row["due_at"])
        late = row["overdue_at"] is not None
        assert (row["unit"], due_at, late, closed) == said, (one, row)
        assert stood.gone == (row["status"] in {"superseded", "excused"})
        assert stood.released == (row["status"] == "released")


async def _listed(play: Play) -> Mapping[str, Any]:
    query: dict[str, Any] = {"limit": 200}
    found: dict[str, Any] = {}
    while True:
        page = await play.read("/tasks/obligations", **query)
        found |= {row["id"]: row for row in page["items"]}
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


async def test_computed_again_it_is_the_same_to_the_bit(tasks: Stage) -> None:
    play = await played(tasks)
    query = {"group": "counties", "cadence": "quarter", "day": "2023-06-01"}

    first = await play.computed(date(2023, 6, 1), "quarter")
    again = await play.computed(date(2023, 6, 1), "quarter")
    await play.post(OFFICE, "scores/recounts")
    rolled, counted = [
        await play.read("/tasks/scores/sums", **query, basis=basis)
        for basis in ("rolled_up", "recount")
    ]

    assert (first["added"], again["added"]) == (0, 0)
    assert first["digest"] == again["digest"]
    assert rolled == counted
    assert {row["subject"]: row["score"] for row in rolled} == {
        row.unit: None if row.score is None else f"{float(row.score):.2f}"
        for row in ranking(play.log, "counties", days_of(date(2023, 6, 1), "quarter"), ENDS)
    }


async def test_each_rhythm_ran_once_half_an_hour_after_its_period(tasks: Stage) -> None:
    play = await played(tasks)

    runs = (await play.read("/tasks/scores/runs", limit=200))["items"]

    ended = {(run["cadence"], run["first"], run["as_of"]) for run in runs}
    wanted = [
        (one.cadence, one.first.isoformat(), (one.ends + SETTLED).isoformat())
        for one in periods(BEGINS.date(), ENDS.date())
    ]
    counts = Counter(cadence for cadence, _, _ in wanted)
    assert counts == {"week": 14, "half_month": 7, "month": 4, "quarter": 2}
    assert set(wanted) <= ended
    assert len(runs) == len(wanted) + len(CORRECTED)
    assert all(run["status"] == "done" for run in runs)


async def test_a_quota_of_a_head_is_shared_by_days_and_the_score_stays_with_both(
    tasks: Stage,
) -> None:
    play = await played(tasks)
    terms = [quarterstory.FIRST_HEAD, quarterstory.SECOND_HEAD]
    quarter = days_of(date(2023, 6, 1), "quarter")
    quotas = [one for one in play.log.owed if one.duty == "2023/1.4" and one.last == quarter.last]
    assert len(quotas) == len(meant("county:party_committee"))

    for one in quotas:
        parts = await play.read(f"/tasks/obligations/{one.id}/holders")
        stood = one.stood(ENDS)
        acts = [p.on for p, state in stood.pieces.items() if state == "accepted"]
        until = calendar.day_of(stood.due_at - timedelta(seconds=1))  # some were given more time
        days, shares = _shares(one.least, quarter.first, until, terms)
        assert [part["days"] for part in parts] == days
        assert [part["owed"] for part in parts] == shares
        assert sum(part["counted"] for part in parts) == one.counted(stood) <= len(acts)

    unit = f"{CHANGNING}.government"
    listed = await play.read("/tasks/scores/lines", unit=unit, cadence="quarter", limit=1)
    read = await play.read(f"/tasks/scores/lines/{listed['items'][0]['id']}")
    heads = [row for row in read["holders"] if row["post"].endswith(".principal")]
    assert [row["since"] for row in heads] == [first.isoformat() for first, _ in terms]


def _shares(
    least: int, first: date, last: date, terms: Sequence[tuple[date, date | None]]
) -> tuple[list[int], list[int]]:
    """Days in the post and parts of a quota: of all ways to share it the one nearest by days."""
    every = range(first.toordinal(), last.toordinal() + 1)
    held = [
        sum(since.toordinal() <= day <= (until or last).toordinal() for day in every)
        for since, until in terms
    ]
    held.append(len(every) - sum(held))
    exact = [Fraction(least * days, len(every)) for days in held]
    ways = [way for way in product(range(least + 1), repeat=len(held)) if sum(way) == least]
    near = [sum(abs(a - b) ** 2 for a, b in zip(way, exact, strict=True)) for way in ways]
    return held, list(ways[near.index(min(near))])


async def test_who_crossed_a_threshold_is_carded_and_looked_at_again_when_a_grade_was_not_so(
    tasks: Stage,
) -> None:
    play = await played(tasks)

    listed = (await play.read("/tasks/cards"))["items"]

    assert {(row["unit"], row["kind"], row["status"]) for row in listed} == {
        (f"{CHANGNING}.government", "yellow", "in_effect"),
        (f"{SHIGU}.government", "veto", "proposed"),
        (f"{CITY}.government", "yellow", "proposed"),
        (f"{CITY}.emergency", "yellow", "proposed"),
    }
    [imposed] = [row for row in listed if row["status"] == "in_effect"]
    assert datetime.fromisoformat(imposed["review_since"]) == at(6, 5, 9)


async def test_the_play_has_everything_in_it(tasks: Stage) -> None:
    """What a counter agrees on says little where nothing happens."""
    play = await played(tasks)
    quarter = days_of(date(2023, 6, 1), "quarter")
    figures: dict[str, set[int]] = {}
    for group in ("counties", "parks", "departments", "townships"):
        rows = ranking(play.log, group, quarter, ENDS)
        assert len({row.score for row in rows}) > 2 or group == "parks"
        for row in rows:
            for name, line in row.lines.items():
                figures.setdefault(name, set()).add(line.figure.numerator)

    assert all(any(numbers) for numbers in figures.values())
    assert any(row.tied for row in ranking(play.log, "townships", quarter, ENDS))
    assert any(shown.unmeasured for shown in [await _newest(play)])


async def _newest(play: Play) -> RankingDetail:
    departments = [one for one in play.published if one.group == "departments"]
    return await play.ranking(departments[0])
