"""What a first report makes of an accident, and how a report keeps while it waits."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from reference.terms import Grade, Level, Regime
from services.incidents.accidents.rules import Figures
from services.incidents.intake.domain import Arrival
from services.incidents.reports.domain import LawNotLoaded, Statement, open_accident

KNOWN = datetime(2023, 6, 1, 10, 5, tzinfo=SHANGHAI)
STATEMENT = Statement(
    accident_id=uuid7(),
    region_code="430481",
    occurred_at=KNOWN - timedelta(minutes=30),
    known_at=KNOWN,
    received_at=KNOWN + timedelta(minutes=59),
    accident_type="water_inrush",
    regime=Regime.COAL_MINE,
    figures=Figures(deaths=5, missing=8),
    desk=None,
)


def test_a_first_report_is_graded_assigned_planned_and_measured() -> None:
    opening = open_accident(STATEMENT)

    assert opening.verdict.grade is Grade.LARGER
    assert opening.verdict.estimated_grade is Grade.MAJOR
    assert opening.receiver.code == "430481.emergency"
    assert (opening.authority.level, opening.authority.unit) == (
        Level.PROVINCE,
        "430000.mine_safety",
    )
    assert [hop.level for hop in opening.hops] == [Level.CITY, Level.PROVINCE]
    assert not opening.lateness.late
    assert opening.window.closes_at == datetime(2023, 7, 2, tzinfo=SHANGHAI)


def test_a_report_two_minutes_past_the_hour_is_late() -> None:
    late = replace(STATEMENT, received_at=KNOWN + timedelta(minutes=62))

    assert open_accident(late).lateness.by_seconds == 120


def test_the_law_of_the_day_of_the_accident_decides() -> None:
    before = open_accident(
        replace(STATEMENT, occurred_at=datetime(2024, 4, 30, 23, 59, tzinfo=SHANGHAI))
    )
    after = open_accident(replace(STATEMENT, occurred_at=datetime(2024, 5, 1, tzinfo=SHANGHAI)))

    assert before.authority.rule.startswith("coal-mine-supervision")
    assert after.authority.rule.startswith("coal-mine-safety")


def test_an_accident_older_than_the_decree_is_refused_by_its_day() -> None:
    with pytest.raises(LawNotLoaded) as refused:
        open_accident(replace(STATEMENT, occurred_at=datetime(2007, 5, 31, 12, tzinfo=SHANGHAI)))

    assert [fault.pointer for fault in refused.value.faults] == ["/occurred_at"]


ARRIVAL = Arrival(
    payload={"report_id": "r", "summary": "井下透水", "direct_loss_wan": 9477.815},
    by=Principal(subject="e", roles=frozenset({"enterprise"}), region="430481", uscc="X"),
    received_at=KNOWN,
    chinese=True,
)


def test_a_report_is_known_by_its_own_id() -> None:
    assert ARRIVAL.key == "r"


def test_a_report_comes_out_of_the_spool_as_it_went_in() -> None:
    assert Arrival.from_bytes(ARRIVAL.to_bytes()) == ARRIVAL


def test_a_report_sent_again_keeps_the_time_of_its_first_coming() -> None:
    again = replace(ARRIVAL, received_at=KNOWN + timedelta(hours=2))

    assert again.fingerprint == ARRIVAL.fingerprint
    assert again.first_at(KNOWN) == ARRIVAL
    assert again.first_at(None) == again


def test_another_reporter_or_another_word_is_another_report() -> None:
    others = (
        replace(ARRIVAL, by=replace(ARRIVAL.by, subject="f")),
        replace(ARRIVAL, payload=ARRIVAL.payload | {"summary": ""}),
    )

    assert all(other.fingerprint != ARRIVAL.fingerprint for other in others)
