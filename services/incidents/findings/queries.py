"""Finding findings, their steps and their files."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.files import FileNotKept
from reference import terms
from reference.terms import FindingStatus
from services.incidents.findings.tables import Finding, FindingFile, FindingStep


async def get(session: AsyncSession, finding_id: UUID, *, lock: bool = False) -> Finding:
    """One finding. With `lock`, nobody else changes it until this transaction ends."""
    finding = await session.get(Finding, finding_id, with_for_update=lock or None)
    if finding is None:
        raise NotFound(f"没有编号为 {finding_id} 的认定", f"No finding has the id {finding_id}.")
    return finding


async def preliminary(
    session: AsyncSession, accident_id: UUID, *, kind: terms.Finding
) -> Finding | None:
    """The finding of a kind that waits to be confirmed, the oldest if there are several."""
    chosen = select(Finding).where(
        Finding.accident_id == accident_id,
        Finding.kind == str(kind),
        Finding.status == str(FindingStatus.PRELIMINARY),
    )
    ordered = chosen.order_by(Finding.found_at, Finding.id).limit(1).with_for_update()
    return (await session.scalars(ordered)).one_or_none()


async def listed(
    session: AsyncSession,
    *,
    accident_id: UUID | None,
    status: FindingStatus | None,
    limit: int,
) -> Sequence[Finding]:
    """Findings, newest first; of one accident, or in one state."""
    chosen = select(Finding)
    if accident_id is not None:
        chosen = chosen.where(Finding.accident_id == accident_id)
    if status is not None:
        chosen = chosen.where(Finding.status == str(status))
    ordered = chosen.order_by(Finding.found_at.desc(), Finding.id.desc()).limit(limit)
    return (await session.scalars(ordered)).all()


async def steps(session: AsyncSession, finding_id: UUID) -> Sequence[FindingStep]:
    """Each step of a finding, oldest first."""
    chosen = select(FindingStep).where(FindingStep.finding_id == finding_id)
    return (await session.scalars(chosen.order_by(FindingStep.at, FindingStep.id))).all()


async def files(session: AsyncSession, finding_id: UUID) -> Sequence[FindingFile]:
    """The files that prove a finding, in the order they came."""
    chosen = select(FindingFile).where(FindingFile.finding_id == finding_id)
    return (await session.scalars(chosen.order_by(FindingFile.added_at))).all()


async def file(session: AsyncSession, finding_id: UUID, sha256: str) -> FindingFile:
    """One file of a finding."""
    found = await session.get(FindingFile, (finding_id, sha256))
    if found is None:
        raise FileNotKept
    return found
