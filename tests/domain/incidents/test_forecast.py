"""The forecast of a year's count, and how an analysis is put together."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.incidents.statistics.domain import Measures, Shape, Standing, Sum, Sums
from services.incidents.statistics.domain_analysis import (
    Period,
    breakdowns,
    change,
    reconcile,
    whole,
)
from services.incidents.statistics.domain_forecast import year_end

MAY = Period(month=date(2023, 5, 1))


@given(st.integers(0, 3000), st.integers(1, 12))
def test_a_forecast_never_falls_below_what_has_happened(count: int, months: int) -> None:
    ends = year_end(count, months=months)
    assert count <= ends.low <= ends.likely <= ends.high


@given(st.integers(0, 3000), st.integers(1, 11))
def test_a_further_accident_never_lowers_a_forecast(count: int, months: int) -> None:
    one, more = year_end(count, months=months), year_end(count + 1, months=months)
    assert (more.low, more.likely, more.high) >= (one.low, one.likely, one.high)


def test_a_year_that_is_over_is_no_longer_forecast() -> None:
    ends = year_end(17, months=12)
    assert (ends.low, ends.likely, ends.high) == (17, 17, 17)


@pytest.mark.parametrize(
    ("count", "months", "low", "likely", "high"),
    [(0, 6, 0, 0, 2), (12, 6, 19, 24, 31), (600, 6, 1156, 1200, 1245)],
)
def test_a_forecast_is_the_run_rate_with_a_range(
    count: int, months: int, low: int, likely: int, high: int
) -> None:
    ends = year_end(count, months=months)
    assert (ends.low, ends.likely, ends.high) == (low, likely, high)


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert (change(3, 0).percent, change(3, 0).reason) == (None, "zero_base")
    assert change(44, 56).difference == -12
    assert str(change(44, 56).percent) == "-21.4"


SUMS = st.lists(
    st.builds(
        Sum,
        shape=st.just(Shape.TOTAL),
        month=st.dates(date(2022, 1, 1), date(2023, 5, 31)).map(lambda day: day.replace(day=1)),
        region_code=st.sampled_from(["430408", "430481", "430400", "430200"]),
        park_code=st.sampled_from(["", "430472"]),
        standing=st.sampled_from([Standing.COUNTED, Standing.STRUCK_OFF]),
        measures=st.builds(Measures, accidents=st.integers(0, 9), deaths=st.integers(0, 9)),
    ),
    max_size=12,
)


@given(SUMS, st.sampled_from(["430400", "430000", "430408"]))
def test_rows_of_places_and_parks_always_add_up(months: list[Sum], region: str) -> None:
    counted = [each for each in months if each.standing is Standing.COUNTED]
    sums = Sums(months=months, places=counted, codes=[])
    parts = [p for p in breakdowns(sums, MAY, region=region) if p.by in ("region", "park")]
    assert reconcile(whole(sums.months, MAY), parts) == ()


def test_a_planted_difference_is_found() -> None:
    total = Sum(
        shape=Shape.TOTAL, month=MAY.month, region_code="430408", measures=Measures(accidents=3)
    )
    kind = Sum(shape=Shape.TYPE, month=MAY.month, code="fire", measures=Measures(accidents=2))
    sums = Sums(months=[total], places=[total], codes=[kind])
    parts = [p for p in breakdowns(sums, MAY, region="430400") if p.by == "type"]

    found = reconcile(whole(sums.months, MAY), parts)

    assert {(d.by, d.period, d.total, d.rows) for d in found} == {
        ("type", "month", 3, 2),
        ("type", "cumulative", 3, 2),
    }
