"""The HTTP face of supervisory orders."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from kernel import exports, stored
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisions import (
    operations_drafting,
    operations_files,
    operations_issuing,
    operations_life,
    queries,
)
from services.tasks.supervisions.schemas import (
    FileDescribed,
    LiftingBody,
    NewSupervision,
    ReceiptView,
    SupervisionDetail,
    SupervisionEntryView,
    SupervisionFileView,
    SupervisionText,
    SupervisionView,
    WithdrawalBody,
    drafted,
)
from services.tasks.supervisions.tables import Supervision

router = rooms("/tasks/supervisions", "supervisions")


@router.get("", response_model=Page[SupervisionView], responses=exports.RESPONSES)
@act(SupervisionAct.READ_SUPERVISIONS)
async def list_all(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.SUPERVISIONS.asked)],
) -> Any:
    """Orders that the actor's unit issues, owes or is copied on, or that its area issues."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=SupervisionView
    )


@router.post("", status_code=201, response_model=SupervisionView)
@act(SupervisionAct.DRAFT_SUPERVISION)
async def draft(body: NewSupervision, session: Session, by: Actor, now: Now) -> Supervision:
    """Draft an order; of an overdue cause its kind and the cause's id suffice."""
    return await operations_drafting.draft(session, wanted=body.drafted(), by=by, now=now)


@router.get("/{supervision_id}")
@act(SupervisionAct.READ_SUPERVISIONS)
async def read(supervision_id: UUID, session: Session, by: Actor) -> SupervisionDetail:
    """One order with its text, receipts, files and every step."""
    row = await queries.seen(session, supervision_id, by=by)
    shown = {
        name: getattr(row, name) for name in SupervisionDetail.model_fields if hasattr(row, name)
    }
    receipts = await queries.receipts(session, row.id)
    files = await queries.files(session, row.id)
    entries = await queries.entries(session, row.id)
    return SupervisionDetail(
        **shown,
        receipts=[ReceiptView.model_validate(one) for one in receipts],
        files=[SupervisionFileView.model_validate(one) for one in files],
        entries=[SupervisionEntryView.model_validate(one) for one in entries],
    )


@router.patch("/{supervision_id}", response_model=SupervisionView)
@act(SupervisionAct.DRAFT_SUPERVISION)
async def amend(
    supervision_id: UUID, body: SupervisionText, session: Session, by: Actor, now: Now
) -> Supervision:
    """Change what a draft says; what is left out stays."""
    row = await queries.seen(session, supervision_id, by=by)
    wanted = drafted(body, kind=row.of_kind, cause=row.about)
    return await operations_drafting.amend(
        session, supervision_id=supervision_id, wanted=wanted, by=by, now=now
    )


@router.post("/{supervision_id}/issue", response_model=SupervisionView)
@act(SupervisionAct.SIGN_SUPERVISION)
async def issue(supervision_id: UUID, session: Session, by: Actor, now: Now) -> Supervision:
    """Sign a draft: it is numbered and goes out."""
    return await operations_issuing.issue(session, supervision_id=supervision_id, by=by, now=now)


@router.post("/{supervision_id}/receive", response_model=SupervisionView)
@act(SupervisionAct.WORK_SUPERVISION)
async def receive(supervision_id: UUID, session: Session, by: Actor, now: Now) -> Supervision:
    """Sign for an order that is addressed to the actor's unit or enterprise."""
    return await operations_life.receive(session, supervision_id=supervision_id, by=by, now=now)


@router.post("/{supervision_id}/close", response_model=SupervisionView)
@act(SupervisionAct.JUDGE_ANSWER)
async def close(supervision_id: UUID, session: Session, by: Actor, now: Now) -> Supervision:
    """File an accepted order away."""
    return await operations_life.close(session, supervision_id=supervision_id, by=by, now=now)


@router.post("/{supervision_id}/lift", response_model=SupervisionView)
@act(SupervisionAct.LIFT_LISTING)
async def lift(
    supervision_id: UUID, body: LiftingBody, session: Session, by: Actor, now: Now
) -> Supervision:
    """Take a matter off the list after a check on site."""
    return await operations_life.lift(
        session,
        supervision_id=supervision_id,
        checked_on=body.checked_on,
        note=body.note,
        record=body.record,
        by=by,
        now=now,
    )


@router.post("/{supervision_id}/withdraw", response_model=SupervisionView)
@act(SupervisionAct.JUDGE_ANSWER)
async def withdraw(
    supervision_id: UUID, body: WithdrawalBody, session: Session, by: Actor, now: Now
) -> Supervision:
    """Take an order back while it is open."""
    return await operations_issuing.withdraw(
        session, supervision_id=supervision_id, reason=body.reason, by=by, now=now
    )


@router.post(
    "/{supervision_id}/files",
    status_code=201,
    response_model=SupervisionFileView,
    responses={200: {"model": SupervisionFileView, "description": "It was handed in before."}},
)
@act(SupervisionAct.HAND_IN_FILES)
@untransacted
async def hand_in(
    supervision_id: UUID,
    described: Annotated[FileDescribed, Query()],
    request: Request,
    response: Response,
    by: Actor,
    now: Now,
) -> SupervisionFileView:
    """Hand a file in; it is the body itself. Answers and minutes refer to its hash."""
    runtime: Runtime = request.app.state.runtime
    objects = stored.store_of(request)
    async with unit_of_work(runtime.database, by) as session:
        await operations_files.refuse_strangers(session, supervision_id=supervision_id, by=by)
    file = await stored.receive(
        objects, request.stream(), declared=request.headers.get("content-type")
    )
    async with unit_of_work(runtime.database, by) as session:
        entered, new = await operations_files.hand_in(
            session, supervision_id=supervision_id, title=described.title, file=file, by=by, now=now
        )
        response.status_code = 201 if new else 200
        return SupervisionFileView.model_validate(entered)


@router.get("/{supervision_id}/files/{sha256}", response_class=Response)
@act(SupervisionAct.READ_SUPERVISIONS)
async def content(
    supervision_id: UUID, sha256: str, request: Request, session: Session, by: Actor
) -> Response:
    """A file about an order, verified against its hash before it leaves."""
    found = await operations_files.readable(
        session, supervision_id=supervision_id, sha256=sha256, by=by
    )
    return await stored.download(
        stored.store_of(request),
        sha256=found.sha256,
        size=found.size,
        media_type=found.media_type,
    )
