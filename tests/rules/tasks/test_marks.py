"""Figures become points in steps that anybody can redo, and of nothing there is no rate."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import Cadence
from reference import scoring
from reference.scorerows import Band, Indicator
from reference.terms import Figure, Formula, Grade
from services.tasks.indicators import rules
from services.tasks.indicators.domain import period_of

WINDOW = scoring.window(on=date(2023, 6, 1))
counts = st.integers(0, 10_000)


def indicator(formula: Formula, **changed: Any) -> Indicator:
    facts: dict[str, Any] = {
        "code": "x",
        "zh": "指标",
        "en": "indicator",
        "source": "platform scoring",
        "effective_from": date(2017, 1, 1),
        "figure": Figure.ACCIDENTS,
        "formula": formula,
        "groups": ("counties",),
    }
    return Indicator.model_validate(facts | changed)


RATE = indicator(Formula.RATE, weight="0.30")
EACH = indicator(Formula.COUNT, each="-0.50", floor="-10.00")
BANDS = indicator(
    Formula.BANDS,
    weight="0.10",
    bands=[
        {"least": "20", "marks": "100"},
        {"least": "0", "marks": "60"},
        {"least": None, "marks": "0"},
    ],
)


@pytest.mark.parametrize(
    ("row", "numerator", "denominator", "points", "arithmetic"),
    [
        (RATE, 12, 15, "24.00", "12 ÷ 15 = 80.00 %; 80.00 × 0.30 = 24.00"),
        (RATE, 1, 3, "10.00", "1 ÷ 3 = 33.33 %; 33.33 × 0.30 = 10.00"),
        (RATE, 2, 3, "20.00", "2 ÷ 3 = 66.67 %; 66.67 × 0.30 = 20.00"),
        (RATE, 0, 4, "0.00", "0 ÷ 4 = 0.00 %; 0.00 × 0.30 = 0.00"),
        (EACH, 0, 0, "0.00", "0 × -0.50 = 0.00"),
        (EACH, 3, 0, "-1.50", "3 × -0.50 = -1.50"),
        (EACH, 20, 0, "-10.00", "20 × -0.50 = -10.00"),
        (EACH, 21, 0, "-10.00", "21 × -0.50 = -10.50; max(-10.50, -10.00) = -10.00"),
        (BANDS, 8, 10, "10.00", "(10 − 8) ÷ 10 = 20.00 %; ≥ 20 %: 100.00; 100.00 × 0.10 = 10.00"),
        (BANDS, 9, 10, "6.00", "(10 − 9) ÷ 10 = 10.00 %; ≥ 0 %: 60.00; 60.00 × 0.10 = 6.00"),
        (BANDS, 10, 10, "6.00", "(10 − 10) ÷ 10 = 0.00 %; ≥ 0 %: 60.00; 60.00 × 0.10 = 6.00"),
        (BANDS, 11, 10, "0.00", "(10 − 11) ÷ 10 = -10.00 %; < 0 %: 0.00; 0.00 × 0.10 = 0.00"),
    ],
)
def test_points_come_with_their_arithmetic(
    row: Indicator, numerator: int, denominator: int, points: str, arithmetic: str
) -> None:
    marked = rules.marked(row, numerator=numerator, denominator=denominator)

    assert (str(marked.points), marked.arithmetic) == (points, arithmetic)


@pytest.mark.parametrize("row", [RATE, BANDS])
@given(numerator=counts)
def test_of_a_base_of_zero_nothing_is_measured(row: Indicator, numerator: int) -> None:
    marked = rules.marked(row, numerator=numerator, denominator=0)

    assert (marked.value, marked.points, marked.weight) == (None, None, None)
    assert marked.arithmetic.endswith("÷ 0 = —")
    assert rules.percent(numerator, 0) is None


@given(numerator=counts, denominator=counts)
def test_the_same_figures_give_the_same_bits(numerator: int, denominator: int) -> None:
    for row in (RATE, EACH, BANDS):
        first, again = (
            rules.marked(row, numerator=numerator, denominator=denominator) for _ in range(2)
        )
        assert repr(first) == repr(again)
        assert first.points is None or first.points.as_tuple().exponent == -2


@given(least=st.integers(-50, 50))
def test_a_bound_of_a_band_counts_as_inside(least: int) -> None:
    bands = (Band(least=Decimal(least), marks=Decimal(1)), Band(least=None, marks=Decimal(0)))

    assert rules.band_of(bands, Decimal(least)).marks == 1
    assert rules.band_of(bands, Decimal(least) - Decimal("0.01")).marks == 0


def test_a_half_is_rounded_away_from_zero() -> None:
    assert [str(rules.rounded(Decimal(n))) for n in ("0.005", "-0.005", "0.0049")] == [
        "0.01",
        "-0.01",
        "0.00",
    ]


def test_what_was_measured_makes_a_hundred_and_then_something_is_taken_off() -> None:
    def score(earned: str, weight: str, taken_off: str) -> Decimal | None:
        return rules.score(
            earned=Decimal(earned), weight=Decimal(weight), taken_off=Decimal(taken_off)
        )

    assert score("48.00", "0.60", "-1.50") == Decimal("78.50")
    assert score("90.00", "0.90", "0.00") == Decimal("100.00")
    assert score("0", "0", "-5.00") is None
    assert score("3.00", "0.60", "-5.00") == Decimal("0.00")
    assert score("3.00", "0.60", "-5.01") == Decimal("0.00")


@pytest.mark.parametrize(
    ("earned", "weight", "taken_off", "score", "steps"),
    [
        ("48.00", "0.60", "-1.50", "78.50", "48.00 ÷ 0.60 = 80.00; 80.00 + (-1.50) = 78.50"),
        (
            "3.00",
            "0.60",
            "-20.00",
            "0.00",
            "3.00 ÷ 0.60 = 5.00; 5.00 + (-20.00) = -15.00; max(-15.00, 0.00) = 0.00",
        ),
        # As it was published before there was a least score.
        ("3.00", "0.60", "-20.00", "-15.00", "3.00 ÷ 0.60 = 5.00; 5.00 + (-20.00) = -15.00"),
        ("0.00", "0.00", "-5.00", None, "0.00 ÷ 0.00 = —"),
    ],
)
def test_a_score_says_how_it_came_about(
    earned: str, weight: str, taken_off: str, score: str | None, steps: str
) -> None:
    sums = {"earned": earned, "weight": weight, "taken_off": taken_off}
    said = rules.score_steps(
        **{name: Decimal(one) for name, one in sums.items()},
        score=None if score is None else Decimal(score),
    )
    assert said == steps


@pytest.mark.parametrize(
    ("day", "year"), [("2022-11-30", 2022), ("2022-12-01", 2023), ("2023-11-30", 2023)]
)
def test_the_year_begins_with_december(day: str, year: int) -> None:
    on = date.fromisoformat(day)

    assert rules.year_of(on, window=WINDOW) == year
    assert rules.period_of(on, Cadence.YEAR, window=WINDOW) == (
        date(year - 1, 12, 1),
        date(year, 11, 30),
    )


@pytest.mark.parametrize(
    ("happened", "grade", "found", "year"),
    [
        ("2023-11-30", Grade.LARGER, None, 2023),
        ("2023-12-01", Grade.LARGER, None, 2024),
        ("2023-12-01", Grade.MAJOR, None, 2023),
        ("2023-12-31", Grade.EXTRAORDINARY, None, 2023),
        ("2024-01-01", Grade.MAJOR, None, 2024),
        ("2021-03-10", Grade.LARGER, "2024-03-10", 2024),
        ("2021-03-10", Grade.LARGER, "2024-03-11", 2021),
        ("2021-03-10", Grade.GENERAL, "2022-03-10", 2021),
        ("2021-03-10", Grade.LARGER, "2023-12-01", 2024),
    ],
)
def test_an_accident_counts_in_one_year(
    happened: str, grade: Grade, found: str | None, year: int
) -> None:
    counted = rules.counts_in(
        happened_on=date.fromisoformat(happened),
        grade=grade,
        found_concealed_on=date.fromisoformat(found) if found else None,
        window=WINDOW,
    )

    assert counted == year


def test_before_any_window_was_laid_down_the_year_is_the_natural_one() -> None:
    day = date(2016, 12, 5)

    assert scoring.window(on=day) is None
    assert rules.year_of(day, window=None) == 2016
    assert rules.period_of(day, Cadence.YEAR, window=None) == (date(2016, 1, 1), date(2016, 12, 31))
    assert (
        rules.counts_in(happened_on=day, grade=Grade.LARGER, found_concealed_on=day, window=None)
        == 2016
    )


@pytest.mark.parametrize(
    ("cadence", "day", "first"),
    [
        (Cadence.WEEK, "2024-02-29", "2023-02-27"),
        (Cadence.HALF_MONTH, "2023-06-20", "2022-06-16"),
        (Cadence.MONTH, "2024-02-29", "2023-02-01"),
        (Cadence.QUARTER, "2023-06-20", "2022-04-01"),
        (Cadence.YEAR, "2023-06-20", "2021-12-01"),
    ],
)
def test_a_period_is_compared_with_the_like_one_a_year_before(
    cadence: Cadence, day: str, first: str
) -> None:
    period = period_of(date.fromisoformat(day), cadence)

    assert period.year_before.first == date.fromisoformat(first)
    assert period.year_before.cadence is cadence


@given(day=st.dates(date(2017, 1, 1), date(2030, 1, 1)), cadence=st.sampled_from(Cadence))
def test_periods_of_a_rhythm_leave_no_day_out(day: date, cadence: Cadence) -> None:
    first, last = rules.period_of(day, cadence, window=WINDOW)
    after = rules.period_of(last + date.resolution, cadence, window=WINDOW)

    assert first <= day <= last
    assert after[0] == last + date.resolution


@pytest.mark.parametrize(
    "wrong",
    [
        {"formula": Formula.COUNT, "weight": "0.3", "each": "1"},
        {"formula": Formula.RATE, "each": "1"},
        {"formula": Formula.RATE, "weight": "0.3", "bands": [{"least": None, "marks": "0"}]},
        {"formula": Formula.BANDS, "weight": "0.3"},
        {
            "formula": Formula.BANDS,
            "weight": "0.3",
            "bands": [{"least": "0", "marks": "1"}, {"least": "5", "marks": "2"}],
        },
    ],
)
def test_an_indicator_that_does_not_fit_its_formula_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"points for each|bands"):
        indicator(**wrong)
