"""An accident becomes duties of those who answer for it that day, and its story moves them."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.incidents import AccidentCorrected, AccidentMerged, Toll
from contracts.incidents_enterprises import AccidentIdentified
from contracts.tasks import ObligationKind, ObligationOpened, ObligationOverdue
from kernel.ids import uuid7
from kernel.inbox import Turn
from reference.terms import Finding, Grade, Level
from services.tasks.accidents.operations import AccidentUnheardOf
from services.tasks.accidents.tables import Accident
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.story import (
    ACCIDENT,
    CITY,
    COUNTY,
    FIRST_HOP,
    FURTHER_HOP,
    HAPPENED,
    HOPS,
    MINE,
    RECEIVED,
    escalated,
    forwarded,
    found,
    hop,
    placed,
    registered,
    regraded,
    reported,
)


async def standing(tasks: Stage, kind: ObligationKind) -> dict[str, Obligation]:
    rows = await tasks.rows(Obligation, origin=ACCIDENT, kind=kind)
    return {row.subject: row for row in rows if row.status != Status.SUPERSEDED}


async def test_each_desk_on_the_way_up_has_a_duty_with_the_deadline_of_its_hop(
    tasks: Stage,
) -> None:
    await tasks.hear(reported())

    relays = await standing(tasks, ObligationKind.RELAY)
    assert {unit: row.due_at for unit, row in relays.items()} == {
        h.from_unit: h.due_at for h in HOPS
    }


async def test_heads_of_the_level_of_the_grade_and_of_those_who_answer_go_to_the_scene(
    tasks: Stage,
) -> None:
    await tasks.hear(reported())

    attendance = await standing(tasks, ObligationKind.ATTENDANCE)
    assert attendance.keys() == {
        f"{CITY}.emergency",
        f"{COUNTY}.emergency",
        f"{COUNTY}.government",
        f"{CITY}.government",
    }
    assert {row.due_at for row in attendance.values()} == {RECEIVED}


async def test_an_accident_that_is_placed_asks_those_who_answer_where_it_lies(
    tasks: Stage,
) -> None:
    milder = {"grade": Grade.GENERAL, "toll": Toll(deaths=1)}
    await tasks.hear(reported(region_code=CITY, relays=(), **milder))
    before = await standing(tasks, ObligationKind.ATTENDANCE)
    there = {"investigating_unit": f"{COUNTY}.government", "investigating_level": Level.COUNTY}
    await tasks.hear(placed(COUNTY, **milder | there))

    attendance = await standing(tasks, ObligationKind.ATTENDANCE)
    assert f"{COUNTY}.emergency" in attendance.keys() - before.keys()
    assert {row.region_code for row in attendance.values()} == {COUNTY}
    investigation = await standing(tasks, ObligationKind.INVESTIGATION)
    assert investigation.keys() == {f"{COUNTY}.government"}


async def test_an_accident_of_another_trade_asks_those_who_answer_for_that(tasks: Stage) -> None:
    unsaid = {"industry": None, "accident_type": "collapse"}
    await tasks.hear(reported(**unsaid))
    before = await standing(tasks, ObligationKind.ATTENDANCE)
    there = {"grade": Grade.LARGER, "happened_at": HAPPENED, "toll": Toll(deaths=5)}
    said = {"occurred_at": RECEIVED + timedelta(hours=1), "accident_id": ACCIDENT}
    site = AccidentCorrected(
        region_code=COUNTY,
        enterprise_uscc=MINE,
        report_id=uuid7(),
        industry="E47",
        investigating_unit=f"{COUNTY}.government",
        **said | there,
    )
    await tasks.hear(site)

    attendance = await standing(tasks, ObligationKind.ATTENDANCE)
    assert f"{COUNTY}.housing" in attendance.keys() - before.keys()
    investigation = await standing(tasks, ObligationKind.INVESTIGATION)
    assert investigation.keys() == {f"{COUNTY}.government"}


async def test_an_accident_whose_enterprise_is_found_asks_those_who_answer_for_its_trade(
    tasks: Stage,
) -> None:
    await tasks.hear(registered(MINE, COUNTY, "E47"))
    await tasks.hear(reported(enterprise_uscc=None, industry=None))
    before = await standing(tasks, ObligationKind.ATTENDANCE)
    told = AccidentIdentified(
        occurred_at=RECEIVED + timedelta(hours=1),
        accident_id=ACCIDENT,
        region_code=COUNTY,
        enterprise_uscc=MINE,
        happened_at=HAPPENED,
        grade=Grade.LARGER,
        toll=Toll(deaths=5),
    )
    await tasks.hear(told)

    after = await standing(tasks, ObligationKind.ATTENDANCE)
    assert {f"{CITY}.housing", f"{COUNTY}.housing"} <= after.keys() - before.keys()
    assert before.keys() - after.keys() == {f"{COUNTY}.emergency"}  # of no trade it was theirs
    (accident,) = await tasks.rows(Accident, accident_id=ACCIDENT)
    assert accident.enterprise_uscc == MINE


async def test_what_is_due_at_once_is_never_called_overdue_by_a_clock(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()))
    await tasks.fire_until(RECEIVED + timedelta(days=1))

    assert await tasks.told(ObligationOverdue) == []


async def test_the_investigation_is_due_sixty_days_after_the_day_of_the_accident(
    tasks: Stage,
) -> None:
    await tasks.hear(reported())

    (row,) = (await standing(tasks, ObligationKind.INVESTIGATION)).values()
    assert row.unit == f"{CITY}.government"
    assert row.due_at == datetime(2023, 5, 9, 16, 0, tzinfo=UTC)  # 24:00 of 9 May in Shanghai


async def test_the_plan_of_the_year_holds_leaders_to_account_for_a_larger_accident(
    tasks: Stage,
) -> None:
    await tasks.hear(reported())

    rows = await tasks.rows(Obligation, duty="2023/9.2")
    units = {row.unit for row in rows}
    assert {f"{COUNTY}.party_committee", f"{COUNTY}.government", f"{CITY}.government"} <= units
    assert not {unit for unit in units if unit and unit.startswith("430426")}
    assert {row.kind for row in rows} == {ObligationKind.ACCOUNTABILITY}


async def test_every_duty_of_a_single_unit_is_told(tasks: Stage) -> None:
    await tasks.hear(reported())

    told = {fact["obligation_id"] for fact in await tasks.told(ObligationOpened)}
    rows = await tasks.rows(Obligation, origin=ACCIDENT)
    assert told == {str(row.id) for row in rows if row.unit}


async def test_a_report_delivered_twice_opens_each_duty_once(tasks: Stage) -> None:
    envelope = tasks.envelope(reported())

    turns = [await tasks.apply(envelope), await tasks.apply(envelope)]

    rows = await tasks.rows(Obligation, origin=ACCIDENT)
    assert turns == [Turn.NEXT, Turn.SEEN]
    assert len(rows) == len({(row.duty, row.subject) for row in rows})


async def test_a_later_fact_waits_for_the_earlier_one(tasks: Stage) -> None:
    first = tasks.envelope(reported())
    second = tasks.envelope(forwarded(FIRST_HOP))

    assert await tasks.apply(second) is Turn.EARLY
    assert await tasks.rows(Obligation) == []
    assert [await tasks.apply(first), await tasks.apply(second)] == [Turn.NEXT, Turn.NEXT]


async def test_a_fact_about_an_accident_nobody_reported_is_refused(tasks: Stage) -> None:
    with pytest.raises(AccidentUnheardOf):
        await tasks.hear(found(Finding.CONCEALED))


async def test_a_forwarded_relay_fulfils_that_desk_s_duty_and_stops_its_clock(tasks: Stage) -> None:
    await tasks.hear(reported(), forwarded(FIRST_HOP))
    await tasks.fire_until(RECEIVED + timedelta(hours=5))

    relays = await standing(tasks, ObligationKind.RELAY)
    assert relays[f"{COUNTY}.emergency"].status == Status.FULFILLED
    assert [fact["unit"] for fact in await tasks.told(ObligationOverdue)] == [f"{CITY}.emergency"]


async def test_a_graver_grade_asks_further_units_and_moves_the_investigation(tasks: Stage) -> None:
    await tasks.hear(reported())
    before = await standing(tasks, ObligationKind.ATTENDANCE)
    further = hop(FURTHER_HOP, Level.PROVINCE, "430000.emergency", "000000.emergency", 78)

    await tasks.hear(regraded(Grade.MAJOR, "430000.government", Level.PROVINCE, relays=(further,)))

    attendance = await standing(tasks, ObligationKind.ATTENDANCE)
    assert attendance.keys() == before.keys() | {"430000.emergency"}
    assert {attendance[unit].id for unit in before} == {row.id for row in before.values()}
    assert set(await standing(tasks, ObligationKind.INVESTIGATION)) == {"430000.government"}
    assert len(await standing(tasks, ObligationKind.RELAY)) == 3
    assert await tasks.rows(Obligation, duty="2023/9.3") != []


async def test_what_a_milder_grade_no_longer_asks_is_superseded_and_kept(tasks: Stage) -> None:
    await tasks.hear(reported(), regraded(Grade.GENERAL, f"{COUNTY}.government", Level.COUNTY))

    rows = await tasks.rows(Obligation, origin=ACCIDENT)
    superseded = {(row.duty, row.subject) for row in rows if row.status == Status.SUPERSEDED}
    assert ("attendance", f"{CITY}.emergency") in superseded
    assert ("investigation", f"{CITY}.government") in superseded
    assert {row.status for row in rows if row.duty == "2023/9.2"} == {Status.SUPERSEDED}
    assert set(await standing(tasks, ObligationKind.INVESTIGATION)) == {f"{COUNTY}.government"}
    assert all(row.closed_at for row in rows if row.status == Status.SUPERSEDED)


async def test_an_accident_that_goes_on_as_another_asks_nothing_more(tasks: Stage) -> None:
    merged = AccidentMerged(
        occurred_at=RECEIVED + timedelta(hours=1),
        accident_id=ACCIDENT,
        region_code=COUNTY,
        into_id=uuid7(),
        grade=Grade.LARGER,
    )
    await tasks.hear(reported(), merged)

    rows = await tasks.rows(Obligation, origin=ACCIDENT)
    assert rows
    assert {row.status for row in rows} == {Status.SUPERSEDED}
    await tasks.fire_until(RECEIVED + timedelta(days=200))
    assert await tasks.told(ObligationOverdue) == []


async def test_an_authority_that_gets_the_investigation_back_has_a_duty_again(tasks: Stage) -> None:
    await tasks.hear(
        reported(),
        regraded(Grade.MAJOR, "430000.government", Level.PROVINCE),
        regraded(Grade.LARGER, f"{CITY}.government", Level.CITY),
    )

    assert set(await standing(tasks, ObligationKind.INVESTIGATION)) == {f"{CITY}.government"}
    rows = await tasks.rows(Obligation, duty="investigation")
    assert sorted(row.status for row in rows) == ["open", "superseded", "superseded"]


async def test_concealment_is_accounted_for_by_those_who_answer_and_by_the_enterprise(
    tasks: Stage,
) -> None:
    await tasks.hear(reported(), found(Finding.CONCEALED))

    rows = await tasks.rows(Obligation, duty="2023/9.11")
    subjects = {row.subject for row in rows}
    assert {MINE, f"{COUNTY}.government", f"{CITY}.government", f"{CITY}.emergency"} <= subjects
    assert not {subject for subject in subjects if subject.startswith("430426")}


async def test_a_second_finding_opens_no_second_duty(tasks: Stage) -> None:
    await tasks.hear(reported(), found(Finding.LATE))
    before = len(await tasks.rows(Obligation, duty="2023/9.11"))

    await tasks.hear(found(Finding.CONCEALED))

    assert len(await tasks.rows(Obligation, duty="2023/9.11")) == before


async def test_a_regrade_leaves_the_accountability_of_a_finding_alone(tasks: Stage) -> None:
    await tasks.hear(
        reported(),
        found(Finding.CONCEALED),
        regraded(Grade.GENERAL, f"{COUNTY}.government", Level.COUNTY),
    )

    rows = await tasks.rows(Obligation, duty="2023/9.11")
    assert {row.status for row in rows} == {Status.OPEN}


async def test_where_no_plan_is_in_force_the_statute_holds_to_account(tasks: Stage) -> None:
    happened = datetime(2020, 11, 29, 3, 30, tzinfo=UTC)
    early = {"happened_at": happened, "received_at": happened, "occurred_at": happened}

    await tasks.hear(reported(**early, relays=()), found(Finding.CONCEALED, occurred_at=happened))

    rows = await tasks.rows(Obligation, kind=ObligationKind.ACCOUNTABILITY)
    assert {row.duty for row in rows} == {"accountability"}
    assert f"{COUNTY}.government" in {row.unit for row in rows}


async def test_an_escalated_investigation_moves_with_the_clock_it_had(tasks: Stage) -> None:
    await tasks.hear(reported())
    (before,) = (await standing(tasks, ObligationKind.INVESTIGATION)).values()

    await tasks.hear(escalated())

    (after,) = (await standing(tasks, ObligationKind.INVESTIGATION)).values()
    assert (after.unit, after.due_at) == ("430000.government", before.due_at)


async def test_an_investigation_not_published_in_time_is_told_overdue_once(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()))
    late = datetime(2023, 5, 9, 16, 0, tzinfo=UTC)

    await tasks.fire_until(late - timedelta(seconds=1))
    before = await overdue_investigations(tasks)
    await tasks.fire_until(late)
    await tasks.fire_until(late + timedelta(days=1))

    assert (before, await overdue_investigations(tasks)) == ([], [f"{CITY}.government"])


async def overdue_investigations(tasks: Stage) -> list[str]:
    told = await tasks.told(ObligationOverdue)
    return [fact["unit"] for fact in told if fact["kind"] == ObligationKind.INVESTIGATION]


async def test_an_accident_outside_of_the_city_has_duties_too(tasks: Stage) -> None:
    await tasks.hear(
        reported(
            region_code="430112",
            enterprise_uscc=None,
            industry=None,
            grade=Grade.EXTRAORDINARY,
            investigating_unit="000000.government",
            relays=(),
        )
    )

    assert set(await standing(tasks, ObligationKind.ATTENDANCE)) == {"000000.emergency"}
