"""Whose delay it is: told once, counted to whoever held the work, and handed to an heir."""

from datetime import datetime, timedelta

import pytest

from contracts.tasks_parts import PartOverdue
from kernel.calendar import SHANGHAI
from reference.terms import DutyKind
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import operations_heirs
from services.tasks.parts import operations_opening as opening
from services.tasks.parts.tables import Part
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.measured import COUNTY_GOVERNMENT, HOUSING, OPENING, asked, planned
from tests.services.tasks.sharing import DUE, FIRE, HELPERS, all_but, divide, of, read, step, took
from tests.services.tasks.story import CITY, CITY_OFFICE
from tests.services.tasks.test_appeals import decided, objected


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def shared(city: Stage) -> Obligation:
    """A duty that the city's housing department leads and six others support (article 10)."""
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    assert await divide(city) == 1 + len(HELPERS)
    return row


async def test_the_deadline_is_told_once_to_those_who_hold_the_work_and_not_to_who_waits(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    for _ in range(2):
        async with city.work() as session:
            await opening.note_overdue(session, origin=OPENING, duty="2023/10.4", now=DUE)
    first = [fact["unit"] for fact in await city.told(PartOverdue)]
    city.now = DUE + timedelta(hours=1)
    await took(city, of(FIRE), FIRE, "hand-in")
    await took(city, of(HOUSING), FIRE, "return", reason="Which sites?")

    told = [fact["unit"] for fact in await city.told(PartOverdue)]
    assert first == [FIRE]
    assert told == [FIRE, HOUSING]


async def test_a_moved_deadline_is_told_when_it_passes(city: Stage, shared: Obligation) -> None:
    later = DUE + timedelta(days=10)
    async with city.work() as session:
        row = await session.get_one(Obligation, shared.id)
        await obligations.postpone(session, row, later, reason="appeal", now=NOON)

    await city.fire_until(later - timedelta(microseconds=1))
    early = await city.told(PartOverdue)
    await city.fire_until(later)

    assert early == []
    assert {fact["unit"] for fact in await city.told(PartOverdue)} == HELPERS


async def test_a_unit_of_another_place_takes_its_step_on_the_whole(city: Stage) -> None:
    """A county does not see the city's obligation: the lead is told all the same that it holds."""
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, supporting=(COUNTY_GOVERNMENT,))
    county = of(COUNTY_GOVERNMENT)
    city.now = DUE + timedelta(hours=1)

    await took(city, county, COUNTY_GOVERNMENT, "hand-in")

    assert [fact["unit"] for fact in await city.told(PartOverdue)] == [HOUSING]
    await took(city, of(HOUSING), COUNTY_GOVERNMENT, "return", reason="Which sites?")
    async with city.work() as session:
        (await session.get_one(Obligation, row.id)).status = Status.SUPERSEDED
    late = await step(city, county, COUNTY_GOVERNMENT, "hand-in")
    assert late.status_code == 409


async def test_nobody_is_told_before_the_deadline(city: Stage, shared: Obligation) -> None:
    async with city.work() as session:
        early = DUE - timedelta(microseconds=1)
        await opening.note_overdue(session, origin=OPENING, duty="2023/10.4", now=early)

    assert await city.told(PartOverdue) == []


async def test_a_delay_is_that_of_the_part_that_held_the_work(
    city: Stage, shared: Obligation
) -> None:
    """Due on a Friday; fire and rescue hands in on Tuesday, the lead on Wednesday at noon."""
    await all_but(city, FIRE)
    city.now = datetime(2023, 6, 13, 12, tzinfo=SHANGHAI)
    await took(city, of(FIRE), FIRE, "hand-in")
    city.now = datetime(2023, 6, 14, 12, tzinfo=SHANGHAI)
    await took(city, of(HOUSING), FIRE, "accept")
    await took(city, of(HOUSING), HOUSING, "hand-in")
    city.now = datetime(2023, 6, 16, 12, tzinfo=SHANGHAI)
    await took(city, CITY_OFFICE, HOUSING, "accept")
    city.now = datetime(2023, 7, 30, tzinfo=SHANGHAI)

    found = await read(city, shared)
    on_monday = await read(city, shared, on="2023-06-12")

    delays = {
        one["holder"]: (one["seconds"] // 3600, one["days"], one["working_days"])
        for one in found["delays"]
    }
    assert delays == {FIRE: (84, 4, 2), HOUSING: (24, 2, 2), "reviewer": (48, 3, 3)}
    assert on_monday["holders"] == [FIRE]
    assert [one["holder"] for one in on_monday["delays"]] == [FIRE]


async def test_while_an_objection_was_decided_on_it_was_nobody_s_delay(
    city: Stage, shared: Obligation
) -> None:
    """Due on a Friday; the lead's objection of Thursday is refused on Wednesday at noon."""
    await all_but(city, FIRE)
    city.now = DUE - timedelta(days=1)
    appeal = (await objected(city, shared, by=of(HOUSING))).json()
    async with city.work() as session:
        await opening.note_overdue(session, origin=OPENING, duty="2023/10.4", now=DUE)
    city.now = datetime(2023, 6, 14, 12, tzinfo=SHANGHAI)
    waiting = await read(city, shared)
    assert (await decided(city, appeal, "refuse")).is_success
    await city.fire_until(city.now)
    city.now = datetime(2023, 6, 15, 12, tzinfo=SHANGHAI)

    found = await read(city, shared)

    delays = [(one["holder"], one["seconds"] // 3600, one["days"]) for one in found["delays"]]
    assert (waiting["delays"], delays) == ([], [(FIRE, 24, 2)])
    assert [fact["unit"] for fact in await city.told(PartOverdue)] == [FIRE]


async def test_an_heir_of_the_lead_is_not_charged_what_was_decided_on_before(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    city.now = DUE - timedelta(days=1)
    appeal = (await objected(city, shared, by=of(HOUSING))).json()
    city.now = datetime(2023, 6, 14, 12, tzinfo=SHANGHAI)
    assert (await decided(city, appeal, "refuse")).is_success

    await ended(city, HOUSING, f"{CITY}.commerce")

    (row,) = await city.rows(Obligation, inherits=shared.id)
    city.now = datetime(2023, 6, 21, 12, tzinfo=SHANGHAI)
    delays = {one["holder"]: one["days"] for one in (await read(city, row))["delays"]}
    assert delays == {FIRE: 8}


async def ended(city: Stage, *units: str) -> str:
    """Units that are merged on 20 June into one that is told so in time."""
    heir = unit(f"{CITY}.merged", "合并局", "department", "principal")
    await reorganised(city, "merge", list(units), [heir], on="2023-06-20")
    city.now = datetime(2023, 6, 20, 8, tzinfo=SHANGHAI)
    await city.fire_until(city.now)
    return f"{CITY}.merged"


async def test_the_heir_goes_on_with_what_a_unit_held_and_each_has_its_own_delay(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)

    heir = await ended(city, FIRE, f"{CITY}.commerce")

    found = await read(city, shared)
    assert found["holders"] == [heir]
    assert {one["unit"]: one["status"] for one in found["parts"]}[heir] == "open"
    city.now = datetime(2023, 6, 21, 8, tzinfo=SHANGHAI)
    delays = {one["holder"]: one["days"] for one in (await read(city, shared))["delays"]}
    assert delays == {FIRE: 11, heir: 2}
    await took(city, of(heir), heir, "hand-in")


async def test_the_heir_of_the_lead_leads_what_it_takes_over(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)

    heir = await ended(city, HOUSING, FIRE)

    (row,) = await city.rows(Obligation, inherits=shared.id)
    found = await read(city, row)
    roles = {one["unit"]: (one["role"], one["status"]) for one in found["parts"]}
    assert row.unit == heir
    assert roles[heir] == ("lead", "open")
    assert found["holders"] == [heir]
    await took(city, of(heir), heir, "hand-in")
    await took(city, CITY_OFFICE, heir, "accept", remark="Done by the unit before it.")
    (after,) = await city.rows(Obligation, id=row.id)
    assert after.status == Status.FULFILLED


@pytest.mark.parametrize("owes_already", [False, True])
async def test_what_a_lead_had_done_follows_it_with_what_others_have_not(
    city: Stage, owes_already: bool
) -> None:
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, lead=(HOUSING, FIRE), supporting=())
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")
    if owes_already:
        await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=f"{CITY}.merged", due_at=DUE)

    heir = await ended(city, HOUSING, f"{CITY}.commerce")

    (left,) = await city.rows(Obligation, unit=heir)
    assert (left.inherits, left.parts_open) == (None if owes_already else row.id, 1)
    assert (await read(city, left))["holders"] == [FIRE]
    await took(city, of(FIRE), FIRE, "hand-in")
    await took(city, CITY_OFFICE, FIRE, "accept")
    (after,) = await city.rows(Obligation, id=left.id)
    assert after.status == Status.FULFILLED


@pytest.mark.parametrize(
    ("stood", "stands"), [("open", "open"), ("handed_in", "handed_in"), ("accepted", "returned")]
)
def test_a_supporting_unit_that_inherits_the_lead_leads_and_is_not_done_with_it(
    stood: str, stands: str
) -> None:
    lead = Part(unit=HOUSING, role="lead", status="open")
    heir = Part(unit=FIRE, role="supporting", status=stood, closed_at=NOON)

    operations_heirs._give([lead, heir], unit=HOUSING, heir=FIRE, now=NOON)

    assert (heir.unit, heir.role, heir.status) == (FIRE, "lead", stands)
    assert (lead.unit, lead.role, lead.status) == (HOUSING, "supporting", "excused")
