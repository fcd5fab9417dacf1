"""Who may strike an accident off the statistics."""

from datetime import date

import pytest

from reference.packs import NothingInForce
from reference.terms import Grade, Level
from services.incidents.qualifications.rules import high_enough, strike_off_row

DAY = date(2023, 6, 1)


@pytest.mark.parametrize(
    ("grade", "level", "enough"),
    [
        (Grade.GENERAL, Level.CITY, False),
        (Grade.GENERAL, Level.PROVINCE, True),
        (Grade.GENERAL, Level.NATIONAL, True),
        (Grade.LARGER, Level.PROVINCE, False),
        (Grade.LARGER, Level.NATIONAL, True),
        (Grade.MAJOR, Level.PROVINCE, False),
        (Grade.EXTRAORDINARY, Level.NATIONAL, True),
    ],
)
def test_general_accidents_need_the_province_and_graver_ones_the_nation(
    grade: Grade, level: Level, enough: bool
) -> None:
    assert high_enough(level, grade=grade, on=DAY) is enough


def test_the_rule_is_named_and_dated() -> None:
    assert strike_off_row(Grade.GENERAL, on=date(2020, 11, 25)).rule == (
        "accident-statistics-2020 whole@2020-11-25"
    )
    with pytest.raises(NothingInForce):
        strike_off_row(Grade.GENERAL, on=date(2020, 11, 24))
