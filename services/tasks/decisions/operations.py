"""Propose who leads a new kind of business, decide it, and revoke what was decided."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ChainDecided
from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.tasks.decisions import domain, queries, rules
from services.tasks.decisions.domain import AlreadyRevoked, DecidedAlready, LastDayBeforeFirst
from services.tasks.decisions.rules import Likeness
from services.tasks.decisions.schemas import NewDecision
from services.tasks.decisions.tables import ChainDecision
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import Period
from services.tasks.policies import POLICIES, Act


async def likenesses(
    session: AsyncSession, *, name: str, about: str, on: date
) -> tuple[Likeness, ...]:
    """The fields that a business is like on a day, earlier decisions counted in, best first."""
    domain.refuse_before(on)
    known = [*domain.catalogue(on=on), *await queries.precedents(session, on=on)]
    return rules.alike(name=name, about=about, known=known)


async def decide(
    session: AsyncSession, *, stated: NewDecision, by: Principal, now: datetime
) -> ChainDecision:
    """Settle who leads a kind of business in a place from a day on.

    Refused while another decision on it holds there: it would have two leads.
    """
    row = await _decided(session, stated, by=by, now=now)
    POLICIES.require(by, Act.DECIDE_LEAD, on=row, seen_by=Act.READ_CHAINS)
    domain.field(stated.field, on=stated.effective_from)
    if stated.lead is not None:
        await organisations.unit(session, stated.lead, day=stated.effective_from)
    await queries.lock(session)
    for other in await queries.on_business(session, business=row.business, regions=row.regions):
        if other.period.meets(Period(first=stated.effective_from)):
            raise DecidedAlready(
                f"“{other.name}”已于 {other.effective_from} 起有决定，请先撤销。",
                f"“{other.name}” is decided on since {other.effective_from}: revoke that first.",
                decision=str(other.id),
            )
    session.add(row)
    _tell(session, row, by=by, act="decide", now=now)
    return row


async def _decided(
    session: AsyncSession, stated: NewDecision, *, by: Principal, now: datetime
) -> ChainDecision:
    found = await likenesses(
        session, name=stated.name, about=stated.about, on=stated.effective_from
    )
    like = next((one for one in found if one.known.field == stated.field), None)
    return ChainDecision(
        id=uuid7(),
        **stated.model_dump(),
        business=domain.business_of(stated.name),
        regions=domain.places_of(stated.region_code),
        likened_to=like.known.name if like else None,
        score=like.score if like else None,
        decided_by=by.subject,
        decided_at=now,
    )


async def revoke(
    session: AsyncSession,
    *,
    decision_id: UUID,
    last_day: date,
    reason: str,
    by: Principal,
    now: datetime,
) -> ChainDecision:
    """End a decision with a day on which it still holds."""
    row = await queries.get(session, decision_id)
    POLICIES.require(by, Act.DECIDE_LEAD, on=row, seen_by=Act.READ_CHAINS)
    if row.revoked_at is not None:
        raise AlreadyRevoked
    if not row.period.holds(last_day):
        raise LastDayBeforeFirst
    row.effective_to, row.revocation = last_day, reason
    row.revoked_by, row.revoked_at = by.subject, now
    _tell(session, row, by=by, act="revoke", now=now)
    return row


def _tell(
    session: AsyncSession, row: ChainDecision, *, by: Principal, act: str, now: datetime
) -> None:
    publish(
        session,
        ChainDecided(
            occurred_at=now,
            decision_id=row.id,
            business=row.business,
            region_code=row.region_code,
            field=row.field,
            lead=row.lead,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        ),
    )
    detail = {"business": row.business, "region": row.region_code, "field": row.field}
    audit.note(session, by=by, act=act, entity="chain_decision", entity_id=row.id, detail=detail)
