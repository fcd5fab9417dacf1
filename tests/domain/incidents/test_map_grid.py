"""The cells that accidents are counted in."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from kernel.problems import InvalidPayload
from services.incidents.maps import domain
from services.incidents.maps.domain import LEVELS, Extent, Located

HERE = Located(
    region_code="430481",
    occurred_at=datetime(2023, 6, 1, 9, tzinfo=SHANGHAI),
    grade="general",
    lon=112.86,
    lat=26.42,
)


def moved(**changes: object) -> Located:
    held = {name: getattr(HERE, name) for name in Located.__slots__}
    return Located(**(held | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("degrees", "level", "expected"),
    [(26.0, 8, 208), (25.9999999, 8, 207), (26.125, 8, 209), (-0.01, 8, -1), (0.0, 32, 0)],
)
def test_a_cell_has_its_lower_edge(degrees: float, level: int, expected: int) -> None:
    assert domain.cell(degrees, level) == expected


def test_an_extent_is_read_from_west_to_north() -> None:
    assert domain.extent("112.5,26.3,113.2,27.1") == Extent(
        west=112.5, south=26.3, east=113.2, north=27.1
    )
    assert domain.extent("112,26,112,26").span == 0


@pytest.mark.parametrize(
    "bbox",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "113,26,112,27",
        "112,27,113,26",
        "112,26,181,27",
        "112,-91,113,27",
        "nan,26,113,27",
        "112,26,inf,27",
    ],
)
def test_anything_else_is_refused(bbox: str) -> None:
    with pytest.raises(InvalidPayload):
        domain.extent(bbox)


@given(
    west=st.floats(-180, 179),
    south=st.floats(-90, 89),
    span=st.floats(0, 90),
)
def test_a_map_is_never_parted_into_too_many_cells(west: float, south: float, span: float) -> None:
    shown = Extent(west=west, south=south, east=west + span, north=south + span)
    level = domain.level_for(shown)
    size = domain.merged(shown, level)

    assert span * level / size <= domain.CELLS_ACROSS
    assert span * domain.steps(shown) <= domain.CELLS_ACROSS
    assert level in LEVELS


@pytest.mark.parametrize(("span", "level"), [(4.0, 2), (3.99, 8), (1.0, 8), (0.99, 32), (0.0, 32)])
def test_the_grid_follows_the_extent(span: float, level: int) -> None:
    assert domain.level_for(Extent(west=0, south=0, east=span, north=0)) == level


def test_months_are_those_of_the_calendar_here() -> None:
    new_year = datetime(2023, 12, 31, 16, tzinfo=UTC)  # the midnight here

    assert domain.month(new_year) == date(2024, 1, 1)
    assert domain.month_after(new_year) == date(2024, 1, 1)
    assert domain.month_after(new_year.replace(second=1)) == date(2024, 2, 1)
    assert domain.starts(date(2024, 1, 1)) == new_year


def test_a_new_accident_counts_once_in_every_grid() -> None:
    counted = domain.changes(None, HERE)

    assert [tile[0] for tile in counted] == list(LEVELS)
    assert set(counted.values()) == {1}


def test_an_accident_graded_anew_moves_from_one_count_to_another() -> None:
    counted = domain.changes(HERE, moved(grade="larger"))

    assert sum(counted.values()) == 0
    assert {tile[4]: by for tile, by in counted.items()} == {"general": -1, "larger": 1}


def test_what_stays_where_it_is_changes_no_count() -> None:
    assert domain.changes(HERE, HERE) == {}
    assert domain.changes(HERE, moved(lon=112.861)) == {}


def test_an_accident_that_nobody_can_place_counts_nowhere() -> None:
    assert domain.changes(None, moved(lat=None)) == {}
    assert set(domain.changes(HERE, moved(lon=None)).values()) == {-1}
