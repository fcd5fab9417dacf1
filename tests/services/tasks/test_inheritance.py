"""What a unit owed when it ended is its heir's, by the same deadline, with what was handed in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.incidents import AccidentRegraded
from contracts.incidents_cases import ClockMove
from contracts.tasks import ObligationOpened, ObligationOverdue
from kernel import clock
from kernel.audit import AuditRecord
from reference.terms import Grade, Level
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.city import found, reorganised, unit
from tests.services.tasks.story import (
    CITY,
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    FIRST_HOP,
    RECEIVED,
    clock_moved,
    forwarded,
    published,
    regraded,
    reported,
)

ENDING, RELAY = f"{COUNTY}.emergency", f"relay:{FIRST_HOP}"
NEW, OTHER_NEW = f"{COUNTY}.safety", f"{COUNTY}.rescue"
PARTY, GOVERNMENT = f"{COUNTY}.party_committee", f"{COUNTY}.government"
TODAY, LATER = "2023-03-10", "2023-03-20"
SOON = RECEIVED + timedelta(minutes=30)
MIDNIGHT = datetime(2023, 3, 19, 16, 0, tzinfo=UTC)  # 20 March begins in Shanghai
NOTE = {"note": "Called the city desk at 11:20."}


async def reported_accident(tasks: Stage) -> None:
    await tasks.begin_with(_reported)
    tasks.now = SOON


async def _reported(tasks: Stage) -> None:
    await found(tasks)
    await tasks.hear(reported())


async def owed(tasks: Stage, subject: str, *, live: bool = True) -> dict[str, Obligation]:
    rows = await tasks.rows(Obligation, subject=subject)
    return {row.duty: row for row in rows if (row.status != Status.SUPERSEDED) is live}


async def read(tasks: Stage, row: Obligation) -> Any:
    answer = await tasks.as_(CITY_OFFICE).get(f"/tasks/obligations/{row.id}")
    assert answer.status_code == 200
    return answer.json()


@contextmanager
def at(folder: Path, instant: datetime) -> Iterator[None]:
    """The business clock stands near an instant."""
    moved = folder / "clock.json"
    offset = (instant - clock.wall()).total_seconds()
    moved.write_text(json.dumps({"offset_seconds": offset}))
    clock.follow(moved)
    try:
        yield
    finally:
        clock.follow(None)


def graver(grade: Grade, told_at: datetime) -> AccidentRegraded:
    return regraded(grade, "430000.government", Level.PROVINCE, occurred_at=told_at)


async def ended(tasks: Stage, on: str = TODAY) -> None:
    """The county's bureau is one with another bureau's now, under a new name."""
    await reorganised(tasks, "merge", [ENDING, f"{COUNTY}.water"], [unit(NEW, "安全局")], on=on)


async def test_after_a_merger_the_new_unit_owes_what_the_old_one_owed(tasks: Stage) -> None:
    await reported_accident(tasks)
    before = await owed(tasks, ENDING)
    await ended(tasks)
    told = len(await tasks.told(ObligationOpened))

    await tasks.fire_until(SOON)

    left, taken = await owed(tasks, ENDING, live=False), await owed(tasks, NEW)
    assert {RELAY, "attendance"} <= before.keys() == left.keys() == taken.keys()
    assert await owed(tasks, ENDING) == {}
    assert {row.closed_at for row in left.values()} == {SOON}
    for duty, row in taken.items():
        old = before[duty]
        assert (row.inherits, row.unit, row.status) == (old.id, NEW, Status.OPEN)
        assert (row.due_at, row.rule, row.kind) == (old.due_at, old.rule, old.kind)
    opened = (await tasks.told(ObligationOpened))[told:]
    assert {fact["obligation_id"] for fact in opened} == {str(row.id) for row in taken.values()}
    notes = await tasks.rows(AuditRecord, act="obligation.hand_over")
    assert {note.entity_id for note in notes} == {str(row.id) for row in before.values()}


async def test_the_heir_s_clock_rings_once_and_the_old_one_s_no_more(tasks: Stage) -> None:
    await reported_accident(tasks)
    await ended(tasks)

    await tasks.fire_until(RECEIVED + timedelta(hours=3))

    (row,) = await tasks.rows(Obligation, subject=NEW, duty=RELAY)
    late = [fact for fact in await tasks.told(ObligationOverdue) if fact["unit"] in {NEW, ENDING}]
    assert [fact["obligation_id"] for fact in late] == [str(row.id)]


async def test_what_has_no_clock_gets_none_from_its_heir(tasks: Stage) -> None:
    await reported_accident(tasks)
    await ended(tasks)

    await tasks.fire_until(RECEIVED + timedelta(days=1))

    (row,) = await tasks.rows(Obligation, subject=NEW, duty="attendance")
    assert row.overdue_at is None


async def test_what_was_late_is_the_heir_s_as_late_as_it_was_and_not_told_again(
    tasks: Stage,
) -> None:
    await reported_accident(tasks)
    await tasks.fire_until(RECEIVED + timedelta(hours=3))
    (old,) = await tasks.rows(Obligation, subject=ENDING, duty=RELAY)
    told = len(await tasks.told(ObligationOverdue))
    await ended(tasks)

    await tasks.fire_until(RECEIVED + timedelta(hours=4) - timedelta(minutes=1))

    (row,) = await tasks.rows(Obligation, subject=NEW, duty=RELAY)
    assert old.overdue_at is not None
    assert row.overdue_at == old.overdue_at
    assert len(await tasks.told(ObligationOverdue)) == told


async def test_after_a_split_the_named_heir_owes_it_and_the_other_part_nothing(
    tasks: Stage,
) -> None:
    await reported_accident(tasks)
    before = await owed(tasks, ENDING)
    parts = [unit(NEW, "安全局"), unit(OTHER_NEW, "救援局")]
    await reorganised(tasks, "split", [ENDING], parts, heir=OTHER_NEW, on=TODAY)

    await tasks.fire_until(SOON)

    assert (await owed(tasks, OTHER_NEW)).keys() == before.keys()
    assert await owed(tasks, NEW) == {}


async def test_a_unit_that_stays_when_a_part_leaves_keeps_what_it_owes(tasks: Stage) -> None:
    await reported_accident(tasks)
    before = await owed(tasks, ENDING)
    parts = [ENDING, unit(NEW, "安全局")]
    await reorganised(tasks, "split", [ENDING], parts, heir=ENDING, on=TODAY)

    await tasks.fire_until(SOON)

    after = await owed(tasks, ENDING)
    assert {row.id for row in after.values()} == {row.id for row in before.values()}


async def test_what_is_recorded_ahead_hands_over_on_its_day(tasks: Stage) -> None:
    await reported_accident(tasks)
    await ended(tasks, on=LATER)

    await tasks.fire_until(MIDNIGHT - timedelta(seconds=1))
    before = await owed(tasks, ENDING)
    assert before
    assert await owed(tasks, NEW) == {}

    await tasks.fire_until(MIDNIGHT)
    assert await owed(tasks, ENDING) == {}
    assert (await owed(tasks, NEW)).keys() == before.keys()


async def test_what_was_handed_in_waits_with_the_heir_for_its_review(tasks: Stage) -> None:
    await reported_accident(tasks)
    (old,) = await tasks.rows(Obligation, subject=ENDING, duty=RELAY)
    handed_in = await tasks.as_(COUNTY_DESK).post(
        f"/tasks/obligations/{old.id}/evidence", json=NOTE
    )
    assert handed_in.status_code == 201
    await ended(tasks)
    await tasks.fire_until(RECEIVED + timedelta(hours=3))

    (row,) = await tasks.rows(Obligation, subject=NEW, duty=RELAY)
    accepted = await tasks.as_(CITY_OFFICE).post(f"/tasks/obligations/{row.id}/accept", json={})

    assert accepted.status_code == 200, accepted.text
    shown, kept = await read(tasks, row), await read(tasks, old)
    assert (shown["status"], shown["overdue_at"]) == (Status.ACCEPTED, None)
    assert [one["verdict"] for one in shown["evidence"]] == ["accepted"]
    assert (kept["status"], shown["inherits"]) == (Status.SUPERSEDED, kept["id"])
    assert [one["note"] for one in kept["evidence"]] == [NOTE["note"]]


async def test_what_goes_to_another_place_is_seen_there_with_its_evidence(tasks: Stage) -> None:
    await reported_accident(tasks)
    (old,) = await tasks.rows(Obligation, subject=ENDING, duty=RELAY)
    await tasks.as_(COUNTY_DESK).post(f"/tasks/obligations/{old.id}/evidence", json=NOTE)
    target = "430482.safety"
    await reorganised(tasks, "move", [ENDING], [unit(target, "安全局")], on=TODAY)

    await tasks.fire_until(SOON)

    (row,) = await tasks.rows(Obligation, subject=target, duty=RELAY)
    (held,) = await tasks.rows(Evidence, obligation_id=row.id)
    assert (row.region_code, held.region_code) == ("430482", "430482")


async def test_what_the_heir_owes_already_it_does_not_owe_twice(tasks: Stage) -> None:
    await reported_accident(tasks)
    duty = "2023/9.2"
    (own,) = await tasks.rows(Obligation, subject=GOVERNMENT, duty=duty)
    (old,) = await tasks.rows(Obligation, subject=PARTY, duty=duty)
    await reorganised(tasks, "merge", [PARTY], [GOVERNMENT], on=TODAY)

    await tasks.fire_until(SOON)

    rows = await tasks.rows(Obligation, subject=GOVERNMENT, duty=duty)
    assert [(row.id, row.status) for row in rows] == [(own.id, Status.OPEN)]
    assert (await read(tasks, old))["status"] == Status.SUPERSEDED


async def test_what_is_done_is_not_handed_over(tasks: Stage) -> None:
    await reported_accident(tasks)
    await tasks.hear(forwarded(FIRST_HOP))
    await ended(tasks)

    await tasks.fire_until(SOON)

    (row,) = await tasks.rows(Obligation, subject=ENDING, duty=RELAY)
    assert row.status == Status.FULFILLED
    assert RELAY not in await owed(tasks, NEW)


async def test_a_fact_proves_what_the_heir_took_over(tasks: Stage) -> None:
    await reported_accident(tasks)
    await ended(tasks)
    await tasks.fire_until(SOON)

    await tasks.hear(forwarded(FIRST_HOP))

    (row,) = await tasks.rows(Obligation, subject=NEW, duty=RELAY)
    assert row.status == Status.FULFILLED


async def test_a_clock_that_stands_still_stands_for_the_heir_and_runs_again(tasks: Stage) -> None:
    await reported_accident(tasks)
    old, new = f"{CITY}.government", f"{CITY}.people"
    await tasks.hear(clock_moved(ClockMove.APPRAISAL_BEGAN, None))
    tasks.now = RECEIVED + timedelta(days=21)
    await reorganised(tasks, "move", [old], [unit(new, "政府", "government")], on="2023-03-25")
    await tasks.fire_until(RECEIVED + timedelta(days=90))

    (row,) = await tasks.rows(Obligation, subject=new, duty="investigation")
    assert row.stopped_at is not None
    assert row.overdue_at is None

    due_at = RECEIVED + timedelta(days=100)
    again = clock_moved(
        ClockMove.APPRAISAL_ENDED, due_at, occurred_at=RECEIVED + timedelta(days=91)
    )
    await tasks.hear(again)
    await tasks.fire_until(due_at)
    late = {fact["obligation_id"] for fact in await tasks.told(ObligationOverdue)}
    assert str(row.id) in late


async def test_what_is_asked_later_is_asked_of_the_heir(tasks: Stage) -> None:
    await reported_accident(tasks)
    await ended(tasks)
    await tasks.fire_until(SOON)
    (before,) = await tasks.rows(Obligation, subject=NEW, duty="attendance")

    await tasks.hear(regraded(Grade.MAJOR, "430000.government", Level.PROVINCE))
    await tasks.hear(published())

    (after,) = await tasks.rows(Obligation, subject=NEW, duty="attendance")
    assert (after.id, after.status) == (before.id, before.status)
    assert await owed(tasks, ENDING) == {}


async def test_a_fact_that_arrives_late_finds_the_heir_and_one_of_the_eve_the_unit(
    tasks: Stage, tmp_path: Path
) -> None:
    await reported_accident(tasks)
    await ended(tasks, on=LATER)
    (own,) = await tasks.rows(Obligation, subject=ENDING, duty="attendance")
    told_at = MIDNIGHT - timedelta(hours=1)
    with at(tmp_path, told_at):
        await tasks.hear(graver(Grade.MAJOR, told_at))
    assert [row.id for row in (await owed(tasks, ENDING)).values() if row.duty == own.duty] == [
        own.id
    ]

    await tasks.fire_until(MIDNIGHT)
    (taken,) = await tasks.rows(Obligation, subject=NEW, duty="attendance")
    with at(tmp_path, MIDNIGHT + timedelta(minutes=1)):
        await tasks.hear(graver(Grade.MAJOR, told_at + timedelta(minutes=1)))

    (kept,) = await tasks.rows(Obligation, subject=NEW, duty="attendance")
    assert (kept.id, kept.status) == (taken.id, Status.OPEN)
    assert await owed(tasks, ENDING) == {}


async def test_a_duty_for_everybody_means_the_heir_of_one_that_ended(tasks: Stage) -> None:
    await found(tasks)
    tasks.now = SOON
    new = f"{COUNTY}.party"
    await reorganised(tasks, "move", [PARTY], [unit(new, "县委", "party_committee")], on=TODAY)
    await tasks.hear(reported())

    await tasks.hear(published())

    assert await tasks.rows(Obligation, subject=PARTY) == []
    assert "2023/1.3" in await owed(tasks, new)


@pytest.mark.parametrize("second", [LATER, TODAY])
async def test_an_heir_that_ends_hands_on_what_it_took_over(tasks: Stage, second: str) -> None:
    await reported_accident(tasks)
    before = await owed(tasks, ENDING)
    await ended(tasks, on="2023-03-09")
    await reorganised(tasks, "move", [NEW], [unit(OTHER_NEW, "救援局")], on=second)

    await tasks.fire_until(MIDNIGHT)

    assert await owed(tasks, NEW) == {}
    assert (await owed(tasks, OTHER_NEW)).keys() == before.keys()
