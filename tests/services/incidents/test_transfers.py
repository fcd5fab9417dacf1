"""Transfers: three days to decide, a day to deliver, and every later answer on its clock."""

from datetime import datetime, timedelta

import pytest

from contracts.incidents_cases import DeadlineMissed
from kernel.calendar import SHANGHAI
from tests.services.incidents.conftest import ENTERPRISE, Body
from tests.services.incidents.story import (
    LEAD,
    LEADER,
    OFFICE,
    SECOND,
    done,
    named,
    refused,
    teamed,
)
from tests.services.stage import Stage

MOMENT = timedelta(microseconds=1)


async def proposed(stage: Stage, **said: object) -> tuple[str, Body]:
    accident, lead, second = await teamed(stage)
    body = {
        "accident_id": accident,
        "addressee": "police",
        "matter": "涉嫌重大责任事故罪",
        "officers": [lead["id"], second["id"]],
        **said,
    }
    return accident, await done(stage, LEAD, "/transfers", **body)


async def test_the_head_has_three_days_that_end_at_midnight(incidents: Stage) -> None:
    _, transfer = await proposed(incidents)  # on a Thursday
    # Sunday 4 June is off: the last day moves to Monday.
    assert transfer["due_at"] == "2023-06-06T00:00:00+08:00"
    assert transfer["rule"].startswith("decree-310 5@")
    due = datetime(2023, 6, 6, tzinfo=SHANGHAI)
    await incidents.fire_until(due - MOMENT)
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(due)
    [missed] = await incidents.told(DeadlineMissed)
    assert (missed["kind"], missed["unit"]) == ("transfer", "430400.emergency")


async def test_once_approved_it_is_delivered_within_twenty_four_hours(incidents: Stage) -> None:
    _, transfer = await proposed(incidents)
    path = f"/transfers/{transfer['id']}"
    approved = await done(incidents, LEADER, f"{path}/approve", note="同意")
    due = incidents.now + timedelta(hours=24)
    assert datetime.fromisoformat(approved["due_at"]) == due

    await incidents.fire_until(due - MOMENT)
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(due)
    assert len(await incidents.told(DeadlineMissed)) == 1
    incidents.now = due + timedelta(seconds=90)
    await done(incidents, LEAD, f"{path}/deliver", note="n", reference="回执1号")
    seen = (await incidents.as_(OFFICE).get(f"/incidents{path}")).json()
    assert [step["late_by_seconds"] for step in seen["steps"]] == [0, 0, 90]
    assert seen["steps"][-1]["reference"] == "回执1号"
    assert seen["overdue_at"] is None  # the next state has its own clock


async def test_in_time_nobody_is_alarmed_and_the_end_has_no_clock(incidents: Stage) -> None:
    _, transfer = await proposed(incidents)
    path = f"/transfers/{transfer['id']}"
    await done(incidents, LEADER, f"{path}/approve", note="n")
    for action in ("deliver", "file", "hand-over"):
        incidents.now += timedelta(hours=23)
        await incidents.fire_until(incidents.now)
        ended = await done(incidents, LEAD, f"{path}/{action}", note="n", reference="r")
    await incidents.fire_until(incidents.now + timedelta(days=400))

    assert (ended["status"], ended["due_at"]) == ("handed_over", None)
    assert await incidents.told(DeadlineMissed) == []


async def test_a_refusal_of_the_police_may_be_contested_for_three_days(incidents: Stage) -> None:
    _, transfer = await proposed(incidents)
    path = f"/transfers/{transfer['id']}"
    await done(incidents, LEADER, f"{path}/approve", note="n")
    await done(incidents, LEAD, f"{path}/deliver", note="n")
    declined = await done(incidents, LEAD, f"{path}/decline", note="n")
    incidents.now = datetime.fromisoformat(declined["due_at"])
    await incidents.fire_until(incidents.now)

    assert await incidents.told(DeadlineMissed) == []  # a right that lapses, not a duty
    late = await refused(incidents, LEAD, f"{path}/contest", note="n")
    assert late == (409, "contest-lapsed")
    incidents.now -= MOMENT
    await done(incidents, LEAD, f"{path}/contest", note="n")
    assert (await done(incidents, LEAD, f"{path}/file", note="n"))["status"] == "filed"


async def test_a_suspected_crime_takes_two_officers_of_the_team(incidents: Stage) -> None:
    accident, lead, second = await teamed(incidents)
    invited = await named(incidents, accident, None, organ="police", invited=True)
    body = {"accident_id": accident, "addressee": "police", "matter": "m"}

    for officers in ([lead["id"]], [lead["id"], lead["id"]], [lead["id"], invited["id"]], []):
        answer = await refused(incidents, LEAD, "/transfers", **body, officers=officers)
        assert answer == (422, "too-few-officers")
    await done(incidents, LEAD, "/transfers", **body, officers=[lead["id"], second["id"]])


async def test_discipline_runs_by_the_same_clocks_with_one_officer(incidents: Stage) -> None:
    accident, lead, _ = await teamed(incidents)
    body = {"accident_id": accident, "addressee": "discipline", "matter": "m"}
    transfer = await done(incidents, LEAD, "/transfers", **body, officers=[lead["id"]])

    assert transfer["due_at"] == "2023-06-06T00:00:00+08:00"


async def test_the_head_decides_and_never_on_their_own_proposal(incidents: Stage) -> None:
    accident, transfer = await proposed(incidents)
    path = f"/transfers/{transfer['id']}"
    assert (await refused(incidents, SECOND, f"{path}/approve", note="n"))[0] == 403
    head = await named(incidents, accident, LEADER, organ="government")
    own = await done(
        incidents,
        LEADER,
        "/transfers",
        accident_id=accident,
        addressee="discipline",
        matter="m",
        officers=[head["id"]],
    )
    answer = await refused(incidents, LEADER, f"/transfers/{own['id']}/approve", note="n")
    assert answer == (403, "own-proposal")
    refusal = await done(incidents, LEADER, f"{path}/refuse", note="证据不足")
    assert (refusal["status"], refusal["due_at"]) == ("refused", None)
    seen = (await incidents.as_(OFFICE).get(f"/incidents{path}")).json()
    assert seen["steps"][-1]["note"] == "证据不足"


@pytest.mark.parametrize("action", ["deliver", "file", "decline", "contest", "hand-over", "settle"])
async def test_nothing_is_skipped(incidents: Stage, action: str) -> None:
    _, transfer = await proposed(incidents)
    answer = await refused(incidents, LEAD, f"/transfers/{transfer['id']}/{action}", note="n")
    assert answer == (409, "transfer-action-refused")


async def test_the_enterprise_reads_nothing_of_it(incidents: Stage) -> None:
    accident, transfer = await proposed(incidents)
    client = incidents.as_(ENTERPRISE)

    assert (await client.get(f"/incidents/transfers/{transfer['id']}")).status_code == 403
    story = (await client.get(f"/incidents/accidents/{accident}/timeline")).json()["entries"]
    assert "transfer" not in {entry["kind"] for entry in story}
