"""Sealing a caller, and opening one in two stages by two people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, sealed
from kernel.access import Principal
from kernel.crypto import blind_index
from kernel.ids import uuid7
from kernel.sealed import RevealAction
from services.tasks.callers import queries
from services.tasks.callers.schemas import NewCaller
from services.tasks.callers.tables import Caller, CallerLook, CallerReveal
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct


def seal(session: AsyncSession, *, stated: NewCaller, region_code: str, now: datetime) -> Caller:
    """Put a caller away; only the id goes on."""
    contact = stated.contact
    plain = "".join(contact.split()).removeprefix("+86") if contact else None
    caller = Caller(
        id=uuid7(),
        region_code=region_code,
        name=stated.name,
        contact=contact,
        same=blind_index(plain, purpose="caller.contact") if plain else None,
        sealed_at=now,
    )
    session.add(caller)
    return caller


async def look_masked(
    session: AsyncSession, *, caller_id: UUID, by: Principal, now: datetime
) -> Caller:
    """The first stage; that somebody looked is on record."""
    caller = await queries.get(session, caller_id)
    POLICIES.require(by, OrderAct.SEE_CALLER, on=caller, seen_by=OrderAct.SEE_CALLER)
    _keep_look(session, caller, by=by, now=now)
    audit.note(session, by=by, act=OrderAct.SEE_CALLER, entity="caller", entity_id=caller_id)
    return caller


async def ask(
    session: AsyncSession, *, caller_id: UUID, reason: str, by: Principal, now: datetime
) -> CallerReveal:
    """Ask to see a caller in full."""
    caller = await queries.get(session, caller_id)
    POLICIES.require(by, OrderAct.SEE_CALLER, on=caller, seen_by=OrderAct.SEE_CALLER)
    request = CallerReveal(
        id=uuid7(),
        caller_id=caller.id,
        region_code=caller.region_code,
        **sealed.asked(reason, by=by, now=now),
    )
    session.add(request)
    audit.note(session, by=by, act="caller_reveal.ask", entity="caller", entity_id=caller.id)
    return request


async def decide(
    session: AsyncSession,
    *,
    reveal_id: UUID,
    action: RevealAction,
    by: Principal,
    now: datetime,
) -> CallerReveal:
    """Agree to a request of somebody else, or refuse it."""
    request = await queries.reveal(session, reveal_id, lock=True)
    POLICIES.require(by, OrderAct.REVEAL_CALLER, on=request, seen_by=OrderAct.SEE_CALLER)
    request.decide(action, by=by, now=now)
    audit.note(
        session,
        by=by,
        act=f"caller_reveal.{action}",
        entity="caller",
        entity_id=request.caller_id,
    )
    return request


async def look(session: AsyncSession, *, reveal_id: UUID, by: Principal, now: datetime) -> Caller:
    """The second stage, for the one who asked; every look is on record."""
    request = await queries.reveal(session, reveal_id)
    POLICIES.require(by, OrderAct.SEE_CALLER, on=request, seen_by=OrderAct.SEE_CALLER)
    request.require_look(by=by)
    caller = await queries.get(session, request.caller_id)
    _keep_look(session, caller, by=by, now=now, reveal_id=request.id)
    audit.note(session, by=by, act="caller_reveal.look", entity="caller", entity_id=caller.id)
    return caller


def _keep_look(
    session: AsyncSession,
    caller: Caller,
    *,
    by: Principal,
    now: datetime,
    reveal_id: UUID | None = None,
) -> None:
    look = CallerLook(
        id=uuid7(),
        caller_id=caller.id,
        region_code=caller.region_code,
        at=now,
        looked_by=by.subject,
        unit=by.unit,
        in_full=reveal_id is not None,
        reveal_id=reveal_id,
    )
    session.add(look)


async def looks(session: AsyncSession, *, caller_id: UUID, by: Principal) -> Sequence[CallerLook]:
    """Who has looked at a caller, for those who watch over it; never who the caller is."""
    caller = await queries.get(session, caller_id)
    POLICIES.require(by, OrderAct.READ_CALLER_LOOKS, on=caller, seen_by=OrderAct.READ_CALLER_LOOKS)
    return await queries.looks(session, caller_id)
