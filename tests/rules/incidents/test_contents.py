"""What reports must hold, when an incident is one of larger risk, and where a point lies."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import city, national, nearby
from reference.cityrows import Place
from services.incidents.reports import domain, rules
from services.incidents.reports.rules import Danger

TODAY = date(2023, 6, 1)
FIELDS = sorted({field for row in national.CONTENTS for field in row.any_of})


def codes(stated: set[str], kind: str, on: date = TODAY) -> list[str]:
    return [row.code for row in rules.unstated(stated, kind=kind, on=on)]


def test_a_quick_report_names_unit_time_place_and_casualties() -> None:
    assert codes(set(), "quick") == ["unit", "time", "place", "casualties"]
    assert codes({"enterprise_name", "occurred_at", "location", "casualties"}, "quick") == []


@pytest.mark.parametrize("kind", ["written", "final"])
@pytest.mark.parametrize("left_out", [row.code for row in national.CONTENTS])
def test_each_element_of_a_written_or_final_report_is_missed(kind: str, left_out: str) -> None:
    row = next(row for row in national.CONTENTS if row.code == left_out)
    stated = set(FIELDS) - set(row.any_of)

    assert codes(stated, kind) == ([left_out] if kind in row.kinds else [])


def test_before_the_law_was_in_force_nothing_is_asked() -> None:
    assert codes(set(), "written", date(2007, 5, 31)) == []
    assert "course" in codes(set(), "written", date(2007, 6, 1))
    assert "unit" not in codes(set(), "quick", date(2009, 6, 30))
    assert "unit" in codes(set(), "quick", date(2009, 7, 1))


@given(st.sets(st.sampled_from(FIELDS)), st.sets(st.sampled_from(FIELDS)))
def test_who_says_more_owes_no_more(one: set[str], other: set[str]) -> None:
    less = set(domain.owed(one, on=TODAY))
    assert set(domain.owed(one | other, on=TODAY)) <= less


def grounds(on: date = TODAY, **danger: object) -> list[str]:
    return [row.code for row in rules.larger_risk(Danger(**danger), on=on)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("below", "at", "code"),
    [
        ({"endangered": 9}, {"endangered": 10}, "endangered"),
        ({"stuck": 2}, {"stuck": 3}, "trapped_or_missing"),
        ({"evacuated": 499}, {"evacuated": 500}, "evacuated"),
        ({}, {"judged": frozenset({"environment"})}, "environment"),
        ({}, {"judged": frozenset({"facilities"})}, "facilities"),
        ({}, {"judged": frozenset({"other"})}, "other"),
    ],
)
def test_larger_risk_begins_at_the_bound(
    below: dict[str, object], at: dict[str, object], code: str
) -> None:
    assert grounds(**below) == []
    assert grounds(**at) == [code]
    assert grounds(on=date(2009, 6, 30), **at) == []


@given(st.sets(st.text(max_size=12)))
def test_a_counted_ground_is_never_only_claimed(claimed: set[str]) -> None:
    found = set(grounds(judged=frozenset(claimed)))
    assert found.isdisjoint({"endangered", "trapped_or_missing", "evacuated"})


def test_the_seat_of_each_county_lies_in_it_or_is_left_to_the_city() -> None:
    for row in city.current().centres:
        placing = rules.placing(row.seat, on=TODAY)
        assert placing.region_code == row.region
        assert placing.settled


def test_a_point_between_two_seats_is_left_to_a_desk() -> None:
    one, other = (row.seat for row in city.current().centres[:2])
    middle = Place(lon=(one.lon + other.lon) / 2, lat=(one.lat + other.lat) / 2)
    placing = rules.placing(middle, on=TODAY)

    assert (placing.region_code, placing.settled) == (city.current().code, False)
    assert len(placing.nearest) == 3


def test_the_edge_of_the_city_is_inside_and_beyond_it_nothing_is_guessed() -> None:
    box = city.current().cities[0]
    edge = Place(lon=box.south_west.lon, lat=box.south_west.lat)
    beyond = Place(lon=edge.lon - 0.000001, lat=edge.lat)

    assert nearby.inside(edge)
    assert not nearby.inside(beyond)
    assert rules.placing(beyond, on=TODAY).nearest == ()


@given(st.floats(min_value=-180, max_value=180), st.floats(min_value=-90, max_value=90))
def test_no_point_is_ever_refused(lon: float, lat: float) -> None:
    assert rules.placing(Place(lon=lon, lat=lat), on=TODAY).region_code.startswith("4304")
