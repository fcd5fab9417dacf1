"""Reads evidence."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, equals, one_of, within
from services.tasks.evidence.domain import EvidenceState
from services.tasks.evidence.tables import Evidence, EvidenceFile, EvidenceFlag, EvidenceQuestion
from services.tasks.obligations.tables import Obligation

MOST_ACTS = 200

_FLAGGED = exists().where(EvidenceFlag.evidence_id == Evidence.id)

EVIDENCE = Listing(
    "evidence",
    key=Evidence.id,
    sorts={"submitted_at": Evidence.submitted_at},
    default="submitted_at",
    filters={
        "region": within(Evidence.region_code, "行政区划 / division"),
        "subject": equals(Evidence.subject, str, "责任主体 / who did it"),
        "obligation": equals(Evidence.obligation_id, UUID, "任务 / the obligation"),
        "activity": equals(Evidence.activity, str, "活动类型 / what was done"),
        "state": one_of(Evidence.state, EvidenceState, "状态 / states"),
        "flagged": Filter(
            bool, lambda flagged: _FLAGGED.is_(flagged), "是否有疑点 / whether it looks wrong"
        ),
    },
)


def reached_by(by: Principal) -> Select[Evidence]:
    """What an actor may list: an enterprise its own, others their unit's and their subtree's."""
    found = select(Evidence)
    if by.uscc is not None:
        return found.where(Evidence.enterprise_uscc == by.uscc)
    own = Evidence.subject == by.unit if by.unit else false()
    if by.region is None:
        return found.where(own)
    return found.where(or_(own, Evidence.region_code.startswith(by.region, autoescape=True)))


async def of(session: AsyncSession, obligation_id: UUID) -> Sequence[Evidence]:
    """What was handed in for an obligation itself and not for a part of it, oldest first."""
    found = select(Evidence).where(
        Evidence.obligation_id == obligation_id, Evidence.part_id.is_(None)
    )
    return (await session.scalars(found.order_by(Evidence.submitted_at, Evidence.id))).all()


async def of_parts(session: AsyncSession, part_ids: Collection[UUID]) -> Sequence[Evidence]:
    """What was handed in for some parts, oldest first."""
    found = select(Evidence).where(Evidence.part_id.in_(part_ids))
    return (await session.scalars(found.order_by(Evidence.submitted_at, Evidence.id))).all()


async def file(session: AsyncSession, obligation: Obligation, file_id: UUID) -> EvidenceFile:
    """One file of an obligation."""
    found = await session.get(EvidenceFile, file_id)
    if found is None or found.obligation_id != obligation.id:
        raise NotFound(f"没有文件 {file_id}。", f"There is no file {file_id}.")
    return found


async def files(session: AsyncSession, obligation_id: UUID) -> Sequence[EvidenceFile]:
    """Every file of an obligation, in the order they came."""
    found = select(EvidenceFile).where(EvidenceFile.obligation_id == obligation_id)
    return (await session.scalars(found.order_by(EvidenceFile.id))).all()


async def unused(
    session: AsyncSession, obligation_id: UUID, *, sha256: str, kind: str, by: str
) -> EvidenceFile | None:
    """A file that somebody added before and has not handed in yet."""
    found = select(EvidenceFile).where(
        EvidenceFile.obligation_id == obligation_id,
        EvidenceFile.evidence_id.is_(None),
        EvidenceFile.sha256 == sha256,
        EvidenceFile.kind == kind,
        EvidenceFile.added_by == by,
    )
    return (await session.scalars(found.limit(1))).one_or_none()


async def flags(session: AsyncSession, evidence: Collection[UUID]) -> Sequence[EvidenceFlag]:
    """What looks wrong with pieces of evidence."""
    found = select(EvidenceFlag).where(EvidenceFlag.evidence_id.in_(evidence))
    return (await session.scalars(found.order_by(EvidenceFlag.id))).all()


async def questions(
    session: AsyncSession, evidence: Collection[UUID]
) -> Sequence[EvidenceQuestion]:
    """What was asked about pieces of evidence, oldest first."""
    found = select(EvidenceQuestion).where(EvidenceQuestion.evidence_id.in_(evidence))
    return (await session.scalars(found.order_by(EvidenceQuestion.id))).all()


async def acts_around(
    session: AsyncSession, subject: str, *, at: datetime, within: timedelta
) -> Sequence[Evidence]:
    """Other acts of a subject about the same time whose place is known."""
    found = select(Evidence).where(
        Evidence.subject == subject,
        Evidence.happened_at.between(at - within, at + within),
        Evidence.lon.is_not(None),
        Evidence.state != EvidenceState.RETURNED,
    )
    return (await session.scalars(found.limit(MOST_ACTS))).all()
