"""Gathering what happened to an accident."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.findings.tables import Finding, FindingStep
from services.incidents.reports.tables import Report


async def reports(session: AsyncSession, accident_id: UUID) -> Sequence[Report]:
    """Every report of an accident, in the order they were made."""
    chosen = select(Report).where(Report.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Report.version))).all()


async def findings(
    session: AsyncSession, accident_id: UUID
) -> Sequence[tuple[Finding, FindingStep]]:
    """Every finding about its reporting, step by step; enterprises are shown none of them.

    Row-level security hides the rows themselves.
    """
    chosen = select(Finding, FindingStep).join(FindingStep, FindingStep.finding_id == Finding.id)
    chosen = chosen.where(Finding.accident_id == accident_id)
    rows = await session.execute(chosen.order_by(FindingStep.at, FindingStep.id))
    return [(row[0], row[1]) for row in rows]
