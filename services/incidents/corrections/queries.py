"""Finding reports and their corrections."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.corrections.tables import Correction
from services.incidents.reports.tables import Report


async def report(session: AsyncSession, report_id: UUID) -> Report:
    """One report as it was made."""
    found = await session.get(Report, report_id)
    if found is None:
        raise NotFound
    return found


async def of_report(session: AsyncSession, report_id: UUID) -> Sequence[Correction]:
    """The corrections of a report, oldest first."""
    chosen = select(Correction).where(Correction.report_id == report_id)
    return (await session.scalars(chosen.order_by(Correction.version))).all()


async def known_at(session: AsyncSession, accident_id: UUID) -> datetime | None:
    """When the unit's head was told of an accident: as a desk put it right last, or as reported.

    An enterprise's own correction stays on record and moves nothing.
    """
    first = await report(session, accident_id)  # it has the accident's id
    said = [
        one.after["known_at"]
        for one in await of_report(session, first.id)
        if one.unit is not None and "known_at" in one.after
    ]
    return datetime.fromisoformat(said[-1]) if said else first.known_at
