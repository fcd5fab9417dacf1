"""The HTTP face of evidence. A file is the body itself; what it is stands in the query."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from kernel import exports, stored
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from services.incidents.evidence import operations, queries
from services.incidents.evidence.schemas import (
    Checked,
    CustodyView,
    Described,
    EvidenceDetail,
    EvidenceView,
    HandOver,
    Reason,
    WithdrawalView,
    is_unbroken,
)
from services.incidents.evidence.tables import Custody, Withdrawal
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/evidence", "evidence")


@router.get("", response_model=Page[EvidenceView], responses=exports.RESPONSES)
@act(Act.READ_EVIDENCE)
async def list_evidence(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.EVIDENCE.asked)],
) -> Any:
    """Evidence of the investigations in the actor's area: what it is, never its content."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=EvidenceView)


@router.post(
    "",
    status_code=201,
    response_model=EvidenceView,
    responses={200: {"model": EvidenceView, "description": "This file was taken in before."}},
)
@act(Act.WORK_ON_TEAM)
@untransacted
async def take_in(
    described: Annotated[Described, Query()],
    request: Request,
    response: Response,
    by: Actor,
    now: Now,
) -> EvidenceView:
    """Hand a file in as evidence. Sent again, the same file is the same item."""
    runtime: Runtime = request.app.state.runtime
    objects = stored.store_of(request)
    async with unit_of_work(runtime.database, by) as session:
        await operations.refuse_strangers(session, accident_id=described.accident_id, by=by)
    file = await stored.receive(
        objects, request.stream(), declared=request.headers.get("content-type")
    )
    async with unit_of_work(runtime.database, by) as session:
        evidence, new = await operations.take_in(
            session, described=described, file=file, by=by, now=now
        )
        response.status_code = 201 if new else 200
        return EvidenceView.model_validate(evidence)


@router.get("/{evidence_id}")
@act(Act.READ_EVIDENCE)
async def read(evidence_id: UUID, session: Session, by: Actor) -> EvidenceDetail:
    """One item with everybody who had it."""
    found = await queries.get(session, evidence_id)
    POLICIES.require(by, Act.READ_EVIDENCE, on=found, seen_by=Act.READ_EVIDENCE)
    rows = await queries.custody(session, found.id)
    withdrawn = await queries.withdrawals(session, found.id)
    return EvidenceDetail(
        **EvidenceView.model_validate(found).model_dump(),
        custody=[CustodyView.model_validate(row) for row in rows],
        unbroken=is_unbroken(rows),
        withdrawal=WithdrawalView.model_validate(withdrawn[0]) if withdrawn else None,
    )


@router.get("/{evidence_id}/content", response_class=Response)
@act(Act.READ_EVIDENCE)
async def content(evidence_id: UUID, request: Request, session: Session, by: Actor) -> Response:
    """The file, verified against its hash before it leaves; members of the team only."""
    evidence = await operations.readable(session, evidence_id=evidence_id, by=by)
    return await stored.download(
        stored.store_of(request),
        sha256=evidence.sha256,
        size=evidence.size,
        media_type=evidence.media_type,
    )


@router.get("/{evidence_id}/check")
@act(Act.READ_EVIDENCE)
async def check(evidence_id: UUID, request: Request, session: Session, by: Actor) -> Checked:
    """Read the stored file through and say whether it, and its custody, are as they were."""
    evidence = await operations.readable(session, evidence_id=evidence_id, by=by)
    return Checked(
        evidence_id=evidence.id,
        sha256=evidence.sha256,
        intact=await stored.intact(stored.store_of(request), evidence.sha256),
        unbroken=await operations.unbroken(session, evidence),
    )


@router.post("/{evidence_id}/hand-overs", status_code=201, response_model=CustodyView)
@act(Act.WORK_ON_TEAM)
async def hand_over(
    evidence_id: UUID, body: HandOver, session: Session, by: Actor, now: Now
) -> Custody:
    """Give an item to somebody else."""
    return await operations.hand_over(session, evidence_id=evidence_id, handed=body, by=by, now=now)


@router.post("/{evidence_id}/withdrawal", status_code=201, response_model=WithdrawalView)
@act(Act.WORK_ON_TEAM)
async def withdraw(
    evidence_id: UUID, body: Reason, session: Session, by: Actor, now: Now
) -> Withdrawal:
    """Say that an item no longer counts, and why."""
    return await operations.withdraw(
        session, evidence_id=evidence_id, reason=body.reason, by=by, now=now
    )
