"""What an accident asked ends when it is struck off, with the reason, and stands again if it is."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentFact, AccidentQualified, AccidentStruckOff
from contracts.incidents_cases import ClockMove
from contracts.tasks import DutyEnded, ObligationKind, ObligationOverdue
from contracts.tasks_supervisions import SupervisionClimbed, SupervisionWithdrawn
from kernel.calendar import Cadence
from reference import scoring
from reference.creditcodes import demonstration_code
from reference.terms import Figure, Finding, Grade, Level
from services.tasks.indicators import queries as indicators
from services.tasks.indicators.domain import Count, Period, Subject, period_of
from services.tasks.obligations import operations_releases
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations_sets
from services.tasks.openings.domain import OpeningStatus
from services.tasks.openings.tables import Opening
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks import city as cities
from tests.services.tasks import test_obligations, test_publication, test_recommendations
from tests.services.tasks.hotline import MONDAY, at
from tests.services.tasks.story import (
    ACCIDENT,
    CITY,
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    COUNTY_OFFICE,
    FIRST_HOP,
    MINE,
    OTHER,
    RECEIVED,
    SECOND_HOP,
    clock_moved,
    forwarded,
    found,
    published,
    registered,
    regraded,
    reported,
)
from tests.services.tasks.supervising import SUPERVISIONS, issued, received

DAY = timedelta(days=1)
THIRD = demonstration_code(region=COUNTY, number=3)
STRUCK, AGAIN = RECEIVED + 10 * DAY, RECEIVED + 30 * DAY
INVESTIGATED = datetime(2023, 5, 9, 16, 0, tzinfo=UTC)
RELAYS = {f"relay:{FIRST_HOP}", f"relay:{SECOND_HOP}"}


def told(kind: type[AccidentFact], when: datetime, **rest: Any) -> Any:
    about = {"occurred_at": when, "accident_id": ACCIDENT, "region_code": COUNTY}
    return kind(**about, grade=Grade.LARGER, **rest)


def struck_off(when: datetime = STRUCK) -> AccidentStruckOff:
    return told(AccidentStruckOff, when, cause="crime", rule="x")  # type: ignore[no-any-return]


def qualified(when: datetime = AGAIN) -> AccidentQualified:
    return told(AccidentQualified, when, basis="x")  # type: ignore[no-any-return]


async def by_duty(tasks: Stage) -> dict[str, list[Obligation]]:
    rows: dict[str, list[Obligation]] = {}
    for row in await tasks.rows(Obligation, origin=ACCIDENT):
        rows.setdefault(row.duty, []).append(row)
    return rows


async def test_what_was_open_ends_with_the_reason_and_nobody_is_late_with_it(tasks: Stage) -> None:
    await tasks.hear(reported(), forwarded(FIRST_HOP), struck_off(RECEIVED + timedelta(hours=2)))
    await tasks.fire_until(INVESTIGATED + 90 * DAY)

    rows = await by_duty(tasks)
    (done,) = rows.pop(f"relay:{FIRST_HOP}")
    assert (done.status, done.released_for) == (Status.FULFILLED, None)
    left = [row for duty in rows.values() for row in duty]
    assert {row.kind for row in left} >= {"relay", "attendance", "investigation", "accountability"}
    assert {(row.status, row.released_for) for row in left} == {
        (Status.RELEASED, "accident_struck_off")
    }
    assert {row.closed_at for row in left} == {RECEIVED + timedelta(hours=2)}
    assert await tasks.told(ObligationOverdue) == []


async def test_the_list_says_why_it_is_not_owed(tasks: Stage) -> None:
    await tasks.hear(reported(), struck_off())

    path = "/tasks/obligations"
    asked = {"duty": "investigation", "status": "released"}
    page = (await tasks.as_(CITY_OFFICE).get(path, params=asked)).json()

    (shown,) = page["items"]
    assert (shown["status"], shown["released_for"]) == ("released", "accident_struck_off")


async def test_what_was_late_by_then_stays_late_and_nothing_else_is_counted(tasks: Stage) -> None:
    """The first desk was in time, the second late; what was due at once or later counts nothing."""
    await tasks.hear(reported(), forwarded(FIRST_HOP))
    await tasks.fire_until(RECEIVED + timedelta(hours=5))
    await tasks.hear(struck_off())

    (late,) = (await by_duty(tasks))[f"relay:{SECOND_HOP}"]
    assert (late.status, late.overdue_at) == (Status.RELEASED, RECEIVED + timedelta(hours=5))
    spring = period_of(date(2023, 1, 1), Cadence.QUARTER)
    places = [COUNTY, CITY]
    async with tasks.work() as session:
        counted = await in_time(session, places, spring, AGAIN)
        summer = period_of(date(2023, 4, 1), Cadence.QUARTER)
        later = await in_time(session, places, summer, AGAIN + 90 * DAY)
    sums = {place: (one.numerator, one.denominator) for place, one in counted.items()}
    assert sums == {COUNTY: (1, 1), CITY: (0, 1)}
    assert all(one.denominator == 0 for one in later.values())


async def in_time(
    session: AsyncSession, places: Collection[str], period: Period, as_of: datetime
) -> Mapping[str, Count]:
    rows = scoring.indicators("counties", Cadence.QUARTER, on=period.last)
    indicator = next(row for row in rows if row.figure is Figure.OBLIGATIONS_IN_TIME)
    subjects = [
        Subject(group="counties", unit=f"{one}.government", region_code=one, territory=True)
        for one in places
    ]
    return await indicators.counted(
        session, indicator, subjects=subjects, period=period, as_of=as_of
    )


async def test_what_was_found_late_only_afterwards_was_not_late(tasks: Stage) -> None:
    """The fact of the striking off arrives after the deadline that it spared."""
    await tasks.hear(reported())
    await tasks.fire_until(RECEIVED + timedelta(hours=5))
    await tasks.hear(struck_off(RECEIVED + timedelta(hours=1)))

    rows = await by_duty(tasks)
    assert {row.overdue_at for duty in RELAYS for row in rows[duty]} == {None}


async def test_what_was_due_by_then_is_late_though_no_clock_had_rung(tasks: Stage) -> None:
    await tasks.hear(reported(), struck_off())

    rows = await by_duty(tasks)
    assert {row.overdue_at for duty in RELAYS for row in rows[duty]} == {STRUCK}
    assert {row.overdue_at for row in rows["attendance"]} == {None}
    assert len(await tasks.told(ObligationOverdue)) == 2


async def test_what_an_investigation_recommends_is_as_dangerous_as_before(tasks: Stage) -> None:
    made = test_recommendations.made(occurred_at=RECEIVED + DAY)
    await tasks.hear(reported(), made, struck_off())

    assert await test_recommendations.standing(tasks) == [("1", Status.OPEN)]


async def test_nothing_is_asked_while_it_is_struck_off(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY), reported(), struck_off())
    before = {row.id for row in await tasks.rows(Obligation)}
    later = {"occurred_at": STRUCK + DAY}
    await tasks.hear(
        regraded(Grade.MAJOR, "430000.government", Level.PROVINCE, **later),
        found(Finding.CONCEALED, **later),
        clock_moved(ClockMove.REOPENED, INVESTIGATED, generation=2, **later),
        published(),
    )
    await tasks.fire_until(published().occurred_at + 90 * DAY)

    assert {row.id for row in await tasks.rows(Obligation)} == before
    assert await tasks.rows(Opening) == []


async def test_a_fact_that_proves_it_done_is_kept_all_the_same(tasks: Stage) -> None:
    await tasks.hear(reported(), struck_off(RECEIVED), forwarded(FIRST_HOP))

    (relay,) = (await by_duty(tasks))[f"relay:{FIRST_HOP}"]
    assert (relay.status, relay.released_for) == (Status.FULFILLED, None)


async def test_taken_back_what_was_open_is_owed_with_the_time_that_was_left(tasks: Stage) -> None:
    await tasks.hear(reported(relays=()))
    before = {(row.duty, row.subject): row for row in await tasks.rows(Obligation)}
    await tasks.hear(struck_off(), qualified())

    after = {(row.duty, row.subject): row for row in await tasks.rows(Obligation)}
    assert {key: (row.id, row.status) for key, row in after.items()} == {
        key: (row.id, Status.OPEN) for key, row in before.items()
    }
    moved = {(row.duty, row.due_at - before[key].due_at) for key, row in after.items()}
    assert ("attendance", timedelta()) in moved
    assert ("investigation", 20 * DAY) in moved
    asked = [row for row in after.values() if row.duty == "2023/9.2"]
    assert all(row.due_at - before[row.duty, row.subject].due_at >= 20 * DAY for row in asked)
    assert {(row.closed_at, row.released_for) for row in after.values()} == {(None, None)}

    await tasks.fire_until(INVESTIGATED + 30 * DAY)
    late = {fact["kind"] for fact in await tasks.told(ObligationOverdue)}
    assert late >= {"investigation", "accountability"}


async def test_taken_back_the_limit_of_the_investigation_is_what_was_told_last(
    tasks: Stage,
) -> None:
    limit = INVESTIGATED + 45 * DAY
    extended = clock_moved(ClockMove.EXTENDED, limit, occurred_at=STRUCK + DAY)
    await tasks.hear(reported(), struck_off(), extended, qualified())

    (row,) = (await by_duty(tasks))["investigation"]
    assert (row.status, row.due_at) == (Status.OPEN, limit)


async def test_taken_back_what_was_told_meanwhile_is_asked(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY), reported(relays=()), struck_off())
    later = {"occurred_at": STRUCK + DAY}
    await tasks.hear(
        regraded(Grade.MAJOR, "430000.government", Level.PROVINCE, **later),
        found(Finding.CONCEALED, **later),
        published(occurred_at=STRUCK + 2 * DAY, published_on=date(2023, 3, 22)),
        qualified(),
    )
    await tasks.fire_until(AGAIN)

    rows = {(row.kind, row.unit) for row in await tasks.rows(Obligation, status=Status.OPEN)}
    assert (ObligationKind.ATTENDANCE, "430000.emergency") in rows
    assert (ObligationKind.ACCOUNTABILITY, f"{COUNTY}.government") in rows
    assert [row.subject for row in await tasks.rows(Obligation, duty="2023/1.4")] == [MINE]
    assert {row.code for row in await tasks.rows(Opening)} == {"1.3", "1.4"}


async def test_taken_back_what_had_been_handed_in_waits_for_its_reviewer(tasks: Stage) -> None:
    relay = await test_obligations.prepared(tasks)
    await test_obligations.post(tasks, COUNTY_DESK, relay, "evidence", test_obligations.NOTE)
    await tasks.hear(struck_off(RECEIVED + timedelta(hours=1)))
    refused = await test_obligations.post(tasks, CITY_OFFICE, relay, "accept", {})
    await tasks.hear(qualified(RECEIVED + timedelta(hours=3)))

    (row,) = await tasks.rows(Obligation, id=relay.id)
    assert refused.status_code == 409
    assert (row.status, row.due_at) == (Status.SUBMITTED, relay.due_at + timedelta(hours=2))


async def test_what_was_proved_falsely_is_not_owed_again(tasks: Stage) -> None:
    relay = await test_obligations.prepared(tasks)
    await test_obligations.post(tasks, COUNTY_DESK, relay, "evidence", test_obligations.NOTE)
    accepted = await test_obligations.post(tasks, COUNTY_OFFICE, relay, "accept", {})
    await tasks.hear(struck_off(RECEIVED + timedelta(hours=1)))
    tasks.now = RECEIVED + DAY
    body = {"evidence_id": accepted.json()["id"], "why": "通话记录系伪造"}
    answer = await test_obligations.post(tasks, CITY_OFFICE, relay, "withdraw", body)

    assert answer.status_code == 200, answer.text
    (row,) = await tasks.rows(Obligation, id=relay.id)
    assert (row.status, row.overdue_at) == (Status.RELEASED, None)


async def test_everybody_who_had_to_learn_from_it_is_spared_some_at_a_time(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations_releases, "CHUNK", 1)
    await test_publication.publish(tasks)
    (running,) = await tasks.rows(Opening, code="1.4")
    await tasks.hear(struck_off(published().occurred_at + DAY))
    await tasks.hear(test_publication.registered_after(THIRD, COUNTY))
    await tasks.fire_until(running.due_at + DAY)

    rows = await tasks.rows(Obligation, origin=ACCIDENT)
    of_set = {row.subject: row.status for row in rows if row.duty == "2023/1.4"}
    assert of_set == {MINE: Status.RELEASED, OTHER: Status.RELEASED}
    assert {row.status for row in rows if row.duty == "2023/1.3"} == {Status.RELEASED}
    assert {row.status for row in await tasks.rows(Opening)} == {OpeningStatus.RELEASED}
    assert await tasks.told(DutyEnded) == []


async def test_taken_back_everybody_owes_it_and_is_late_in_the_end(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who came while it was struck off is meant as well, if it was there on the day."""
    monkeypatch.setattr(operations_releases, "CHUNK", 1)
    monkeypatch.setattr(operations_sets, "CHUNK", 1)
    await test_publication.publish(tasks)
    struck = published().occurred_at + DAY
    await tasks.hear(struck_off(struck))
    await tasks.fire_until(struck)
    await tasks.hear(qualified(struck + 10 * DAY))
    await tasks.fire_until(struck + 10 * DAY)

    (running,) = await tasks.rows(Opening, code="1.4")
    rows = await tasks.rows(Obligation, duty="2023/1.4")
    due = {row.due_at for row in rows}
    assert {row.subject: row.status for row in rows} == {MINE: Status.OPEN, OTHER: Status.OPEN}
    assert running.status == OpeningStatus.OPEN
    assert due == {running.due_at}
    assert running.due_at >= test_publication.DUE + 10 * DAY
    await tasks.fire_until(running.due_at)
    (ended,) = await tasks.rows(Opening, code="1.4")
    assert (ended.status, ended.opened, ended.overdue) == (OpeningStatus.ENDED, 2, 2)


async def test_what_climbs_because_of_it_is_withdrawn(tasks: Stage) -> None:
    tasks.now = MONDAY
    await cities.found(tasks)
    await tasks.hear(reported(relays=()))
    about = {"cause": "accident", "cause_id": str(ACCIDENT)}
    climbing = await received(tasks, "supervision", **about)
    (row,) = await tasks.rows(Supervision)
    assert row.due_at is not None
    await tasks.fire_until(row.due_at)
    beside = await issued(tasks, "assignment")
    await tasks.hear(struck_off(row.due_at + timedelta(minutes=1)))
    await tasks.fire_until(row.due_at + 60 * DAY)

    stands = {str(one.id): one for one in await tasks.rows(Supervision)}
    assert (stands[climbing].status, stands[climbing].overdue_at) == ("withdrawn", row.due_at)
    assert stands[beside].status == "issued"
    assert {fact["supervision_id"] for fact in await tasks.told(SupervisionClimbed)} == {beside}
    assert len(await tasks.told(SupervisionWithdrawn)) == 1
    story = (await tasks.as_(CITY_OFFICE).get(f"{SUPERVISIONS}/{climbing}")).json()["entries"]
    assert story[-1]["detail"] == {"reason": "accident_struck_off"}
    assert "核销" in story[-1]["note"]


async def test_what_supervises_a_duty_that_it_asked_is_withdrawn(tasks: Stage) -> None:
    tasks.now = MONDAY
    await cities.found(tasks)
    await tasks.hear(reported())
    await tasks.fire_until(RECEIVED + timedelta(hours=3))
    (late,) = await tasks.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    about = {"cause": "obligation", "cause_id": str(late.id)}
    order = await issued(tasks, "supervision", **about)
    await tasks.hear(struck_off(at(6, 7)))

    (row,) = [one for one in await tasks.rows(Supervision) if str(one.id) == order]
    (kept,) = await tasks.rows(Obligation, id=late.id)
    assert row.status == "withdrawn"
    assert (kept.status, kept.overdue_at) == (Status.RELEASED, late.overdue_at)
