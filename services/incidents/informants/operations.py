"""Sealing an informant, and opening one in two stages by two people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, sealed
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.sealed import RevealAction
from services.incidents.informants import queries
from services.incidents.informants.schemas import NewInformant
from services.incidents.informants.tables import Informant, Reveal
from services.incidents.policies import POLICIES, Act


def seal(
    session: AsyncSession, *, stated: NewInformant, region_code: str, unit: str, now: datetime
) -> UUID:
    """Put an informant away; only the id goes on."""
    informant = Informant.new(
        region_code=region_code,
        enterprise_uscc=None,
        id=uuid7(),
        name=stated.name,
        contact=stated.contact,
        sealed_at=now,
        unit=unit,
    )
    session.add(informant)
    return informant.id


async def look_masked(session: AsyncSession, *, informant_id: UUID, by: Principal) -> Informant:
    """The first stage; that somebody looked is on record."""
    informant = await queries.get(session, informant_id)
    POLICIES.require(by, Act.SEE_INFORMANT, on=informant, seen_by=Act.SEE_INFORMANT)
    audit.note(session, by=by, act=Act.SEE_INFORMANT, entity="informant", entity_id=informant_id)
    return informant


async def ask(
    session: AsyncSession, *, informant_id: UUID, reason: str, by: Principal, now: datetime
) -> Reveal:
    """Ask to see an informant in full."""
    informant = await queries.get(session, informant_id)
    POLICIES.require(by, Act.SEE_INFORMANT, on=informant, seen_by=Act.SEE_INFORMANT)
    request = Reveal.new(
        region_code=informant.region_code,
        enterprise_uscc=None,
        id=uuid7(),
        informant_id=informant.id,
        unit=informant.unit,
        **sealed.asked(reason, by=by, now=now),
    )
    session.add(request)
    audit.note(session, by=by, act="reveal.ask", entity="reveal", entity_id=request.id)
    return request


async def decide(
    session: AsyncSession, *, reveal_id: UUID, action: RevealAction, by: Principal, now: datetime
) -> Reveal:
    """Agree to a request of somebody else, or refuse it."""
    request = await queries.reveal(session, reveal_id, lock=True)
    POLICIES.require(by, Act.REVEAL_INFORMANT, on=request, seen_by=Act.SEE_INFORMANT)
    request.decide(action, by=by, now=now)
    audit.note(session, by=by, act=f"reveal.{action}", entity="reveal", entity_id=request.id)
    return request


async def look(session: AsyncSession, *, reveal_id: UUID, by: Principal) -> Informant:
    """The second stage, for the one who asked; every look is on record."""
    request = await queries.reveal(session, reveal_id)
    POLICIES.require(by, Act.SEE_INFORMANT, on=request, seen_by=Act.SEE_INFORMANT)
    request.require_look(by=by)
    audit.note(session, by=by, act="reveal.look", entity="reveal", entity_id=request.id)
    return await queries.get(session, request.informant_id)
