"""Reading delegations, decisions on grounds, and listed supervision."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.terms import Grade
from services.incidents.accidents.tables import Accident
from services.incidents.climbs.tables import Climb, Delegation, Listing
from services.incidents.investigations.tables import Investigation
from services.incidents.qualifications.domain import QualificationStatus
from services.incidents.qualifications.tables import Qualification


async def delegations(session: AsyncSession, accident_id: UUID) -> Sequence[Delegation]:
    """Who was entrusted, oldest first."""
    chosen = select(Delegation).where(Delegation.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Delegation.decided_at, Delegation.id))).all()


async def climbs(session: AsyncSession, accident_id: UUID) -> Sequence[Climb]:
    """What was decided on grounds, oldest first."""
    chosen = select(Climb).where(Climb.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Climb.decided_at, Climb.id))).all()


async def listing(session: AsyncSession, case: Investigation) -> Listing | None:
    """The list that supervises a generation, if one does."""
    return await session.get(Listing, (case.accident_id, case.generation))


_STRUCK_OFF = select(Qualification.accident_id).where(
    Qualification.status == QualificationStatus.STRUCK_OFF
)


async def earlier_days(session: AsyncSession, accident: Accident) -> tuple[date, ...]:
    """Days of the enterprise's earlier larger accidents, as far as the reader may see them.

    What was struck off was no production-safety accident, and a second report of an accident
    is no second accident.
    """
    if accident.enterprise_uscc is None:
        return ()
    chosen = select(Accident.occurred_at).where(
        Accident.enterprise_uscc == accident.enterprise_uscc,
        Accident.grade != str(Grade.GENERAL),
        Accident.id != accident.id,
        Accident.occurred_at <= accident.occurred_at,
        Accident.merged_into.is_(None),
        Accident.id.not_in(_STRUCK_OFF),
    )
    return tuple(calendar.day_of(at) for at in await session.scalars(chosen))
