"""What ought to stand for an accident, and for everybody after a publication."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.incidents import Hop
from contracts.tasks import ObligationKind
from reference import triggers, units
from reference.terms import Finding, FindingStatus, Grade, Level
from services.tasks.accidents import domain
from services.tasks.accidents.domain import Known
from services.tasks.obligations.domain import Cause, Wanted, kind_of
from services.tasks.organisations import domain as organisations
from services.tasks.plans import domain_duties
from services.tasks.plans.domain_duties import PlanDuty

COUNTY = "430481"
HAPPENED = datetime(2023, 3, 10, 3, 0, tzinfo=UTC)
RELAY = UUID("01890000-0000-7000-8000-000000000001")
MINE = "91430481000000001X"
PUBLISHED = date(2023, 5, 21)


def known(grade: Grade = Grade.LARGER, happened_at: datetime = HAPPENED) -> Known:
    return Known(
        region_code=COUNTY,
        enterprise_uscc=MINE,
        industry="construction",
        happened_at=happened_at,
        received_at=happened_at + timedelta(minutes=40),
        grade=grade,
    )


def test_a_relay_is_the_sending_desk_s_by_the_deadline_of_its_hop() -> None:
    due = HAPPENED + timedelta(hours=2)
    hop = Hop(
        relay_id=RELAY,
        level=Level.COUNTY,
        from_unit=f"{COUNTY}.emergency",
        to_unit="430400.emergency",
        due_at=due,
    )

    (want,) = domain.relays([hop])

    assert (want.kind, want.cause, want.due_at) == (ObligationKind.RELAY, Cause.REPORT, due)
    assert want.key == (f"relay:{RELAY}", f"{COUNTY}.emergency")
    assert want.region_code == COUNTY


def test_attendance_is_due_when_it_was_heard_of_and_has_no_clock() -> None:
    found = domain.attendance(known())

    assert {want.due_at for want in found} == {known().received_at}
    assert not any(want.clocked for want in found)


def of_pack(what: triggers.Happening, *, on: date) -> list[PlanDuty]:
    return [domain_duties.of_pack(duty) for duty in triggers.duties_set_off(what, on=on)]


def by_grade(grade: Grade, *, casualties: bool) -> list[Wanted]:
    on = date(2023, 3, 10)
    what = triggers.Happening(
        event="incidents.accident.reported", grade=grade, casualties=casualties
    )
    roll = units.roll(on=on)
    return domain.asked_by_grade(known(grade), of_pack(what, on=on), roll=roll, on=on)


def by_finding(
    of: Known, finding: Finding, *, status: FindingStatus = FindingStatus.CONFIRMED, on: date
) -> list[Wanted]:
    what = triggers.Happening(
        event="incidents.finding.made", grade=of.grade, finding=finding, finding_status=status
    )
    roll = units.roll(on=on)
    return domain.asked_by_finding(of, of_pack(what, on=on), finding=finding, roll=roll, on=on)


def test_the_investigation_is_one_duty_of_the_authority() -> None:
    want = domain.investigation(known(), unit="430400.government")

    assert (want.subject, want.region_code, want.clocked) == ("430400.government", "430400", True)


@pytest.mark.parametrize(
    ("grade", "duties"),
    [
        (Grade.GENERAL, set()),
        (Grade.LARGER, {"2023/9.2", "2023/35.5"}),
        (Grade.MAJOR, {"2023/9.2", "2023/9.3", "2023/35.5"}),
    ],
)
def test_the_plan_asks_more_of_a_graver_accident(grade: Grade, duties: set[str]) -> None:
    found = by_grade(grade, casualties=True)

    assert {want.duty for want in found} == duties


def test_an_accident_without_casualties_is_looked_into_as_well() -> None:
    found = by_grade(Grade.GENERAL, casualties=False)

    assert {want.duty for want in found} == {"2023/9.10"}


def test_a_concealed_report_binds_the_enterprise_and_those_above_it() -> None:
    found = by_finding(known(), Finding.CONCEALED, on=date(2023, 3, 15))

    enterprises = {want.enterprise_uscc for want in found if want.enterprise_uscc}
    assert enterprises == {MINE}
    accounting = {ObligationKind.ACCOUNTABILITY, ObligationKind.PLAN}
    assert {want.kind for want in found} == accounting
    assert all(want.unit is None or want.region_code in want.unit for want in found)


@pytest.mark.parametrize(("finding", "asked"), [(Finding.FALSE, True), (Finding.OMITTED, False)])
def test_without_a_plan_only_what_the_statute_punishes_is_accounted_for(
    finding: Finding, asked: bool
) -> None:
    early = known(happened_at=datetime(2020, 11, 29, 3, 0, tzinfo=UTC))

    found = by_finding(early, finding, on=date(2020, 12, 1))

    assert bool(found) is asked
    assert {want.duty for want in found} <= {"accountability"}


def test_a_publication_means_committees_in_one_duty_and_enterprises_in_another() -> None:
    committees, enterprises = of_pack(
        triggers.Happening(event="incidents.investigation.published"), on=PUBLISHED
    )

    assert (committees.name, enterprises.name) == ("2023/1.3", "2023/1.4")
    roll = units.roll(on=PUBLISHED)
    assert committees.meant(roll, on=PUBLISHED).enterprises == ()
    assert enterprises.meant(roll, on=PUBLISHED).units == ()
    assert {kind_of(committees.metric), kind_of(enterprises.metric)} == {
        ObligationKind.SPECIAL_MEETING
    }


def test_the_period_counts_from_the_day_the_publication_was_known_here() -> None:
    duty, *_ = of_pack(triggers.Happening(event="incidents.investigation.published"), on=PUBLISHED)

    early, late = (duty.due_after(day) for day in (PUBLISHED, PUBLISHED + timedelta(days=7)))

    assert late - early == timedelta(days=7)


def test_the_packs_units_come_with_their_posts_and_the_addresses_given() -> None:
    found = organisations.of_pack(on=PUBLISHED, address=lambda code: f"{code}@example.org")

    assert [unit.facts.code for unit in found] == [unit.code for unit in units.units(on=PUBLISHED)]
    desk = next(
        post
        for unit in found
        for post in unit.posts
        if post.code == f"{COUNTY}.emergency.duty_desk"
    )
    assert desk.email == f"{COUNTY}.emergency.duty_desk@example.org"


def test_a_concealment_preliminarily_confirmed_sets_off_the_plan_s_own_duty() -> None:
    on = date(2023, 3, 15)
    preliminary, confirmed = (
        {want.duty for want in by_finding(known(), Finding.CONCEALED, status=status, on=on)}
        for status in (FindingStatus.PRELIMINARY, FindingStatus.CONFIRMED)
    )

    assert any(duty.endswith("9.12") for duty in preliminary), preliminary
    assert confirmed <= preliminary
