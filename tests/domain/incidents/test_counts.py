"""What accidents add to the sums, whatever becomes of them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.terms import Grade
from services.incidents.statistics import domain
from services.incidents.statistics.domain import (
    ANY,
    ZERO,
    Contribution,
    Key,
    Measures,
    Shape,
    Standing,
)

MONTHS = st.sampled_from([date(2022, 12, 1), date(2023, 1, 1), date(2023, 2, 1)])

CONTRIBUTIONS = st.builds(
    Contribution,
    region_code=st.sampled_from(["430408", "430481", "430400"]),
    park_code=st.sampled_from([ANY, "430472"]),
    month=MONTHS,
    industry=st.sampled_from([ANY, "B06", "E47"]),
    accident_type=st.sampled_from(["fire", "forest_fire"]),
    grade=st.sampled_from([str(grade) for grade in Grade]),
    deaths=st.integers(0, 40),
    serious_injuries=st.integers(0, 40),
    direct_loss_wan=st.decimals(0, 9999, places=4),
    standing=st.sampled_from(Standing),
)


def summed(contributions: list[Contribution]) -> dict[Key, Measures]:
    sums: dict[Key, Measures] = {}
    for contribution in contributions:
        for key in contribution.rows():
            sums[key] = sums.get(key, ZERO) + contribution.measures
    return sums


@given(st.lists(st.tuples(st.integers(0, 4), CONTRIBUTIONS), max_size=30))
def test_following_changes_ends_where_counting_the_end_begins(
    history: list[tuple[int, Contribution]],
) -> None:
    stands: dict[int, Contribution] = {}
    sums: dict[Key, Measures] = {}
    for which, after in history:
        for key, added in domain.change(stands.get(which), after).items():
            sums[key] = sums.get(key, ZERO) + added
        stands[which] = after

    wanted = summed(list(stands.values()))
    assert {key: m for key, m in sums.items() if m != ZERO} == wanted


@given(CONTRIBUTIONS)
def test_what_stays_as_it_is_changes_nothing(contribution: Contribution) -> None:
    assert domain.change(contribution, contribution) == {}


@given(CONTRIBUTIONS, CONTRIBUTIONS)
def test_rows_are_locked_in_one_order(before: Contribution, after: Contribution) -> None:
    keys = list(domain.change(before, after))
    assert keys == sorted(keys)


def test_a_merged_accident_stands_in_no_row() -> None:
    merged = Contribution(
        region_code="430408",
        park_code=ANY,
        month=date(2023, 1, 1),
        industry=ANY,
        accident_type="fire",
        grade="general",
        deaths=1,
        serious_injuries=0,
        direct_loss_wan=Decimal(),
        standing=Standing.MERGED,
    )
    assert list(merged.rows()) == []


@given(CONTRIBUTIONS)
def test_codes_stand_under_the_place_and_once_under_its_city(contribution: Contribution) -> None:
    rows = list(contribution.rows())
    coded = [key for key in rows if key.shape != Shape.TOTAL]
    own, city = contribution.region_code, domain.city_of(contribution.region_code)

    assert len(set(rows)) == len(rows)
    places = {(own, contribution.park_code), (city, ANY)}
    expected = places if contribution.standing is Standing.COUNTED else set()
    assert {(key.region_code, key.park_code) for key in coded} == expected
    assert len(coded) == 3 * len(expected)


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("430481", "430400"),
        ("430472", "430400"),
        ("430400", "430400"),
        ("430000", "430000"),
        ("000000", "000000"),
    ],
)
def test_a_place_lies_in_the_city_that_its_code_names(code: str, city: str) -> None:
    assert domain.city_of(code) == city


def test_a_larger_accident_counts_among_the_graver() -> None:
    for grade in Grade:
        contribution = Contribution(
            region_code="430408",
            park_code=ANY,
            month=date(2023, 1, 1),
            industry=ANY,
            accident_type="fire",
            grade=grade,
            deaths=0,
            serious_injuries=0,
            direct_loss_wan=Decimal(),
            standing=Standing.COUNTED,
        )
        assert contribution.measures.graver == (0 if grade is Grade.GENERAL else 1)


def test_a_park_belongs_to_its_county_and_a_county_to_no_park() -> None:
    assert domain.placed("430472") == ("430408", "430472")
    assert domain.placed("430408") == ("430408", ANY)
    assert domain.placed("999999") == ("999999", ANY)
