"""The HTTP face of phone calls."""

from uuid import UUID

from fastapi import Request

from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.incidents.phonecalls import operations, queries
from services.incidents.phonecalls.schemas import Caller, CallTaken, CallView, NewCall
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/calls", "calls")


@router.post("", status_code=201)
@act(Act.TAKE_CALL)
@keyed_by("call_id")
async def take(body: NewCall, request: Request, session: Session, by: Actor, now: Now) -> CallTaken:
    """Write down a report that came by telephone; its clocks run from the call."""
    chinese = wants_chinese(request.headers.get("accept-language"))
    call, receipt = await operations.take(session, call=body, by=by, now=now, chinese=chinese)
    return CallTaken(call=CallView.of(call), receipt=receipt)


@router.get("")
@act(Act.TAKE_CALL)
async def of_accident(accident_id: UUID, session: Session, by: Actor) -> list[CallView]:
    """The calls about an accident, callers masked."""
    found = await queries.of_accident(session, accident_id)
    return [CallView.of(call) for call in found if POLICIES.allows(by, Act.TAKE_CALL, call)]


@router.get("/{call_id}/caller")
@act(Act.SEE_CALLER)
async def caller(call_id: UUID, session: Session, by: Actor) -> Caller:
    """Who called, in full; asking leaves a record."""
    call = await operations.open_caller(session, call_id=call_id, by=by)
    return Caller(
        caller_name=call.caller_name,
        caller_phone=call.caller_phone,
        answered_by=call.answered_by,
    )
