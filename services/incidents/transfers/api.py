"""The HTTP face of transfers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.policies import POLICIES, Act
from services.incidents.transfers import operations, queries
from services.incidents.transfers.domain import TransferAction
from services.incidents.transfers.schemas import (
    Motion,
    NewTransfer,
    TransferDetail,
    TransferStepView,
    TransferView,
)
from services.incidents.transfers.tables import Transfer

router = rooms("/incidents/transfers", "transfers")


@router.get("", response_model=Page[TransferView], responses=exports.RESPONSES)
@act(Act.READ_TRANSFERS)
async def list_transfers(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.TRANSFERS.asked)],
) -> Any:
    """Transfers of the actor's area, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=TransferView)


@router.get("/{transfer_id}")
@act(Act.READ_TRANSFERS)
async def read(transfer_id: UUID, session: Session, by: Actor) -> TransferDetail:
    """One transfer with every step it took."""
    found = await queries.get(session, transfer_id)
    POLICIES.require(by, Act.READ_TRANSFERS, on=found, seen_by=Act.READ_TRANSFERS)
    steps = await queries.steps(session, found.id)
    return TransferDetail(
        **TransferView.model_validate(found).model_dump(),
        officers=found.officers,
        steps=[TransferStepView.model_validate(step) for step in steps],
    )


@router.post("", status_code=201, response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def propose(body: NewTransfer, session: Session, by: Actor, now: Now) -> Transfer:
    """Propose that the police or the discipline organ take a matter up."""
    return await operations.propose(session, new=body, by=by, now=now)


@router.post("/{transfer_id}/approve", response_model=TransferView)
@act(Act.DECIDE_TRANSFER)
async def approve(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """The head of the unit approves the transfer."""
    return await _moved(transfer_id, TransferAction.APPROVE, body, session, by, now)


@router.post("/{transfer_id}/refuse", response_model=TransferView)
@act(Act.DECIDE_TRANSFER)
async def refuse(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """The head of the unit refuses the transfer; the reason stays on record."""
    return await _moved(transfer_id, TransferAction.REFUSE, body, session, by, now)


@router.post("/{transfer_id}/deliver", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def deliver(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """The file went over; `reference` is the number of the receipt."""
    return await _moved(transfer_id, TransferAction.DELIVER, body, session, by, now)


@router.post("/{transfer_id}/file", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def file(transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now) -> Transfer:
    """The receiving organ opened a case."""
    return await _moved(transfer_id, TransferAction.FILE, body, session, by, now)


@router.post("/{transfer_id}/decline", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def decline(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """The receiving organ opened none."""
    return await _moved(transfer_id, TransferAction.DECLINE, body, session, by, now)


@router.post("/{transfer_id}/contest", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def contest(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """Ask the receiving organ to think again."""
    return await _moved(transfer_id, TransferAction.CONTEST, body, session, by, now)


@router.post("/{transfer_id}/settle", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def settle(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """Leave it at that: no case is opened."""
    return await _moved(transfer_id, TransferAction.SETTLE, body, session, by, now)


@router.post("/{transfer_id}/hand-over", response_model=TransferView)
@act(Act.WORK_ON_TEAM)
async def hand_over(
    transfer_id: UUID, body: Motion, session: Session, by: Actor, now: Now
) -> Transfer:
    """Objects and files went to the organ that opened the case."""
    return await _moved(transfer_id, TransferAction.HAND_OVER, body, session, by, now)


async def _moved(
    transfer_id: UUID,
    action: TransferAction,
    body: Motion,
    session: Session,
    by: Actor,
    now: Now,
) -> Transfer:
    return await operations.move(
        session, transfer_id=transfer_id, action=action, motion=body, by=by, now=now
    )
