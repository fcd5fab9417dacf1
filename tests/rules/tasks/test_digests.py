"""On which mornings digests go out, how far they look, and what they count."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, closes_at
from reference import holidays, national
from services.tasks.digests import domain, rules
from services.tasks.digests.domain import Counts
from services.tasks.dues.domain import Owing

DAYS_OFF = holidays.calendar()
ROW = national.DIGESTS.one("digest", on=date(2023, 1, 1))
ID = UUID(int=1)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2023, 1, 20), True),
        *((date(2023, 1, day), False) for day in range(21, 28)),
        (date(2023, 1, 28), True),  # a Saturday that makes up for the festival
        (date(2023, 1, 29), True),  # and its Sunday
        (date(2023, 2, 4), False),
        (date(2090, 5, 5), True),  # a Friday of a year whose holidays nobody knows yet
        (date(2090, 5, 6), False),
    ],
)
def test_digests_go_out_on_working_days(day: date, worked: bool) -> None:
    assert rules.is_worked(day, days_off=DAYS_OFF) is worked


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (date(2023, 1, 19), date(2023, 1, 20)),
        (date(2023, 1, 20), date(2023, 1, 28)),
        (date(2023, 1, 24), date(2023, 1, 28)),
        (date(2023, 1, 28), date(2023, 1, 29)),
        (date(2023, 1, 29), date(2023, 1, 30)),
    ],
)
def test_the_next_one_goes_out_after_the_festival(after: date, following: date) -> None:
    assert rules.next_worked(after, days_off=DAYS_OFF) == following


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2023, 1, 20), date(2023, 1, 30)),
        (date(2023, 1, 28), date(2023, 1, 31)),
        (date(2023, 6, 1), date(2023, 6, 6)),
    ],
)
def test_soon_is_within_three_working_days(day: date, last: date) -> None:
    assert rules.soon_until(day, row=ROW, days_off=DAYS_OFF) == closes_at(last)


def test_it_goes_out_in_the_morning() -> None:
    morning = rules.goes_out_at(date(2023, 6, 1), row=ROW)

    assert morning == datetime(2023, 6, 1, 8, 30, tzinfo=SHANGHAI)


DAY = date(2023, 6, 1)
NOW = rules.goes_out_at(DAY, row=ROW)
ENDS, SOON = closes_at(DAY), closes_at(date(2023, 6, 6))
HAIR = timedelta(microseconds=1)


def owing(due: datetime, kind: str = "obligation") -> Owing:
    return Owing(holder="a unit", kind=kind, id=ID, entity=f"obligations/{ID}", due_at=due)


def counted(*dues: datetime) -> Counts:
    return domain.counts(map(owing, dues), now=NOW, day_ends=ENDS, soon_until=SOON)


@pytest.mark.parametrize(
    ("due", "counts"),
    [
        (NOW - HAIR, Counts(overdue=1)),
        (NOW, Counts(overdue=1)),
        (NOW + HAIR, Counts(due_today=1)),
        (ENDS, Counts(due_today=1)),
        (ENDS + HAIR, Counts(due_soon=1)),
        (SOON, Counts(due_soon=1)),
        (SOON + HAIR, Counts()),
    ],
)
def test_each_deadline_is_counted_on_its_side_of_each_bound(due: datetime, counts: Counts) -> None:
    assert counted(due) == counts


@given(st.lists(st.timedeltas(timedelta(days=-30), timedelta(days=30)), max_size=30))
def test_nothing_is_counted_twice_and_nothing_within_reach_is_left_out(
    offsets: list[timedelta],
) -> None:
    dues = [NOW + offset for offset in offsets]

    found = counted(*dues)

    total = found.overdue + found.due_today + found.due_soon
    assert total == sum(due <= SOON for due in dues)


KINDS = st.sampled_from(["obligation", "order", "supervision", "card_reply"])


@given(st.lists(KINDS, max_size=40), st.integers(4, 20))
def test_the_most_urgent_are_named_and_every_sort_is_among_them(
    kinds: list[str], most: int
) -> None:
    owed = [owing(NOW + HAIR * place, kind) for place, kind in enumerate(kinds)]

    found = domain.named(owed, most=most)

    assert len(found) == min(most, len(owed))
    assert list(found) == sorted(found, key=lambda one: one.due_at)
    assert {one.kind for one in found} == set(kinds)
    for kind in set(kinds):
        own = [one for one in owed if one.kind == kind]
        named = [one for one in found if one.kind == kind]
        assert named == own[: len(named)]


def test_many_of_one_sort_do_not_hide_the_last_of_another() -> None:
    owed = [owing(NOW + HAIR * place) for place in range(30)]
    owed.append(owing(NOW + HAIR * 30, "supervision"))

    found = domain.named(owed, most=20)

    assert found == [*owed[:19], owed[30]]


def test_enterprises_are_told_as_early_and_as_far_ahead_as_units() -> None:
    row = national.DIGESTS.one("enterprise_digest", on=DAY)

    assert rules.goes_out_at(DAY, row=row) == NOW
    assert rules.soon_until(DAY, row=row, days_off=DAYS_OFF) == SOON
