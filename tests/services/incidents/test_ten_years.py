"""Ten years by a virtual clock: whatever is due is told exactly when its time has come, once."""

from datetime import date, datetime, timedelta

from contracts.incidents_cases import DeadlineMissed
from kernel.calendar import SHANGHAI
from services.incidents.evaluations.tables import Evaluation
from services.incidents.lookbacks.tables import Lookback
from tests.services.incidents.story import (
    COUNTY_OFFICE,
    LEAD,
    LEADER,
    SECOND,
    done,
    published,
    recommended,
    teamed,
)
from tests.services.stage import Stage

YEARS = 10
BEGIN = datetime(2023, 6, 1, 10, 40, tzinfo=SHANGHAI)
END = BEGIN + timedelta(days=3653)
PACE = timedelta(days=37, hours=5, seconds=1)
"""Falls on no regular day, so that what comes due is met before, at and after its moment."""

Owed = dict[str, datetime]


async def publications(stage: Stage, owed: Owed) -> None:
    """One accident a year, published on ever later days, among them the ends of months."""
    for year in range(YEARS - 1):
        accident, *_ = await teamed(stage)
        day = date(2023 + year, 1 + year, 28) + timedelta(days=year % 4)
        await published(stage, accident, published_on=day, approved_on=day)
    for evaluation in await stage.rows(Evaluation):
        owed[str(evaluation.id)] = evaluation.due_at
    for lookback in await stage.rows(Lookback):
        owed[str(lookback.id)] = lookback.due_at


async def works(stage: Stage, owed: Owed) -> None:
    """Steps and recommendations with ever longer periods; of each three one is done in time."""
    accident, _, second = await teamed(stage)
    for number in range(1, 13):
        due = BEGIN + number * timedelta(days=281, hours=number)
        step = {"accident_id": accident, "member_id": second["id"], "task": "t"}
        given = await done(stage, LEAD, "/steps", **step, due_at=due.isoformat())
        day = due.date().isoformat()
        asked = await recommended(stage, accident, due_on=day)
        if number % 3 == 0:
            await done(stage, SECOND, f"/steps/{given['id']}/finish", note="n")
            proofs = f"/recommendations/{asked['id']}/proofs"
            await done(stage, COUNTY_OFFICE, proofs, note="n")
            continue
        owed[given["id"]] = due
        owed[asked["id"]] = datetime.fromisoformat(asked["due_at"])


async def transfers(stage: Stage, owed: Owed) -> None:
    """One that waits for the head, and one that waits to be delivered."""
    accident, lead, second = await teamed(stage)
    body = {"accident_id": accident, "addressee": "police", "matter": "m"}
    officers = [lead["id"], second["id"]]
    for action in (None, "approve"):
        one = await done(stage, LEAD, "/transfers", **body, officers=officers)
        if action:
            one = await done(stage, LEADER, f"/transfers/{one['id']}/{action}", note="n")
        owed[one["id"]] = datetime.fromisoformat(one["due_at"])


async def test_everything_due_in_ten_years_is_told_in_its_time_and_once(incidents: Stage) -> None:
    owed: Owed = {}
    await publications(incidents, owed)
    await works(incidents, owed)
    await transfers(incidents, owed)
    assert len(owed) == 2 * (YEARS - 1) + 16 + 2

    moments = {
        due + late for due in owed.values() for late in (timedelta(0), -timedelta.resolution)
    }
    paced = {BEGIN + n * PACE for n in range((END - BEGIN) // PACE)}
    for now in sorted(moments | paced):
        await incidents.fire_until(now)
        told = [fact["entity_id"] for fact in await incidents.told(DeadlineMissed)]
        assert sorted(told) == sorted(one for one, due in owed.items() if due <= now)
        for evaluation in await incidents.rows(Evaluation):
            assert (evaluation.status == "open") is (evaluation.opens_at <= now)
