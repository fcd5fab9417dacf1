"""A park counts in two trees, once in totals."""

from hypothesis import given
from hypothesis import strategies as st

from reference import city, regions
from reference.terms import Level
from services.tasks.organisations.domain_trees import totals

CITY = city.current().code
PARKS = [park.code for park in city.current().parks]
COUNTIES = [place.code for place in regions.children(CITY)]
figures = st.dictionaries(
    st.sampled_from([CITY, *COUNTIES, *PARKS]), st.integers(0, 50), max_size=18
)


@given(figures)
def test_every_figure_is_counted_once_however_the_trees_are_cut(counted: dict[str, int]) -> None:
    found = totals(counted)

    assert found.total == sum(counted.values()) == sum(found.ranked.values())
    assert found.territory.get(CITY, 0) == found.total
    below = sum(found.territory.get(county, 0) for county in COUNTIES)
    assert below + counted.get(CITY, 0) == found.total


@given(figures)
def test_a_county_holds_its_own_and_its_parks_figures(counted: dict[str, int]) -> None:
    found = totals(counted)

    for county in COUNTIES:
        parks = [park for park in PARKS if regions.region(park).parent == county]
        expected = counted.get(county, 0) + sum(counted.get(park, 0) for park in parks)
        assert found.territory.get(county, 0) == expected


def test_a_park_is_ranked_beside_the_counties() -> None:
    park = PARKS[0]
    county = regions.region(park).parent
    assert county is not None

    found = totals({park: 2, county: 3})

    assert (found.ranked[park], found.ranked[county]) == (2, 3)
    assert (found.territory[park], found.territory[county], found.total) == (2, 5, 5)
    assert regions.region(park).level is Level.COUNTY
