"""How much two reports look like one accident, and what they make together."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from reference.cityrows import Place
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures
from services.incidents.duplicates import rules
from services.incidents.duplicates.rules import Likeness, Seen

TODAY = date(2023, 6, 1)
AT = datetime(2023, 6, 1, 9, 30, tzinfo=SHANGHAI)
POINT = Place(lon=112.86, lat=26.42)
ONE = Seen(
    enterprise="91430481MA4T00019M",
    occurred_at=AT,
    accident_type="water_inrush",
    place="二号井",
    point=POINT,
)
UNKNOWN = replace(ONE, enterprise=None, place="井口", point=None, accident_type="fire")
_METRE = 360 / (2 * 3.141592653589793 * 6_371_000)


def moved(metres: float) -> Place:
    return Place(lon=POINT.lon, lat=POINT.lat + metres * _METRE)


def alike(other: Seen) -> Likeness:
    return rules.likeness(ONE, other, on=TODAY)


def test_the_same_report_twice_has_every_ground() -> None:
    found = alike(ONE)
    assert set(found.reasons) == {
        "same_enterprise",
        "at_hand",
        "same_place",
        "same_hour",
        "same_type",
    }
    assert found.is_offered


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(30, "same_hour"), (31, "same_hours"), (120, "same_hours"), (121, "same_day")],
)
def test_the_tightest_bound_of_time_counts(minutes: int, reason: str) -> None:
    for shift in (timedelta(minutes=minutes), -timedelta(minutes=minutes)):
        assert reason in alike(replace(ONE, occurred_at=AT + shift)).reasons


def test_at_twelve_hours_they_are_compared_and_beyond_nothing_counts() -> None:
    assert rules.widest_minutes(on=TODAY) == 720
    at = alike(replace(ONE, occurred_at=AT + timedelta(hours=12)))
    beyond = alike(replace(ONE, occurred_at=AT + timedelta(hours=12, seconds=1)))

    assert "same_enterprise" in at.reasons
    assert (beyond.score, beyond.reasons, beyond.is_offered) == (0, (), False)


@pytest.mark.parametrize(
    ("metres", "reason"),
    [
        (199, "at_hand"),
        (201, "near"),
        (999, "near"),
        (1001, "around"),
        (2999, "around"),
        (3001, None),
    ],
)
def test_the_tightest_bound_of_distance_counts(metres: int, reason: str | None) -> None:
    found = set(alike(replace(ONE, point=moved(metres))).reasons)
    assert found & {"at_hand", "near", "around"} == ({reason} if reason else set())


def test_an_unknown_enterprise_is_neither_the_same_nor_another() -> None:
    assert {"same_enterprise", "other_enterprise"}.isdisjoint(alike(UNKNOWN).reasons)
    other = replace(ONE, enterprise="91430405MA4T00019K")
    assert alike(other).score == alike(ONE).score - 50 - 20


def test_a_person_is_asked_from_sixty_points_on() -> None:
    assert rules.offered(60, on=TODAY)
    assert not rules.offered(59, on=TODAY)
    hour_and_enterprise = replace(UNKNOWN, enterprise=ONE.enterprise)
    assert alike(hour_and_enterprise).score == 70
    assert not alike(UNKNOWN).is_offered


SEEN = st.builds(
    Seen,
    enterprise=st.sampled_from([None, "a", "b"]),
    occurred_at=st.integers(-2000, 2000).map(lambda minutes: AT + timedelta(minutes=minutes)),
    accident_type=st.sampled_from(["fire", "water_inrush"]),
    place=st.sampled_from(["二号井", "二 号 井", "井口"]),
    point=st.sampled_from([None, POINT, moved(150), moved(900), moved(5000)]),
)


@given(SEEN, SEEN)
def test_who_is_compared_with_whom_makes_no_difference(one: Seen, other: Seen) -> None:
    there, back = (
        rules.likeness(one, other, on=TODAY),
        rules.likeness(other, one, on=TODAY),
    )
    assert (there.score, there.reasons) == (back.score, back.reasons)


FIGURES = st.builds(
    Figures,
    deaths=st.integers(0, 40),
    missing=st.integers(0, 40),
    serious_injuries=st.integers(0, 120),
    minor_injuries=st.integers(0, 9),
    trapped=st.integers(0, 9),
    evacuated=st.integers(0, 999),
    missing_presumed_dead=st.booleans(),
    direct_loss_wan=st.none() | st.decimals(0, 20000, places=2),
    burnt_area_ha=st.none() | st.decimals(0, 2000, places=2),
)
SCALES = st.sampled_from([grading.WORK_SAFETY, grading.FOREST_FIRE])


@given(FIGURES, FIGURES, SCALES)
def test_together_they_are_at_least_as_grave_as_each(
    one: Figures, other: Figures, scale: str
) -> None:
    joined = rules.joined(one, other)
    grade = grading.grade(joined, on=TODAY, scale=scale).grade

    assert joined == rules.joined(other, one)
    assert rules.joined(one, one) == one
    for alone in (one, other):
        assert grade.at_least(grading.grade(alone, on=TODAY, scale=scale).grade)
        pairs = zip(rules.counted(joined), rules.counted(alone), strict=True)
        assert all(together >= by_itself for together, by_itself in pairs)


def test_the_missing_count_as_dead_once_presumed_and_what_is_unknown_as_nothing() -> None:
    missing = Figures(deaths=2, missing=3, minor_injuries=4)

    assert rules.counted(missing) == (2, 0, 0, 0)
    assert rules.counted(replace(missing, missing_presumed_dead=True)) == (5, 0, 0, 0)
    measured = Figures(serious_injuries=1, direct_loss_wan=Decimal(2), burnt_area_ha=Decimal("0.5"))
    assert rules.counted(measured) == (0, 1, Decimal(2), Decimal("0.5"))


def test_nobody_is_counted_twice() -> None:
    one, other = Figures(deaths=2, missing=3), Figures(deaths=1, missing=4)
    joined = rules.joined(one, other)

    assert (joined.deaths, joined.missing, joined.direct_loss_wan) == (2, 4, None)
    loss = rules.joined(Figures(direct_loss_wan=Decimal(5)), other).direct_loss_wan
    assert loss == Decimal(5)
