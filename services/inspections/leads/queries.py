"""Who leads by decision on a day, and who is whose heir by then."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import industries
from services.inspections.leads import rules
from services.inspections.leads.rules import Decided
from services.inspections.leads.tables import DecidedLead, EndedUnit


async def decided(session: AsyncSession, industry: str, *, region: str, on: date) -> Decided | None:
    """What was decided on a kind of business for a place, if anything holds on the day."""
    ends = or_(DecidedLead.effective_to.is_(None), DecidedLead.effective_to >= on)
    found = select(DecidedLead).where(
        DecidedLead.business == industries.business(industry),
        DecidedLead.region.in_(rules.places(region)),
        DecidedLead.effective_from <= on,
        ends,
    )
    rows = await session.scalars(found.order_by(DecidedLead.decision_id))
    held = [Decided(region=row.region, field=row.field, lead=row.lead) for row in rows]
    return rules.nearest(held, region=region)


async def heirs(session: AsyncSession, *, on: date) -> dict[str, str]:
    """The heir of every unit that had ended by a day."""
    rows = await session.scalars(select(EndedUnit).where(EndedUnit.ended_on < on))
    return {row.unit: row.heir for row in rows}
