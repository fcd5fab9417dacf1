"""Which statements count by the window of an accident's day, and what they make together."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from services.incidents.accidents.rules import Figures
from services.incidents.followups.rules import Statement, counted_anew, figures_of, inside

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


def anew(*later: Statement, closed_at: datetime, closes_at: datetime) -> list[bool]:
    first = said(FIRST)
    found = counted_anew(
        [first, *later], first_known_at=FIRST, closed_at=closed_at, closes_at=closes_at
    )
    assert found[0]  # the first report counts always
    return list(found[1:])


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
    assert anew(later, waited, closed_at=EARLY, closes_at=LATE) == [True, False]


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


def test_each_figure_is_what_was_said_of_it_last() -> None:
    first = said(FIRST, deaths=2, missing=1)
    loss = said(EARLY, fields=("direct_loss_wan",), deaths=9, direct_loss_wan=100)
    people = said(EARLY, deaths=3)
    dead = said(LATE, fields=("missing_presumed_dead", "summary"), missing_presumed_dead=True)

    assert figures_of([first]) == Figures(deaths=2, missing=1)
    assert figures_of([first, loss]) == Figures(deaths=2, missing=1, direct_loss_wan=100)  # type: ignore[arg-type]
    assert figures_of([first, loss, people]) == Figures(deaths=3, direct_loss_wan=100)  # type: ignore[arg-type]
    assert figures_of([first, dead]) == Figures(deaths=2, missing=1, missing_presumed_dead=True)
