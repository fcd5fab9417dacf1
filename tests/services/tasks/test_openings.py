"""The periods of an issued plan are opened when they begin, for everybody, exactly once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from contracts.tasks import DutyEnded, DutyOpened, ObligationOverdue
from contracts.tasks_parts import PartOverdue
from kernel import calendar
from kernel.ids import uuid7
from reference import units
from reference.terms import DutyKind
from services.tasks.measures import operations as measures
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations, operations_sets
from services.tasks.openings.domain import OpeningStatus
from services.tasks.openings.tables import Opening
from services.tasks.parts.tables import Part
from tests.services.stage import Stage
from tests.services.tasks.drafting import LEADER
from tests.services.tasks.measured import HOUSING, accepted, builder, proved
from tests.services.tasks.opened import (
    COAL,
    COMMITMENT,
    DRILL,
    LED_INSPECTION,
    MEETING,
    NEW_YEAR,
    issue,
    owed,
)
from tests.services.tasks.story import CITY, COUNTY, MINE, OTHER, officer, registered


async def test_a_monthly_duty_opens_month_by_month_for_whom_it_means(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL), registered(OTHER, "430426", "I64"))
    await issue(tasks, only={"4.1", "30.4"})

    await tasks.fire_until(NEW_YEAR)
    assert await owed(tasks, LED_INSPECTION) == [(MINE, date(2023, 1, 1))]

    await tasks.fire_until(calendar.opens_at(date(2023, 3, 1)) - timedelta(seconds=1))
    assert len(await owed(tasks, LED_INSPECTION)) == 2
    await tasks.fire_until(calendar.opens_at(date(2023, 3, 1)))
    assert len(await owed(tasks, LED_INSPECTION)) == 3
    assert [subject for subject, _ in await owed(tasks, COMMITMENT)] == sorted({MINE, OTHER})


async def test_an_occurrence_says_what_asks_for_it_how_often_and_by_when(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL))
    await issue(tasks, only={"4.2"})
    await tasks.fire_until(NEW_YEAR)

    (row,) = await tasks.rows(Obligation, duty=DRILL)
    (opening,) = await tasks.rows(Opening, code="4.2", period_from=date(2023, 1, 1))
    assert (row.origin, row.plan_version, row.duty_kind) == (
        opening.id,
        1,
        DutyKind.RECURRING_QUOTA,
    )
    assert (row.period_from, row.period_to) == (date(2023, 1, 1), date(2023, 6, 30))
    assert (row.least, row.credited, row.waiting) == (1, 0, 0)
    assert row.due_at == calendar.closes_at(date(2023, 6, 30))
    assert (row.region_code, row.status) == (COUNTY, Status.OPEN)


async def test_the_year_opens_for_units_by_role_and_tells_each_duty_once(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await tasks.fire_until(NEW_YEAR)

    special = {
        unit.code for unit in units.units(on=NEW_YEAR.date()) if "special_committee" in unit.roles
    }
    meant = {subject for subject, _ in await owed(tasks, MEETING)}
    assert meant
    assert meant <= {unit.code for unit in units.units(on=date(2023, 1, 1))}
    assert special <= meant or not special
    told = [fact for fact in await tasks.told(DutyOpened) if fact["duty"] == "3.1"]
    assert [(fact["opened"], fact["period_to"]) for fact in told] == [(len(meant), "2023-03-31")]


async def killed_within_a_chunk(tasks: Stage, opening: Opening) -> None:
    async with tasks.work() as session:
        await operations.open_some(session, opening_id=opening.id, now=NEW_YEAR)
        raise ConnectionResetError("killed")


async def test_opened_in_chunks_and_killed_between_them_nobody_is_left_out_or_asked_twice(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [f"9143048100000{n:04d}X" for n in range(7)]
    await tasks.hear(*(registered(code, COUNTY, COAL) for code in codes))
    await issue(tasks, only={"4.1"})
    monkeypatch.setattr(operations_sets, "CHUNK", 3)
    (opening,) = await tasks.rows(Opening, code="4.1", period_from=date(2023, 1, 1))

    for _ in range(2):  # the units, and a first chunk of enterprises
        async with tasks.work() as session:
            await operations.open_some(session, opening_id=opening.id, now=NEW_YEAR)
    with pytest.raises(ConnectionResetError):
        await killed_within_a_chunk(tasks, opening)
    assert len(await owed(tasks, LED_INSPECTION)) == 3

    await tasks.fire_until(NEW_YEAR)

    assert [subject for subject, _ in await owed(tasks, LED_INSPECTION)] == codes
    (opening,) = await tasks.rows(Opening, code="4.1", period_from=date(2023, 1, 1))
    assert (opening.status, opening.opened) == (OpeningStatus.OPEN, 7)


async def test_whoever_has_not_done_it_when_the_period_ends_is_overdue(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL), registered(OTHER, "430426", COAL))
    await issue(tasks, only={"4.1"})
    await tasks.fire_until(NEW_YEAR)
    async with tasks.work() as session:
        (row,) = await tasks.rows(Obligation, duty=LED_INSPECTION, subject=MINE)
        done = await session.get_one(Obligation, row.id)
        done.status = Status.ACCEPTED
    monkeypatch.setattr(operations_sets, "CHUNK", 1)
    end = calendar.closes_at(date(2023, 1, 31))

    await tasks.fire_until(end - timedelta(seconds=1))
    assert {row.overdue_at for row in await tasks.rows(Obligation, duty=LED_INSPECTION)} == {None}
    await tasks.fire_until(end)

    late = {
        row.subject: row.overdue_at
        for row in await tasks.rows(Obligation, duty=LED_INSPECTION, period_from=date(2023, 1, 1))
    }
    assert late == {MINE: None, OTHER: end}
    (told,) = [fact for fact in await tasks.told(DutyEnded) if fact["duty"] == "4.1"]
    assert (told["opened"], told["overdue"]) == (2, 1)


async def test_units_are_told_one_by_one_that_a_period_ended_without_them(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    end = calendar.closes_at(date(2023, 3, 31))
    await tasks.fire_until(end)

    rows = await tasks.rows(Obligation, duty=MEETING, period_from=date(2023, 1, 1))
    told = {fact["obligation_id"] for fact in await tasks.told(ObligationOverdue)}
    assert {str(row.id) for row in rows} <= told


async def test_a_clock_that_stands_still_is_not_called_overdue(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL))
    await issue(tasks, only={"4.1"})
    await tasks.fire_until(NEW_YEAR)
    async with tasks.work() as session:
        (row,) = await tasks.rows(Obligation, duty=LED_INSPECTION)
        (await session.get_one(Obligation, row.id)).stopped_at = NEW_YEAR

    await tasks.fire_until(calendar.closes_at(date(2023, 1, 31)))

    (row, *_) = await tasks.rows(Obligation, duty=LED_INSPECTION, period_from=date(2023, 1, 1))
    assert row.overdue_at is None


async def test_a_group_of_enterprises_is_told_by_its_mark(tasks: Stage) -> None:
    shop = registered(MINE, COUNTY, "fireworks").model_copy(update={"groups": ("retail",)})
    store = registered(OTHER, COUNTY, "fireworks").model_copy(update={"groups": ("wholesale",)})
    await tasks.hear(shop, store)
    await issue(tasks, only={"14.1", "14.2"})
    await tasks.fire_until(NEW_YEAR)

    assert [subject for subject, _ in await owed(tasks, "2023/14.1")] == [OTHER]
    assert [subject for subject, _ in await owed(tasks, "2023/14.2")] == [MINE]


async def test_a_plan_issued_late_asks_nothing_of_what_was_over(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL))
    await issue(tasks, at=calendar.opens_at(date(2023, 3, 20)))

    waiting = await tasks.rows(Opening, code="4.1")

    assert min(row.period_from for row in waiting) == date(2023, 3, 1)
    assert [row.period_from for row in await tasks.rows(Opening, code="35.8")] == [date(2023, 1, 1)]


async def test_the_office_reads_how_far_a_period_came(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL), registered(OTHER, "430426", COAL))
    await issue(tasks, only={"4.1"})
    await tasks.fire_until(NEW_YEAR)

    listed = await tasks.as_(LEADER).get(
        "/tasks/openings", params={"code": "4.1", "status": "open"}
    )
    found: dict[str, Any] = listed.json()["items"][0]
    read = await tasks.as_(LEADER).get(f"/tasks/openings/{found['id']}")

    assert (found["opened"], found["period_to"]) == (2, "2023-01-31")
    assert read.json()["standing"] == {"open": 2}


async def test_whoever_owes_it_reads_what_the_plan_says(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL))
    await issue(tasks, only={"4.1"})
    await tasks.fire_until(NEW_YEAR)
    (row,) = await tasks.rows(Obligation, duty=LED_INSPECTION)

    read = (await tasks.as_(officer(MINE)).get(f"/tasks/obligations/{row.id}")).json()

    assert read["asks"]["code"] == "4.1"
    assert read["asks"]["text_zh"] == "高危企业主要负责人带队检查"


async def test_a_shared_duty_is_one_obligation_with_a_part_for_each_who_helps(
    tasks: Stage,
) -> None:
    await issue(tasks, only={"18.2"})
    await tasks.fire_until(NEW_YEAR)

    (row,) = await tasks.rows(Obligation, duty="2023/18.2", region_code=CITY)
    parts = await tasks.rows(Part, obligation_id=row.id)
    assert row.unit == f"{CITY}.ecology"
    assert {part.unit for part in parts if part.role == "supporting"} == {
        f"{CITY}.{slug}"
        for slug in ("health", "emergency", "fire_rescue", "public_security", "market_regulation")
    }


async def test_a_figure_that_met_its_target_ends_its_obligation_and_one_that_did_not_is_late(
    tasks: Stage,
) -> None:
    await issue(tasks, only={"8.1"})
    end = calendar.closes_at(date(2023, 12, 31))
    await tasks.fire_until(end)

    # 8.1: no larger accident. Nothing was told of one, so nobody is late.
    rows = await tasks.rows(Obligation, duty="2023/8.1")
    assert rows
    assert {(row.status, row.overdue_at) for row in rows} == {("fulfilled", None)}


async def test_who_shares_a_duty_whose_figure_met_its_target_holds_nothing_up(
    tasks: Stage,
) -> None:
    await issue(tasks, only={"10.4", "11.1"})
    await tasks.fire_until(NEW_YEAR)
    (row,) = await tasks.rows(Obligation, duty="2023/10.4", unit=HOUSING)
    await proved(tasks, row)
    await accepted(tasks, row, builder(), numerator=3, denominator=3)

    await tasks.fire_until(row.due_at)

    (ended,) = await tasks.rows(Obligation, id=row.id)
    held_up = {fact["obligation_id"] for fact in await tasks.told(PartOverdue)}
    assert (row.parts_open > 0, ended.status) == (True, Status.FULFILLED)
    assert held_up
    assert str(row.id) not in held_up


async def test_a_measured_duty_of_many_enterprises_is_settled_some_at_a_time(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tasks.hear(registered(MINE, COUNTY, COAL), registered(OTHER, "430426", COAL))
    await issue(tasks, only={"3.3"})
    await tasks.fire_until(NEW_YEAR)
    monkeypatch.setattr(measures, "CHUNK", 1)
    (opening,) = await tasks.rows(Opening, code="3.3")
    end = calendar.closes_at(date(2023, 12, 31))

    for turn in (1, 2, 3):
        async with tasks.work() as session:
            await operations.end_some(session, opening_id=opening.id, now=end)
        late = [row for row in await tasks.rows(Obligation, origin=opening.id) if row.overdue_at]
        assert len(late) == min(turn, 2)

    (opening,) = await tasks.rows(Opening, code="3.3")
    assert (opening.status, opening.overdue) == (OpeningStatus.ENDED, 2)


@pytest.mark.parametrize("of_a_day", [False, True])
async def test_who_has_it_already_is_read_once_and_not_for_each_enterprise(
    tasks: Stage, of_a_day: bool
) -> None:
    """Whatever is believed of the table: statistics come later than the rows."""
    statement = (operations_sets._ENTERPRISES, operations_sets._ENTERPRISES_THEN)[of_a_day]
    asking = dict.fromkeys(statement._bindparams)
    asking |= {"origin": uuid7(), "duty": COMMITMENT, "after": "", "chunk": 20_000}
    asking |= {"sectors": [], "high_risk": False, "now": NEW_YEAR, "due_at": NEW_YEAR}
    asking |= {"on": date(2023, 1, 1)} if of_a_day else {}
    planned = text(f"EXPLAIN {statement.text}")

    async with tasks.work() as session:
        bound = planned.bindparams(*statement._bindparams.values())
        lines = (await session.scalars(bound, asking)).all()

    plan = "\n".join(lines)
    assert "hashed SubPlan" in plan, plan
    assert of_a_day or "Join" not in plan, plan


async def test_the_planner_looks_at_a_table_that_an_opening_fills(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own look comes a minute later: lists would be read as of an empty table."""
    monkeypatch.setattr(operations_sets, "WORTH_A_LOOK", 2)
    await looked_at_empty(tasks)
    await tasks.hear(registered(MINE, COUNTY, COAL), registered(OTHER, "430426", COAL))
    await issue(tasks, only={"4.2"})

    await tasks.fire_until(NEW_YEAR)

    assert await believed(tasks) == len(await tasks.rows(Obligation)) > 0


async def looked_at_empty(tasks: Stage) -> None:
    """What was believed of the table in an earlier test is forgotten with its rows."""
    async with tasks.work() as session:
        await session.execute(text("SELECT analyze_obligation()"))
    assert await believed(tasks) == 0


async def believed(tasks: Stage) -> float:
    """How many obligations there are, as the planner knows."""
    known = text("SELECT reltuples FROM pg_class WHERE oid = 'obligation'::regclass")
    async with tasks.work() as session:
        return float(await session.scalar(known) or 0)


async def test_the_planner_never_knows_less_than_two_thirds_of_what_was_opened(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each duty alone is no more than what is there: together they are many times as much."""
    monkeypatch.setattr(operations_sets, "WORTH_A_LOOK", 4)
    monkeypatch.setattr(operations_sets, "CHUNK", 4)
    codes = [f"9143048100000{n:04d}X" for n in range(11)]
    await looked_at_empty(tasks)
    await tasks.hear(*(registered(code, COUNTY, COAL) for code in codes))
    await issue(tasks, only={"4.1", "4.2"})

    for end in (
        NEW_YEAR,
        calendar.closes_at(date(2023, 3, 2)),
        calendar.closes_at(date(2023, 7, 2)),
    ):
        await tasks.fire_until(end)

        known = await believed(tasks)
        assert len(await tasks.rows(Obligation)) - known < max(4, known / 2)
