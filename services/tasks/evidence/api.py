"""The HTTP face of evidence, below the obligation it is for. Translates; decides nothing."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import exports, stored
from kernel.access import Principal
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from reference import evidence as pack
from reference.terms import EvidenceKind
from services.tasks.evidence import operations, operations_files, operations_review, queries
from services.tasks.evidence.domain import EvidenceAction
from services.tasks.evidence.operations import NewEvidence
from services.tasks.evidence.operations_review import Verdict
from services.tasks.evidence.schemas import (
    AcceptBody,
    ActivityView,
    AnswerBody,
    AskBody,
    EvidenceBody,
    EvidenceView,
    FileView,
    ObligationDetail,
    PieceView,
    ReturnBody,
    WithdrawBody,
    pieces,
)
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations import queries as owed
from services.tasks.obligations.schemas import ObligationView
from services.tasks.obligations.tables import Obligation
from services.tasks.plans import queries as plans
from services.tasks.plans.schemas import DutyView
from services.tasks.policies import POLICIES, Act

router = rooms("/tasks/obligations", "obligations")
pile = rooms("/tasks/evidence", "evidence")


@pile.get("", response_model=Page[EvidenceView], responses=exports.RESPONSES)
@act(Act.READ_OBLIGATIONS)
async def list_evidence(
    request: Request,
    session: Session,
    actor: Actor,
    asked: Annotated[Asked, Depends(queries.EVIDENCE.asked)],
) -> Any:
    """Evidence of the actor's unit or area, the oldest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(
        request, session, queries.reached_by(actor), asked, view=EvidenceView
    )


@pile.get("/activities")
@act(Act.READ_OBLIGATIONS)
async def list_activities(on: AsAt) -> list[ActivityView]:
    """What can be shown to have been done: the catalogue of a day."""
    return [ActivityView.model_validate(row) for row in pack.activities(on=on)]


@router.get("/{obligation_id}")
@act(Act.READ_OBLIGATIONS)
async def read_obligation(obligation_id: UUID, session: Session, actor: Actor) -> ObligationDetail:
    """One obligation with what the plan says and everything handed in for it."""
    row = await owed.get(session, obligation_id)
    POLICIES.require(actor, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    duty = await plans.as_issued(session, row.duty, version=row.plan_version)
    return ObligationDetail(
        **ObligationView.model_validate(row).model_dump(),
        asks=DutyView.model_validate(duty) if duty else None,
        evidence=await shown(session, await queries.of(session, row.id)),
        evidence_until=operations.closes_on(row),
    )


async def shown(session: Session, rows: Sequence[Evidence]) -> list[PieceView]:
    """Pieces of one obligation, each with its files, what looks wrong with it and questions."""
    ids = [row.id for row in rows]
    files = await queries.files(session, rows[0].obligation_id) if rows else ()
    return pieces(
        rows,
        files=files,
        flags=await queries.flags(session, ids),
        questions=await queries.questions(session, ids),
    )


async def _one(session: Session, row: Evidence) -> PieceView:
    return (await shown(session, [row]))[0]


@router.post(
    "/{obligation_id}/files",
    status_code=201,
    response_model=FileView,
    responses={200: {"model": FileView, "description": "This file was added before."}},
)
@act(Act.SUBMIT_EVIDENCE)
@untransacted
async def add_file(
    obligation_id: UUID,
    kind: Annotated[EvidenceKind, Query()],
    request: Request,
    response: Response,
    by: Actor,
    now: Now,
) -> FileView:
    """Add a photo, a scan or a document to hand it in with evidence. The body is the file."""

    async def adding_to(session: AsyncSession) -> Obligation:
        return await operations_files.adding_to(session, obligation_id, by=by, now=now)

    return await take_file(request, response, adding_to, kind=kind, by=by, now=now)


async def take_file(
    request: Request,
    response: Response,
    adding_to: Callable[[AsyncSession], Awaitable[Obligation]],
    *,
    kind: EvidenceKind,
    by: Principal,
    now: datetime,
) -> FileView:
    """Keep the body as a file of the obligation that it may be added to.

    That is asked before the file is received, and again when it is entered; nothing is held
    meanwhile.
    """
    runtime: Runtime = request.app.state.runtime
    objects = stored.store_of(request)
    async with unit_of_work(runtime.database, by) as session:
        await adding_to(session)
    file = await stored.receive(
        objects, request.stream(), declared=request.headers.get("content-type")
    )
    read = await operations_files.read(objects, file)
    async with unit_of_work(runtime.database, by) as session:
        row, new = await operations_files.enter(
            session, await adding_to(session), file=file, kind=kind, read=read, by=by, now=now
        )
        response.status_code = 201 if new else 200
        return FileView.model_validate(row)


@router.get("/{obligation_id}/files/{file_id}", response_class=Response)
@act(Act.READ_OBLIGATIONS)
async def read_file(
    obligation_id: UUID, file_id: UUID, request: Request, session: Session, actor: Actor
) -> Response:
    """A file, verified against its hash before it leaves."""
    row = await owed.get(session, obligation_id)
    POLICIES.require(actor, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    file = await queries.file(session, row, file_id)
    return await stored.download(
        stored.store_of(request), sha256=file.sha256, size=file.size, media_type=file.media_type
    )


@router.post("/{obligation_id}/evidence", status_code=201)
@act(Act.SUBMIT_EVIDENCE)
async def submit_evidence(
    obligation_id: UUID, body: EvidenceBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Hand in evidence that the duty was done, or done once more."""
    row = await operations.submit(
        session, obligation_id=obligation_id, evidence=NewEvidence(**body.stated), by=actor, now=now
    )
    files = await queries.files(session, row.obligation_id) if body.files else ()
    flags = await queries.flags(session, [row.id])
    [view] = pieces([row], files=files, flags=flags, questions=())  # nobody has asked yet
    return view


@router.post("/{obligation_id}/accept")
@act(Act.REVIEW_EVIDENCE)
async def accept(
    obligation_id: UUID, body: AcceptBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Accept a piece of evidence, or what was handed in last."""
    verdict = Verdict(
        action=EvidenceAction.ACCEPT, remark=body.remark, evidence_id=body.evidence_id
    )
    row = await operations_review.review(
        session, obligation_id=obligation_id, verdict=verdict, by=actor, now=now
    )
    return await _one(session, row)


@router.post("/{obligation_id}/return")
@act(Act.REVIEW_EVIDENCE)
async def return_to_subject(
    obligation_id: UUID, body: ReturnBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Return a piece, or what was handed in last, saying what is missing."""
    verdict = Verdict(
        action=EvidenceAction.RETURN, remark=body.remark, evidence_id=body.evidence_id
    )
    row = await operations_review.review(
        session, obligation_id=obligation_id, verdict=verdict, by=actor, now=now
    )
    return await _one(session, row)


@router.post("/{obligation_id}/ask")
@act(Act.REVIEW_EVIDENCE)
async def ask(
    obligation_id: UUID, body: AskBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Ask about a piece. Nobody is late while the question is open."""
    row = await operations_review.ask(
        session,
        obligation_id=obligation_id,
        evidence_id=body.evidence_id,
        question=body.question,
        by=actor,
        now=now,
    )
    return await _one(session, row)


@router.post("/{obligation_id}/answer")
@act(Act.SUBMIT_EVIDENCE)
async def answer(
    obligation_id: UUID, body: AnswerBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Answer the reviewer's question."""
    row = await operations_review.answer(
        session,
        obligation_id=obligation_id,
        evidence_id=body.evidence_id,
        words=body.answer,
        by=actor,
        now=now,
    )
    return await _one(session, row)


@router.post("/{obligation_id}/withdraw")
@act(Act.WITHDRAW_CREDIT)
async def withdraw(
    obligation_id: UUID, body: WithdrawBody, session: Session, actor: Actor, now: Now
) -> PieceView:
    """Take back an acceptance that proved false. Nothing is deleted."""
    row = await operations_review.withdraw(
        session,
        obligation_id=obligation_id,
        evidence_id=body.evidence_id,
        why=body.why,
        by=actor,
        now=now,
    )
    return await _one(session, row)
