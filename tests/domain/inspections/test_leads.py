"""A decision holds in its place and below it, and heirs go on with what ended units had to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspections.leads import rules
from services.inspections.leads.rules import Decided

COUNTY, CITY, PARK = "430481", "430400", "430472"
OF_CITY, OF_COUNTY = (Decided(region=code, field="gas") for code in (CITY, COUNTY))


@pytest.mark.parametrize(
    ("found", "region", "holds"),
    [
        ([OF_CITY], COUNTY, OF_CITY),
        ([OF_CITY], PARK, OF_CITY),
        ([OF_CITY, OF_COUNTY], COUNTY, OF_COUNTY),
        ([OF_CITY, OF_COUNTY], "430426", OF_CITY),
        ([OF_COUNTY], CITY, None),
        ([], COUNTY, None),
    ],
)
def test_the_nearest_place_decides(
    found: list[Decided], region: str, holds: Decided | None
) -> None:
    assert rules.nearest(found, region=region) == holds


def test_a_decision_may_be_for_the_place_or_one_above_it() -> None:
    assert list(rules.places(COUNTY))[:2] == [COUNTY, CITY]
    assert PARK in rules.places(PARK)
    assert COUNTY not in rules.places(CITY)


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, NAMES, max_size=6), NAMES)
def test_the_last_heir_answers_and_a_circle_of_them_ends(heirs: dict[str, str], unit: str) -> None:
    found = rules.answers(unit, heirs=heirs)

    way = [unit]
    while way[-1] in heirs and heirs[way[-1]] not in way:
        way.append(heirs[way[-1]])
    assert found == way[-1]
    assert found not in heirs or heirs[found] in way
