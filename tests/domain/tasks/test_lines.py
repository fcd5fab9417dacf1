"""Lines of reporting lead up and never run in a circle."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reference import city, regions, units
from services.tasks.lines import domain
from services.tasks.organisations.domain import UnitFacts, of_pack

DAY = date(2023, 6, 1)
NAMES = "abcdefgh"


def facts() -> dict[str, UnitFacts]:
    stated = of_pack(on=DAY, address=lambda _: None)
    return {unit.facts.code: unit.facts for unit in stated}


def test_every_unit_of_the_city_reports_usually_to_one_that_there_is() -> None:
    inside = regions.prefix(city.current().code)

    for unit in facts().values():
        superior = domain.usual(unit)
        if unit.region_code.startswith(inside):
            assert superior is not None
            assert units.exists(superior, on=DAY), unit.code


def test_usual_lines_end_at_the_top() -> None:
    known = facts()

    def above(code: str) -> str | None:
        superior = domain.usual(known[code]) if code in known else None
        return superior if superior in known else None

    tops = {domain.climb(code, above=above)[-1] for code in known}
    assert {top.partition(".")[2] for top in tops} <= {"government", "party_committee"}


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=8),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
)
def test_a_circle_is_seen_before_it_closes(lines: dict[str, str], unit: str, superior: str) -> None:
    acyclic: dict[str, str] = {}
    for one, other in lines.items():
        if one != unit and not domain.closes_circle(one, other, above=acyclic.get):
            acyclic[one] = other

    refused = domain.closes_circle(unit, superior, above=acyclic.get)

    closed = acyclic | {unit: superior}
    here, walked = unit, 0
    while here in closed and walked <= len(NAMES):
        here, walked = closed[here], walked + 1
    assert refused == (walked > len(NAMES))


def test_a_climb_ends_where_a_circle_would_close() -> None:
    assert domain.climb("a", above={"a": "b", "b": "a"}.get) == ("a", "b")
