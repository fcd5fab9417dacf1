"""Teams, transfers, evaluations and look-backs: each bound from both sides, over ten years."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI, BeyondCalendar, Calendar
from reference import holidays, national
from reference.national.rows import Clock
from reference.terms import Grade, Regime
from services.incidents.dossiers.rules import waited_for
from services.incidents.evaluations.rules import evaluation_window
from services.incidents.lookbacks.rules import lookback_due
from services.incidents.periods.rules import due_after, ends_at
from services.incidents.teams.rules import missing_organs
from services.incidents.transfers.domain import CLOCKS, TRANSITIONS, TransferStatus
from services.incidents.transfers.rules import least_officers, step_due

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
TODAY = date(2023, 6, 1)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


INSTANTS = st.timedeltas(timedelta(), timedelta(days=3652)).map(
    lambda passed: at(2020, 1, 1) + passed
)
DAYS = st.dates(date(2021, 9, 1), date(2031, 9, 1))
REQUIRED = {
    row.code
    for row in national.TEAM_ORGANS
    if row.presence == "required" and Regime.STANDARD in row.regimes
}
ORGANS = st.sets(st.sampled_from(sorted(row.code for row in national.TEAM_ORGANS)))


def named(
    joined: set[str], asked: set[str], *, regime: Regime = Regime.STANDARD, on: date = TODAY
) -> set[str]:
    return {row.code for row in missing_organs(joined=joined, asked=asked, regime=regime, on=on)}


def test_six_organs_sit_on_a_team_and_the_procuratorate_is_asked() -> None:
    assert {"government", "emergency", "regulator", "supervision", "police", "union"} == REQUIRED
    assert named(set(), set()) == REQUIRED | {"procuratorate"}
    assert named(REQUIRED, set()) == {"procuratorate"}
    assert named(REQUIRED, {"procuratorate"}) == set()
    assert named(REQUIRED | {"procuratorate"}, set()) == set()


@given(ORGANS, ORGANS)
def test_exactly_what_nobody_stands_for_is_named(joined: set[str], asked: set[str]) -> None:
    wanted = REQUIRED - joined
    if "procuratorate" not in joined | asked:
        wanted |= {"procuratorate"}
    assert named(joined, asked) == wanted


def test_before_the_decree_no_organ_is_asked_for() -> None:
    assert named(set(), set(), on=date(2007, 5, 31)) == set()
    assert named(set(), set(), on=date(2007, 6, 1)) == REQUIRED | {"procuratorate"}


@pytest.mark.parametrize("on", [date(2024, 4, 30), date(2024, 5, 1)])
def test_the_organ_that_convenes_the_team_of_a_coal_mine_sits_on_it(on: date) -> None:
    there = REQUIRED | {"procuratorate"}
    assert named(there, set(), regime=Regime.COAL_MINE, on=on) == {"mine_safety"}
    assert named(there, {"mine_safety"}, regime=Regime.COAL_MINE, on=on) == {"mine_safety"}
    assert named(there | {"mine_safety"}, set(), regime=Regime.COAL_MINE, on=on) == set()
    assert named(there, set(), on=on) == set()


@pytest.mark.parametrize(
    ("part", "on", "waits"),
    [
        ("lead", TODAY, True),
        ("member", TODAY, True),
        ("expert", TODAY, False),
        ("member", date(2007, 6, 1), True),
        ("member", date(2007, 5, 31), False),
    ],
)
def test_a_report_waits_for_the_signature_of_every_member(part: str, on: date, waits: bool) -> None:
    row = waited_for(part, on=on)
    assert (row is not None) is waits
    assert row is None or row.rule == "decree-493 30@2007-06-01"


@pytest.mark.parametrize(
    ("addressee", "on", "least"),
    [
        ("police", date(2001, 7, 8), 1),
        ("police", date(2001, 7, 9), 2),
        ("police", TODAY, 2),
        ("discipline", TODAY, 1),
    ],
)
def test_two_officers_look_into_a_suspected_crime(addressee: str, on: date, least: int) -> None:
    assert least_officers(addressee, on=on) == least


def due(code: str, since: datetime) -> datetime:
    return due_after(code, since=since, days_off=holidays.calendar()).at


@pytest.mark.parametrize(
    ("since", "closes"),
    [
        (at(2023, 6, 5, 0, 0), at(2023, 6, 9)),  # Monday's first moment: Thursday is the last day
        (at(2023, 6, 5, 23, 59, 59), at(2023, 6, 9)),  # its last moment: the same
        (at(2023, 6, 6, 0, 0), at(2023, 6, 10)),
        (at(2023, 6, 1, 10), at(2023, 6, 6)),  # ends on a Sunday: the next working day
        (at(2023, 9, 27, 10), at(2023, 10, 8)),  # ends on 30 September, in the holidays
        (at(2023, 10, 4, 10), at(2023, 10, 8)),  # ends on a worked Saturday
        (at(2039, 1, 1, 10), at(2039, 1, 5)),  # beyond the calendar: days as they come
    ],
)
def test_three_days_to_decide_are_days_of_the_calendar(since: datetime, closes: datetime) -> None:
    assert due("transfer_decision", since) == closes


@given(INSTANTS)
def test_a_delivery_has_twenty_four_hours_through_nights_and_holidays(since: datetime) -> None:
    assert due("transfer_delivery", since) == since + timedelta(hours=24)


@given(INSTANTS, st.sampled_from(sorted({*CLOCKS.values()} - {"transfer_delivery"})))
def test_any_three_days_end_at_midnight_on_a_working_day_no_sooner(
    since: datetime, code: str
) -> None:
    closes, days_off = due(code, since), holidays.calendar()
    last = closes.date() - DAY

    assert closes.isoformat().endswith("T00:00:00+08:00")
    assert last >= since.date() + 3 * DAY
    if last.year in days_off.years:
        assert calendar.is_working_day(last, calendar=days_off)
    skipped = [since.date() + n * DAY for n in range(3, (last - since.date()).days)]
    assert not any(calendar.is_working_day(day, calendar=days_off) for day in skipped)


@given(INSTANTS, INSTANTS)
def test_who_starts_later_never_has_to_be_done_sooner(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    for code in CLOCKS.values():
        assert due(code, first) <= due(code, second)


def test_a_place_that_counts_working_days_does_and_is_refused_beyond_them() -> None:
    row = national.CLOCKS.one("transfer_decision", on=TODAY)
    working = row.model_copy(update={"counting": "working_days"})

    def ends(since: datetime) -> datetime:
        return ends_at(working, since=since, days_off=holidays.calendar())

    assert ends(at(2023, 9, 28, 10)) == at(2023, 10, 10)  # 7, 8 and 9 October are worked
    assert ends(at(2024, 2, 8, 10)) == at(2024, 2, 20)
    with pytest.raises(BeyondCalendar):
        ends(at(2039, 1, 1))


@given(st.sampled_from(list(TransferStatus)), INSTANTS)
def test_a_clock_runs_exactly_where_somebody_has_to_act(
    status: TransferStatus, since: datetime
) -> None:
    leaves = any(start is status for start, _ in TRANSITIONS)
    found = step_due(CLOCKS.get(status), since=since, days_off=holidays.calendar())

    assert (found is not None) is leaves
    if found is not None:
        assert found.at > since
        assert found.rule.startswith("decree-310 ")


@pytest.mark.parametrize(
    ("approved", "opens", "closes"),
    [
        (date(2025, 4, 29), at(2026, 2, 28), at(2026, 4, 30)),  # there is no 29 February
        (date(2023, 4, 29), at(2024, 2, 29), at(2024, 4, 30)),
        (date(2023, 4, 30), at(2024, 2, 29), at(2024, 5, 1)),
        (date(2024, 2, 29), at(2024, 12, 29), at(2025, 3, 1)),
        (
            date(2022, 10, 1),
            at(2023, 8, 1),
            at(2023, 10, 2),
        ),  # its last day is a holiday, and stays
    ],
)
def test_an_evaluation_is_made_between_its_tenth_month_and_its_year(
    approved: date, opens: datetime, closes: datetime
) -> None:
    window = evaluation_window(approved)
    assert window is not None
    assert (window.opens_at, window.closes_at) == (opens, closes)


def test_the_year_binds_by_law_since_the_amendment_and_by_the_measures_before() -> None:
    after, before = evaluation_window(date(2021, 9, 1)), evaluation_window(date(2021, 8, 31))
    assert after is not None
    assert before is not None
    assert after.rule.startswith("work-safety-law 86@")
    assert before.rule.startswith("evaluation-measures 3@")
    assert evaluation_window(date(2020, 12, 31)) is None


@given(DAYS)
def test_any_evaluation_has_about_two_months_and_ends_a_year_on(approved: date) -> None:
    window = evaluation_window(approved)
    assert window is not None
    last = window.closes_at.date() - DAY

    assert (last.year, last.month) == (approved.year + 1, approved.month)
    assert last.day == approved.day or (last.month, last.day) == (2, 28)
    assert 58 <= (last - window.opens_at.date()).days <= 64
    for instant in (window.opens_at, window.closes_at):
        assert instant.isoformat().endswith("T00:00:00+08:00")


@pytest.mark.parametrize("grade", Grade)
def test_only_larger_and_graver_accidents_are_looked_back_at(grade: Grade) -> None:
    found = lookback_due(grade, published_on=date(2023, 8, 31))

    assert (found is not None) is grade.at_least(Grade.LARGER)
    if found is not None:
        assert found.at == at(2024, 3, 1)  # there is no 31 February, and 2024 leaps


def test_before_the_plan_nobody_looks_back() -> None:
    assert lookback_due(Grade.MAJOR, published_on=date(2022, 12, 31)) is None
    assert lookback_due(Grade.MAJOR, published_on=date(2023, 1, 1)) is not None


@given(st.dates(date(2023, 1, 1), date(2033, 1, 1)))
def test_any_look_back_is_due_at_a_midnight_half_a_year_on(day: date) -> None:
    found = lookback_due(Grade.LARGER, published_on=day)
    assert found is not None
    assert 181 <= (found.at.date() - DAY - day).days <= 184


def test_where_the_calendar_ends_in_days_off_the_last_day_stays() -> None:
    row = national.CLOCKS.one("transfer_decision", on=TODAY)
    only = Calendar(years=frozenset({2023}), holidays=frozenset(), working_weekends=frozenset())

    def ends(since: datetime) -> datetime:
        return ends_at(row, since=since, days_off=only)

    assert ends(at(2023, 12, 27)) == at(2023, 12, 31)  # Saturday the 30th; next is 2024
    assert ends(at(2023, 12, 26)) == at(2023, 12, 30)


@given(INSTANTS, st.integers(1, 400))
def test_days_without_a_calendar_are_counted_one_by_one(since: datetime, length: int) -> None:
    row = national.CLOCKS.one("transfer_decision", on=TODAY)
    plain = Calendar(years=frozenset(), holidays=frozenset(), working_weekends=frozenset())
    longer: Clock = row.model_copy(update={"length": length})
    ends = ends_at(longer, since=since, days_off=plain)

    assert (ends.date() - since.date()).days == length + 1
    assert ends - MOMENT < ends
