"""The HTTP face of recommendations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from kernel import exports, stored
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from services.incidents.policies import POLICIES, Act
from services.incidents.recommendations import operations, queries
from services.incidents.recommendations.domain import RecommendationAction
from services.incidents.recommendations.schemas import (
    NewProof,
    NewRecommendation,
    ProofFileView,
    ProofView,
    RecommendationDetail,
    RecommendationView,
    Remark,
)
from services.incidents.recommendations.tables import Proof, Recommendation

router = rooms("/incidents/recommendations", "recommendations")


@router.get("", response_model=Page[RecommendationView], responses=exports.RESPONSES)
@act(Act.READ_RECOMMENDATIONS)
async def list_recommendations(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.RECOMMENDATIONS.asked)],
) -> Any:
    """Recommendations of the actor's area, and those to its unit or enterprise."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=RecommendationView
    )


@router.get("/{recommendation_id}")
@act(Act.READ_RECOMMENDATIONS)
async def read(recommendation_id: UUID, session: Session, by: Actor) -> RecommendationDetail:
    """One recommendation with everything handed in for it."""
    found = await queries.get(session, recommendation_id)
    POLICIES.require(by, Act.READ_RECOMMENDATIONS, on=found, seen_by=Act.READ_RECOMMENDATIONS)
    proofs = await queries.proofs(session, found.id)
    files = await queries.files(session, *(proof.id for proof in proofs))
    return RecommendationDetail(
        **RecommendationView.model_validate(found).model_dump(),
        proofs=[ProofView.model_validate(proof) for proof in proofs],
        files=[ProofFileView.model_validate(file) for file in files],
    )


@router.post("", status_code=201, response_model=RecommendationView)
@act(Act.WORK_ON_TEAM)
async def make(body: NewRecommendation, session: Session, by: Actor, now: Now) -> Recommendation:
    """Ask one unit or one enterprise for something, by a day."""
    return await operations.make(session, new=body, by=by, now=now)


@router.post("/{recommendation_id}/proofs", status_code=201, response_model=ProofView)
@act(Act.PROVE)
async def hand_in(
    recommendation_id: UUID, body: NewProof, session: Session, by: Actor, now: Now
) -> Proof:
    """Say what was done about it."""
    return await operations.hand_in(
        session, recommendation_id=recommendation_id, note=body.note, by=by, now=now
    )


@router.post("/{recommendation_id}/files", status_code=201, response_model=ProofFileView)
@act(Act.PROVE)
@untransacted
async def attach(recommendation_id: UUID, request: Request, by: Actor, now: Now) -> ProofFileView:
    """Add a file, which is the body itself, to the proof that waits for review."""
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, by) as session:
        await operations.may_attach(session, recommendation_id=recommendation_id, by=by)
    file = await stored.receive(
        stored.store_of(request), request.stream(), declared=request.headers.get("content-type")
    )
    async with unit_of_work(runtime.database, by) as session:
        row = await operations.attach(
            session, recommendation_id=recommendation_id, file=file, by=by, now=now
        )
        return ProofFileView.model_validate(row)


@router.get("/{recommendation_id}/files/{sha256}", response_class=Response)
@act(Act.READ_RECOMMENDATIONS)
async def download(
    recommendation_id: UUID, sha256: str, request: Request, session: Session, by: Actor
) -> Response:
    """One file of a proof, verified before it leaves."""
    found = await queries.get(session, recommendation_id)
    POLICIES.require(by, Act.READ_RECOMMENDATIONS, on=found, seen_by=Act.READ_RECOMMENDATIONS)
    file = await queries.file(session, found.id, sha256)
    return await stored.download(
        stored.store_of(request), sha256=file.sha256, size=file.size, media_type=file.media_type
    )


@router.post("/{recommendation_id}/accept", response_model=RecommendationView)
@act(Act.REVIEW_PROOF)
async def accept(
    recommendation_id: UUID, body: Remark, session: Session, by: Actor, now: Now
) -> Recommendation:
    """Accept what was handed in last."""
    return await operations.review(
        session,
        recommendation_id=recommendation_id,
        action=RecommendationAction.ACCEPT,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/{recommendation_id}/return", response_model=RecommendationView)
@act(Act.REVIEW_PROOF)
async def return_to_addressee(
    recommendation_id: UUID, body: Remark, session: Session, by: Actor, now: Now
) -> Recommendation:
    """Return what was handed in last, saying what is missing."""
    return await operations.review(
        session,
        recommendation_id=recommendation_id,
        action=RecommendationAction.RETURN,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/{recommendation_id}/close", response_model=RecommendationView)
@act(Act.REVIEW_PROOF)
async def close(recommendation_id: UUID, session: Session, by: Actor, now: Now) -> Recommendation:
    """Strike an accepted recommendation off the list."""
    return await operations.close(session, recommendation_id=recommendation_id, by=by, now=now)
