"""The HTTP face of obligations. Translates; decides nothing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.obligations import operations, queries
from services.tasks.obligations.domain import Action
from services.tasks.obligations.operations import NewEvidence, Verdict
from services.tasks.obligations.schemas import (
    AcceptBody,
    EvidenceBody,
    EvidenceView,
    ObligationDetail,
    ObligationView,
    ReturnBody,
)
from services.tasks.policies import POLICIES, Act

router = rooms("/tasks/obligations", "obligations")


@router.get("", response_model=Page[ObligationView], responses=exports.RESPONSES)
@act(Act.READ_OBLIGATIONS)
async def list_obligations(
    request: Request,
    session: Session,
    actor: Actor,
    asked: Annotated[Asked, Depends(queries.OBLIGATIONS.asked)],
) -> Any:
    """What the actor's unit, enterprise or subtree has to do, by what is due first."""
    return await exports.answer(
        request, session, queries.reached_by(actor), asked, view=ObligationView
    )


@router.get("/{obligation_id}")
@act(Act.READ_OBLIGATIONS)
async def read_obligation(obligation_id: UUID, session: Session, actor: Actor) -> ObligationDetail:
    """One obligation with everything handed in for it."""
    row = await queries.get(session, obligation_id)
    POLICIES.require(actor, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    evidence = await queries.evidence(session, row.id)
    return ObligationDetail(
        **ObligationView.model_validate(row).model_dump(),
        evidence=[EvidenceView.model_validate(found) for found in evidence],
    )


@router.post("/{obligation_id}/evidence", status_code=201)
@act(Act.SUBMIT_EVIDENCE)
async def submit_evidence(
    obligation_id: UUID, body: EvidenceBody, session: Session, actor: Actor, now: Now
) -> EvidenceView:
    """Hand in evidence that the duty was done."""
    evidence = NewEvidence(note=body.note, figures=body.figures)
    row = await operations.submit(
        session, obligation_id=obligation_id, evidence=evidence, by=actor, now=now
    )
    return EvidenceView.model_validate(row)


@router.post("/{obligation_id}/accept")
@act(Act.REVIEW_EVIDENCE)
async def accept(
    obligation_id: UUID, body: AcceptBody, session: Session, actor: Actor, now: Now
) -> EvidenceView:
    """Accept what was handed in last."""
    verdict = Verdict(action=Action.ACCEPT, remark=body.remark)
    row = await operations.review(
        session, obligation_id=obligation_id, verdict=verdict, by=actor, now=now
    )
    return EvidenceView.model_validate(row)


@router.post("/{obligation_id}/return")
@act(Act.REVIEW_EVIDENCE)
async def return_to_subject(
    obligation_id: UUID, body: ReturnBody, session: Session, actor: Actor, now: Now
) -> EvidenceView:
    """Return what was handed in last, saying what is missing."""
    verdict = Verdict(action=Action.RETURN, remark=body.remark)
    row = await operations.review(
        session, obligation_id=obligation_id, verdict=verdict, by=actor, now=now
    )
    return EvidenceView.model_validate(row)
