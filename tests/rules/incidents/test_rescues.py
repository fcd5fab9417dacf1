"""Follow-ups day by day: how many, until when, and ten years of them against a recount."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from reference.packs import NothingInForce
from reference.terms import Grade
from services.incidents.accidents.rules import Figures
from services.incidents.rescues import domain, rules
from services.incidents.rescues.domain import DayStatus
from services.incidents.tolls import rules as tolls

DAY = date(2023, 6, 2)
MOMENT = timedelta(microseconds=1)
TEN_YEARS = timedelta(days=3653)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("grade", "needed"),
    [(Grade.GENERAL, 1), (Grade.LARGER, 1), (Grade.MAJOR, 2), (Grade.EXTRAORDINARY, 2)],
)
def test_a_day_needs_one_follow_up_and_two_from_a_major_accident_on(
    grade: Grade, needed: int
) -> None:
    owed = rules.owed(DAY, grade=grade)

    assert (owed.needed, owed.due_at) == (needed, at(2023, 6, 3))
    assert owed.rule == "order-21 11@2009-07-01"


def test_before_the_order_no_follow_up_was_asked_for() -> None:
    assert rules.owed(date(2009, 7, 1), grade=Grade.GENERAL).needed == 1
    with pytest.raises(NothingInForce):
        rules.owed(date(2009, 6, 30), grade=Grade.GENERAL)


def test_the_day_of_the_first_report_has_that_report() -> None:
    assert rules.first_day(known_at=at(2023, 6, 1, 23, 59, 59)) == date(2023, 6, 2)
    assert rules.first_day(known_at=at(2023, 6, 2)) == date(2023, 6, 3)


def test_a_day_is_a_day_in_shanghai() -> None:
    assert rules.begins_at(DAY) == at(2023, 6, 2)
    assert rules.owed(DAY, grade=Grade.GENERAL).due_at - rules.begins_at(DAY) == timedelta(days=1)


def test_a_grade_asks_for_its_number_from_the_beginning_of_a_day() -> None:
    grades = [(at(2023, 6, 1, 10), Grade.LARGER), (at(2023, 6, 2), Grade.MAJOR)]

    assert rules.grade_of_day(date(2023, 6, 2), grades=grades) is Grade.MAJOR
    later = [grades[0], (at(2023, 6, 2) + MOMENT, Grade.MAJOR)]
    assert rules.grade_of_day(date(2023, 6, 2), grades=later) is Grade.LARGER
    assert rules.grade_of_day(date(2023, 6, 3), grades=later) is Grade.MAJOR
    assert rules.grade_of_day(date(2023, 5, 1), grades=later) is Grade.LARGER


def test_a_changed_count_is_due_on_its_own_day() -> None:
    known = at(2023, 6, 2, 8)

    assert rules.change_due(known_at=known) == at(2023, 6, 3)
    assert not rules.change_late(known_at=known, received_at=at(2023, 6, 3) - MOMENT)
    assert rules.change_late(known_at=known, received_at=at(2023, 6, 3))


INSTANTS = st.timedeltas(timedelta(), TEN_YEARS).map(lambda passed: at(2013, 1, 1) + passed)


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=3)))
def test_any_changed_count_is_in_time_exactly_on_its_day(
    known: datetime, passed: timedelta
) -> None:
    received = known + passed

    same_day = received.astimezone(SHANGHAI).date() == known.astimezone(SHANGHAI).date()
    assert rules.change_late(known_at=known, received_at=received) is not same_day


@dataclass
class Clockwork:
    """The days of a rescue as the timers turn them, on a virtual clock."""

    began: datetime
    ended: datetime
    grades: Sequence[tuple[datetime, Grade]]
    reports: Sequence[datetime]

    def judged(self) -> dict[date, tuple[int, DayStatus]]:
        """Each day with what it needed and what became of it, turned one after the other."""
        found: dict[date, tuple[int, DayStatus]] = {}
        day = rules.first_day(known_at=self.began)
        while True:
            owed = rules.owed(day, grade=rules.grade_of_day(day, grades=self.grades))
            start = rules.begins_at(day)
            over = owed.due_at <= self.ended
            received = sum(start <= report < owed.due_at for report in self.reports)
            status = domain.judged(DayStatus.OPEN, received=received, needed=owed.needed, over=over)
            if not over:
                lifted = (status, domain.DayAction.LIFT)
                found[day] = (owed.needed, domain.DAY_TRANSITIONS.get(lifted, status))
                return found
            found[day] = (owed.needed, status)
            day += timedelta(days=1)


@st.composite
def rescues(draw: st.DrawFn) -> Clockwork:
    began = draw(INSTANTS)
    lasting = draw(st.timedeltas(timedelta(), timedelta(days=40)))
    inside = st.timedeltas(timedelta(), lasting).map(lambda passed: began + passed)
    moved = sorted(draw(st.lists(inside, max_size=4)))
    grades = [(began, draw(st.sampled_from(Grade)))]
    grades += [(instant, draw(st.sampled_from(Grade))) for instant in moved]
    midnights = st.integers(0, 40).map(
        lambda day: rules.begins_at(began.astimezone(SHANGHAI).date()) + timedelta(days=day)
    )
    reports = sorted(draw(st.lists(st.one_of(inside, midnights), max_size=60)))
    return Clockwork(began=began, ended=began + lasting, grades=grades, reports=reports)


@given(rescues())
def test_any_rescue_within_ten_years_owes_what_a_plain_recount_says(rescue: Clockwork) -> None:
    """Counted anew from the calendar alone: no chain of timers, no instants compared."""
    found = rescue.judged()
    first = rescue.began.astimezone(SHANGHAI).date()
    last = rescue.ended.astimezone(SHANGHAI).date()
    whole = [first + timedelta(days=n) for n in range(1, (last - first).days)]
    days = [report.astimezone(SHANGHAI).date() for report in rescue.reports]

    for day in whole:
        morning = [grade for since, grade in rescue.grades if since <= rules.begins_at(day)]
        needed = 2 if morning[-1] in {Grade.MAJOR, Grade.EXTRAORDINARY} else 1
        met = days.count(day) >= needed
        assert found[day] == (needed, DayStatus.MET if met else DayStatus.MISSED)
    assert [day for day in found if day not in whole] == [max(last, first + timedelta(days=1))]
    assert DayStatus.MISSED not in {found[day][1] for day in found if day not in whole}


def test_ten_years_without_an_end_owe_every_single_day() -> None:
    began = at(2014, 3, 1, 12)
    silent = Clockwork(
        began=began, ended=began + TEN_YEARS, grades=[(began, Grade.MAJOR)], reports=[]
    )
    judged = silent.judged()

    assert len(judged) == TEN_YEARS.days
    statuses = [status for _, status in judged.values()]
    assert statuses[:-1] == [DayStatus.MISSED] * (TEN_YEARS.days - 1)
    assert statuses[-1] is DayStatus.LIFTED


@pytest.mark.parametrize(
    ("before", "after", "changed", "fell"),
    [
        (Figures(deaths=3), Figures(deaths=3), False, False),
        (Figures(deaths=3), Figures(deaths=4), True, False),
        (Figures(deaths=3), Figures(deaths=2), True, True),
        (Figures(serious_injuries=2), Figures(serious_injuries=1), True, True),
        (Figures(deaths=5, missing=8), Figures(deaths=5, missing=7), True, False),
        (
            Figures(deaths=5, missing=8, missing_presumed_dead=True),
            Figures(deaths=5, missing=7, missing_presumed_dead=True),
            True,
            True,
        ),
        (Figures(minor_injuries=2), Figures(minor_injuries=1), True, False),
        (Figures(missing=3), Figures(missing=3, missing_presumed_dead=True), True, False),
        (Figures(missing=3, missing_presumed_dead=True), Figures(missing=3), True, True),
        (
            Figures(missing=3, missing_presumed_dead=True),
            Figures(deaths=3, missing_presumed_dead=True),
            True,
            False,
        ),
        (Figures(missing_presumed_dead=True), Figures(), False, False),
    ],
)
def test_a_count_falls_when_fewer_are_dead_or_gravely_harmed(
    before: Figures, after: Figures, changed: bool, fell: bool
) -> None:
    assert tolls.changed(before, after) is changed
    assert tolls.fell(before, after) is fell


def test_a_change_after_the_window_is_recorded_and_not_owed() -> None:
    said = {"before": Figures(deaths=1), "after": Figures(deaths=2), "same_reporter": True}
    known, received = at(2023, 6, 2, 8), at(2023, 6, 4)
    inside = tolls.judge(**said, known_at=known, received_at=received, counted=True)  # type: ignore[arg-type]
    after = tolls.judge(**said, known_at=known, received_at=received, counted=False)  # type: ignore[arg-type]

    assert (inside.late, inside.due_at) == (True, at(2023, 6, 3))
    assert (after.late, after.due_at) == (False, None)


@pytest.mark.parametrize("same_reporter", [True, False])
def test_a_count_that_somebody_else_lowers_is_contested(same_reporter: bool) -> None:
    judged = tolls.judge(
        before=Figures(deaths=3),
        after=Figures(deaths=2),
        known_at=at(2023, 6, 2, 8),
        received_at=at(2023, 6, 2, 9),
        counted=True,
        same_reporter=same_reporter,
    )

    assert judged.fell
    assert judged.contested is not same_reporter


@pytest.mark.parametrize("planted", ["midnight_counts", "grade_at_once"])
def test_a_day_off_by_an_instant_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    """The planted bugs: 24:00 that is still the day, and a grade that asks for more at once."""
    if planted == "midnight_counts":
        monkeypatch.setattr(
            rules,
            "change_late",
            lambda *, known_at, received_at: received_at > rules.change_due(known_at=known_at),
        )
        with pytest.raises(AssertionError):
            test_a_changed_count_is_due_on_its_own_day()
    else:
        monkeypatch.setattr(rules, "grade_of_day", lambda day, *, grades: grades[-1][1])
        with pytest.raises(AssertionError):
            test_a_grade_asks_for_its_number_from_the_beginning_of_a_day()


@pytest.mark.parametrize(
    ("figures", "sought"),
    [
        (Figures(deaths=5), 0),
        (Figures(missing=1), 1),
        (Figures(missing=1, missing_presumed_dead=True), 0),
        (Figures(trapped=3), 0),  # counted since the accident, freed or not
    ],
)
def test_the_missing_are_looked_for_until_they_are_presumed_dead(
    figures: Figures, sought: int
) -> None:
    assert rules.sought(figures) == sought


@pytest.mark.parametrize(
    ("before", "stated", "anew"),
    [
        (Figures(missing=2), Figures(missing=2), False),
        (Figures(missing=2), Figures(missing=3), True),
        (Figures(missing=2, missing_presumed_dead=True), Figures(missing=1), True),
        (Figures(missing=2), Figures(missing=9, missing_presumed_dead=True), False),
    ],
)
def test_a_rescue_goes_on_when_more_are_missing_than_before(
    before: Figures, stated: Figures, anew: bool
) -> None:
    assert rules.missed_anew(before=before, stated=stated) is anew
