"""Finding evidence, its custody and its withdrawal."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, since, within
from services.incidents.evidence.domain import EvidenceKind
from services.incidents.evidence.tables import Custody, Evidence, Withdrawal
from services.incidents.reach import reached


async def get(session: AsyncSession, evidence_id: UUID) -> Evidence:
    """One item."""
    found = await session.get(Evidence, evidence_id)
    if found is None:
        raise NotFound(f"没有编号为 {evidence_id} 的证据", f"No evidence has the id {evidence_id}.")
    return found


async def with_file(session: AsyncSession, accident_id: UUID, sha256: str) -> Evidence | None:
    """The item of an accident that a file is, if it was taken in before."""
    chosen = select(Evidence).where(Evidence.accident_id == accident_id, Evidence.sha256 == sha256)
    return (await session.scalars(chosen)).one_or_none()


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Evidence]:
    """The evidence of an accident, in the order it was taken in."""
    chosen = select(Evidence).where(Evidence.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Evidence.id))).all()


async def custody(session: AsyncSession, *evidence_ids: UUID) -> Sequence[Custody]:
    """Every hand-over of items, oldest first."""
    chosen = select(Custody).where(Custody.evidence_id.in_(evidence_ids))
    return (await session.scalars(chosen.order_by(Custody.evidence_id, Custody.n))).all()


async def withdrawals(session: AsyncSession, *evidence_ids: UUID) -> Sequence[Withdrawal]:
    """Which items were withdrawn, and why."""
    chosen = select(Withdrawal).where(Withdrawal.evidence_id.in_(evidence_ids))
    return (await session.scalars(chosen)).all()


EVIDENCE = Listing(
    "evidence",
    key=Evidence.id,
    sorts={"taken_in_at": Evidence.taken_in_at, "collected_at": Evidence.collected_at},
    default="-taken_in_at",
    filters={
        "accident": equals(Evidence.accident_id, UUID, "事故编号 / accident"),
        "region": within(Evidence.region_code, "行政区划 / division"),
        "kind": one_of(Evidence.kind, EvidenceKind, "证据种类 / kinds"),
        "sha256": equals(Evidence.sha256, str, "校验值 / hash"),
        "since": since(Evidence.taken_in_at, "登记时间起 / taken in at or after"),
        "before": before(Evidence.taken_in_at, "登记时间止 / taken in before"),
    },
)


def reached_by(by: Principal) -> Select[Evidence]:
    """The evidence that an actor may list."""
    return reached(Evidence, by)
