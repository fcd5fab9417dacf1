"""Who is called for a unit that is no more."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from services.notifications.directory import rules
from services.notifications.directory.rules import End

LAST = date(2031, 5, 1)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(("on", "called"), [(LAST, "a"), (LAST + A_DAY, "b")])
def test_an_heir_is_called_from_the_day_after_the_last_one_on(on: date, called: str) -> None:
    assert rules.called("a", ends={"a": End("b", LAST)}, on=on) == called


@pytest.mark.parametrize(("on", "called"), [(LAST + A_DAY, "b"), (LAST + 2 * A_DAY, "c")])
def test_an_heir_has_heirs_of_its_own_once_it_ended(on: date, called: str) -> None:
    ends = {"a": End("b", LAST), "b": End("c", LAST + A_DAY)}

    assert rules.called("a", ends=ends, on=on) == called


@pytest.mark.parametrize("ring", ["aa", "aba", "abcb"])
def test_in_a_ring_of_heirs_nobody_is_called(ring: str) -> None:
    ends = {unit: End(heir, LAST) for unit, heir in pairwise(ring)}

    assert rules.called("a", ends=ends, on=LAST + A_DAY) is None
