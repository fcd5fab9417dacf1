"""Which statements count by the window of an accident's day, and what they make together."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from services.incidents.accidents.rules import Figures
from services.incidents.followups.rules import (
    Standing,
    Statement,
    inside,
    judged_anew,
    late_among,
    settled,
)

MOMENT = timedelta(microseconds=1)
FIRST = datetime(2023, 6, 1, 10, tzinfo=SHANGHAI)
EARLY, LATE = datetime(2023, 7, 2, tzinfo=SHANGHAI), datetime(2023, 7, 4, tzinfo=SHANGHAI)


def said(
    received_at: datetime,
    *,
    known_at: datetime | None = None,
    counted: bool = True,
    fields: tuple[str, ...] = ("casualties",),
    deaths: int = 0,
    **figures: object,
) -> Statement:
    return Statement(
        received_at=received_at,
        known_at=known_at,
        counted=counted,
        said=frozenset(fields),
        figures=Figures(deaths=deaths, **figures),  # type: ignore[arg-type]
    )


def fates(*later: Statement, closed_at: datetime, closes_at: datetime) -> list[Standing]:
    first = said(FIRST)
    found = judged_anew(
        [first, *later], first_known_at=FIRST, closed_at=closed_at, closes_at=closes_at
    )
    assert found[0] is Standing.COUNTED  # the first report counts always
    return list(found[1:])


def anew(*later: Statement, closed_at: datetime, closes_at: datetime) -> list[bool]:
    found = fates(*later, closed_at=closed_at, closes_at=closes_at)
    return [one is Standing.COUNTED for one in found]


@pytest.mark.parametrize(
    ("received_at", "known_at", "counts"),
    [
        (EARLY - MOMENT, None, True),
        (EARLY, None, False),
        (LATE, EARLY - MOMENT, True),
        (LATE, EARLY, False),
        (LATE, FIRST, False),  # when the accident was known says nothing of a change
        (EARLY - MOMENT, LATE, True),
    ],
)
def test_what_was_told_or_known_before_the_window_closed_is_inside(
    received_at: datetime, known_at: datetime | None, counts: bool
) -> None:
    found = inside(
        first_known_at=FIRST, known_at=known_at, received_at=received_at, closes_at=EARLY
    )
    assert found is counts


@pytest.mark.parametrize("at", [EARLY - MOMENT, EARLY, LATE - MOMENT, LATE])
def test_the_window_of_the_corrected_day_decides(at: datetime) -> None:
    now_in = anew(said(at, counted=at < EARLY), closed_at=EARLY, closes_at=LATE)
    now_out = anew(said(at, counted=at < LATE), closed_at=LATE, closes_at=EARLY)

    assert now_in == [at < LATE]
    assert now_out == [at < EARLY]


def test_what_was_restated_of_counted_figures_counts_on() -> None:
    assert anew(said(LATE, counted=True), closed_at=EARLY, closes_at=EARLY - MOMENT) == [True]


def test_what_later_figures_had_overtaken_never_counts() -> None:
    later, waited = said(EARLY - MOMENT), said(FIRST + MOMENT, counted=False)
    assert fates(later, waited, closed_at=EARLY, closes_at=LATE) == ["counted", "overtaken"]
    assert fates(later, waited, closed_at=EARLY, closes_at=FIRST) == ["late", "late"]


def test_what_counts_only_now_is_overtaken_by_what_was_received_after_it() -> None:
    known = said(LATE, known_at=EARLY - MOMENT)
    waited = said(LATE - MOMENT, counted=False)
    assert anew(known, waited, closed_at=EARLY, closes_at=LATE) == [True, False]
    assert anew(waited, known, closed_at=EARLY, closes_at=LATE) == [True, True]


INSTANTS = st.timedeltas(timedelta(), timedelta(days=60)).map(lambda passed: FIRST + passed)


@given(st.lists(INSTANTS, max_size=6), INSTANTS, INSTANTS)
def test_there_and_back_is_where_it_began(
    received: list[datetime], one: datetime, other: datetime
) -> None:
    there = [said(at, counted=at < one) for at in sorted(received)]
    moved = anew(*there, closed_at=one, closes_at=other)
    kept = [said(each.received_at, counted=c) for each, c in zip(there, moved, strict=True)]

    assert anew(*kept, closed_at=other, closes_at=one) == [each.counted for each in there]


def told(*statements: Statement, standings: str = "") -> tuple[Figures, int]:
    """The figures and the late dead; by letter what counts, was overtaken, or is late."""
    letters = {"c": Standing.COUNTED, "o": Standing.OVERTAKEN, "l": Standing.LATE}
    return settled(statements, [letters[one] for one in standings])


def test_each_figure_is_what_was_said_of_it_last() -> None:
    first = said(FIRST, deaths=2, missing=1)
    loss = said(EARLY, fields=("direct_loss_wan",), deaths=9, direct_loss_wan=Decimal(100))
    people = said(EARLY, deaths=3)
    dead = said(LATE, fields=("missing_presumed_dead", "summary"), missing_presumed_dead=True)

    assert told(first, standings="c") == (Figures(deaths=2, missing=1), 0)
    lost = Figures(deaths=2, missing=1, direct_loss_wan=Decimal(100))
    assert told(first, loss, standings="cc") == (lost, 0)
    three = Figures(deaths=3, direct_loss_wan=Decimal(100))
    assert told(first, loss, people, standings="ccc") == (three, 0)
    gone = Figures(deaths=2, missing=1, missing_presumed_dead=True)
    assert told(first, dead, standings="cc") == (gone, 0)


@pytest.mark.parametrize(
    ("deaths", "standings", "counted", "late"),
    [
        ((2, 5), "cl", 2, 3),
        ((2, 5), "co", 2, 0),
        ((2, 5, 3), "cll", 2, 1),
        ((2, 5, 3), "clc", 3, 2),  # one of the three who were told late had died in time
        ((2, 5, 6), "clc", 6, 0),
        ((2, 1), "cl", 2, 0),
        ((2, 1, 0), "clc", 0, 0),
    ],
)
def test_the_dead_who_were_told_late_stand_beside_those_who_count(
    deaths: tuple[int, ...], standings: str, counted: int, late: int
) -> None:
    statements = [said(FIRST, deaths=number) for number in deaths]
    assert told(*statements, standings=standings) == (Figures(deaths=counted), late)


def test_a_late_word_on_the_loss_alone_says_nothing_of_the_dead() -> None:
    loss = said(LATE, fields=("direct_loss_wan",), deaths=9, direct_loss_wan=Decimal(1))
    assert told(said(FIRST, deaths=2), loss, standings="cl") == (Figures(deaths=2), 0)


@pytest.mark.parametrize(("dead", "late"), [(2, 0), (3, 0), (4, 1)])
def test_whoever_died_in_time_is_not_late(dead: int, late: int) -> None:
    assert late_among(dead, counted=Figures(deaths=3)) == late
