"""Finding recommendations and proofs."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import RecommendationKind
from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, within
from services.incidents.reach import reached
from services.incidents.recommendations.domain import RecommendationStatus
from services.incidents.recommendations.tables import Proof, ProofFile, Recommendation


async def get(session: AsyncSession, recommendation_id: UUID) -> Recommendation:
    """One recommendation."""
    found = await session.get(Recommendation, recommendation_id)
    if found is None:
        raise unknown(recommendation_id)
    return found


def unknown(recommendation_id: UUID) -> NotFound:
    """That there is no such recommendation, or none that the actor may see."""
    return NotFound(
        f"没有编号为 {recommendation_id} 的建议",
        f"No recommendation has the id {recommendation_id}.",
    )


async def locked(session: AsyncSession, recommendation_id: UUID) -> Recommendation:
    """One recommendation that nobody else changes until this transaction ends.

    Its addressee may not see the accident, so the lock is its own and always taken first.
    """
    chosen = select(Recommendation).where(Recommendation.id == recommendation_id)
    found = (await session.scalars(chosen.with_for_update())).one_or_none()
    return found if found is not None else await get(session, recommendation_id)


async def of_accident(
    session: AsyncSession, accident_id: UUID, *, ids: Collection[UUID] | None = None
) -> Sequence[Recommendation]:
    """The recommendations of an accident, in the order they were made; all, or those named."""
    chosen = select(Recommendation).where(Recommendation.accident_id == accident_id)
    if ids is not None:
        chosen = chosen.where(Recommendation.id.in_(ids))
    return (await session.scalars(chosen.order_by(Recommendation.id))).all()


async def proofs(session: AsyncSession, *recommendation_ids: UUID) -> Sequence[Proof]:
    """What was handed in, oldest first."""
    chosen = select(Proof).where(Proof.recommendation_id.in_(recommendation_ids))
    return (await session.scalars(chosen.order_by(Proof.recommendation_id, Proof.n))).all()


async def files(session: AsyncSession, *proof_ids: UUID) -> Sequence[ProofFile]:
    """The files of proofs, in the order they were handed in."""
    chosen = select(ProofFile).where(ProofFile.proof_id.in_(proof_ids))
    return (await session.scalars(chosen.order_by(ProofFile.handed_in_at, ProofFile.sha256))).all()


async def file(session: AsyncSession, recommendation_id: UUID, sha256: str) -> ProofFile:
    """One file of a recommendation's proofs."""
    held = await files(session, *(proof.id for proof in await proofs(session, recommendation_id)))
    for found in held:
        if found.sha256 == sha256:
            return found
    raise NotFound("没有该佐证文件", "There is no such file.")


RECOMMENDATIONS = Listing(
    "recommendations",
    key=Recommendation.id,
    sorts={"due_at": Recommendation.due_at, "made_at": Recommendation.made_at},
    default="due_at",
    filters={
        "accident": equals(Recommendation.accident_id, UUID, "事故编号 / accident"),
        "region": within(Recommendation.region_code, "行政区划 / division"),
        "unit": equals(Recommendation.unit, str, "责任单位 / unit"),
        "enterprise": equals(Recommendation.enterprise_uscc, str, "企业 / enterprise"),
        "kind": one_of(Recommendation.kind, RecommendationKind, "类别 / kinds"),
        "status": one_of(Recommendation.status, RecommendationStatus, "状态 / states"),
        "due_before": before(Recommendation.due_at, "期限早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Recommendation]:
    """The recommendations that an actor may list: of its area, and those to or from its unit."""
    units = Recommendation.units.any_() == by.unit if by.unit else None
    return reached(Recommendation, by, units=units)
