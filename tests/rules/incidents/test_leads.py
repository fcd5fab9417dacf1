"""When a sign is about a reported accident, and how soon an unreported one is checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from reference import national
from reference.packs import NothingInForce
from reference.terms import LeadStep
from services.incidents.accidents.rules import Figures
from services.incidents.leads import rules
from services.incidents.leads.rules import (
    Match,
    Reason,
    Sighting,
    best,
    check_due,
    score,
    unreported_deaths,
)

AT = datetime(2023, 6, 1, 9, 30, tzinfo=SHANGHAI)
TODAY = AT.date()
POINTS = {Reason(row.code): row.points for row in national.LEAD_SIGNS.at(TODAY)}
SECOND = timedelta(seconds=1)
USCC, OTHER = "91430481MA4T00019M", "91430405MA4T00019K"
ACCIDENT = Sighting(
    region_code="430481",
    occurred_at=AT,
    place="导子镇二号井",
    enterprise_uscc=USCC,
    lon=112.86,
    lat=26.42,
)
STRANGE = Sighting(region_code="430405", occurred_at=AT + timedelta(hours=30), place="别处")
TEN_YEARS = datetime(2016, 1, 1, tzinfo=UTC)
A_METRE = 1 / 111_195
"""Of latitude, in degrees."""


def sign(**changes: object) -> Sighting:
    return replace(STRANGE, **changes)  # type: ignore[arg-type]


def after(hours: float = 0, seconds: float = 0) -> datetime:
    return AT + timedelta(hours=hours, seconds=seconds)


@pytest.mark.parametrize(
    ("seen", "reasons"),
    [
        (sign(), ()),
        (sign(enterprise_uscc=USCC), (Reason.SAME_ENTERPRISE,)),
        (sign(enterprise_uscc=OTHER), (Reason.OTHER_ENTERPRISE,)),
        (sign(region_code="430481"), (Reason.SAME_COUNTY,)),
        (sign(lon=112.86, lat=26.42 + 499 * A_METRE), (Reason.SAME_SPOT,)),
        (sign(lon=112.86, lat=26.42 + 501 * A_METRE), (Reason.NEAR_BY,)),
        (sign(lon=112.86, lat=26.42 - 1999 * A_METRE), (Reason.NEAR_BY,)),
        (sign(lon=112.86, lat=26.42 - 2001 * A_METRE), ()),
        (sign(lat=26.42), ()),
        (sign(place="二号井"), (Reason.SAME_WORDS,)),
        (sign(place="二号楼"), (Reason.SAME_WORDS,)),
        (sign(place="三号楼"), ()),
        (sign(place="井"), ()),
        (sign(occurred_at=after(2)), (Reason.SAME_HOURS,)),
        (sign(occurred_at=after(-2)), (Reason.SAME_HOURS,)),
        (sign(occurred_at=after(2, 1)), (Reason.SAME_DAY,)),
        (sign(occurred_at=after(24)), (Reason.SAME_DAY,)),
        (sign(occurred_at=after(24, 1)), ()),
        (sign(uncertain_by=timedelta(hours=6)), (Reason.SAME_DAY,)),
    ],
)
def test_each_reason_counts_from_its_bound_on(seen: Sighting, reasons: tuple[Reason, ...]) -> None:
    found = score(seen, ACCIDENT)

    assert found.reasons == reasons
    assert found.score == max(sum(POINTS[reason] for reason in reasons), 0)


def test_the_same_thing_told_twice_has_every_reason() -> None:
    assert score(ACCIDENT, ACCIDENT) == Match(
        score=145,
        reasons=(
            Reason.SAME_ENTERPRISE,
            Reason.SAME_COUNTY,
            Reason.SAME_SPOT,
            Reason.SAME_WORDS,
            Reason.SAME_HOURS,
        ),
        certain=True,
        possible=True,
    )


@pytest.mark.parametrize(
    ("uncertain", "late", "fits"),
    [(0, 0, True), (0, 1, False), (24, 24 * 3600, True), (24, 24 * 3600 + 1, False)],
)
def test_more_than_three_days_apart_nothing_fits(uncertain: int, late: int, fits: bool) -> None:
    seen = replace(
        ACCIDENT,
        occurred_at=after(72, late),
        uncertain_by=timedelta(hours=uncertain),
    )

    assert (score(seen, ACCIDENT).score > 0) is fits


@pytest.mark.parametrize(
    ("seen", "certain"),
    [
        # 50 + 20: the same enterprise on the same day
        (sign(enterprise_uscc=USCC, occurred_at=after(24)), True),
        # 50 + 15: the same enterprise, a day and a second later
        (sign(enterprise_uscc=USCC, region_code="430481", occurred_at=after(24, 1)), False),
        # 15 + 30 + 30 without any enterprise
        (sign(region_code="430481", occurred_at=AT, lon=112.86, lat=26.42), True),
        # 15 + 20 + 30: words are weaker than coordinates
        (sign(region_code="430481", occurred_at=AT, place="二号井"), False),
        # another enterprise at the same spot in the same hour is another accident
        (replace(ACCIDENT, enterprise_uscc=OTHER), False),
    ],
)
def test_who_where_and_when_must_come_together(seen: Sighting, certain: bool) -> None:
    assert score(seen, ACCIDENT).certain is certain


@pytest.mark.parametrize(("points", "matches"), [(69, False), (70, True)])
def test_a_bare_pass_is_a_match_and_one_less_is_not(points: int, matches: bool) -> None:
    assert rules.matched(points, on=TODAY) is matches


@pytest.mark.parametrize(("points", "shown"), [(34, False), (35, True)])
def test_an_accident_is_shown_from_half_a_match_on(points: int, shown: bool) -> None:
    assert rules.possible(points, on=TODAY) is shown


@pytest.mark.parametrize(
    ("seen", "points", "shown"),
    [
        # 15 + 20: the same county, the same words
        (sign(region_code="430481", place="二号井"), 35, True),
        # 15 + 15: the same county, a kilometre away
        (sign(region_code="430481", lon=112.86, lat=26.42 + 1000 * A_METRE), 30, False),
    ],
)
def test_who_checks_sees_what_may_be_it(seen: Sighting, points: int, shown: bool) -> None:
    found = score(seen, ACCIDENT)
    assert (found.score, found.possible, found.certain) == (points, shown, False)


def test_three_days_apart_is_as_far_as_it_goes() -> None:
    assert rules.farthest_apart(on=TODAY) == timedelta(hours=72)


def test_a_sign_from_before_there_was_any_practice_fits_nothing() -> None:
    old = replace(ACCIDENT, occurred_at=datetime(1999, 12, 31, tzinfo=SHANGHAI))
    assert score(old, old) == Match(score=0)
    assert rules.farthest_apart(on=old.occurred_at.date()) == timedelta()
    assert score(replace(old, occurred_at=AT), ACCIDENT).certain


def test_the_best_fit_is_taken_and_a_poor_one_is_none() -> None:
    right, wrong = uuid7(), uuid7()
    known = [(wrong, replace(ACCIDENT, occurred_at=after(-20))), (right, ACCIDENT)]
    found = best(ACCIDENT, known)

    assert found is not None
    assert found[0] == right
    assert best(STRANGE, known) is None
    assert best(ACCIDENT, []) is None


@given(
    st.builds(
        Sighting,
        region_code=st.sampled_from(["430481", "430405"]),
        occurred_at=st.integers(-10_000, 10_000).map(lambda minutes: after(minutes / 60)),
        place=st.text(max_size=8),
        enterprise_uscc=st.sampled_from([None, USCC, OTHER]),
        lon=st.none() | st.floats(112, 113),
        lat=st.none() | st.floats(26, 27),
    )
)
def test_a_fit_is_the_same_both_ways_and_within_its_bounds(seen: Sighting) -> None:
    found = score(seen, ACCIDENT)

    assert found == score(ACCIDENT, seen)
    assert 0 <= found.score <= 145
    assert not found.certain or len(found.reasons) > 1


@pytest.mark.parametrize(
    ("alleged", "deaths", "missing", "left_out"),
    [(0, 0, 0, 0), (2, 2, 0, 0), (3, 2, 0, 1), (3, 2, 1, 0), (4, 2, 1, 1), (1, 5, 0, 0)],
)
def test_the_dead_above_those_reported_were_left_out(
    alleged: int, deaths: int, missing: int, left_out: int
) -> None:
    counted = Figures(deaths=deaths, missing=missing)

    assert unreported_deaths(alleged=alleged, counted=counted) == left_out


@pytest.mark.parametrize(
    ("received", "first", "result"),
    [
        # the day of receipt is not counted, the last one ends at 24:00
        ((2023, 6, 1, 0, 0), (2023, 6, 7), (2023, 8, 2)),
        ((2023, 6, 1, 23, 59), (2023, 6, 7), (2023, 8, 2)),
        # 31 December and two months: February has no like day
        ((2023, 12, 31, 12, 0), (2024, 1, 6), (2024, 3, 1)),
        ((2022, 12, 31, 12, 0), (2023, 1, 6), (2023, 3, 1)),
        # the fifth day is in the National Day holiday: it is not moved
        ((2023, 9, 28, 9, 0), (2023, 10, 4), (2023, 11, 29)),
    ],
)
def test_five_days_and_two_months_run_as_calendar_days(
    received: tuple[int, ...], first: tuple[int, ...], result: tuple[int, ...]
) -> None:
    at = datetime(*received, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]
    dues = [check_due(step, received_at=at) for step in LeadStep]

    assert dues[0].at == datetime(*first, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]
    assert dues[1].at == datetime(*result, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]
    assert {due.row.rule for due in dues} == {"order-21 12@2009-07-01"}


@given(
    st.integers(0, 11 * 366 * 24 * 60).map(lambda minutes: TEN_YEARS + timedelta(minutes=minutes)),
    st.sampled_from(LeadStep),
)
def test_a_check_is_due_at_midnight_within_its_time(received: datetime, step: LeadStep) -> None:
    at = check_due(step, received_at=received).at
    local = at.astimezone(SHANGHAI)
    least, most = {LeadStep.FIRST_CHECK: (5, 6), LeadStep.RESULT: (59, 63)}[step]

    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert timedelta(days=least) <= at - received <= timedelta(days=most)


def test_the_first_check_is_never_due_after_the_result() -> None:
    first, result = (check_due(step, received_at=AT).at for step in LeadStep)

    assert first < result


def test_before_the_measures_nobody_owed_a_check() -> None:
    with pytest.raises(NothingInForce):
        check_due(LeadStep.RESULT, received_at=datetime(2009, 6, 30, 12, tzinfo=SHANGHAI))


@pytest.mark.parametrize("reason", list(Reason))
def test_no_single_reason_makes_a_match(reason: Reason) -> None:
    assert not rules.matched(POINTS[reason], on=TODAY)


def test_every_reason_has_its_points() -> None:
    assert set(POINTS) == set(Reason)
    assert POINTS[Reason.SAME_ENTERPRISE] == -POINTS[Reason.OTHER_ENTERPRISE] == 50
