"""Appoint somebody to a post, relieve them, and end terms whose post ends."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from services.tasks.holders import domain, queries
from services.tasks.holders.domain import AlreadyRelieved, LastDayWrong, PostOccupied
from services.tasks.holders.schemas import Appointment
from services.tasks.holders.tables import Holding
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import DAY, Period
from services.tasks.policies import POLICIES, Act


async def appoint(
    session: AsyncSession, *, post_code: str, stated: Appointment, by: Principal, now: datetime
) -> Holding:
    """Have somebody hold a post from a day on. Refused while somebody else holds it."""
    post = await organisations.post(session, post_code, day=stated.effective_from, lock=True)
    unit = await organisations.unit(session, post.unit, day=stated.effective_from)
    POLICIES.require(by, Act.APPOINT, on=unit, seen_by=Act.READ_UNITS)
    term = Period(first=stated.effective_from, last=stated.effective_to)
    await _refuse_second(session, post_code, term)
    holding = Holding(
        id=uuid7(),
        post=post_code,
        unit=post.unit,
        person=stated.person or uuid7(),
        name=stated.name,
        public=domain.published(post_kind=post.kind, unit_kind=unit.kind),
        effective_from=term.first,
        effective_to=term.last,
        document=stated.document,
        appointed_by=by.subject,
        appointed_at=now,
    )
    session.add(holding)
    _note(session, holding, by=by, act="appoint")
    return holding


async def _refuse_second(session: AsyncSession, post: str, term: Period) -> None:
    for other in await queries.terms(session, post):
        if other.period.meets(term):
            until = other.effective_to or "…"
            raise PostOccupied(
                f"{post} 在 {other.effective_from} 至 {until} 已有任职人，请先免职。",
                f"{post} is held from {other.effective_from} to {until}: relieve the holder first.",
                holding=str(other.id),
            )


async def relieve(
    session: AsyncSession,
    *,
    holding_id: UUID,
    last_day: date,
    document: str | None,
    by: Principal,
    now: datetime,
) -> Holding:
    """End a term with a day that is still part of it."""
    holding = await queries.get(session, holding_id)
    unit = await organisations.unit(session, holding.unit, day=holding.effective_from)
    POLICIES.require(by, Act.APPOINT, on=unit, seen_by=Act.READ_UNITS)
    if holding.relieved_at is not None:
        raise AlreadyRelieved
    if not holding.period.holds(last_day):
        raise LastDayWrong
    holding.effective_to = last_day
    holding.relief_document = document
    holding.relieved_by, holding.relieved_at = by.subject, now
    _note(session, holding, by=by, act="relieve")
    return holding


async def carry_over(
    session: AsyncSession,
    *,
    posts: Mapping[str, str],
    unit: str,
    on: date,
    by: Principal,
    now: datetime,
) -> None:
    """The same people hold the posts that follow theirs, from a day on; each is a term anew."""
    for held in await queries.running(session, posts, on=on):
        holding = Holding(
            id=uuid7(),
            post=posts[held.post],
            unit=unit,
            person=held.person,
            name=held.name,
            public=held.public,
            effective_from=max(held.effective_from, on),
            effective_to=held.effective_to,
            document=held.document,
            appointed_by=by.subject,
            appointed_at=now,
        )
        session.add(holding)
        _note(session, holding, by=by, act="carry_over")


async def end_terms(
    session: AsyncSession, *, posts: Collection[str], on: date, by: Principal, now: datetime
) -> None:
    """The posts are no more from a day on: nobody holds them any longer.

    A term that was to begin later never does; what was appointed stays in the audit trail.
    """
    for holding in await queries.running(session, posts, on=on):
        _note(session, holding, by=by, act="post_ended")
        if holding.effective_from >= on:
            await session.delete(holding)
            continue
        holding.effective_to = on - DAY
        if holding.relieved_at is None:
            holding.relieved_by, holding.relieved_at = by.subject, now


def _note(session: AsyncSession, holding: Holding, *, by: Principal, act: str) -> None:
    last = holding.effective_to
    audit.note(
        session,
        by=by,
        act=act,
        entity="holding",
        entity_id=holding.id,
        detail={
            "post": holding.post,
            "from": holding.effective_from.isoformat(),
            "to": last.isoformat() if last else None,
        },
    )
