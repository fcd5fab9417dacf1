"""Steps of an investigation: given, taken over, finished, late."""

from datetime import timedelta

from contracts.incidents_cases import DeadlineMissed
from services.incidents.steps.tables import Step
from tests.services.incidents.conftest import Body
from tests.services.incidents.story import LEAD, LEADER, OFFICE, SECOND, done, refused, teamed
from tests.services.stage import Stage

DAY = timedelta(days=1)


async def given(stage: Stage, accident: str, member: Body, *, days: int = 3) -> Body:
    due = (stage.now + days * DAY).isoformat()
    return await done(
        stage,
        LEAD,
        "/steps",
        accident_id=accident,
        member_id=member["id"],
        task="询问当班人员",
        due_at=due,
    )


async def test_a_late_step_alarms_its_unit_once_and_can_still_be_finished(
    incidents: Stage,
) -> None:
    accident, _, second = await teamed(incidents)
    step = await given(incidents, accident, second)
    due = incidents.now + 3 * DAY

    await incidents.fire_until(due - timedelta(microseconds=1))
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(due)
    await incidents.fire_until(due + 30 * DAY)
    [missed] = await incidents.told(DeadlineMissed)
    assert (missed["kind"], missed["unit"]) == ("step", "430400.emergency")

    finished = await done(incidents, SECOND, f"/steps/{step['id']}/finish", note="已询问五人")
    assert finished["status"] == "done"
    assert finished["overdue_at"] is not None


async def test_a_finished_step_never_alarms(incidents: Stage) -> None:
    accident, _, second = await teamed(incidents)
    step = await given(incidents, accident, second)
    await done(incidents, SECOND, f"/steps/{step['id']}/finish", note="n")
    await incidents.fire_until(incidents.now + 30 * DAY)

    assert await incidents.told(DeadlineMissed) == []
    assert await refused(incidents, LEAD, f"/steps/{step['id']}/drop", note="n") == (
        409,
        "step-action-refused",
    )


async def test_a_step_is_finished_by_whom_it_was_given_to(incidents: Stage) -> None:
    accident, lead, second = await teamed(incidents)
    step = await given(incidents, accident, second)
    path = f"/steps/{step['id']}"

    assert await refused(incidents, LEAD, f"{path}/finish", note="n") == (403, "not-your-step")
    due = (incidents.now + DAY).isoformat()
    await done(incidents, LEAD, f"{path}/reassign", member_id=lead["id"], due_at=due)
    assert (await done(incidents, LEAD, f"{path}/finish", note="n"))["status"] == "done"


async def test_the_step_of_a_recused_member_goes_to_another_on_a_new_clock(
    incidents: Stage,
) -> None:
    accident, lead, second = await teamed(incidents)
    step = await given(incidents, accident, second)
    body = {"member_id": second["id"], "relation": "financial", "ground": "g"}
    recusal = (await done(incidents, OFFICE, "/teams/recusals", **body))["id"]
    await done(incidents, LEADER, f"/teams/recusals/{recusal}/uphold", reason="r")
    path = f"/steps/{step['id']}"
    later = (incidents.now + 9 * DAY).isoformat()

    assert await refused(incidents, SECOND, f"{path}/finish", note="n") == (403, "member-recused")
    back = {"member_id": second["id"], "due_at": later}
    assert await refused(incidents, LEAD, f"{path}/reassign", **back) == (409, "not-assignable")
    await done(incidents, LEAD, f"{path}/reassign", member_id=lead["id"], due_at=later)
    await incidents.fire_until(incidents.now + 8 * DAY)
    [kept] = await incidents.rows(Step)
    assert kept.overdue_at is None
    await incidents.fire_until(incidents.now + 9 * DAY)
    assert len(await incidents.told(DeadlineMissed)) == 1


async def test_a_step_is_due_later_than_now(incidents: Stage) -> None:
    accident, _, second = await teamed(incidents)
    body = {
        "accident_id": accident,
        "member_id": second["id"],
        "task": "t",
        "due_at": incidents.now.isoformat(),
    }
    assert await refused(incidents, LEAD, "/steps", **body) == (422, "due-in-the-past")


async def test_steps_are_listed_by_what_is_due_and_exported(incidents: Stage) -> None:
    accident, _, second = await teamed(incidents)
    for days in (9, 2, 5):
        await given(incidents, accident, second, days=days)
    page = (await incidents.as_(OFFICE).get("/incidents/steps", params={"limit": 2})).json()
    rest = await incidents.as_(OFFICE).get(
        "/incidents/steps", params={"limit": 2, "cursor": page["next_cursor"]}
    )
    file = await incidents.as_(OFFICE, Accept="text/csv").get("/incidents/steps")

    due = [step["due_at"] for step in [*page["items"], *rest.json()["items"]]]
    assert due == sorted(due)
    assert len(due) == 3
    assert len(file.text.strip().splitlines()) == 4
