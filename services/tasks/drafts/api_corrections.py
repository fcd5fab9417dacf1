"""The HTTP face of corrections: proposed duties and flags of a draft."""

from collections.abc import Sequence
from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.drafts import operations_duties, operations_flags
from services.tasks.drafts.domain import DutyAction
from services.tasks.drafts.schemas import (
    AddedDuty,
    ChangedDuty,
    Chosen,
    DutyView,
    FlagView,
    Reason,
    Settled,
    Split,
)
from services.tasks.drafts.tables import DraftDuty, DraftFlag
from services.tasks.policies import Act

router = rooms("/tasks/plan-drafts/{draft_id}", "plan drafts")


@router.post("/acceptance", response_model=list[DutyView])
@act(Act.DRAFT_PLANS)
async def accept(
    draft_id: UUID, body: Chosen, session: Session, by: Actor, now: Now
) -> Sequence[DraftDuty]:
    """Accept proposed duties as they are: some by id, or all of some articles."""
    return await operations_duties.accept(session, draft_id=draft_id, chosen=body, by=by, now=now)


@router.post("/duties", status_code=201, response_model=DutyView)
@act(Act.DRAFT_PLANS)
async def add(draft_id: UUID, body: AddedDuty, session: Session, by: Actor, now: Now) -> DraftDuty:
    """Add a duty that the importer did not see."""
    return await operations_duties.add(session, draft_id=draft_id, added=body, by=by, now=now)


@router.patch("/duties/{duty_id}", response_model=DutyView)
@act(Act.DRAFT_PLANS)
async def change(
    draft_id: UUID, duty_id: UUID, body: ChangedDuty, session: Session, by: Actor, now: Now
) -> DraftDuty:
    """Correct a duty; what is left out stays."""
    return await operations_duties.change(
        session, draft_id=draft_id, duty_id=duty_id, changed=body, by=by, now=now
    )


@router.post("/duties/{duty_id}/split", status_code=201, response_model=list[DutyView])
@act(Act.DRAFT_PLANS)
async def split(
    draft_id: UUID, duty_id: UUID, body: Split, session: Session, by: Actor, now: Now
) -> Sequence[DraftDuty]:
    """Make several duties of one."""
    return await operations_duties.split(
        session, draft_id=draft_id, duty_id=duty_id, parts=body, by=by, now=now
    )


@router.post("/duties/{duty_id}/drop", response_model=DutyView)
@act(Act.DRAFT_PLANS)
async def drop(
    draft_id: UUID, duty_id: UUID, body: Reason, session: Session, by: Actor, now: Now
) -> DraftDuty:
    """Leave a duty out of the plan; it stays in the draft."""
    return await operations_duties.move(
        session,
        draft_id=draft_id,
        duty_id=duty_id,
        action=DutyAction.DROP,
        reason=body.reason,
        by=by,
        now=now,
    )


@router.post("/duties/{duty_id}/restore", response_model=DutyView)
@act(Act.DRAFT_PLANS)
async def restore(
    draft_id: UUID, duty_id: UUID, body: Reason, session: Session, by: Actor, now: Now
) -> DraftDuty:
    """Look at a dropped duty anew."""
    return await operations_duties.move(
        session,
        draft_id=draft_id,
        duty_id=duty_id,
        action=DutyAction.RESTORE,
        reason=body.reason,
        by=by,
        now=now,
    )


@router.post("/settlement", response_model=list[FlagView])
@act(Act.DRAFT_PLANS)
async def settle(
    draft_id: UUID, body: Settled, session: Session, by: Actor, now: Now
) -> Sequence[DraftFlag]:
    """Settle flags; the words and units of the duties they touch follow."""
    return await operations_flags.settle(session, draft_id=draft_id, settled=body, by=by, now=now)


@router.post("/flags/{flag_id}/reopen", response_model=FlagView)
@act(Act.DRAFT_PLANS)
async def reopen(
    draft_id: UUID, flag_id: UUID, body: Reason, session: Session, by: Actor, now: Now
) -> DraftFlag:
    """Open a settled flag again."""
    return await operations_flags.reopen(
        session, draft_id=draft_id, flag_id=flag_id, reason=body.reason, by=by, now=now
    )
