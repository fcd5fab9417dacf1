"""The HTTP face of evidence, below the obligation it is for. Translates; decides nothing."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.evidence import operations, queries
from services.tasks.evidence.operations import NewEvidence, Verdict
from services.tasks.evidence.schemas import (
    AcceptBody,
    EvidenceBody,
    EvidenceView,
    ObligationDetail,
    ReturnBody,
)
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import Action
from services.tasks.obligations.schemas import ObligationView
from services.tasks.policies import POLICIES, Act

router = rooms("/tasks/obligations", "obligations")


@router.get("/{obligation_id}")
@act(Act.READ_OBLIGATIONS)
async def read_obligation(obligation_id: UUID, session: Session, actor: Actor) -> ObligationDetail:
    """One obligation with everything handed in for it."""
    row = await owed.get(session, obligation_id)
    POLICIES.require(actor, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    evidence = await queries.of(session, row.id)
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
