"""Rates, reductions and comparisons, exact and on both sides of every bound."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.terms import DutyKind
from services.tasks.measures import domain, rules
from services.tasks.measures.domain import Known, Outcome, Reason, Target, Verdict

COUNTS = st.integers(min_value=0, max_value=10**9)
WHOLES = st.integers(min_value=1, max_value=10**9)
NUMBERS = st.fractions(min_value=-1000, max_value=1000)
EPSILON = Fraction(1, 10**30)
KEEPS = {
    # below, at, above
    ">=": (False, True, True),
    "<=": (True, True, False),
    ">": (False, False, True),
    "<": (True, False, False),
    "==": (False, True, False),
}


@pytest.mark.parametrize("comparator", KEEPS)
@given(target=NUMBERS)
def test_a_target_is_kept_on_the_right_side_of_its_bound(comparator: str, target: Fraction) -> None:
    near = (target - EPSILON, target, target + EPSILON)

    kept = [rules.meets(value, comparator=comparator, target=target) for value in near]

    assert tuple(kept) == KEEPS[comparator]


def test_a_comparison_that_is_none_of_numbers_is_refused() -> None:
    with pytest.raises(rules.UnknownComparator):
        rules.meets(Fraction(1), comparator="in", target=Fraction(1))


@given(part=COUNTS, whole=WHOLES, per=st.sampled_from([1, 100, 10**10]))
def test_a_rate_is_exact(part: int, whole: int, per: int) -> None:
    found = rules.rate(part, whole, per=per)

    assert found is not None
    assert found * whole == part * per


@given(per=WHOLES)
def test_nothing_of_nothing_is_no_rate(per: int) -> None:
    assert rules.rate(0, 0, per=per) is None


@given(base=WHOLES, current=COUNTS)
def test_a_reduction_is_exact_and_negative_where_there_is_more_than_before(
    base: int, current: int
) -> None:
    found = rules.reduction(base=base, current=current)

    assert found is not None
    assert found * base == (base - current) * 100
    assert (found < 0) == (current > base)


def test_there_is_no_reduction_from_a_base_of_zero() -> None:
    assert rules.reduction(base=0, current=0) is None
    assert rules.reduction(base=0, current=3) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "verdict"),
    [
        (2, 3, Verdict.NOT_MET),
        (667, 1000, Verdict.MET),
        (6666666, 10000000, Verdict.NOT_MET),
        (0, 1, Verdict.NOT_MET),
        (1, 1, Verdict.MET),
    ],
)
def test_a_rate_meets_its_target_by_the_exact_fraction_and_never_by_a_rounded_one(
    numerator: int, denominator: int, verdict: Verdict
) -> None:
    asked = domain.target_of(kind=DutyKind.RATE_TARGET, comparator=">=", number="66.67", per=100)
    # 2/3 is 66.666…%, which rounds to 66.67 and does not reach it.

    found = domain.standing(asked, Known(numerator=numerator, denominator=denominator))

    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("base", "current", "verdict"),
    [
        (56, 45, Verdict.NOT_MET),
        (56, 44, Verdict.MET),
        (5, 4, Verdict.MET),
        (5, 5, Verdict.NOT_MET),
    ],
)
def test_a_fifth_less_than_the_base_is_enough_and_a_hair_more_is_not(
    base: int, current: int, verdict: Verdict
) -> None:
    asked = domain.target_of(kind=DutyKind.REDUCTION_TARGET, comparator=">=", number="20", per=100)

    assert domain.standing(asked, Known(count=current, base=base)).verdict is verdict


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_must_not_happen_needs_no_number(count: int) -> None:
    asked = domain.target_of(kind=DutyKind.PROHIBITION, comparator=None, number=None, per=100)

    found = domain.standing(asked, Known(count=count))

    assert found.verdict is (Verdict.NOT_MET if count else Verdict.MET)


@pytest.mark.parametrize(
    ("kind", "known", "reason"),
    [
        (DutyKind.RATE_TARGET, Known(numerator=0, denominator=0), Reason.NOTHING_DUE),
        (DutyKind.RATE_TARGET, Known(), Reason.NOTHING_REPORTED),
        (DutyKind.COUNT_TARGET, Known(), Reason.NOTHING_REPORTED),
        (DutyKind.PROHIBITION, Known(), Reason.NOTHING_REPORTED),
        (DutyKind.REDUCTION_TARGET, Known(count=0, base=0), Reason.ZERO_BASE),
        (DutyKind.REDUCTION_TARGET, Known(count=1, base=0), Reason.ZERO_BASE),
        (DutyKind.REDUCTION_TARGET, Known(count=1), Reason.BASE_NOT_FROZEN),
        (DutyKind.REDUCTION_TARGET, Known(base=4), Reason.NOTHING_REPORTED),
        (DutyKind.COUNT_TARGET, Known(unknown=Reason.PLACE_NOT_TOLD), Reason.PLACE_NOT_TOLD),
    ],
)
def test_where_there_is_no_value_it_is_null_and_said_why_in_both_languages(
    kind: DutyKind, known: Known, reason: Reason
) -> None:
    asked = Target(kind=kind, comparator=">=", number=Fraction(0))

    found = domain.standing(asked, known)

    assert found.verdict is Verdict.NOT_MEASURABLE
    assert found.value is None
    assert found.reason is reason
    assert reason.zh
    assert reason.en


@pytest.mark.parametrize(
    ("comparator", "number"), [("in", "C,D"), (">=", "C"), (">=", None), (None, "5")]
)
def test_a_duty_without_a_number_to_reach_is_not_measurable(
    comparator: str | None, number: str | None
) -> None:
    asked = domain.target_of(
        kind=DutyKind.COUNT_TARGET, comparator=comparator, number=number, per=100
    )

    found = domain.standing(asked, Known(count=5))

    assert found.reason is Reason.NO_TARGET


@pytest.mark.parametrize("reason", Reason)
def test_only_what_was_not_reported_is_missed_among_what_has_no_value(reason: Reason) -> None:
    found = domain.Standing(verdict=Verdict.NOT_MEASURABLE, value=None, reason=reason)

    missed = reason is Reason.NOTHING_REPORTED
    assert domain.at_end(found) is (Outcome.MISSED if missed else Outcome.LEFT)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [(Verdict.MET, Outcome.FULFILLED), (Verdict.NOT_MET, Outcome.MISSED)],
)
def test_what_is_met_is_done_and_what_is_not_stays_owed(verdict: Verdict, outcome: Outcome) -> None:
    found = domain.Standing(verdict=verdict, value=Fraction(1))

    assert domain.at_end(found) is outcome
