"""A published investigation binds every Party committee and every enterprise, exactly once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.inspections import EnterpriseRegistered
from contracts.tasks import DutyTriggered, ObligationKind, ObligationOpened, ObligationOverdue
from kernel.inbox import Turn
from reference import triggers as pack
from reference import units
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations, operations_sets
from services.tasks.openings.domain import OpeningStatus
from services.tasks.openings.tables import Opening
from tests.services.stage import Stage
from tests.services.tasks.story import MINE, OTHER, published, registered, reported

COMMITTEES, ENTERPRISES = "2023/1.3", "2023/1.4"
DUE = datetime(2023, 6, 20, 16, 0, tzinfo=UTC)  # 24:00 in Shanghai of the thirtieth day


async def publish(tasks: Stage) -> None:
    await tasks.hear(
        registered(MINE, "430481"), registered(OTHER, "430426"), reported(relays=()), published()
    )
    await tasks.fire_until(published().occurred_at)


async def test_every_party_committee_and_group_and_every_enterprise_has_to_meet(
    tasks: Stage,
) -> None:
    await publish(tasks)

    committees = {row.unit for row in await tasks.rows(Obligation, duty=COMMITTEES)}
    enterprises = {row.subject for row in await tasks.rows(Obligation, duty=ENTERPRISES)}
    day = published().published_on
    every = {
        unit.code
        for unit in units.units(on=day)
        if unit.kind == "party_committee" and unit.code.startswith("4304")
    }
    assert every <= committees
    assert enterprises == {MINE, OTHER}


async def test_each_is_due_by_the_period_of_the_plan_in_its_own_place(tasks: Stage) -> None:
    await publish(tasks)

    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    assert {(row.subject, row.region_code, row.due_at) for row in rows} == {
        (MINE, "430481", DUE),
        (OTHER, "430426", DUE),
    }


async def test_a_duty_of_all_is_told_once_with_its_count(tasks: Stage) -> None:
    await publish(tasks)

    told = {fact["duty"]: fact["opened"] for fact in await tasks.told(DutyTriggered)}
    committees = await tasks.rows(Obligation, duty=COMMITTEES)
    assert told == {"1.3": len(committees), "1.4": 2}
    single = {fact["obligation_id"] for fact in await tasks.told(ObligationOpened)}
    assert not single & {str(row.id) for row in committees}


async def test_a_publication_told_again_opens_nothing_twice(tasks: Stage) -> None:
    await publish(tasks)
    before = len(await tasks.rows(Obligation))

    again = tasks.envelope(published())
    turns = [await tasks.apply(again), await tasks.apply(again)]
    await tasks.fire_until(published().occurred_at)

    assert turns == [Turn.NEXT, Turn.SEEN]
    assert len(await tasks.rows(Obligation)) == before
    assert len(await tasks.told(DutyTriggered)) == 2


def registered_after(uscc: str, region: str) -> EnterpriseRegistered:
    """Of an enterprise that was not there on the day of the publication."""
    day_after = published().occurred_at + timedelta(days=1)
    return registered(uscc, region).model_copy(update={"occurred_at": day_after})


async def test_a_second_telling_opens_what_was_missing(tasks: Stage) -> None:
    await publish(tasks)
    async with tasks.work() as session:
        lost = text("DELETE FROM obligation WHERE duty = :duty AND subject = :subject")
        await session.execute(lost, {"duty": ENTERPRISES, "subject": OTHER})

    await tasks.hear(published())
    await tasks.fire_until(published().occurred_at)

    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    (kept,) = await tasks.rows(Opening, code="1.4")
    assert {row.subject for row in rows} == {MINE, OTHER}
    assert kept.opened == 3
    told = [fact["opened"] for fact in await tasks.told(DutyTriggered) if fact["duty"] == "1.4"]
    assert told == [2, 1]


async def test_whoever_came_after_the_publication_has_not_to_learn_from_it(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, "430481"), reported(relays=()), published())
    await tasks.fire_until(published().occurred_at)

    await tasks.hear(registered_after(OTHER, "430426"), published())
    await tasks.fire_until(published().occurred_at)

    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    assert {row.subject for row in rows} == {MINE}


async def test_what_is_told_again_when_it_falls_due_ends_all_the_same(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of its end rings while enterprises are still being looked at again."""
    await publish(tasks)
    monkeypatch.setattr(operations_sets, "CHUNK", 1)
    await tasks.hear(published())
    (again,) = await tasks.rows(Opening, code="1.4")

    await tasks.fire_until(again.due_at + timedelta(hours=1))

    (ended,) = await tasks.rows(Opening, code="1.4")
    assert again.status == OpeningStatus.OPENING
    assert (ended.status, ended.opened, ended.overdue) == (OpeningStatus.ENDED, 2, 2)


async def test_a_worker_killed_half_way_goes_on_with_who_is_left(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tasks.hear(registered(MINE, "430481"), registered(OTHER, "430426"), reported(relays=()))
    monkeypatch.setattr(operations_sets, "CHUNK", 1)
    await tasks.hear(published())
    (opening,) = await tasks.rows(Opening, code="1.4")
    assert await tasks.rows(Obligation, duty=COMMITTEES)
    assert await tasks.rows(Obligation, duty=ENTERPRISES) == []

    async with tasks.work() as session:
        await operations.open_some(session, opening_id=opening.id, now=published().occurred_at)
    with pytest.raises(ConnectionResetError):
        await killed_within_a_chunk(tasks, opening)
    assert len(await tasks.rows(Obligation, duty=ENTERPRISES)) == 1

    await tasks.fire_until(published().occurred_at)
    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    assert sorted(row.subject for row in rows) == sorted([MINE, OTHER])


async def killed_within_a_chunk(tasks: Stage, opening: Opening) -> None:
    async with tasks.work() as session:
        await operations.open_some(session, opening_id=opening.id, now=published().occurred_at)
        raise ConnectionResetError("killed")


async def test_the_published_investigation_itself_is_fulfilled(tasks: Stage) -> None:
    await publish(tasks)

    (row,) = await tasks.rows(Obligation, kind=ObligationKind.INVESTIGATION)
    assert row.status == Status.FULFILLED


async def test_whoever_did_not_meet_is_overdue_and_units_are_told_one_by_one(tasks: Stage) -> None:
    await publish(tasks)

    await tasks.fire_until(DUE)

    rows = [
        row for duty in (COMMITTEES, ENTERPRISES) for row in await tasks.rows(Obligation, duty=duty)
    ]
    late = {
        fact["obligation_id"]
        for fact in await tasks.told(ObligationOverdue)
        if fact["kind"] == ObligationKind.SPECIAL_MEETING
    }
    assert {row.overdue_at for row in rows} == {DUE}
    assert late == {str(row.id) for row in rows if row.unit}


async def test_nothing_is_overdue_before_its_last_day_has_ended(tasks: Stage) -> None:
    await publish(tasks)

    await tasks.fire_until(DUE - timedelta(seconds=1))

    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    assert {row.overdue_at for row in rows} == {None}


async def test_a_publication_of_a_year_without_a_plan_opens_nothing(tasks: Stage) -> None:
    day = datetime(2021, 7, 28, 2, 0, tzinfo=UTC)

    await tasks.hear(
        registered(MINE, "430481"),
        reported(relays=()),
        published(occurred_at=day, published_on=day.date()),
    )

    assert await tasks.told(DutyTriggered) == []


async def test_only_what_the_database_keeps_apart_makes_a_second_opening_harmless(
    tasks: Stage,
) -> None:
    """The twin: without the unique index a second telling would bind everybody twice."""
    async with tasks.work() as session:
        await session.execute(text("SELECT 1"))
        names = await session.scalars(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_obligation_live'")
        )
    (definition,) = names.all()
    assert "UNIQUE" in definition
    assert "(origin, duty, subject)" in definition


async def test_ids_made_by_the_database_are_version_seven_of_the_instant(tasks: Stage) -> None:
    await publish(tasks)

    rows = await tasks.rows(Obligation, duty=ENTERPRISES)
    stamps = {UUID(str(row.id)).int >> 80 for row in rows}
    assert {row.id.version for row in rows} == {7}
    assert stamps == {int(published().occurred_at.timestamp() * 1000)}


def test_the_plan_of_the_year_sets_off_two_duties_on_publication() -> None:
    duties = pack.duties_set_off(
        pack.Happening(event="incidents.investigation.published"), on=published().published_on
    )
    assert [duty.code for duty in duties] == ["1.3", "1.4"]
