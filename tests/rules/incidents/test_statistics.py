"""Deadlines of the statistics, rates and reductions: both sides of each bound."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from services.incidents.accidents.rules import FOREST_FIRE, WORK_SAFETY, Figures, left_out
from services.incidents.entries import domain, rules
from services.incidents.entries.domain import EntryAction, EntryActionRefused, EntryStatus
from services.incidents.statistics.rules import (
    death_rate,
    deaths_within,
    meets,
    percent,
    reduction,
)

RECEIVED = datetime(2023, 6, 1, 10, 40, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)


def test_an_entry_is_due_in_a_day_and_complete_in_a_week() -> None:
    due = rules.entry_due(received_at=RECEIVED)
    assert due is not None
    assert due.enter_by == RECEIVED + timedelta(hours=24)
    assert due.complete_by == datetime(2023, 6, 9, tzinfo=SHANGHAI)
    assert due.rule == "accident-statistics-2020 whole@2020-11-25"


@given(st.timedeltas(timedelta(), timedelta(days=3650)))
def test_an_entry_is_always_due_before_it_must_be_complete(passed: timedelta) -> None:
    received = datetime(2020, 11, 25, tzinfo=SHANGHAI) + passed
    due = rules.entry_due(received_at=received)
    assert due is not None
    assert timedelta(days=7) < due.complete_by - received <= timedelta(days=8)
    assert due.enter_by - received == timedelta(days=1)


def test_before_the_system_nothing_is_asked() -> None:
    before = datetime(2020, 11, 24, 23, 59, 59, tzinfo=SHANGHAI)
    assert rules.entry_due(received_at=before) is None
    assert rules.entry_due(received_at=before + timedelta(seconds=1)) is not None


def test_at_the_deadline_it_is_in_time_and_a_moment_later_it_is_not() -> None:
    assert not rules.late(due_at=RECEIVED, at=RECEIVED)
    assert rules.late(due_at=RECEIVED, at=RECEIVED + MOMENT)


@pytest.mark.parametrize(
    ("figures", "out"),
    [
        (Figures(), True),
        (Figures(direct_loss_wan=Decimal("99.9999")), True),
        (Figures(direct_loss_wan=Decimal(100)), False),
        (Figures(trapped=12, evacuated=600), True),
        (Figures(deaths=1), False),
        (Figures(missing=1), False),
        (Figures(serious_injuries=1), False),
        (Figures(minor_injuries=1), False),
    ],
)
def test_who_harmed_nobody_and_cost_less_than_a_million_is_left_out(
    figures: Figures, out: bool
) -> None:
    assert left_out(figures, scale=WORK_SAFETY, on=date(2023, 6, 1)) is out


def test_nothing_was_left_out_before_the_measures_and_no_forest_fire_is_now() -> None:
    first = date(2016, 7, 27)
    assert left_out(Figures(), scale=WORK_SAFETY, on=first)
    assert not left_out(Figures(), scale=WORK_SAFETY, on=first - timedelta(days=1))
    assert not left_out(Figures(), scale=FOREST_FIRE, on=first)


@pytest.mark.parametrize("status", EntryStatus)
@pytest.mark.parametrize("action", EntryAction)
def test_an_entry_does_what_the_table_names_and_nothing_else(
    status: EntryStatus, action: EntryAction
) -> None:
    if (status, action) in domain.TRANSITIONS:
        assert domain.after(status, action) is domain.TRANSITIONS[status, action]
    else:
        with pytest.raises(EntryActionRefused):
            domain.after(status, action)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (-12, 56, Decimal("-21.4")),  # a printed bulletin said -24.4
        (3, 33, Decimal("9.1")),
        (-6, 51, Decimal("-11.8")),
        (0, 7, Decimal("0.0")),
        (1, 8, Decimal("12.5")),
        (1, 2000, Decimal("0.1")),  # half a tenth goes up
        (0, 0, None),
        (3, 0, None),
    ],
)
def test_a_share_is_computed_to_a_tenth(part: int, whole: int, share: Decimal | None) -> None:
    assert percent(part, whole) == share


def test_a_reduction_is_what_is_missing_of_the_base() -> None:
    assert reduction(base=50, current=40) == Decimal("20.0")
    assert reduction(base=50, current=41) == Decimal("18.0")
    assert reduction(base=40, current=50) == Decimal("-25.0")
    assert reduction(base=0, current=2) is None


def test_a_death_rate_is_per_ten_billion_yuan() -> None:
    assert death_rate(deaths=2, output_yi=Decimal(250)) == Decimal("0.80")
    assert death_rate(deaths=2, output_yi=Decimal(249)) == Decimal("0.80")
    assert death_rate(deaths=2, output_yi=Decimal(248)) == Decimal("0.81")
    assert death_rate(deaths=2, output_yi=Decimal(0)) is None


@given(st.decimals("0.1", "9", places=1), st.decimals("0", "99999", places=2))
def test_so_many_deaths_keep_to_a_rate_and_one_more_does_not(
    target: Decimal, output: Decimal
) -> None:
    most = deaths_within(target, output_yi=output)
    rates = [death_rate(deaths=deaths, output_yi=output) for deaths in (most, most + 1)]
    if output:
        assert rates[0] is not None
        assert rates[1] is not None
        assert rates[0] <= target < rates[1]


@pytest.mark.parametrize(
    ("value", "comparator", "target", "kept"),
    [
        ("20.0", ">=", "20", True),
        ("19.9", ">=", "20", False),
        ("10.0", "<=", "10", True),
        ("10.1", "<=", "10", False),
        ("0", ">", "0", False),
        ("0.1", ">", "0", True),
        ("0", "<", "0", False),
        ("0", "==", "0", True),
    ],
)
def test_a_bound_belongs_to_within_and_at_least(
    value: str, comparator: str, target: str, kept: bool
) -> None:
    assert meets(Decimal(value), comparator=comparator, target=Decimal(target)) is kept
