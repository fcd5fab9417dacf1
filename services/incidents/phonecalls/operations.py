"""Taking a call down, and opening what is sealed of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from services.incidents.acceptance import operations as acceptance
from services.incidents.accidents import queries as accidents
from services.incidents.phonecalls import queries
from services.incidents.phonecalls.schemas import NewCall, refuse_out_of_order
from services.incidents.phonecalls.tables import PhoneCall
from services.incidents.policies import POLICIES, Act
from services.incidents.receipts.schemas import Receipt

ENTITY = "phone_call"


async def take(
    session: AsyncSession, *, call: NewCall, by: Principal, now: datetime, chinese: bool
) -> tuple[PhoneCall, Receipt]:
    """Store the report as received when the telephone rang, and the sealed caller beside it."""
    refuse_out_of_order(call, now=now)
    receipt = await acceptance.accept(
        session, report=call.report, by=by, received_at=call.called_at, now=now, chinese=chinese
    )
    accident = await accidents.get(session, receipt.accident_id)
    taken = PhoneCall(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=call.call_id,
        accident_id=accident.id,
        report_id=call.report.report_id,
        called_at=call.called_at,
        typed_at=now,
        typed_by=by.subject,
        unit=by.unit,
        caller_name=call.caller_name,
        caller_phone=call.caller_phone,
        answered_by=call.answered_by,
    )
    session.add(taken)
    await session.flush()
    await session.refresh(taken)
    audit.note(session, by=by, act=Act.TAKE_CALL, entity=ENTITY, entity_id=taken.id)
    return taken, receipt


async def open_caller(session: AsyncSession, *, call_id: UUID, by: Principal) -> PhoneCall:
    """Show who called to a desk of the place; that it looked stays on record."""
    call = await queries.get(session, call_id)
    POLICIES.require(by, Act.SEE_CALLER, on=call, seen_by=Act.SEE_CALLER)
    audit.note(session, by=by, act=Act.SEE_CALLER, entity=ENTITY, entity_id=call.id)
    return call
