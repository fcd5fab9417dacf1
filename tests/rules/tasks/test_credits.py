"""Which acts count: each reason on both sides, and as many as any choice would count."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import Cadence
from reference import evidence as pack
from reference import national
from reference.entries import Source
from reference.national.evidencerows import CreditRule
from reference.terms import EvidenceKind, EvidenceLimitCode
from services.tasks.credits.rules import Done, Span, Uncounted, by_itself, tally

YEAR = Span(first=date(2023, 1, 1), last=date(2023, 12, 31))
MEETINGS = ("standing", "special")
BOTH = frozenset({EvidenceKind.MINUTES, EvidenceKind.ROSTER})


def rule(**changed: object) -> CreditRule:
    values: dict[str, object] = {
        "source": Source(instrument="platform", article="whole"),
        "effective_from": date(2023, 1, 1),
        "metric": "meetings",
        "activities": MEETINGS,
        "spacing": Cadence.MONTH,
    }
    return CreditRule.model_validate(values | changed)


def done(n: int, on: date | None, activity: str = "standing", **more: object) -> Done:
    values: dict[str, object] = {"id": UUID(int=n), "happened_on": on, "activity": activity}
    return Done(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (done(1, date(2023, 1, 1)), None),
        (done(1, date(2023, 12, 31)), None),
        (done(1, date(2022, 12, 31)), Uncounted.OTHER_DAY),
        (done(1, date(2024, 1, 1)), Uncounted.OTHER_DAY),
        (done(1, date.max), Uncounted.OTHER_DAY),
        (done(1, None), Uncounted.OTHER_DAY),
        (done(1, date(2023, 5, 1), "special"), None),
        (done(1, date(2023, 5, 1), "executive"), Uncounted.OTHER_ACTIVITY),
    ],
)
def test_only_the_named_sorts_of_acts_count_and_only_in_the_period(
    one: Done, reason: Uncounted | None
) -> None:
    assert by_itself(one, rule=rule(), span=YEAR) is reason
    assert tally([one], rule=rule(), span=YEAR).uncounted.get(one.id) is reason


@pytest.mark.parametrize(
    ("joint", "hosted", "counts"),
    [
        ("each", True, True),
        ("each", False, True),
        ("host", True, True),
        ("host", False, False),
        ("none", True, False),
        ("none", False, False),
    ],
)
def test_a_joint_meeting_counts_for_whom_the_rule_says(
    joint: str, hosted: bool, counts: bool
) -> None:
    one = done(1, date(2023, 5, 1), joint=True, hosted=hosted)

    reason = by_itself(one, rule=rule(joint=joint), span=YEAR)

    assert (reason is None) is counts
    alone = done(1, date(2023, 5, 1), hosted=hosted)
    assert by_itself(alone, rule=rule(joint=joint), span=YEAR) is None


@pytest.mark.parametrize(
    ("attending", "kinds", "reason"),
    [
        (3, BOTH, None),
        (2, BOTH, Uncounted.FEW),
        (None, BOTH, Uncounted.FEW),
        (3, frozenset({EvidenceKind.MINUTES}), Uncounted.INCOMPLETE),
    ],
)
def test_enough_people_and_every_kind_of_evidence_are_needed(
    attending: int | None, kinds: frozenset[EvidenceKind], reason: Uncounted | None
) -> None:
    asked = rule(least_attending=3, needs=("minutes", "roster"))

    found = by_itself(
        done(1, date(2023, 5, 1), attending=attending, kinds=kinds), rule=asked, span=YEAR
    )

    assert found is reason


def test_one_a_month_counts_at_most_and_the_next_month_counts_again() -> None:
    acts = [
        done(1, date(2023, 5, 1)),
        done(2, date(2023, 5, 31), "special"),
        done(3, date(2023, 6, 1)),
    ]

    found = tally(acts, rule=rule(), span=YEAR)

    assert [one.id.int for one in found.counted] == [1, 3]
    assert found.uncounted == {UUID(int=2): Uncounted.TOO_CLOSE}


def test_without_a_spacing_the_same_act_handed_in_twice_counts_once() -> None:
    acts = [
        done(1, date(2023, 5, 1)),
        done(2, date(2023, 5, 1)),
        done(3, date(2023, 5, 1), "special"),
    ]

    found = tally(acts, rule=rule(spacing=None), span=YEAR)

    assert [one.id.int for one in found.counted] == [1, 3]
    assert found.uncounted == {UUID(int=2): Uncounted.SAME_ACT}


MORNING, EVENING = (datetime(2023, 5, 1, hour, tzinfo=UTC) for hour in (1, 11))


@pytest.mark.parametrize(
    ("times", "counted"),
    [
        ((None, MORNING), [1]),
        ((MORNING, None), [1]),
        ((None, None), [1]),
        ((MORNING, MORNING), [1]),
        ((MORNING, EVENING), [1, 2]),
        ((None, MORNING, EVENING), [1, 3]),
        ((MORNING, None, EVENING), [1, 3]),
        ((MORNING, EVENING, None), [1, 2]),
        ((None, MORNING, None), [1]),
        ((None, MORNING, EVENING, MORNING), [1, 3]),
    ],
)
def test_an_act_handed_in_with_and_without_its_time_counts_once(
    times: tuple[datetime | None, ...], counted: list[int]
) -> None:
    acts = [done(n, date(2023, 5, 1), happened_at=at) for n, at in enumerate(times, start=1)]

    found = tally(reversed(acts), rule=rule(spacing=None), span=YEAR)

    assert [one.id.int for one in found.counted] == counted
    assert set(found.uncounted.values()) <= {Uncounted.SAME_ACT}


@given(st.lists(st.sampled_from((None, 1, 5, 11)), max_size=8), st.randoms())
def test_on_one_day_as_many_acts_count_as_times_were_said_in_whatever_order(
    hours: list[int | None], drawn: Random
) -> None:
    acts = [
        done(n, date(2023, 5, 1), happened_at=hour and datetime(2023, 5, 1, hour, tzinfo=UTC))
        for n, hour in enumerate(hours)
    ]
    drawn.shuffle(acts)

    found = tally(acts, rule=rule(spacing=None), span=YEAR)

    said = {hour for hour in hours if hour is not None}
    assert len(found.counted) == (len(said) or bool(hours))
    assert [one.id.int for one in found.counted][:1] == [0][: len(hours)]  # what came first


def at_noon(day: date | None, hour: int | None) -> datetime | None:
    if day is None or hour is None:
        return None
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


ACTS = st.lists(
    st.builds(
        lambda n, offset, activity, hour, joint, hosted: done(
            n,
            None if offset is None else date(2022, 12, 1) + timedelta(days=offset),
            activity,
            happened_at=None if offset is None else at_noon(date(2022, 12, 1), hour),
            joint=joint,
            hosted=hosted,
        ),
        n=st.integers(0, 1000),
        offset=st.none() | st.integers(0, 430),
        activity=st.sampled_from((*MEETINGS, "executive")),
        hour=st.sampled_from((None, 1, 2)),
        joint=st.booleans(),
        hosted=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
RULES = st.builds(
    rule,
    spacing=st.sampled_from((None, Cadence.MONTH, Cadence.QUARTER, Cadence.WEEK)),
    joint=st.sampled_from(("each", "host", "none")),
    activities=st.sampled_from((MEETINGS, ())),
)


@given(acts=ACTS, rule=RULES, span=st.sampled_from((YEAR, Span())))
def test_as_much_counts_as_the_best_choice_found_by_trying_all_of_them(
    acts: list[Done], rule: CreditRule, span: Span
) -> None:
    found = tally(acts, rule=rule, span=span)

    assert len(found.counted) == brute_force(acts, rule, span)
    assert {one.id for one in found.counted} | set(found.uncounted) == {one.id for one in acts}
    assert not {one.id for one in found.counted} & set(found.uncounted)


def brute_force(acts: list[Done], rule: CreditRule, span: Span) -> int:
    fit = [one for one in acts if by_itself(one, rule=rule, span=span) is None]
    for size in range(len(fit), 0, -1):
        if any(agree(chosen, rule) for chosen in combinations(fit, size)):
            return size
    return 0


def agree(chosen: tuple[Done, ...], rule: CreditRule) -> bool:
    for one, other in combinations(chosen, 2):
        if one.happened_on is None or other.happened_on is None:
            continue
        times = {one.happened_at, other.happened_at}
        same = (one.activity, one.happened_on) == (other.activity, other.happened_on) and (
            len(times) == 1 or None in times
        )
        close = rule.spacing is not None and (
            calendar.period_of(one.happened_on, rule.spacing)
            == calendar.period_of(other.happened_on, rule.spacing)
        )
        if same or close:
            return False
    return True


def test_the_packs_name_known_activities_and_a_rule_for_every_metric() -> None:
    on = date(2023, 6, 1)
    party = pack.credit_rule("party_standing_committee_meeting", on=on)
    any_other = pack.credit_rule("a_metric_that_nobody_named", on=on)

    assert party.spacing is Cadence.MONTH
    assert "government_executive_meeting" not in party.activities
    assert any_other == pack.credit_rule(None, on=on) == national.CREDITS[0]
    assert all(pack.activity(code, on=on) for code in party.activities)
    assert pack.activity("tea", on=on) is None
    assert all(pack.limit(code, on=on) > 0 for code in EvidenceLimitCode)
