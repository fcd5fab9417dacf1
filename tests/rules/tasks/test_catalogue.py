"""What the catalogue proposes and why, and that none of its lines leads back to itself."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import orders
from services.tasks.catalogue import rules
from services.tasks.catalogue.rules import Ground, Lesson, Line, circle, line_for, places, proposed

COUNTY, CITY = "430481", "430400"


def line(
    matter: str, lead: str | None = None, *, region: str = "", same_as: str | None = None
) -> Line:
    return Line(matter=matter, region=region, lead=lead, same_as=same_as)


def test_the_nearest_line_decides() -> None:
    lines = [line("gas", "whole city"), line("gas", "county", region=COUNTY)]

    assert places(COUNTY)[0] == COUNTY
    assert places(COUNTY)[-1] == ""
    near = line_for(lines, matter="gas", region=COUNTY)
    far = line_for(lines, matter="gas", region="430426")
    assert near is not None
    assert far is not None
    assert (near.lead, far.lead) == ("county", "whole city")
    assert line_for(lines, matter="noise", region=COUNTY) is None


def test_a_matter_that_is_another_one_takes_its_line_in_the_place_asked_about() -> None:
    lines = [
        line("noise", same_as="environment"),
        line("environment", "whole city"),
        line("environment", "county", region=COUNTY),
    ]

    found = line_for(lines, matter="noise", region=COUNTY)

    assert found is not None
    assert found.lead == "county"


def test_lines_that_run_in_a_circle_name_nobody() -> None:
    assert line_for([line("a", same_as="b"), line("b", same_as="a")], matter="a", region="") is None


@pytest.mark.parametrize(
    ("standing", "added", "found"),
    [
        ([], line("a", "u"), ()),
        ([], line("a", same_as="a"), ("a", "a")),
        ([line("b", same_as="a")], line("a", same_as="b"), ("a", "b", "a")),
        (
            [line("b", same_as="c"), line("c", same_as="b")],
            line("a", same_as="b"),
            ("a", "b", "c", "b"),
        ),
        ([line("b", "u")], line("a", same_as="b"), ()),
        # The line it replaces does not count.
        ([line("a", same_as="b"), line("b", same_as="a")], line("a", "u"), ()),
        # Where a county has a line of its own, only there does it lead back.
        (
            [line("b", "u"), line("b", same_as="a", region=COUNTY)],
            line("a", same_as="b"),
            ("a", "b", "a"),
        ),
        ([line("b", same_as="a", region="430426")], line("a", same_as="b", region=COUNTY), ()),
    ],
)
def test_a_line_that_leads_back_to_itself_is_found(
    standing: list[Line], added: Line, found: tuple[str, ...]
) -> None:
    assert circle(standing, added=added) == found


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef"), max_size=6))
def test_a_circle_is_found_just_where_following_the_lines_never_ends(
    same_as: dict[str, str],
) -> None:
    for start in same_as:
        way = start
        for _ in range(len(same_as) + 1):
            way = same_as.get(way, "")
        assert bool(orders.circle(same_as, start=start)) is bool(way)


def test_a_line_goes_before_a_chain_and_a_lesson_moves_both() -> None:
    plain = proposed(lead="a", supporting=["s"], chain=["b", "c"], lessons={})
    once = {"a": {Lesson.RETURNED: 1}, "b": {Lesson.SETTLED: 1}}
    learnt = proposed(lead="a", supporting=["s"], chain=["b", "c"], lessons=once)

    assert [(one.unit, one.points) for one in plain] == [("a", 100), ("b", 50), ("c", 40)]
    assert [(one.unit, one.points) for one in learnt] == [("b", 80), ("a", 70), ("c", 40)]
    assert [reason.ground for reason in learnt[0].reasons] == [Ground.CHAIN, Ground.SETTLED]
    assert learnt[1].supporting == ("s",)


def test_a_unit_that_no_line_names_comes_first_when_it_settled_what_others_returned() -> None:
    def order(times: int) -> list[str]:
        lessons = {"a": {Lesson.RETURNED: times}, "x": {Lesson.SETTLED: times}}
        return [one.unit for one in proposed(lead="a", supporting=[], chain=[], lessons=lessons)]

    assert order(1) == ["a", "x"]
    assert order(2) == ["x", "a"]


def test_a_lesson_counts_at_most_three_times() -> None:
    for times in (3, 4, 50):
        (found,) = proposed(
            lead="a", supporting=[], chain=[], lessons={"a": {Lesson.RETURNED: times}}
        )
        assert found.points == rules.OF_A_LINE + 3 * rules.RETURNED_ONCE
        assert found.reasons[-1].times == times


def test_where_no_line_says_anything_the_chain_is_proposed() -> None:
    found = proposed(lead=None, supporting=[], chain=["b", "a"], lessons={})

    assert [(one.unit, one.points) for one in found] == [("b", 50), ("a", 40)]


def test_a_unit_does_not_support_itself() -> None:
    (found,) = proposed(lead="a", supporting=["a", "b"], chain=[], lessons={})

    assert found.supporting == ("b",)


@given(
    st.dictionaries(
        st.sampled_from("abcde"),
        st.dictionaries(st.sampled_from(Lesson), st.integers(0, 9)),
        max_size=5,
    ),
    st.lists(st.sampled_from("abcde"), unique=True),
    st.randoms(),
)
def test_the_same_lessons_in_any_order_give_the_same_answer_and_the_points_add_up(
    lessons: dict[str, dict[Lesson, int]], chain: list[str], shuffle: random.Random
) -> None:
    asked = {"lead": "a", "supporting": ["b"], "chain": chain}
    shuffled = list(lessons.items())
    shuffle.shuffle(shuffled)

    found = proposed(**asked, lessons=lessons)  # type: ignore[arg-type]
    again = proposed(**asked, lessons=dict(shuffled))  # type: ignore[arg-type]

    assert found == again
    assert list(found) == sorted(found, key=lambda one: (-one.points, one.unit))
    assert all(one.points == sum(reason.points for reason in one.reasons) for one in found)


def test_every_line_of_the_pack_ends_with_units() -> None:
    lines = [
        Line(matter=row.matter, region=row.region, lead=row.lead, same_as=row.same_as)
        for row in orders.lines(on=date(2023, 6, 5))
    ]
    for row in lines:
        found = line_for(lines, matter=row.matter, region=COUNTY)
        assert found is not None
        assert found.lead is not None
