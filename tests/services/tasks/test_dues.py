"""Whatever somebody owes by a day stands in their calendar and digest until it is done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Update, select, text, update

from contracts.gateway import Role
from contracts.tasks_reminders import DigestDue
from kernel import calendar
from kernel.access import Principal
from reference import holidays
from services.tasks.appeals.tables import Appeal
from services.tasks.cards.tables import CardRow
from services.tasks.digests import operations as digests
from services.tasks.dispatches.tables import Dispatch
from services.tasks.dues.queries import SOURCES
from services.tasks.extensions.tables import OrderExtension
from services.tasks.feeds.operations import reader
from services.tasks.feeds.tables import Feed
from services.tasks.objections.tables import Objection
from services.tasks.obligations.tables import Obligation
from services.tasks.orders.tables import Order
from services.tasks.scoreobjections.tables import ScoreObjection
from services.tasks.supervisionanswers.tables import SupervisionCommitment
from services.tasks.supervisions.tables import Supervision, SupervisionReceipt
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.hotline import MONDAY
from tests.services.tasks.ics import Part
from tests.services.tasks.measured import planned
from tests.services.tasks.owing import CASES, Case
from tests.services.tasks.story import CITY, COUNTY, person
from tests.services.tasks.test_digests import morning
from tests.services.tasks.test_feeds import address, entries

RUNS = count()
WORKED = [
    day
    for day in (date(2023, 6, 6) + timedelta(days=number) for number in range(60))
    if calendar.is_working_day(day, calendar=holidays.calendar())
]
SECOND = timedelta(seconds=1)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    await planned(tasks)
    tasks.now = MONDAY
    return tasks


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """All units in one go: chunks have their test among those of digests."""
    monkeypatch.setattr(digests, "CHUNK", 10_000)


def of(code: str) -> Principal:
    return person(Role.LEADER, code, subject=f"keeper of {code}")


async def digest(city: Stage, code: str, day: date) -> dict[str, Any] | None:
    """What a unit is told on a morning, if anything."""
    async with city.work() as session:
        await digests.tell(session, entity_id=day.isoformat(), now=morning(day.month, day.day))
    told = [fact for fact in await city.told(DigestDue) if fact["day"] == day.isoformat()]
    return next((fact for fact in told if fact["unit"] == code), None)


async def named(city: Stage, code: str, day: date) -> set[str]:
    fact = await digest(city, code, day)
    return {f"{one['kind']}-{one['id']}@anlian" for one in (fact or {"named": ()})["named"]}


async def shown(city: Stage, path: str) -> dict[str, Part]:
    return {entry.lines["UID"]: entry for entry in await entries(city, path)}


def of_kind(found: Collection[str], kind: str) -> list[str]:
    return [
        uid for uid in found if uid.startswith(f"{kind}-") and uid[len(kind) + 37 :] == "@anlian"
    ]


def last_day(case: Case) -> date:
    return calendar.day_of(case.due_at - SECOND)


def test_every_source_has_its_case() -> None:
    kinds = {source.kind for source in SOURCES}

    assert {case.kind for case in CASES} == kinds - {"part"}  # these are in test_parts_due


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
async def test_it_is_in_the_digest_from_three_working_days_before_on(
    city: Stage, case: Case
) -> None:
    await case.made(city)
    last = last_day(case)
    soon = calendar.subtract_working_days(last, 3, calendar=holidays.calendar())
    days = [WORKED[0], WORKED[WORKED.index(soon) - 1], soon, last] if soon in WORKED else [last]
    days = sorted({*days, next(day for day in WORKED if day > last)})

    found = {day: of_kind(await named(city, case.unit, day), case.kind) for day in days}

    expected = {day: day >= soon and not (case.lapses and day > last) for day in days}
    assert {day: len(uids) == 1 for day, uids in found.items()} == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
async def test_it_is_in_the_calendar_by_its_deadline_and_of_nobody_else(
    city: Stage, case: Case
) -> None:
    await case.made(city)
    path = await address(city, of(case.unit))
    other = await address(city, of("430426.emergency"))

    found = await shown(city, path)

    (uid,) = of_kind(found, case.kind)
    assert found[uid].lines["DTSTART;VALUE=DATE"] == last_day(case).strftime("%Y%m%d")
    english = (await shown(city, f"{path}&lang=en"))[uid].text("SUMMARY")
    assert english.isascii() or case.kind == "obligation" or "〔" in english
    assert found[uid].text("SUMMARY") != english
    assert found[uid].lines["X-ANLIAN-ENTITY"].partition("/")[0] in (
        "obligations",
        "orders",
        "supervisions",
        "cards",
        "score-objections",
    )
    assert await shown(city, other) == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
async def test_once_it_is_done_it_is_gone(city: Stage, case: Case) -> None:
    made = await case.made(city)
    path = await address(city, of(case.unit))
    assert of_kind(await shown(city, path), case.kind)

    await case.done(city, made)

    after = next(day for day in WORKED if day > last_day(case))
    assert of_kind(await shown(city, path), case.kind) == []
    assert of_kind(await named(city, case.unit, after), case.kind) == []


async def test_a_letter_names_a_supervisory_order_by_its_number(city: Stage) -> None:
    case = next(one for one in CASES if one.kind == "supervision")
    order = await case.made(city)

    fact = await digest(city, case.unit, last_day(case))

    assert fact is not None
    assert fact["supervisions"] == [order]
    (one,) = [one for one in fact["named"] if one["kind"] == "supervision"]
    assert one["title_zh"].startswith("答复监督文书：交办")
    assert one["entity"] == f"supervisions/{order}"
    assert "市场" not in str(fact)


async def test_each_addressee_signs_and_only_the_first_answers(city: Stage) -> None:
    case = next(one for one in CASES if one.kind == "supervision_receipt")
    await case.made(city)

    first = await shown(city, await address(city, of(hotline.HOUSING_UNIT)))
    second = await shown(city, await address(city, of(case.unit)))

    assert [len(of_kind(first, kind)) for kind in ("supervision_receipt", "supervision")] == [1, 1]
    assert [len(of_kind(second, kind)) for kind in ("supervision_receipt", "supervision")] == [1, 0]


async def test_what_a_committee_issued_is_examined_by_its_office(city: Stage) -> None:
    case = next(one for one in CASES if one.kind == "supervision_acceptance")
    await case.made(city)
    async with city.work() as session:
        await session.execute(update(Supervision).values(keeper=f"{CITY}.safety_committee"))

    found = await shown(city, await address(city, of(f"{CITY}.committee_office")))

    assert len(of_kind(found, case.kind)) == 1


async def test_who_did_not_reply_is_decided_on_by_the_same_limit_from_then(city: Stage) -> None:
    await next(one for one in CASES if one.kind == "card_reply").made(city)
    path = await address(city, of(f"{CITY}.committee_office"))
    await city.fire_until(hotline.at(6, 13) - SECOND)
    before = await shown(city, path)
    await city.fire_until(hotline.at(6, 13))

    after = await shown(city, path)

    assert of_kind(before, "card_decision") == []
    (uid,) = of_kind(after, "card_decision")
    # Ten working days from 13 June on: 22 to 24 June is a festival, its Sunday is worked.
    assert after[uid].lines["DTSTART;VALUE=DATE"] == "20230627"


async def test_a_decision_of_a_desk_that_ended_is_its_heir_s(city: Stage) -> None:
    case = next(one for one in CASES if one.kind == "order_return")
    await case.made(city)
    heir = unit(f"{CITY}.service_hall", "政务服务大厅", "department", "principal")
    before = [case.unit, f"{CITY}.commerce"]
    await reorganised(city, "merge", before, [heir], on="2023-06-05")
    await city.fire_until(MONDAY)

    found = await shown(city, await address(city, of(f"{CITY}.service_hall")))

    assert len(of_kind(found, case.kind)) == 1


async def test_an_heir_that_holds_the_order_itself_does_not_decide_on_its_time(
    city: Stage,
) -> None:
    case = next(one for one in CASES if one.kind == "order_extension")
    await case.made(city)
    await reorganised(city, "merge", [hotline.GAS_UNIT, case.unit], [case.unit], on="2023-06-05")
    await city.fire_until(MONDAY)

    desk = await shown(city, await address(city, of(case.unit)))
    office = await shown(city, await address(city, of(f"{COUNTY}.committee_office")))

    assert of_kind(desk, case.kind) == []
    assert len(of_kind(office, case.kind)) == 1


async def test_an_office_hears_of_the_objections_to_duties_that_it_decides_on(city: Stage) -> None:
    case = next(one for one in CASES if one.kind == "obligation")
    row = await case.made(city)
    body = {"ground": "not_ours", "why": "不属于我局职责。"}
    made = await city.as_(of(case.unit)).post(f"/tasks/appeals/for/{row}", json=body)
    assert made.status_code == 201, made.text

    told = await digest(city, f"{CITY}.committee_office", WORKED[0])

    assert told is not None
    assert told["to_decide"] == 1


async def test_whoever_reads_an_address_reads_only_rows_of_its_place(city: Stage) -> None:
    """The second wall stands behind the question: another county's order is never read."""
    await hotline.taken(city)
    async with city.work() as session:
        await session.execute(update(Order).values(unit="430426.emergency"))
    path = await address(city, of("430426.emergency"))

    assert await shown(city, path) == {}
    (feed,) = await city.rows(Feed)
    assert reader(feed).region == "430426"


OWED: tuple[tuple[Any, str], ...] = (
    (Obligation, "due_at"),
    (Order, "dispatch_due_at"),
    (Order, "callback_due_at"),
    (Dispatch, "sign_due_at"),
    (Dispatch, "due_at"),
    (Dispatch, "decision_due_at"),
    (Objection, "decision_due_at"),
    (OrderExtension, "decision_due_at"),
    (SupervisionReceipt, "due_at"),
    (Supervision, "due_at"),
    (Supervision, "acceptance_due_at"),
    (SupervisionCommitment, "due_at"),
    (CardRow, "reply_due_at"),
    (CardRow, "decision_due_at"),
    (ScoreObjection, "due_at"),
    (Appeal, "due_at"),
)
HOURS = st.lists(st.integers(-24 * 30, 24 * 9), min_size=len(OWED), max_size=len(OWED))


async def everything(tasks: Stage) -> None:
    """One of every sort, of a card the reply and the decision."""
    await planned(tasks)
    tasks.now = MONDAY
    for case in CASES:
        if case.kind != "card_decision":
            await case.made(tasks)
    office = {"decider": f"{CITY}.committee_office", "decision_due_at": MONDAY}
    async with tasks.work() as session:
        await session.execute(update(CardRow).values(office))


def moved(table: Any, column: str, to: datetime) -> Update:
    return update(table).where(getattr(table, column).is_not(None)).values({column: to})


def letters(facts: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """What each unit's digest names, as calendars call it."""
    return {
        fact["unit"]: {f"{one['kind']}-{one['id']}@anlian" for one in fact["named"]}
        for fact in facts
    }


PATHS: dict[str, str] = {}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hours=HOURS)
async def test_calendar_and_digest_name_the_same_things(tasks: Stage, hours: list[int]) -> None:
    units = sorted({case.unit for case in CASES})
    if not await tasks.rows(Order):
        await everything(tasks)
        PATHS.update({code: await address(tasks, of(code)) for code in units})
    day = WORKED[next(RUNS) % (len(WORKED) - 3)]
    now = tasks.now = morning(day.month, day.day)
    soon = calendar.closes_at(WORKED[WORKED.index(day) + 3])
    async with tasks.work() as session:
        for (table, column), hour in zip(OWED, hours, strict=True):
            await session.execute(moved(table, column, now + timedelta(hours=hour)))
        await digests.tell(session, entity_id=day.isoformat(), now=now)
    told = letters(fact for fact in await tasks.told(DigestDue) if fact["day"] == day.isoformat())
    for code in units:
        entries = await shown(tasks, f"{PATHS[code]}&shape=todo")
        dues = {uid: datetime.fromisoformat(one.lines["DUE"]) for uid, one in entries.items()}
        assert told.get(code, set()) == {uid for uid, due in dues.items() if due <= soon}, code


async def test_an_upgrade_finds_out_who_decides_on_what_waits_already(city: Stage) -> None:
    """Of what an older version left: whose turn it is and by when was nowhere but in clocks."""
    upgrade = import_module("services.tasks.migrations.versions.0256_who_decides_and_by_when")
    waiting: dict[Any, str] = {
        Dispatch: "order_return",
        OrderExtension: "order_extension",
        CardRow: "card_decision",
    }
    for kind in waiting.values():
        await next(case for case in CASES if case.kind == kind).made(city)

    async def known() -> dict[Any, list[tuple[str | None, datetime | None]]]:
        async with city.work() as session:
            return {
                table: sorted(
                    (row.decider, row.decision_due_at)
                    for row in await session.scalars(
                        select(table).where(table.decider.is_not(None))
                    )
                )
                for table in waiting
            }

    before = await known()
    async with city.work() as session:
        for table in waiting:
            await session.execute(update(table).values(decider=None, decision_due_at=None))
        for statement in upgrade.BACKFILL:
            await session.execute(text(statement))

    after = await known()
    assert all(len(rows) == 1 for rows in before.values())
    assert {table: after[table] for table in (Dispatch, OrderExtension)} == {
        table: before[table] for table in (Dispatch, OrderExtension)
    }
    assert after[CardRow] == [(f"{CITY}.committee_office", hotline.at(6, 20))] == before[CardRow]
