"""The grade of an accident: every bound from both sides, the real cases, the missing."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import national
from reference.packs import NothingInForce
from reference.terms import Grade
from services.incidents.accidents import rules
from services.incidents.accidents.rules import Figures, Measure, grade

DAY = date(2023, 6, 1)
GENERAL, LARGER, MAJOR, EXTRAORDINARY = Grade
OFFICIAL = {"一般": GENERAL, "较大": LARGER, "重大": MAJOR, "特别重大": EXTRAORDINARY}
ACCIDENTS = Path(__file__).parents[4] / "shared" / "domain" / "accidents.csv"

BOUNDS = [
    (0, 0, "0", GENERAL),
    (2, 9, "999.99", GENERAL),
    (3, 0, "0", LARGER),
    (9, 49, "4999.99", LARGER),
    (10, 0, "0", MAJOR),
    (29, 99, "9999.99", MAJOR),
    (30, 0, "0", EXTRAORDINARY),
    (0, 10, "0", LARGER),
    (0, 50, "0", MAJOR),
    (0, 100, "0", EXTRAORDINARY),
    (0, 0, "1000", LARGER),
    (0, 0, "5000", MAJOR),
    (0, 0, "10000", EXTRAORDINARY),
    (1, 12, "300", LARGER),
    (2, 9, "1000", LARGER),
]

REAL = [
    # deaths, of them missing, injured, seriously injured, loss, grade
    ("a self-built house collapses, 54 dead", 54, 0, 9, 0, "9077.86", EXTRAORDINARY),
    ("a hospital burns, 6 dead", 6, 0, 8, 0, "779.5", LARGER),
    ("a coal mine floods, 5 found and 8 never", 13, 8, 0, 0, "3484.03", MAJOR),
    ("a tanker explodes, 175 injured but 24 seriously", 20, 0, 175, 24, "9477.815", MAJOR),
    ("29 dead stay below the highest grade", 29, 0, 42, 0, "5794", MAJOR),
    ("a fall from height", 1, 0, 1, 0, "24", GENERAL),
    ("a roof fall that was concealed", 8, 0, 0, 0, None, LARGER),
]


@pytest.mark.parametrize(("deaths", "serious", "loss", "expected"), BOUNDS)
def test_each_bound_counts_as_inside_its_grade(
    deaths: int, serious: int, loss: str, expected: Grade
) -> None:
    figures = Figures(deaths=deaths, serious_injuries=serious, direct_loss_wan=Decimal(loss))

    assert grade(figures, on=DAY).grade is expected


@pytest.mark.parametrize(
    ("deaths", "missing", "injured", "serious", "loss", "expected"),
    [row[1:] for row in REAL],
    ids=[row[0] for row in REAL],
)
def test_real_accidents_have_their_official_grade(
    deaths: int, missing: int, injured: int, serious: int, loss: str | None, expected: Grade
) -> None:
    figures = Figures(
        deaths=deaths - missing,
        missing=missing,
        missing_presumed_dead=True,
        serious_injuries=serious,
        minor_injuries=injured - serious if injured else 0,
        direct_loss_wan=Decimal(loss) if loss else None,
    )

    assert grade(figures, on=DAY).grade is expected


def table() -> Iterator[dict[str, str]]:
    if ACCIDENTS.exists():
        with ACCIDENTS.open(encoding="utf-8") as rows:
            yield from csv.DictReader(rows)


@pytest.mark.parametrize("row", list(table()), ids=lambda row: row["id"])
def test_every_row_of_the_accident_table_has_its_official_grade(row: dict[str, str]) -> None:
    missing = int(row["missing_counted"] or 0)
    figures = Figures(
        deaths=int(row["deaths"]) - missing,
        missing=missing,
        missing_presumed_dead=True,
        serious_injuries=int(row["serious_injured"] or 0),
        minor_injuries=int(row["injured_total"] or 0) - int(row["serious_injured"] or 0),
        direct_loss_wan=Decimal(row["loss_wan"]) if row["loss_wan"] else None,
    )

    assert (
        grade(figures, on=max(date.fromisoformat(row["date"]), date(2007, 6, 1))).grade
        is (OFFICIAL[row["official_grade"]])
    )


def test_the_missing_count_once_they_are_presumed_dead() -> None:
    searched = grade(Figures(deaths=5, missing=8), on=DAY)
    presumed = grade(Figures(deaths=5, missing=8, missing_presumed_dead=True), on=DAY)

    assert (searched.grade, searched.estimated_grade) == (LARGER, MAJOR)
    assert (presumed.grade, presumed.estimated_grade) == (MAJOR, MAJOR)
    assert (presumed.measure, presumed.value, presumed.threshold) == (Measure.DEATHS, 13, 10)


def test_a_verdict_names_the_figure_that_decided() -> None:
    by_loss = grade(Figures(deaths=1, direct_loss_wan=Decimal(1000)), on=DAY)
    by_injuries = grade(Figures(serious_injuries=50, direct_loss_wan=Decimal(999)), on=DAY)
    by_nothing = grade(Figures(deaths=2), on=DAY)

    assert (by_loss.measure, by_loss.value) == (Measure.DIRECT_LOSS, Decimal(1000))
    assert (by_injuries.measure, by_injuries.threshold) == (Measure.SERIOUS_INJURIES, 50)
    assert (by_nothing.measure, by_nothing.value, by_nothing.threshold) == (
        Measure.NONE,
        None,
        None,
    )
    assert by_nothing.row.rule == "decree-493 3@2007-06-01"


def test_people_slightly_hurt_or_evacuated_never_move_the_grade() -> None:
    crowd = Figures(minor_injuries=5000, trapped=400, evacuated=90000)

    assert grade(crowd, on=DAY).grade is GENERAL


def test_forest_fires_have_a_scale_without_loss() -> None:
    burnt = Figures(deaths=2, direct_loss_wan=Decimal(20000))

    assert rules.scale_of("forest_fire") == rules.FOREST_FIRE
    assert rules.scale_of("fire") == rules.WORK_SAFETY
    assert grade(burnt, on=DAY, scale=rules.FOREST_FIRE).grade is GENERAL
    assert grade(burnt, on=DAY).grade is EXTRAORDINARY


def test_a_day_before_the_decree_has_no_grade() -> None:
    with pytest.raises(NothingInForce):
        grade(Figures(deaths=3), on=date(2007, 5, 31))


# Which grade each figure alone gives, in the words of the decree and not of the data pack.
def grade_by_decree(deaths: int, serious: int, loss: Decimal) -> Grade:
    if deaths >= 30 or serious >= 100 or loss >= 10000:
        return EXTRAORDINARY
    if deaths >= 10 or serious >= 50 or loss >= 5000:
        return MAJOR
    if deaths >= 3 or serious >= 10 or loss >= 1000:
        return LARGER
    return GENERAL


NEAR_DEATHS = st.sampled_from([0, 1, 2, 3, 4, 9, 10, 11, 29, 30, 31, 200])
NEAR_INJURIES = st.sampled_from([0, 9, 10, 11, 49, 50, 51, 99, 100, 101, 5000])
NEAR_LOSS = st.sampled_from([0, 1000, 5000, 10000]).flatmap(
    lambda bound: st.decimals(
        min_value=max(bound - 1, 0), max_value=bound + 1, places=4, allow_nan=False
    )
)


@given(NEAR_DEATHS, NEAR_INJURIES, NEAR_LOSS)
def test_any_figures_near_any_bounds_are_graded_as_the_decree_says(
    deaths: int, serious: int, loss: Decimal
) -> None:
    figures = Figures(deaths=deaths, serious_injuries=serious, direct_loss_wan=loss)

    assert grade(figures, on=DAY).grade is grade_by_decree(deaths, serious, loss)


@given(
    st.builds(
        Figures,
        deaths=st.integers(0, 40),
        missing=st.integers(0, 40),
        serious_injuries=st.integers(0, 120),
        missing_presumed_dead=st.booleans(),
        direct_loss_wan=st.none() | st.decimals(0, 20000, places=2),
    )
)
def test_the_estimate_is_never_milder_than_the_grade(figures: Figures) -> None:
    verdict = grade(figures, on=DAY)

    assert verdict.estimated_grade.at_least(verdict.grade)


@pytest.mark.parametrize("figure", ["deaths", "serious_injuries", "direct_loss_wan"])
@pytest.mark.parametrize("code", [LARGER, MAJOR, EXTRAORDINARY])
def test_a_bound_moved_by_one_is_noticed(
    monkeypatch: pytest.MonkeyPatch, figure: str, code: Grade
) -> None:
    """The planted bug: with any bound one higher, the vectors above must fail."""
    moved = [
        row.model_copy(update={figure: getattr(row, figure) + 1})
        if row.scale == rules.WORK_SAFETY and row.code is code
        else row
        for row in national.GRADES
    ]

    class Moved:
        def at(self, day: date) -> list[object]:
            return list(moved)

    monkeypatch.setattr(national, "GRADES", Moved())
    wrong = [
        bound
        for *bound, expected in BOUNDS
        if grade(
            Figures(
                deaths=int(bound[0]),
                serious_injuries=int(bound[1]),
                direct_loss_wan=Decimal(str(bound[2])),
            ),
            on=DAY,
        ).grade
        is not expected
    ]

    assert wrong
