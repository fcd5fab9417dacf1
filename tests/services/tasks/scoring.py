"""A quarter of a city to be scored: duties closed early and late, and who asks for the scores."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.gateway import Role
from contracts.tasks import ObligationKind
from kernel.calendar import Cadence
from kernel.ids import uuid7
from services.tasks.indicators.domain import Period, period_of
from services.tasks.obligations.domain import Cause, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import operations as recording
from services.tasks.organisations.domain import of_pack
from services.tasks.scores.tables import ScoreLine
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import FOUNDED
from tests.services.tasks.hotline import at
from tests.services.tasks.story import CITY, person

OFFICE = person(Role.COMMITTEE_OFFICE, f"{CITY}.committee_office")
SECOND_OFFICER = person(Role.COMMITTEE_OFFICE, f"{CITY}.committee_office", subject="officer 2")
MAYOR = person(Role.LEADER, f"{CITY}.government")
QUARTER = period_of(at(6, 1).date(), Cadence.QUARTER)
AFTER = at(7, 3, 9)
"""A working morning after the second quarter of 2023."""

LEIYANG, CHANGNING, PARK = "430481", "430482", "430473"


def county_leader(county: str) -> Any:
    """Who speaks for a county's government."""
    return person(Role.LEADER, f"{county}.government")


async def founded(tasks: Stage) -> None:
    """The units of groups are on record: no others, so that it is quick."""
    await tasks.begin_with(_founded)


async def _founded(tasks: Stage) -> None:
    wanted = {"government", "committee_office", "emergency", "housing", "urban_management"}
    units = [
        unit
        for unit in of_pack(on=FOUNDED, address=lambda _: None)
        if unit.facts.code.partition(".")[2] in wanted and unit.facts.region_code.startswith("4304")
    ]
    async with tasks.work() as session:
        await recording.record_units(session, units=units, on=FOUNDED, now=NOON)


def duty(
    unit: str,
    *,
    due: datetime,
    closed: datetime | None = None,
    overdue: datetime | None = None,
    status: Status | None = None,
    **changed: Any,
) -> Obligation:
    """An obligation of a unit, as its story left it."""
    ends = Status.ACCEPTED if closed else Status.OPEN
    facts: dict[str, Any] = {
        "id": uuid7(),
        "kind": ObligationKind.PLAN,
        "cause": Cause.GRADE,
        "status": status or ends,
        "origin": uuid7(),
        "duty": "2023/9.2",
        "subject": unit,
        "unit": unit,
        "region_code": unit.partition(".")[0],
        "rule": "test",
        "due_at": due,
        "opened_at": due - timedelta(days=20),
        "closed_at": closed,
        "overdue_at": overdue,
    }
    return Obligation(**facts | changed)


async def stored(tasks: Stage, rows: Iterable[Any]) -> None:
    """Rows that are there."""
    async with tasks.work() as session:
        session.add_all(rows)


async def computed(tasks: Stage, period: Period = QUARTER, *, now: datetime = AFTER) -> Any:
    """A period computed as the office orders it: the run once it has ended."""
    tasks.now = now
    body = {"cadence": period.cadence, "day": period.last.isoformat()}
    ordered = await tasks.as_(OFFICE).post("/tasks/scores/runs", json=body)
    assert ordered.status_code == 202, ordered.text
    await tasks.fire_until(now)
    read = await tasks.as_(OFFICE).get(f"/tasks/scores/runs/{ordered.json()['id']}")
    assert read.json()["status"] == "done", read.text
    return read.json()


async def standing(tasks: Stage, unit: str, period: Period = QUARTER) -> dict[str, ScoreLine]:
    """The lines of a unit that hold now, by indicator."""
    rows = await tasks.rows(ScoreLine, subject=unit, cadence=period.cadence, first=period.first)
    newest: dict[str, ScoreLine] = {}
    for row in sorted(rows, key=lambda row: row.sequence):
        newest[row.indicator] = row
    return {name: row for name, row in newest.items() if row.sign > 0}


def uuids(items: Iterable[str]) -> list[UUID]:
    """Ids as they stand in evidence."""
    return [UUID(item) for item in items]
