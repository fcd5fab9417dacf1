"""Which reports of the public are looked at more closely, and by when a desk has looked."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from reference import city
from reference.cityrows import Place
from services.incidents.bystanders import rules
from services.incidents.bystanders.rules import Doubt, Word

AT = datetime(2023, 6, 1, 9, 30, tzinfo=SHANGHAI)
WORD = Word(text="二号井冒水了", has_place=True, received_at=AT)
INSIDE = Place(lon=112.6, lat=26.9)


def test_an_ordinary_word_raises_no_doubt() -> None:
    assert rules.doubts(WORD) == ()


@pytest.mark.parametrize(
    ("word", "doubt"),
    [
        (replace(WORD, within_allowance=False), Doubt.HURRIED),
        (replace(WORD, text=" 二号井冒水 "), Doubt.BARE),
        (replace(WORD, has_place=False), Doubt.NOWHERE),
        (replace(WORD, point=Place(lon=116.4, lat=39.9)), Doubt.FAR_AWAY),
        (replace(WORD, seen_at=AT - timedelta(days=30, seconds=1)), Doubt.LONG_AGO),
        (replace(WORD, said_before=True), Doubt.REPEATED),
    ],
)
def test_each_doubt_stands_alone(word: Word, doubt: Doubt) -> None:
    assert rules.doubts(word) == (doubt,)


def test_the_bounds_themselves_raise_no_doubt() -> None:
    box = city.current().cities[0]
    assert rules.doubts(replace(WORD, seen_at=AT - timedelta(days=30))) == ()
    assert rules.doubts(replace(WORD, point=box.north_east)) == ()
    assert rules.doubts(replace(WORD, has_place=False, point=INSIDE)) == ()


@given(st.integers(min_value=-10_000_000, max_value=6_000_000))
def test_a_desk_has_half_an_hour_at_any_time_of_any_day(minutes: int) -> None:
    at = AT + timedelta(minutes=minutes)
    due, rule = rules.check_due(received_at=at, on=at.date())

    assert due - at == timedelta(minutes=30)
    assert rule.startswith("platform")


def test_the_free_allowance_ends_before_the_ceiling() -> None:
    assert rules.FREE.burst < rules.CEILING.burst
    assert rules.FREE.per_second < rules.CEILING.per_second
    assert rules.check_due(received_at=AT, on=date(2023, 6, 1))[0] > AT
