"""The HTTP face of parts. Translates; decides nothing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import exports
from kernel.db import everywhere
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act, untransacted
from kernel.web import rooms
from reference.terms import EvidenceKind
from services.tasks.evidence.api import take_file
from services.tasks.evidence.operations import NewEvidence
from services.tasks.evidence.schemas import FileView
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import operations, queries
from services.tasks.parts.domain import PartAction
from services.tasks.parts.operations import Said
from services.tasks.parts.schemas import (
    HandInBody,
    PartAnswer,
    PartQuestion,
    PartReason,
    PartRemark,
    PartView,
)
from services.tasks.parts.tables import Part
from services.tasks.policies_figures import PartAct

router = rooms("/tasks/parts", "parts")


@router.get("", response_model=Page[PartView], responses=exports.RESPONSES)
@act(PartAct.READ_PARTS)
async def list_parts(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.PARTS.asked)],
) -> Any:
    """The parts that the actor's unit shares or that stand in its area, newest first."""
    # A unit of another place sees the part and not the obligation, which says what is due when.
    async with everywhere(session):
        return await exports.answer(request, session, queries.reached_by(by), asked, view=PartView)


@router.post("/{part_id}/hand-in", response_model=PartView)
@act(PartAct.WORK_PART)
async def hand_in(part_id: UUID, body: HandInBody, session: Session, by: Actor, now: Now) -> Part:
    """Hand a part in: supporting units to the lead, leads to the reviewer."""
    return await operations.hand_in(
        session,
        part_id=part_id,
        evidence=NewEvidence(**body.stated),
        evidence_id=body.evidence_id,
        by=by,
        now=now,
    )


@router.post(
    "/{part_id}/files",
    status_code=201,
    response_model=FileView,
    responses={200: {"model": FileView, "description": "This file was added before."}},
)
@act(PartAct.WORK_PART)
@untransacted
async def add_file(
    part_id: UUID,
    kind: Annotated[EvidenceKind, Query()],
    request: Request,
    response: Response,
    by: Actor,
    now: Now,
) -> FileView:
    """Add a photo, a scan or a document to hand the part in with. The body is the file."""

    async def adding_to(session: AsyncSession) -> Obligation:
        return await operations.adding_to(session, part_id, by=by, now=now)

    return await take_file(request, response, adding_to, kind=kind, by=by, now=now)


@router.post("/{part_id}/ask", response_model=PartView)
@act(PartAct.JUDGE_PART)
async def ask(part_id: UUID, body: PartQuestion, session: Session, by: Actor, now: Now) -> Part:
    """Ask about what was handed in. It stays with whoever judges it meanwhile."""
    return await operations.ask(session, part_id=part_id, question=body.question, by=by, now=now)


@router.post("/{part_id}/answer", response_model=PartView)
@act(PartAct.WORK_PART)
async def answer(part_id: UUID, body: PartAnswer, session: Session, by: Actor, now: Now) -> Part:
    """Answer what was asked."""
    return await operations.answer(session, part_id=part_id, words=body.answer, by=by, now=now)


@router.post("/{part_id}/accept", response_model=PartView)
@act(PartAct.JUDGE_PART)
async def accept(part_id: UUID, body: PartRemark, session: Session, by: Actor, now: Now) -> Part:
    """Accept what was handed in; with the last part the obligation is done."""
    said = Said(note=body.remark)
    return await operations.judge(
        session, part_id=part_id, action=PartAction.ACCEPT, said=said, by=by, now=now
    )


@router.post("/{part_id}/return", response_model=PartView)
@act(PartAct.JUDGE_PART)
async def return_to_unit(
    part_id: UUID, body: PartReason, session: Session, by: Actor, now: Now
) -> Part:
    """Return what was handed in, saying what is missing."""
    said = Said(note=body.reason)
    return await operations.judge(
        session, part_id=part_id, action=PartAction.RETURN, said=said, by=by, now=now
    )


@router.post("/{part_id}/excuse", response_model=PartView)
@act(PartAct.EXCUSE_PART)
async def excuse(part_id: UUID, body: PartReason, session: Session, by: Actor, now: Now) -> Part:
    """Excuse a unit from its part, saying why."""
    return await operations.excuse(session, part_id=part_id, reason=body.reason, by=by, now=now)
