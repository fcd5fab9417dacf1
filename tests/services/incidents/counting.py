"""Lets the service hear its own facts, and reads its sums beside a recount."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts import incidents as contract
from kernel import calendar
from kernel.events import Event
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.qualifications.domain import QualificationStatus
from services.incidents.qualifications.tables import Qualification
from services.incidents.statistics import operations, queries_closure, queries_recount
from services.incidents.statistics.domain import ZERO, Key, Measures, Standing
from services.incidents.statistics.domain_situation import Basis, Ratio
from services.incidents.statistics.tables import Statistic
from tests.services.incidents.conftest import CITY_DESK, Body
from tests.services.stage import Stage

_EVENTS: dict[str, type[Event]] = {
    event.subject: event
    for event in (
        contract.AccidentReported,
        contract.AccidentUpdated,
        contract.AccidentCorrected,
        contract.AccidentRegraded,
        contract.InvestigationEscalated,
        contract.InvestigationPublished,
    )
}


async def hear_own(stage: Stage) -> None:
    """Deliver what the service told of accidents since it was last asked to hear itself."""
    told = await stage.told()
    heard = vars(stage).setdefault("heard", 0)
    for fact in told[heard:]:
        event = _EVENTS.get(fact["subject"])
        if event is not None:
            await stage.hear(event.model_validate(without_subject(fact)))
    vars(stage)["heard"] = len(told)


def without_subject(fact: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fact.items() if name != "subject"}


async def kept(stage: Stage) -> dict[Key, Measures]:
    """The roll-up as it stands; rows that came back to nothing do not count."""
    rows = await stage.rows(Statistic)
    sums = {
        Key(
            row.shape,
            row.region_code,
            row.month,
            row.park_code,
            row.industry,
            row.accident_type,
            row.grade,
            row.standing,
        ): row.measures
        for row in rows
    }
    return {key: measures for key, measures in sums.items() if measures != ZERO}


async def recounted(stage: Stage) -> dict[Key, Measures]:
    """What the roll-up must be."""
    async with stage.work() as session:
        return dict(await queries_recount.recount(session))


async def closures(stage: Stage, basis: Basis, *, month: date) -> Ratio:
    """How many cases of the city were closed in time, in a year up to a month."""
    async with stage.work() as session:
        return await queries_closure.closed_on_time(
            session,
            region="430400",
            month=month,
            basis=basis,
            today=calendar.add_months(month, 1),
        )


async def follow_up(stage: Stage, body: Body, **changes: Any) -> Body:
    """One more report of an accident."""
    stated = {"report_id": str(uuid7()), "kind": "followup", "accident_id": body["accident_id"]}
    answer = await stage.as_(CITY_DESK).post("/incidents/reports", json=stated | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def correct(stage: Stage, body: Body, *, happened_at: datetime) -> None:
    """A desk corrects when an accident happened, and that it was known at once."""
    times = dict.fromkeys(("occurred_at", "known_at"), happened_at.isoformat())
    said = {"correction_id": str(uuid7()), "changes": times, "why": "核实"}
    path = f"/incidents/reports/{body['report_id']}/corrections"
    answer = await stage.as_(CITY_DESK).post(path, json=said)
    assert answer.status_code == 201, answer.text


async def strike(stage: Stage, body: Body, standing: Standing) -> None:
    """Let an accident stand otherwise in the counts, by what was decided about it."""
    async with stage.work() as session:
        accident = await session.get_one(Accident, UUID(body["accident_id"]), with_for_update=True)
        accident.merged_into = None
        if standing is Standing.MERGED:
            accident.merged_into = await _another(session, accident)
        await session.execute(delete(Qualification).where(Qualification.accident_id == accident.id))
        if standing is Standing.STRUCK_OFF:
            session.add(_struck_off(accident, stage))
        await session.flush()
        await operations.count(session, accident_id=accident.id, now=stage.now)


async def _another(session: AsyncSession, accident: Accident) -> UUID | None:
    """One that goes on, if there is any beside it."""
    others = select(Accident.id).where(Accident.id != accident.id, Accident.merged_into.is_(None))
    found: UUID | None = await session.scalar(others.order_by(Accident.id).limit(1))
    return found


def _struck_off(accident: Accident, stage: Stage) -> Qualification:
    return Qualification(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        version=1,
        status=QualificationStatus.STRUCK_OFF,
        opinion="o",
        basis="b",
        decided_by="d",
        decided_at=stage.now,
    )
