"""Gathering how an accident became known, and which signs of it there were.

Row-level security hides calls, the public's reports, leads and findings from enterprises.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.bystanders.tables import PublicReport
from services.incidents.corrections.tables import Correction
from services.incidents.findings.tables import Finding, FindingStep
from services.incidents.identifications.tables import Identification
from services.incidents.leads.tables import Lead, LeadEntry
from services.incidents.reports.tables import Report


async def reports(session: AsyncSession, accident_id: UUID) -> Sequence[Report]:
    """Every report of an accident, in the order they were made."""
    chosen = select(Report).where(Report.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Report.version))).all()


async def corrections(session: AsyncSession, reports: Sequence[Report]) -> Sequence[Correction]:
    """Every correction of any of the reports."""
    chosen = select(Correction).where(Correction.report_id.in_([one.id for one in reports]))
    return (await session.scalars(chosen.order_by(Correction.corrected_at, Correction.id))).all()


async def identification(session: AsyncSession, accident_id: UUID) -> Identification | None:
    """How it became known whose the accident is, if it was reported without."""
    return await session.get(Identification, accident_id)


async def public_reports(session: AsyncSession, accident_id: UUID) -> Sequence[PublicReport]:
    """What the public reported and a desk found to be of this accident."""
    chosen = select(PublicReport).where(PublicReport.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(PublicReport.received_at))).all()


async def leads(session: AsyncSession, accident_id: UUID) -> Sequence[tuple[Lead, LeadEntry]]:
    """Every step with each lead while it was taken to be about the accident."""
    chosen = select(Lead, LeadEntry).join(LeadEntry, LeadEntry.lead_id == Lead.id)
    chosen = chosen.where(LeadEntry.accident_id == accident_id)
    rows = await session.execute(chosen.order_by(LeadEntry.at, LeadEntry.id))
    return [(row[0], row[1]) for row in rows]


async def findings(
    session: AsyncSession, accident_id: UUID
) -> Sequence[tuple[Finding, FindingStep]]:
    """Every finding about its reporting, step by step."""
    chosen = select(Finding, FindingStep).join(FindingStep, FindingStep.finding_id == Finding.id)
    chosen = chosen.where(Finding.accident_id == accident_id)
    rows = await session.execute(chosen.order_by(FindingStep.at, FindingStep.id))
    return [(row[0], row[1]) for row in rows]
