"""Rate limits never let more through than stated, and never keep anybody out longer."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.gcra import Limiter, Rate, decide

SECOND = 1_000_000_000

rates = st.builds(
    Rate, st.floats(0.01, 5_000, allow_nan=False, allow_infinity=False), st.integers(1, 50)
)
gaps = st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=60)


def admitted(
    rate: Rate, waits: Sequence[int], deciding: Callable[..., object] = decide
) -> list[int]:
    """The instants at which requests passed, asked for after each of the waits."""
    now, arrival, passed = 0, None, []
    for wait in waits:
        now += wait
        decision = deciding(arrival, now=now, rate=rate)
        arrival = decision.arrival
        if decision.allowed:
            passed.append(now)
    return passed


def exceeds(rate: Rate, passed: Sequence[int]) -> bool:
    """Whether any stretch of time saw more than the burst and the rate allow."""
    return any(
        count > rate.burst + (until - since) * rate.per_second / SECOND + 1e-6
        for first, since in enumerate(passed)
        for count, until in enumerate(passed[first:], start=1)
    )


@given(rates, gaps)
def test_no_stretch_of_time_sees_more_than_burst_and_rate(rate: Rate, waits: list[int]) -> None:
    assert not exceeds(rate, admitted(rate, waits))


def test_a_limiter_that_forgets_what_it_let_pass_is_caught() -> None:
    def forgetful(arrival: int | None, *, now: int, rate: Rate) -> object:
        return decide(None, now=now, rate=rate)

    rate = Rate(1, burst=2)
    assert exceeds(rate, admitted(rate, [0] * 5, forgetful))


@given(rates, gaps)
def test_a_refusal_states_exactly_when_the_next_request_passes(
    rate: Rate, waits: list[int]
) -> None:
    now, arrival = 0, None
    for wait in waits:
        now += wait
        decision = decide(arrival, now=now, rate=rate)
        arrival = decision.arrival
        if not decision.allowed:
            later = now + decision.retry_after
            assert decide(arrival, now=later, rate=rate).allowed
            assert not decide(arrival, now=later - 1, rate=rate).allowed


@given(rates)
def test_a_refusal_uses_nothing_up(rate: Rate) -> None:
    arrival = None
    for _ in range(rate.burst):
        arrival = decide(arrival, now=0, rate=rate).arrival
    refused = decide(arrival, now=0, rate=rate)
    assert not refused.allowed
    assert refused.arrival == arrival


@given(rates)
def test_a_whole_burst_passes_after_a_long_rest(rate: Rate) -> None:
    rest = rate.interval * rate.burst
    assert len(admitted(rate, [rest] + [0] * (rate.burst + 3))) == rate.burst


def test_keys_do_not_share_their_allowance() -> None:
    limiter = Limiter(Rate(1, burst=1))
    assert limiter.take("one", now=0) == 0
    assert limiter.take("one", now=0) == SECOND
    assert limiter.take("other", now=0) == 0


def test_forgetting_keys_that_rest_changes_no_decision() -> None:
    limiter = Limiter(Rate(1, burst=1), max_keys=100)
    limiter.take("in debt", now=10 * SECOND)
    for number in range(500):
        limiter.take(f"long ago {number}", now=0)
    assert len(limiter) <= 101
    assert limiter.take("in debt", now=10 * SECOND) > 0


def test_the_number_of_keys_is_bounded_even_when_all_are_in_debt() -> None:
    limiter = Limiter(Rate(0.001, burst=1), max_keys=1_000)
    for number in range(20_000):
        limiter.take(f"address {number}", now=number)
        assert len(limiter) <= 1_000
    assert limiter.take("address 19999", now=20_000) > 0


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_rate_that_lets_nothing_through_is_refused(per_second: float, burst: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        Rate(per_second, burst)
