"""Windows, reporting hours and hops: the last instant in time and the first one late."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from reference import national, regions, units
from reference.terms import Grade, Level
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures
from services.incidents.followups.rules import changed_at, late_deaths, outdated
from services.incidents.notices import rules as notifying
from services.incidents.relays import rules as relaying
from services.incidents.reports import rules as reporting

DAY = date(2023, 6, 1)
MOMENT = timedelta(microseconds=1)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


INSTANTS = st.timedeltas(timedelta(), timedelta(days=7300)).map(
    lambda passed: at(2008, 1, 1) + passed
)


@pytest.mark.parametrize(
    ("kind", "closes"),
    [
        ("water_inrush", at(2023, 7, 2)),
        ("road_traffic", at(2023, 6, 9)),
        ("fire", at(2023, 6, 9)),
    ],
)
def test_a_window_closes_at_midnight_after_its_last_day(kind: str, closes: datetime) -> None:
    window = grading.window(kind, occurred_at=at(2023, 6, 1, 23, 59))

    assert window.closes_at == closes
    assert grading.counts(at=closes - MOMENT, closes_at=window.closes_at)
    assert not grading.counts(at=closes, closes_at=window.closes_at)
    assert window.row.source.article == "13"


@given(INSTANTS, st.sampled_from(["collapse", "fire", "road_traffic"]))
def test_any_window_is_its_whole_days_after_the_day_of_the_accident(
    happened: datetime, kind: str
) -> None:
    window = grading.window(kind, occurred_at=happened)
    days = (window.closes_at.date() - happened.date()).days

    assert days == (31 if kind == "collapse" else 8)
    assert window.closes_at.isoformat().endswith("T00:00:00+08:00")


def test_a_unit_has_one_hour_and_its_last_second_counts() -> None:
    known = at(2023, 6, 1, 10, 5)
    due = reporting.unit_report_due(known_at=known, on=DAY)
    on_time = reporting.lateness(known_at=known, received_at=at(2023, 6, 1, 11, 5), on=DAY)
    late = reporting.lateness(known_at=known, received_at=at(2023, 6, 1, 11, 5, 1), on=DAY)

    assert due == at(2023, 6, 1, 11, 5)
    assert (on_time.late, on_time.by_seconds) == (False, 0)
    assert (late.late, late.by_seconds) == (True, 1)


@pytest.mark.parametrize(
    ("grade", "told"),
    [
        (Grade.GENERAL, []),
        (Grade.LARGER, [(Level.PROVINCE, False)]),
        (Grade.MAJOR, [(Level.PROVINCE, False), (Level.NATIONAL, True)]),
        (Grade.EXTRAORDINARY, [(Level.PROVINCE, False), (Level.NATIONAL, True)]),
    ],
)
def test_a_unit_tells_the_province_itself_from_a_larger_accident_on(
    grade: Grade, told: list[tuple[Level, bool]]
) -> None:
    rows = reporting.told_by_unit(grade, on=DAY)

    assert [(row.to_level, row.optional) for row in rows] == told
    assert {(row.source.instrument, row.source.article) for row in rows} <= {("order-21", "6")}


def test_before_the_order_a_unit_told_the_county_alone() -> None:
    assert reporting.told_by_unit(Grade.EXTRAORDINARY, on=date(2009, 6, 30)) == ()
    assert reporting.told_by_unit(Grade.EXTRAORDINARY, on=date(2009, 7, 1)) != ()


def test_a_gold_mine_that_told_after_a_day_and_a_half_is_that_late() -> None:
    late = reporting.lateness(
        known_at=at(2021, 1, 10, 13, 13), received_at=at(2021, 1, 11, 20, 48), on=DAY
    )

    assert late.by_seconds == (31 * 60 + 35 - 60) * 60


@given(INSTANTS, st.integers(-7200_000_000, 7200_000_000))
def test_a_report_is_late_exactly_after_its_hour(known: datetime, microseconds: int) -> None:
    received = known + timedelta(hours=1, microseconds=microseconds)
    lateness = reporting.lateness(known_at=known, received_at=received, on=DAY)

    assert lateness.late is (microseconds > 0)
    assert lateness.by_seconds == max(-(-microseconds // 1_000_000), 0)


@pytest.mark.parametrize(
    ("grade", "levels"),
    [
        (Grade.GENERAL, [Level.CITY]),
        (Grade.LARGER, [Level.CITY, Level.PROVINCE]),
        (Grade.MAJOR, [Level.CITY, Level.PROVINCE, Level.NATIONAL]),
        (Grade.EXTRAORDINARY, [Level.CITY, Level.PROVINCE, Level.NATIONAL]),
    ],
)
def test_a_grade_climbs_to_its_level_two_hours_a_hop(grade: Grade, levels: list[Level]) -> None:
    received = at(2023, 6, 1, 11, 4)
    receiver = relaying.receiving_unit("430481", desk=None, on=DAY)
    hops = relaying.plan(
        region="430481", receiver=receiver, grade=grade, received_at=received, on=DAY
    )

    assert [hop.level for hop in hops] == levels
    assert [hop.due_at for hop in hops] == [
        received + timedelta(hours=2 * n) for n in range(1, len(levels) + 1)
    ]
    assert hops[0].from_unit == "430481.emergency"
    assert [hop.from_unit for hop in hops[1:]] == [hop.to_unit for hop in hops[:-1]]


@pytest.mark.parametrize("level", [Level.COUNTY, Level.CITY, Level.PROVINCE])
def test_each_level_has_two_hours_from_its_own_receipt(level: Level) -> None:
    received = at(2023, 6, 1, 23, 30)

    assert relaying.hop_deadline(level, on=DAY).source.article == "11"
    assert relaying.hop_due(level, received_at=received, on=DAY) == at(2023, 6, 2, 1, 30)


def test_each_grade_reaches_its_level_and_each_level_has_its_desk() -> None:
    assert [relaying.reach(grade, on=DAY) for grade in Grade] == [
        Level.CITY,
        Level.PROVINCE,
        Level.NATIONAL,
        Level.NATIONAL,
    ]
    assert [relaying.desk_at("430481", level, on=DAY) for level in Level] == [
        "430481.emergency",
        "430400.emergency",
        "430000.emergency",
        "000000.emergency",
    ]


def test_a_desk_passes_on_from_where_it_stands() -> None:
    city = relaying.receiving_unit("430481", desk="430400.emergency", on=DAY)
    hops = relaying.plan(
        region="430481", receiver=city, grade=Grade.LARGER, received_at=at(2023, 6, 1, 9), on=DAY
    )

    assert [(hop.from_unit, hop.to_unit) for hop in hops] == [
        ("430400.emergency", "430000.emergency")
    ]


def test_a_report_that_is_at_the_top_goes_nowhere() -> None:
    province = relaying.receiving_unit("430481", desk="430000.emergency", on=DAY)
    hops = relaying.plan(
        region="430481",
        receiver=province,
        grade=Grade.LARGER,
        received_at=at(2023, 6, 1, 9),
        on=DAY,
    )

    assert hops == ()


def test_a_park_has_a_desk_of_its_own_below_the_city() -> None:
    park = relaying.receiving_unit("430471", desk=None, on=DAY)
    hops = relaying.plan(
        region="430471",
        receiver=park,
        grade=Grade.GENERAL,
        received_at=at(2023, 6, 1, 9),
        on=DAY,
    )

    assert regions.region("430471").park
    assert [hop.to_unit for hop in hops] == ["430400.emergency"]


def test_a_hop_made_at_its_deadline_is_in_time() -> None:
    due = at(2023, 6, 1, 13)

    assert not relaying.late(due_at=due, at=due)
    assert relaying.late(due_at=due, at=due + MOMENT)


def test_only_the_dead_above_those_counted_are_late_deaths() -> None:
    counted = Figures(deaths=97)

    assert late_deaths(stated=Figures(deaths=146), counted=counted) == 49
    assert late_deaths(stated=Figures(deaths=96), counted=counted) == 0


@pytest.mark.parametrize(
    ("known", "changed"),
    [
        (None, at(2023, 9, 1)),
        (at(2023, 6, 1), at(2023, 9, 1)),
        (at(2023, 6, 1) + MOMENT, at(2023, 6, 1) + MOMENT),
        (at(2023, 9, 1) - MOMENT, at(2023, 9, 1) - MOMENT),
        (at(2023, 9, 1) + MOMENT, at(2023, 9, 1)),
    ],
)
def test_a_count_changed_by_the_time_that_was_known(
    known: datetime | None, changed: datetime
) -> None:
    first, received = at(2023, 6, 1), at(2023, 9, 1)

    assert changed_at(first_known_at=first, known_at=known, received_at=received) == changed


def called(unit: str, grade: Grade, *, since: datetime) -> list[tuple[str, datetime, str]]:
    planned = relaying.calls(
        region="430481",
        sender=units.unit(unit, on=DAY),
        grade=grade,
        received_at=since,
        counted_from=since,
    )
    assert all(hop.means is relaying.Means.PHONE for hop in planned)
    return [(hop.to_unit, hop.due_at, hop.rule) for hop in planned]


@pytest.mark.parametrize("desk", ["430481.emergency", "430400.emergency"])
@pytest.mark.parametrize("grade", Grade)
def test_from_a_larger_accident_on_the_province_is_telephoned_within_the_hour(
    desk: str, grade: Grade
) -> None:
    received = at(2023, 6, 1, 11, 4)
    owed = [("430000.emergency", at(2023, 6, 1, 12, 4), "order-21 8@2009-07-01")]

    assert called(desk, grade, since=received) == (owed if grade is not Grade.GENERAL else [])


@pytest.mark.parametrize("grade", Grade)
def test_the_province_telephones_the_nation_from_a_major_accident_on(grade: Grade) -> None:
    received = at(2023, 6, 1, 23, 30)
    owed = [("000000.emergency", at(2023, 6, 2, 0, 30), "order-21 9@2009-07-01")]

    assert called("430000.emergency", grade, since=received) == (
        owed if grade.at_least(Grade.MAJOR) else []
    )


def test_before_the_order_nobody_had_to_telephone() -> None:
    assert not any(row.by_phone for row in national.DEADLINES.at(date(2009, 6, 30)))
    assert sum(row.by_phone for row in national.DEADLINES.at(date(2009, 7, 1))) == 3


@pytest.mark.parametrize(
    ("desk", "told"),
    [
        ("430481.emergency", {"430481"}),
        ("430400.emergency", {"430400"}),
        ("430471.emergency", {"430471", "430406"}),  # what a park has not, its district has
    ],
)
def test_five_bodies_are_told_beside_the_line(desk: str, told: set[str]) -> None:
    received = at(2023, 6, 1, 11, 4)
    bodies = notifying.addressees(desk=units.unit(desk, on=DAY), received_at=received)

    assert [body.code for body in bodies] == [
        "government",
        "public_security",
        "human_resources",
        "trade_union",
        "procuratorate",
    ]
    assert {body.unit.partition(".")[0] for body in bodies} == told
    assert {body.due_at for body in bodies} == {at(2023, 6, 1, 13, 4)}
    assert {body.rule for body in bodies} == {"decree-493 10@2007-06-01"}


def test_bodies_that_are_not_in_the_packs_are_not_asked_for() -> None:
    bodies = notifying.addressees(
        desk=units.unit("430000.emergency", on=DAY), received_at=at(2023, 6, 1, 11)
    )

    assert [body.unit for body in bodies] == ["430000.government"]


def test_the_last_word_received_counts() -> None:
    now = at(2023, 6, 2, 9)

    assert outdated(received_at=now - MOMENT, newest_at=now)
    assert not outdated(received_at=now, newest_at=now)
    assert not outdated(received_at=now, newest_at=None)


@pytest.mark.parametrize("planted", ["inclusive", "one_day_short"])
def test_a_window_moved_by_an_instant_or_a_day_is_noticed(
    monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    """The planted bugs: a closing instant that still counts, and a start day that is counted."""
    if planted == "inclusive":
        monkeypatch.setattr(grading, "counts", lambda *, at, closes_at: at <= closes_at)
    else:
        monkeypatch.setattr(
            grading.calendar,
            "window_closes_at",
            lambda start, days: datetime.combine(
                start + timedelta(days=days), datetime.min.time(), SHANGHAI
            ),
        )

    with pytest.raises(AssertionError):
        test_a_window_closes_at_midnight_after_its_last_day("fire", at(2023, 6, 9))
