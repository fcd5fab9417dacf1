"""Keeps what tasks tells of leads and of units that ended; the newest word holds."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ChainDecided, UnitEnded
from services.inspections.leads.tables import DecidedLead, EndedUnit


async def keep_decision(session: AsyncSession, *, told: ChainDecided) -> None:
    """Take over a decision, or the day with which it ends."""
    facts = {
        "business": told.business,
        "region": told.region_code,
        "field": told.field,
        "lead": told.lead,
        "effective_from": told.effective_from,
        "effective_to": told.effective_to,
    }
    row = insert(DecidedLead).values(decision_id=told.decision_id, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["decision_id"], set_=facts))


async def keep_end(session: AsyncSession, *, told: UnitEnded) -> None:
    """Remember who goes on with what a unit had to do."""
    facts = {"heir": told.heir, "ended_on": told.ended_on}
    row = insert(EndedUnit).values(unit=told.unit, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["unit"], set_=facts))
