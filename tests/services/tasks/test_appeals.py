"""A subject objects before the clock bites; it stands until a reviewer has decided."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from contracts.tasks import ObligationOverdue
from contracts.tasks_evidence import AppealDecided
from services.tasks.obligations import operations, queries
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks import test_obligations
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.quotas import SECRETARY, minutes, planned, post, quota
from tests.services.tasks.story import (
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    COUNTY_OFFICE,
    FIRST_HOP,
    MINE,
    OTHER,
    OTHER_DESK,
    officer,
    published,
)
from tests.services.tasks.test_inheritance import reported_accident

WHY = {"ground": "not_ours", "why": "该水库由邻县管理"}
SOON = timedelta(minutes=1)


@pytest.fixture
async def relay(tasks: Stage) -> Obligation:
    """A county desk's duty to pass a report on, with a clock of its own."""
    return await test_obligations.prepared(tasks)


async def objected(
    tasks: Stage, row: Obligation, by: Any = COUNTY_DESK, **changed: Any
) -> httpx.Response:
    return await tasks.as_(by).post(f"/tasks/appeals/for/{row.id}", json=WHY | changed)


async def decided(
    tasks: Stage, appeal: Any, step: str, by: Any = CITY_OFFICE, **body: Any
) -> httpx.Response:
    path = f"/tasks/appeals/{appeal['id']}/{step}"
    return await tasks.as_(by).post(path, json={"remark": "经核实", **body})


async def again(tasks: Stage, row: Obligation) -> Obligation:
    (found,) = await tasks.rows(Obligation, id=row.id)
    return found


async def test_the_clock_stands_until_it_is_decided(tasks: Stage, relay: Obligation) -> None:
    appeal = await objected(tasks, relay)
    assert appeal.status_code == 201, appeal.text

    await tasks.fire_until(relay.due_at + timedelta(days=1))

    stands = await again(tasks, relay)
    assert (stands.stopped_at, stands.overdue_at) == (tasks.now, None)


async def test_a_refusal_after_the_deadline_makes_it_overdue_at_once(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay)).json()
    tasks.now = relay.due_at + SOON

    assert (await decided(tasks, appeal, "refuse")).status_code == 200
    await tasks.fire_until(tasks.now + SOON)

    late = [fact["obligation_id"] for fact in await tasks.told(ObligationOverdue)]
    assert late.count(str(relay.id)) == 1
    assert (await again(tasks, relay)).stopped_at is None


async def test_a_refusal_in_time_lets_the_clock_go_on_to_its_deadline(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay)).json()
    await decided(tasks, appeal, "refuse")

    await tasks.fire_until(relay.due_at - SOON)
    assert (await again(tasks, relay)).overdue_at is None
    await tasks.fire_until(relay.due_at)

    assert (await again(tasks, relay)).overdue_at == relay.due_at


async def test_what_is_not_the_subject_s_is_owed_by_nobody(tasks: Stage, relay: Obligation) -> None:
    appeal = (await objected(tasks, relay)).json()

    answer = await decided(tasks, appeal, "excuse")
    await tasks.fire_until(relay.due_at + timedelta(days=1))

    assert (answer.status_code, answer.json()["status"]) == (200, "excused")
    ended = await again(tasks, relay)
    assert (ended.status, ended.closed_at, ended.overdue_at) == (Status.EXCUSED, tasks.now, None)
    (told,) = await tasks.told(AppealDecided)
    assert (told["obligation_id"], told["status"]) == (str(relay.id), "excused")


async def test_a_wrong_deadline_is_moved_and_the_new_one_rings(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay, ground="wrong_deadline")).json()
    later = relay.due_at + timedelta(hours=3)

    same = await decided(tasks, appeal, "move", due_at=relay.due_at.isoformat())
    moved = await decided(tasks, appeal, "move", due_at=later.isoformat())

    assert (same.status_code, same.json()["type"]) == (409, "/problems/deadline-not-later")
    assert moved.status_code == 200, moved.text
    await tasks.fire_until(later - SOON)
    assert (await again(tasks, relay)).overdue_at is None
    await tasks.fire_until(later)
    assert (await again(tasks, relay)).overdue_at == later


async def test_a_deadline_that_a_fact_moved_meanwhile_is_not_made_earlier(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay)).json()
    later = relay.due_at + timedelta(hours=3)
    async with tasks.work() as session:
        (await session.get_one(Obligation, relay.id)).due_at = later

    earlier = await decided(tasks, appeal, "move", due_at=(later - SOON).isoformat())

    assert (earlier.status_code, earlier.json()["type"]) == (409, "/problems/deadline-not-later")


@pytest.mark.parametrize(("early", "status"), [(SOON, 201), (timedelta(0), 409)])
async def test_an_appeal_is_made_before_the_deadline(
    tasks: Stage, relay: Obligation, early: timedelta, status: int
) -> None:
    tasks.now = relay.due_at - early

    answer = await objected(tasks, relay)

    assert answer.status_code == status
    if status == 409:
        assert answer.json()["type"] == "/problems/appeal-too-late"


async def test_an_appeal_is_made_once_and_not_about_what_was_handed_in(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay)).json()
    twice = await objected(tasks, relay)
    await decided(tasks, appeal, "refuse")
    after = await objected(tasks, relay)
    decided_twice = await decided(tasks, appeal, "excuse")

    assert (twice.status_code, after.status_code) == (409, 409)
    assert (decided_twice.status_code, decided_twice.json()["type"]) == (
        409,
        "/problems/appeal-decided",
    )


async def test_only_the_subject_objects_and_only_from_above_is_it_decided(
    tasks: Stage, relay: Obligation
) -> None:
    stranger = await objected(tasks, relay, by=OTHER_DESK)
    office = await objected(tasks, relay, by=COUNTY_OFFICE)
    appeal = (await objected(tasks, relay)).json()
    own = await decided(tasks, appeal, "excuse", by=COUNTY_DESK)

    assert (stranger.status_code, office.status_code, own.status_code) == (404, 403, 403)
    listed = (await tasks.as_(CITY_OFFICE).get("/tasks/appeals?status=made")).json()
    assert [row["id"] for row in listed["items"]] == [appeal["id"]]
    assert (await tasks.as_(OTHER_DESK).get("/tasks/appeals")).json()["items"] == []


async def test_what_is_handed_in_meanwhile_is_reviewed_and_the_appeal_refused(
    tasks: Stage, relay: Obligation
) -> None:
    appeal = (await objected(tasks, relay)).json()
    await post(tasks, COUNTY_DESK, relay, "evidence", {"note": "还是报了"})
    await post(tasks, CITY_OFFICE, relay, "accept", {})

    excused = await decided(tasks, appeal, "excuse")
    refused = await decided(tasks, appeal, "refuse")

    assert (excused.status_code, refused.status_code) == (409, 200)
    assert (await again(tasks, relay)).status == Status.ACCEPTED


async def test_one_of_many_that_objects_is_not_overdue_with_the_rest(tasks: Stage) -> None:
    await test_obligations.prepared(tasks)
    told = published()
    await tasks.hear(told)
    await tasks.fire_until(told.occurred_at)
    (own,) = await tasks.rows(Obligation, subject=MINE, duty="2023/1.4")
    (other,) = await tasks.rows(Obligation, subject=OTHER, duty="2023/1.4")
    tasks.now = told.occurred_at
    appeal = (await objected(tasks, own, by=officer(MINE))).json()
    later = own.due_at + timedelta(days=10)

    await tasks.fire_until(own.due_at)
    stands = await again(tasks, own)
    assert (stands.overdue_at, (await again(tasks, other)).overdue_at) == (None, own.due_at)

    tasks.now = own.due_at + SOON
    moved = await decided(tasks, appeal, "move", due_at=later.isoformat())
    assert moved.status_code == 200, moved.text
    await tasks.fire_until(later)
    assert (await again(tasks, own)).overdue_at == later


async def test_the_heir_s_clock_stands_until_what_the_unit_objected_to_is_decided(
    tasks: Stage,
) -> None:
    await reported_accident(tasks)
    (relay,) = await tasks.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    appeal = (await objected(tasks, relay)).json()
    ended = [relay.unit, f"{COUNTY}.water"]
    await reorganised(tasks, "merge", ended, [unit(f"{COUNTY}.safety")], on="2023-03-10")
    await tasks.fire_until(tasks.now)
    (heir,) = await tasks.rows(Obligation, subject=f"{COUNTY}.safety", duty=relay.duty)
    assert heir.stopped_at is not None

    refused = await decided(tasks, appeal, "refuse")
    assert (refused.status_code, refused.json()["obligation_id"]) == (200, str(heir.id))
    await tasks.fire_until(heir.due_at - SOON)
    assert (await again(tasks, heir)).overdue_at is None
    await tasks.fire_until(heir.due_at)

    assert (await again(tasks, heir)).overdue_at == heir.due_at


async def test_what_is_handed_over_while_it_is_decided_is_decided_for_the_heir(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reported_accident(tasks)
    (relay,) = await tasks.rows(Obligation, duty=f"relay:{FIRST_HOP}")
    appeal = (await objected(tasks, relay)).json()
    get = queries.get

    async def meanwhile(*args: Any, **kwargs: Any) -> Obligation:
        monkeypatch.setattr(queries, "get", get)
        ended = [relay.unit, f"{COUNTY}.water"]
        await reorganised(tasks, "merge", ended, [unit(f"{COUNTY}.safety")], on="2023-03-10")
        await tasks.fire_until(tasks.now)
        return await get(*args, **kwargs)

    monkeypatch.setattr(queries, "get", meanwhile)
    refused = await decided(tasks, appeal, "refuse")

    assert refused.status_code == 200, refused.text
    (heir,) = await tasks.rows(Obligation, subject=f"{COUNTY}.safety", duty=relay.duty)
    assert (refused.json()["obligation_id"], heir.stopped_at) == (str(heir.id), None)


async def test_an_obligation_of_a_period_stands_without_a_clock_of_its_own(tasks: Stage) -> None:
    await planned(tasks)
    row = await quota(tasks, last=date(2023, 6, 30))
    appeal = (await objected(tasks, row, by=SECRETARY)).json()
    late = datetime.fromisoformat("2023-07-01T08:00:00+08:00")
    async with tasks.work() as session:
        held = await session.get_one(Obligation, row.id)
        operations.note_overdue(session, held, now=late)
    assert (await again(tasks, row)).overdue_at is None

    tasks.now = late
    await decided(tasks, appeal, "refuse")

    assert (await again(tasks, row)).overdue_at == late
    handed = await post(tasks, SECRETARY, row, "evidence", minutes("2023-05-10"))
    assert handed.status_code == 201
