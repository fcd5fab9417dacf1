"""Gathering the course of an investigation, generation by generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import InvestigationOverdue, InvestigationWarned
from kernel.outbox import LoggedEvent
from services.incidents.climbs.tables import Climb, Delegation, Listing
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.closings.tables import ClosingCheck
from services.incidents.dossiers.tables import Signature
from services.incidents.investigations.tables import Investigation, Publication, Submission

Limit = InvestigationWarned | InvestigationOverdue


@dataclass(frozen=True, kw_only=True)
class Course:
    """What everybody who reads the accident may know of its investigation."""

    generations: Sequence[Investigation]
    extensions: Sequence[Extension]
    appraisals: Sequence[Appraisal]
    publications: Sequence[Publication]


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What only those may know who read the case itself."""

    signatures: Sequence[Signature]
    submissions: Sequence[Submission]
    delegations: Sequence[Delegation]
    climbs: Sequence[Climb]
    checks: Sequence[ClosingCheck]
    listings: Sequence[Listing]
    limits: Sequence[Limit]
    """Warnings before a limit and alarms after it, as they were told."""


Row = TypeVar(
    "Row",
    Investigation,
    Extension,
    Appraisal,
    Publication,
    Signature,
    Submission,
    Delegation,
    Climb,
    ClosingCheck,
    Listing,
)


async def _all(session: AsyncSession, table: type[Row], accident_id: UUID) -> Sequence[Row]:
    """The rows of an accident, its generations in order."""
    chosen = select(table).where(table.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(*table.__table__.primary_key))).all()


async def course(session: AsyncSession, accident_id: UUID) -> Course:
    """The course of an accident's investigation."""
    return Course(
        generations=await _all(session, Investigation, accident_id),
        extensions=await _all(session, Extension, accident_id),
        appraisals=await _all(session, Appraisal, accident_id),
        publications=await _all(session, Publication, accident_id),
    )


async def inside(session: AsyncSession, accident_id: UUID) -> Inside:
    """What stands in the case itself."""
    return Inside(
        signatures=await _all(session, Signature, accident_id),
        submissions=await _all(session, Submission, accident_id),
        delegations=await _all(session, Delegation, accident_id),
        climbs=await _all(session, Climb, accident_id),
        checks=await _all(session, ClosingCheck, accident_id),
        listings=await _all(session, Listing, accident_id),
        limits=await _limits(session, accident_id),
    )


async def _limits(session: AsyncSession, accident_id: UUID) -> Sequence[Limit]:
    kinds: dict[str, type[Limit]] = {
        kind.subject: kind for kind in (InvestigationWarned, InvestigationOverdue)
    }
    chosen = (
        select(LoggedEvent.subject, LoggedEvent.data)
        .where(LoggedEvent.aggregate_id == str(accident_id), LoggedEvent.subject.in_(kinds))
        .order_by(LoggedEvent.version)
    )
    told = await session.execute(chosen)
    return [kinds[row.subject].model_validate_json(row.data) for row in told]
