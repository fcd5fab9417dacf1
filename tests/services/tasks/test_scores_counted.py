"""What the statements count is what a counter that looks at every row counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from kernel.calendar import Cadence
from reference import scoring as pack
from reference.terms import Figure, FindingStatus, Grade
from services.tasks.accidents.tables import Accident, AccidentFinding
from services.tasks.evidence.tables import Evidence
from services.tasks.indicators import queries
from services.tasks.indicators.domain import NOTHING, Period, Subject, period_of
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.scores import queries as ledger
from services.tasks.scores.domain import total
from services.tasks.scores.tables import ScoreLine
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import (
    CHANGNING,
    LEIYANG,
    OFFICE,
    PARK,
    QUARTER,
    computed,
    duty,
)

PLACES = (LEIYANG, CHANGNING, PARK)
AS_OF = at(6, 20)
YEAR = period_of(at(6, 1).date(), Cadence.YEAR)


def instants(chance: Random) -> datetime:
    """Around the bounds of the quarter and of what is due by now, and anywhere near."""
    bounds = (QUARTER.begins_at, QUARTER.ends_at, AS_OF, YEAR.begins_at, YEAR.ends_at)
    near = chance.choice((*bounds, at(5, 15)))
    return near + timedelta(seconds=chance.choice((-86400, -1, 0, 1, 86400, 3_000_000)))


def duties(chance: Random) -> Sequence[Obligation]:
    rows = []
    for _ in range(120):
        unit = f"{chance.choice(PLACES)}.{chance.choice(('government', 'emergency'))}"
        due = instants(chance)
        closed = chance.choice((None, due - timedelta(hours=1), due + timedelta(days=3)))
        overdue = chance.choice((None, None, due, due + timedelta(days=40)))
        nobodys = (Status.SUPERSEDED, Status.EXCUSED)
        status = chance.choice((None, None, None, *nobodys, Status.SUBMITTED))
        stopped = chance.choice((None, None, None, due))
        row = duty(unit, due=due, closed=closed, overdue=overdue, status=status)
        row.stopped_at = stopped
        rows.append(row)
    return rows


def in_time(rows: Sequence[Obligation], place: str) -> tuple[int, int, list[str]]:
    """The rule in words, row by row."""
    good, late = 0, []
    for row in rows:
        nobodys = row.status in {Status.SUPERSEDED, Status.EXCUSED}
        if row.region_code != place or nobodys or (row.stopped_at and not row.closed_at):
            continue
        if not (QUARTER.begins_at < row.due_at <= min(QUARTER.ends_at, AS_OF)):
            continue
        if row.overdue_at is not None and row.overdue_at <= AS_OF:
            late.append(row.id)
        elif row.overdue_at is None and row.closed_at is not None and row.closed_at <= AS_OF:
            good += 1
    return good, good + len(late), [str(one) for one in sorted(late)]


def subjects() -> list[Subject]:
    return [
        Subject(group="counties", unit=f"{place}.government", region_code=place, territory=True)
        for place in PLACES
    ]


def indicator(figure: Figure):  # type: ignore[no-untyped-def]
    rows = pack.indicators("counties", Cadence.YEAR, on=QUARTER.last)
    return next(row for row in rows if row.figure is figure)


@pytest.mark.parametrize("seed", range(6))
async def test_duties_are_counted_as_row_by_row(tasks: Stage, seed: int) -> None:
    rows = duties(Random(seed))
    expected = {place: in_time(rows, place) for place in PLACES}
    await scoring.stored(tasks, rows)

    async with tasks.work() as session:
        asked = {"subjects": subjects(), "period": QUARTER, "as_of": AS_OF}
        found = await queries.counted(session, indicator(Figure.OBLIGATIONS_IN_TIME), **asked)
        late = await queries.counted(session, indicator(Figure.OBLIGATIONS_OVERDUE), **asked)

    for place, (good, whole, costly) in expected.items():
        count = found[place]
        assert (count.numerator, count.denominator) == (good, whole)
        assert [str(one) for one in count.costly] == costly[:20]
        assert late.get(place, NOTHING).numerator == len(costly)


def accidents(chance: Random) -> Sequence[Accident]:
    rows = []
    for _ in range(60):
        when = instants(chance)
        rows.append(
            Accident(
                accident_id=scoring.uuid7(),
                region_code=chance.choice(PLACES),
                happened_at=when,
                received_at=when,
                grade=chance.choice(list(Grade)),
                investigating_unit="x",
                merged_into=chance.choice((None, None, None, scoring.uuid7())),
                struck_off_at=chance.choice((None, None, None, when)),
                left_out=chance.choice((False, False, False, True)),
            )
        )
    return rows


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("period", [QUARTER, YEAR], ids=["quarter", "year"])
async def test_accidents_are_counted_as_one_by_one(tasks: Stage, seed: int, period: Period) -> None:
    rows = accidents(Random(seed))
    grades = indicator(Figure.ACCIDENTS).grades

    def counts(row: Accident) -> bool:
        if row.merged_into or row.struck_off_at or row.left_out or row.grade not in grades:
            return False
        return period.begins_at <= row.happened_at < period.ends_at

    expected = {
        place: sorted(row.accident_id for row in rows if row.region_code == place and counts(row))
        for place in PLACES
    }
    await scoring.stored(tasks, rows)

    async with tasks.work() as session:
        asked = {"subjects": subjects(), "period": period, "as_of": AS_OF}
        found = await queries.counted(session, indicator(Figure.ACCIDENTS), **asked)

    got = {place: found[place].numerator if place in found else 0 for place in PLACES}
    assert got == {place: len(ids) for place, ids in expected.items()}
    for place, ids in expected.items():
        assert not ids or list(found[place].costly) == ids[:20]


async def test_a_major_accident_of_december_counts_in_its_own_year(tasks: Stage) -> None:
    async def counted(year: int) -> dict[str, int]:
        period = period_of(at(6, 1, year=year).date(), Cadence.YEAR)
        row = next(
            one
            for one in pack.indicators("counties", Cadence.YEAR, on=period.last)
            if one.code == "accidents_major"
        )
        async with tasks.work() as session:
            found = await queries.counted(
                session, row, subjects=subjects(), period=period, as_of=at(2, 1, year=2025)
            )
        return {place: count.numerator for place, count in found.items()}

    when = at(12, 5)
    row = Accident(
        accident_id=scoring.uuid7(),
        region_code=LEIYANG,
        happened_at=when,
        received_at=when,
        grade="major",
        investigating_unit="x",
    )
    await scoring.stored(tasks, [row])

    assert (await counted(2023), await counted(2024)) == ({LEIYANG: 1}, {})


async def test_concealments_count_where_and_when_they_were_confirmed(tasks: Stage) -> None:
    when = at(3, 1)
    row = Accident(
        accident_id=scoring.uuid7(),
        region_code=PARK,
        happened_at=when,
        received_at=when,
        grade="larger",
        investigating_unit="x",
    )
    await scoring.stored(tasks, [row])
    for kind, status in (
        ("concealed", FindingStatus.CONFIRMED),
        ("false", FindingStatus.PRELIMINARY),
        ("late", FindingStatus.CONFIRMED),
    ):
        finding = AccidentFinding(
            finding_id=scoring.uuid7(),
            accident_id=row.accident_id,
            kind=kind,
            status=status,
            stated_at=at(6, 1),
        )
        await scoring.stored(tasks, [finding])

    async with tasks.work() as session:
        asked = {"subjects": subjects(), "period": QUARTER, "as_of": AS_OF}
        found = await queries.counted(session, indicator(Figure.CONCEALMENTS), **asked)

    assert {place: list(one.costly) for place, one in found.items()} == {PARK: [row.accident_id]}


async def test_returned_evidence_counts_each_time(tasks: Stage) -> None:
    row = duty(f"{LEIYANG}.emergency", due=at(9, 1))
    excused = duty(f"{CHANGNING}.emergency", due=at(9, 1), status=Status.EXCUSED)
    await scoring.stored(tasks, [row, excused])
    reviews = [(at(4, 1), "returned"), (at(5, 1), "returned"), (at(5, 2), "accepted")]
    evidence = [
        Evidence(
            id=scoring.uuid7(),
            obligation_id=of.id,
            region_code=of.region_code,
            subject=of.subject,
            state=verdict,
            note="x",
            submitted_by="x",
            submitted_at=when,
            verdict=verdict,
            reviewed_at=when,
        )
        for of in (row, excused)
        for when, verdict in [*reviews, (at(3, 31, 23), "returned"), (at(7, 1), "returned")]
    ]
    await scoring.stored(tasks, evidence)

    async with tasks.work() as session:
        asked = {"subjects": subjects(), "period": QUARTER, "as_of": AS_OF}
        found = await queries.counted(session, indicator(Figure.OBLIGATIONS_RETURNED), **asked)

    assert {place: count.numerator for place, count in found.items()} == {LEIYANG: 2}


async def test_sums_stay_those_of_the_lines_however_often_rows_change(tasks: Stage) -> None:
    await scoring.founded(tasks)
    for seed in range(4):
        await scoring.stored(tasks, duties(Random(100 + seed)))
        await computed(tasks, now=AS_OF + timedelta(days=seed))

    lines = await tasks.rows(ScoreLine, group_code="counties")
    async with tasks.work() as session:
        rolled = await ledger.sums(session, group="counties", period=QUARTER)
        counted = await ledger.recounted(session, group="counties", period=QUARTER)
        reversals = await session.scalar(
            select(func.count()).select_from(ScoreLine).where(ScoreLine.sign < 0)
        )

    by_hand = {unit: total(line for line in lines if line.subject == unit) for unit in rolled}
    assert rolled == counted == by_hand
    assert reversals
    assert (await tasks.as_(OFFICE).get("/tasks/scores/lines?limit=3")).status_code == 200
