"""The HTTP face of answers to supervisory orders."""

from collections.abc import Sequence
from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionanswers import (
    operations,
    operations_interviews,
    operations_time,
    queries,
)
from services.tasks.supervisionanswers.domain import Decision
from services.tasks.supervisionanswers.schemas import (
    AcceptanceBody,
    AnswerBody,
    AnswerView,
    CommitmentView,
    MinutesBody,
    MoreTimeBody,
    MoreTimeView,
    RemarkBody,
    ReturnBody,
)
from services.tasks.supervisionanswers.tables import (
    SupervisionAnswer,
    SupervisionCommitment,
    SupervisionExtension,
)
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions.schemas import SupervisionView
from services.tasks.supervisions.tables import Supervision

router = rooms("/tasks/supervisions", "supervisions")


@router.post("/{supervision_id}/answers", status_code=201, response_model=AnswerView)
@act(SupervisionAct.WORK_SUPERVISION)
async def answer(
    supervision_id: UUID, body: AnswerBody, session: Session, by: Actor, now: Now
) -> SupervisionAnswer:
    """Say what was done; where the order asks for it, that the five are in place."""
    return await operations.answer(
        session,
        supervision_id=supervision_id,
        text=body.text,
        files=body.files,
        five=body.shown(),
        by=by,
        now=now,
    )


@router.get("/{supervision_id}/answers", response_model=list[AnswerView])
@act(SupervisionAct.READ_SUPERVISIONS)
async def list_answers(
    supervision_id: UUID, session: Session, by: Actor
) -> Sequence[SupervisionAnswer]:
    """What was answered, round by round."""
    row = await orders.seen(session, supervision_id, by=by)
    return await queries.answers(session, row.id)


@router.post("/{supervision_id}/accept", response_model=AnswerView)
@act(SupervisionAct.JUDGE_ANSWER)
async def accept(
    supervision_id: UUID, body: AcceptanceBody, session: Session, by: Actor, now: Now
) -> SupervisionAnswer:
    """Accept the newest answer; never one's own, nor while one of the five is missing."""
    return await operations.accept(
        session, supervision_id=supervision_id, remark=body.remark, by=by, now=now
    )


@router.post("/{supervision_id}/return", response_model=AnswerView)
@act(SupervisionAct.JUDGE_ANSWER)
async def send_back(
    supervision_id: UUID, body: ReturnBody, session: Session, by: Actor, now: Now
) -> SupervisionAnswer:
    """Return the newest answer with what is missing: a new round by a new deadline."""
    return await operations.send_back(
        session,
        supervision_id=supervision_id,
        missing=body.missing,
        due_on=body.due_on,
        by=by,
        now=now,
    )


@router.post("/{supervision_id}/minutes", response_model=SupervisionView)
@act(SupervisionAct.JUDGE_ANSWER)
async def record_interview(
    supervision_id: UUID, body: MinutesBody, session: Session, by: Actor, now: Now
) -> Supervision:
    """Record an interview that was held: who attended, the minutes, what was promised."""
    return await operations_interviews.record(
        session,
        supervision_id=supervision_id,
        held_at=body.held_at,
        attended=body.attended,
        minutes=body.minutes,
        commitments=[one.promised() for one in body.commitments],
        by=by,
        now=now,
    )


@router.get("/{supervision_id}/commitments", response_model=list[CommitmentView])
@act(SupervisionAct.READ_SUPERVISIONS)
async def list_commitments(
    supervision_id: UUID, session: Session, by: Actor
) -> Sequence[SupervisionCommitment]:
    """What was promised in an interview."""
    row = await orders.seen(session, supervision_id, by=by)
    return await queries.commitments(session, row.id)


@router.post("/{supervision_id}/extensions", status_code=201, response_model=MoreTimeView)
@act(SupervisionAct.WORK_SUPERVISION)
async def ask_for_time(
    supervision_id: UUID, body: MoreTimeBody, session: Session, by: Actor, now: Now
) -> SupervisionExtension:
    """Ask for more time, once and before the time is up."""
    return await operations_time.ask(
        session,
        supervision_id=supervision_id,
        working_days=body.working_days,
        reason=body.reason,
        by=by,
        now=now,
    )


@router.get("/{supervision_id}/extensions", response_model=list[MoreTimeView])
@act(SupervisionAct.READ_SUPERVISIONS)
async def list_extensions(
    supervision_id: UUID, session: Session, by: Actor
) -> Sequence[SupervisionExtension]:
    """Every request for more time about an order."""
    row = await orders.seen(session, supervision_id, by=by)
    return await queries.extensions(session, row.id)


@router.post("/extensions/{extension_id}/approve", response_model=MoreTimeView)
@act(SupervisionAct.JUDGE_ANSWER)
async def approve(
    extension_id: UUID, body: RemarkBody, session: Session, by: Actor, now: Now
) -> SupervisionExtension:
    """Give the time asked for."""
    return await operations_time.decide(
        session,
        extension_id=extension_id,
        decision=Decision.APPROVE,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/extensions/{extension_id}/refuse", response_model=MoreTimeView)
@act(SupervisionAct.JUDGE_ANSWER)
async def refuse(
    extension_id: UUID, body: RemarkBody, session: Session, by: Actor, now: Now
) -> SupervisionExtension:
    """Refuse it."""
    return await operations_time.decide(
        session,
        extension_id=extension_id,
        decision=Decision.REFUSE,
        remark=body.remark,
        by=by,
        now=now,
    )
