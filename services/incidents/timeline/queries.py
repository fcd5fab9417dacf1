"""Gathering what happened to an accident."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.findings.tables import Finding
from services.incidents.reports.tables import Report


async def reports(session: AsyncSession, accident_id: UUID) -> Sequence[Report]:
    """Every report of an accident, in the order they were made."""
    chosen = select(Report).where(Report.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Report.version))).all()


async def findings(session: AsyncSession, accident_id: UUID) -> Sequence[Finding]:
    """Every finding about its reporting. Row-level security hides them from enterprises."""
    chosen = select(Finding).where(Finding.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Finding.found_at, Finding.id))).all()
