"""A unit objects to its own part of a shared obligation; only its clock stands until decided."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from contracts.gateway import Role
from contracts.tasks_evidence import AppealDecided
from contracts.tasks_parts import PartAppealDecided, PartAppealed, PartOverdue
from contracts.tasks_reminders import DigestDue
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from reference.terms import DutyKind
from services.tasks.appeals import operations_parts
from services.tasks.appeals.tables import Appeal
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import operations as stepping
from services.tasks.parts import queries as standing
from services.tasks.parts.tables import Part
from tests.services.stage import NOON, Stage
from tests.services.tasks.measured import COUNTY_GOVERNMENT, HOUSING, asked, planned
from tests.services.tasks.sharing import (
    DUE,
    FIRE,
    HELPERS,
    all_but,
    divide,
    of,
    part,
    read,
    step,
    took,
)
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY_OFFICE, OTHER_DESK, person
from tests.services.tasks.test_appeals import decided, objected
from tests.services.tasks.test_digests import armed, morning
from tests.services.tasks.test_part_delays import ended
from tests.services.tasks.test_parts_due import calendar, listed

WATER = f"{CITY}.water"
INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def shared(city: Stage) -> Obligation:
    """A duty that the city's housing department leads and six others support (article 10)."""
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    assert await divide(city) == 1 + len(HELPERS)
    return row


async def objects(
    city: Stage, unit: str = FIRE, by: Principal | None = None, ground: str = "not_ours"
) -> httpx.Response:
    found = await part(city, unit)
    body = {"ground": ground, "why": "自建房排查由住建部门负责"}
    return await city.as_(by or of(unit)).post(f"/tasks/appeals/for-part/{found.id}", json=body)


async def made(city: Stage, unit: str = FIRE, **more: Any) -> Any:
    answer = await objects(city, unit, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def rung(city: Stage, at: datetime) -> None:
    """The deadline of the whole passes, which has a clock of its own here."""
    async with city.work() as session:
        (row,) = await city.rows(Obligation, unit=HOUSING)
        held = await session.get_one(Obligation, row.id)
        await obligations.postpone(session, held, DUE, reason="test", now=NOON)
    await city.fire_until(at)


async def late(city: Stage) -> list[str]:
    return [fact["unit"] for fact in await city.told(PartOverdue)]


async def delays(city: Stage, row: Obligation) -> dict[str, int]:
    found = await read(city, row)
    return {one["holder"]: one["seconds"] // 3600 for one in found["delays"]}


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


async def test_while_it_stands_it_is_not_the_unit_s_delay_and_the_clock_of_the_whole_goes_on(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE, WATER)
    appeal = await made(city)

    await rung(city, DUE)
    city.now = DUE + timedelta(days=1)

    found = await read(city, shared)
    (row,) = await city.rows(Obligation, id=shared.id)
    assert (appeal["part_id"], appeal["subject"]) == (str((await part(city, FIRE)).id), FIRE)
    assert await late(city) == [WATER]
    assert (row.stopped_at, row.overdue_at) == (None, DUE)
    assert found["holders"] == [WATER, "reviewer"]
    assert await delays(city, shared) == {WATER: 24, "reviewer": 24}
    assert not await calendar(city, FIRE)
    shown = {one["unit"]: one["objected_at"] is not None for one in found["parts"]}
    assert shown[FIRE]
    assert sum(shown.values()) == 1


async def test_refused_in_time_the_unit_is_late_by_the_deadline_like_the_others(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city)
    assert (await decided(city, appeal, "refuse")).status_code == 200

    await rung(city, DUE)
    city.now = DUE + timedelta(days=1)

    assert await late(city) == [FIRE]
    assert await delays(city, shared) == {FIRE: 24}
    assert (await part(city, FIRE)).objected_at is None


async def test_refused_after_the_deadline_the_unit_is_told_at_once_and_charged_from_then(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city)
    await rung(city, DUE)
    city.now = DUE + timedelta(days=2)

    before = await late(city)
    assert (await decided(city, appeal, "refuse")).status_code == 200
    told = await late(city)
    city.now = DUE + timedelta(days=3)

    assert (before, told) == ([], [FIRE])
    assert await delays(city, shared) == {"reviewer": 48, FIRE: 24}


async def test_granted_the_part_is_released_and_the_whole_closes_without_it(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city, ground="delivered")
    waits = await step(city, of(HOUSING), HOUSING, "hand-in")

    answer = await decided(city, appeal, "excuse")
    released = await part(city, FIRE)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")

    assert problem(waits) == (409, "parts-wait-for")
    assert (answer.status_code, answer.json()["status"]) == (200, "excused")
    assert (released.status, released.closed_at, released.objected_at) == (
        "excused",
        city.now,
        None,
    )
    (row,) = await city.rows(Obligation, id=shared.id)
    assert (row.status, row.parts_open) == (Status.FULFILLED, 0)


async def test_granted_as_the_last_part_the_whole_is_done(city: Stage) -> None:
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, lead=(HOUSING, FIRE), supporting=())
    appeal = await made(city)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")

    assert (await decided(city, appeal, "excuse")).status_code == 200

    (whole,) = await city.rows(Obligation, id=row.id)
    assert whole.status == Status.FULFILLED


async def test_more_time_is_the_unit_s_own_and_its_clock_rings_then(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city, ground="wrong_deadline")
    later = DUE + timedelta(days=10)

    same = await decided(city, appeal, "move", due_at=DUE.isoformat())
    answer = await decided(city, appeal, "move", due_at=later.isoformat())
    (shown,) = await listed(city, of(FIRE), f"&unit={FIRE}&sort=due_at")
    early = await listed(city, of(FIRE), f"&unit={FIRE}&due_before={DUE:%Y-%m-%d}T23:00:00Z")
    (entry,) = await calendar(city, FIRE)
    await rung(city, DUE)
    whole_told = await late(city)
    await city.fire_until(later - INSTANT)
    before = await late(city)
    await city.fire_until(later)
    city.now = later + timedelta(days=1)

    assert problem(same) == (409, "deadline-not-later")
    assert (answer.status_code, answer.json()["status"]) == (200, "moved")
    assert datetime.fromisoformat(shown["due_at"]) == later
    assert datetime.fromisoformat(shown["own_due_at"]) == later
    assert early == []
    assert (entry.lines["DTSTART;VALUE=DATE"], entry.lines["SEQUENCE"]) == ("20230619", "1")
    assert (whole_told, before, await late(city)) == ([], [], [FIRE])
    (fact,) = await city.told(PartOverdue)
    assert datetime.fromisoformat(fact["due_at"]) == later
    assert await delays(city, shared) == {FIRE: 24}
    (row,) = await city.rows(Obligation, id=shared.id)
    assert row.due_at == DUE


async def test_a_part_that_was_done_in_its_own_time_is_nobody_s_delay(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city)
    later = DUE + timedelta(days=10)
    await decided(city, appeal, "move", due_at=later.isoformat())
    city.now = DUE + timedelta(days=5)
    await took(city, of(FIRE), FIRE, "hand-in")
    await took(city, of(HOUSING), FIRE, "accept")

    await city.fire_until(later)
    city.now = later

    assert FIRE not in await late(city)
    assert await delays(city, shared) == {HOUSING: 120}


async def test_a_whole_that_is_moved_further_takes_the_part_along(
    city: Stage, shared: Obligation
) -> None:
    appeal = await made(city)
    await decided(city, appeal, "move", due_at=(DUE + timedelta(days=5)).isoformat())
    further = DUE + timedelta(days=20)
    async with city.work() as session:
        row = await session.get_one(Obligation, shared.id)
        await obligations.postpone(session, row, further, reason="appeal", now=NOON)

    (shown,) = await listed(city, of(FIRE), f"&unit={FIRE}")
    await city.fire_until(further - INSTANT)
    early = await late(city)
    await city.fire_until(further)

    assert datetime.fromisoformat(shown["due_at"]) == further
    assert early == []
    assert set(await late(city)) == HELPERS


@pytest.mark.parametrize("unit", [HOUSING, FIRE])
async def test_the_lead_objects_to_the_whole_and_a_unit_to_its_part_each_by_itself(
    city: Stage, shared: Obligation, unit: str
) -> None:
    lead = await objects(city, HOUSING)
    own = await objects(city, FIRE)
    whole = await objected(city, shared, by=of(HOUSING))

    assert problem(lead) == (409, "sole-lead")
    assert (whole.status_code, own.status_code) == (201, 201)
    part_id = (await part(city, FIRE)).id
    answer = await city.as_(of(unit)).get(f"/tasks/appeals?part={part_id}")
    assert [one["id"] for one in answer.json()["items"]] == [own.json()["id"]]
    assert (await decided(city, own.json(), "refuse")).status_code == 200
    assert (await decided(city, whole.json(), "refuse")).status_code == 200


async def test_nobody_objects_for_another_and_whoever_shares_it_does_not_decide(
    city: Stage, shared: Obligation
) -> None:
    lead = await objects(city, FIRE, by=of(HOUSING))
    other = await objects(city, FIRE, by=of(WATER))
    office = await objects(city, FIRE, by=CITY_OFFICE)
    stranger = await objects(city, FIRE, by=OTHER_DESK)
    appeal = await made(city)
    by_lead = await decided(city, appeal, "excuse", by=of(HOUSING))
    in_it = person(Role.COMMITTEE_OFFICE, WATER)
    sharing = await decided(city, appeal, "excuse", by=in_it)
    own = await decided(city, appeal, "excuse", by=person(Role.COMMITTEE_OFFICE, FIRE))
    below = await decided(city, appeal, "excuse", by=COUNTY_OFFICE)

    assert [one.status_code for one in (lead, other, office, stranger)] == [403, 403, 403, 404]
    assert problem(by_lead) == (403, "not-yours")
    assert problem(sharing) == (403, "review-not-yours")
    assert problem(own) == (403, "not-yours")
    assert below.status_code == 404
    assert (await decided(city, appeal, "excuse")).status_code == 200


async def test_it_is_made_once_in_time_and_of_what_is_still_to_be_done(
    city: Stage, shared: Obligation
) -> None:
    appeal = await made(city)
    twice = await objects(city)
    await decided(city, appeal, "refuse")
    again = await objects(city)
    decided_twice = await decided(city, appeal, "excuse")
    await took(city, of(WATER), WATER, "hand-in")
    handed_in = await objects(city, WATER)
    await took(city, of(HOUSING), WATER, "accept")
    done = await objects(city, WATER)
    other = f"{CITY}.transport"
    city.now = DUE
    too_late = await objects(city, other)
    city.now = DUE - INSTANT
    in_time = await objects(city, other)
    async with city.work() as session:
        (await session.get_one(Obligation, shared.id)).status = Status.FULFILLED
    over = await objects(city, f"{CITY}.agriculture")

    found = [problem(one) for one in (twice, again, handed_in, done, over)]
    assert found == [(409, "appeal-not-now")] * 5
    assert problem(decided_twice) == (409, "appeal-decided")
    assert problem(too_late) == (409, "appeal-too-late")
    assert in_time.status_code == 201


async def test_what_is_done_meanwhile_or_ended_is_not_released_and_can_be_refused(
    city: Stage, shared: Obligation
) -> None:
    appeal, other = await made(city), await made(city, WATER)
    await took(city, of(FIRE), FIRE, "hand-in")
    await took(city, of(HOUSING), FIRE, "accept")
    excused = await decided(city, appeal, "excuse")
    moved = await decided(city, appeal, "move", due_at=(DUE + timedelta(days=1)).isoformat())
    refused = await decided(city, appeal, "refuse")
    async with city.work() as session:
        (await session.get_one(Obligation, shared.id)).status = Status.EXCUSED
    ended_since = await decided(city, other, "excuse")
    refused_too = await decided(city, other, "refuse")

    assert [problem(one) for one in (excused, moved, ended_since)] == [(409, "appeal-decided")] * 3
    assert (refused.status_code, refused_too.status_code) == (200, 200)
    assert (await part(city, FIRE)).status == "accepted"
    assert await late(city) == []


async def test_a_part_returned_while_it_stands_is_not_the_unit_s_until_it_is_decided(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city, ground="impossible")
    await took(city, of(FIRE), FIRE, "hand-in")
    city.now = DUE + timedelta(days=1)
    await took(city, of(HOUSING), FIRE, "return", reason="Which sites?")
    city.now = DUE + timedelta(days=2)

    assert FIRE not in await late(city)
    assert await delays(city, shared) == {HOUSING: 24, "reviewer": 24}
    assert (await decided(city, appeal, "refuse")).status_code == 200
    assert FIRE in await late(city)


async def test_the_unit_the_lead_and_the_office_are_told_and_nothing_of_what_was_written(
    city: Stage, shared: Obligation
) -> None:
    appeal = await made(city)
    await decided(city, appeal, "refuse")

    (first,) = await city.told(PartAppealed)
    (second,) = await city.told(PartAppealDecided)
    assert (first["unit"], first["lead"], first["office"]) == (
        FIRE,
        HOUSING,
        f"{CITY}.committee_office",
    )
    assert (first["ground"], first["duty"], first["role"]) == (
        "not_ours",
        "2023/10.4",
        "supporting",
    )
    assert (second["unit"], second["lead"], second["status"]) == (FIRE, HOUSING, "refused")
    assert "自建房排查" not in str(first)
    assert "经核实" not in str(second)
    assert await city.told(AppealDecided) == []


async def test_a_list_of_parts_says_which_wait_for_a_decision(
    city: Stage, shared: Obligation
) -> None:
    await made(city)

    waiting = await listed(city, CITY_OFFICE, "&objected=true")
    others = await listed(city, CITY_OFFICE, "&objected=false")

    assert [one["unit"] for one in waiting] == [FIRE]
    assert waiting[0]["stopped_at"] == waiting[0]["objected_at"] is not None
    assert {one["unit"] for one in others} == {HOUSING, *HELPERS} - {FIRE}


async def test_a_digest_counts_what_waits_for_a_decision_for_whoever_decides_alone(
    city: Stage, shared: Obligation
) -> None:
    await made(city)
    await armed(city, morning(6, 7, 12))

    await city.fire_until(morning(6, 8))

    office = f"{CITY}.committee_office"
    told = {fact["unit"]: fact["to_decide"] for fact in await city.told(DigestDue)}
    assert told == dict.fromkeys({HOUSING, *HELPERS} - {FIRE}, 0) | {office: 1}


async def test_a_unit_of_another_place_objects_sees_it_and_is_decided_on(city: Stage) -> None:
    await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, supporting=(COUNTY_GOVERNMENT,))
    county = of(COUNTY_GOVERNMENT)

    appeal = await made(city, COUNTY_GOVERNMENT)

    mine = (await city.as_(county).get("/tasks/appeals")).json()["items"]
    strangers = (await city.as_(OTHER_DESK).get("/tasks/appeals")).json()["items"]
    assert ([one["id"] for one in mine], strangers) == ([appeal["id"]], [])
    assert (await decided(city, appeal, "excuse")).status_code == 200
    assert (await part(city, COUNTY_GOVERNMENT)).status == "excused"


async def test_the_heir_has_what_the_unit_objected_to_and_more_time_stays_with_who_had_it(
    city: Stage, shared: Obligation
) -> None:
    await all_but(city, FIRE, WATER)
    appeal, other = await made(city), await made(city, WATER)
    await decided(city, other, "move", due_at=datetime(2023, 6, 30, tzinfo=SHANGHAI).isoformat())

    heir = await ended(city, FIRE, f"{CITY}.commerce")

    (row,) = [one for one in await city.rows(Appeal) if str(one.id) == appeal["id"]]
    assert (row.unit, row.subject) == (heir, heir)
    assert (await part(city, heir)).objected_at is not None
    city.now = datetime(2023, 6, 21, 8, tzinfo=SHANGHAI)
    found = await delays(city, shared)
    assert set(found) == {"reviewer"}
    assert (await decided(city, appeal, "refuse")).status_code == 200
    assert await late(city) == [heir]


async def test_the_heir_s_own_part_goes_on_and_what_was_objected_to_is_over(
    city: Stage, shared: Obligation
) -> None:
    """Fire and rescue is merged into the lead, which has a part already."""
    await all_but(city, FIRE)
    appeal = await made(city)

    heir = await ended(city, HOUSING, FIRE)

    (left,) = [one for one in await city.rows(Part) if one.unit == HOUSING or one.unit == FIRE]
    assert left.status == "excused"
    assert left.objected_at is None
    (row,) = await city.rows(Obligation, inherits=shared.id)
    (moved,) = await city.rows(Appeal)
    assert (moved.obligation_id, row.unit) == (row.id, heir)
    assert problem(await decided(city, appeal, "excuse"))[0] == 409
    assert (await decided(city, appeal, "refuse")).status_code == 200


async def test_the_lead_s_heir_has_its_objection_and_the_unit_s_stays_the_unit_s(
    city: Stage, shared: Obligation
) -> None:
    own = await made(city)
    whole = (await objected(city, shared, by=of(HOUSING))).json()

    heir = await ended(city, HOUSING, f"{CITY}.commerce")

    (row,) = await city.rows(Obligation, inherits=shared.id)
    found = {str(one.id): (one.unit, one.obligation_id) for one in await city.rows(Appeal)}
    assert found == {own["id"]: (FIRE, row.id), whole["id"]: (heir, row.id)}


async def test_who_has_come_to_lead_is_not_released(city: Stage, shared: Obligation) -> None:
    appeal = await made(city)
    async with city.work() as session:
        held = await session.get_one(Part, (await part(city, FIRE)).id)
        lead = await session.get_one(Part, (await part(city, HOUSING)).id)
        held.role, lead.role = "lead", "supporting"

    assert problem(await decided(city, appeal, "excuse")) == (409, "sole-lead")
    assert (await decided(city, appeal, "refuse")).status_code == 200


async def test_what_is_handed_over_while_it_is_decided_is_decided_for_the_heir(
    city: Stage, shared: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await all_but(city, FIRE)
    appeal = await made(city)
    get = standing.get

    async def meanwhile(*args: Any, **kwargs: Any) -> Part:
        monkeypatch.setattr(standing, "get", get)
        found = await get(*args, **kwargs)
        await ended(city, HOUSING, f"{CITY}.commerce")
        return found

    monkeypatch.setattr(stepping.queries, "get", meanwhile)
    answer = await decided(city, appeal, "excuse")

    (row,) = await city.rows(Obligation, inherits=shared.id)
    assert (answer.status_code, answer.json()["obligation_id"]) == (200, str(row.id))
    assert (await part(city, FIRE)).status == "excused"


async def test_nothing_is_left_behind_where_no_unit_ended(city: Stage, shared: Obligation) -> None:
    await made(city)

    async with city.work() as session:
        await operations_parts.hand_over(session, now=city.now)

    (row,) = await city.rows(Appeal)
    assert (row.unit, row.obligation_id) == (FIRE, shared.id)
