"""Naming a team, letting people in and out, and deciding who stands aside."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import MemberStoodAside
from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.periods.operations import touched
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below
from services.incidents.teams import domain, queries
from services.incidents.teams.domain import (
    ON_TEAM,
    AlreadyOnTeam,
    MemberAction,
    MemberRecused,
    MemberStatus,
    NotOnTeam,
    NotTheLead,
    NotYoursToDeclare,
    OwnRecusal,
    Part,
    RecusalAction,
    RecusalStatus,
    TeamIncomplete,
)
from services.incidents.teams.schemas import Composition, NewMember, NewRecusal
from services.incidents.teams.tables import Member, Recusal


async def name_member(
    session: AsyncSession, *, new: NewMember, by: Principal, now: datetime
) -> Member:
    """Put somebody on the team. Who stood aside once is not named again."""
    accident = await accidents.get(session, new.accident_id, lock=True)
    POLICIES.require(by, Act.NAME_TEAM, on=accident, seen_by=Act.READ)
    refuse_below(by, Act.NAME_TEAM, unit=accident.investigating_unit)
    await _refuse_twice(session, new)
    member = Member(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        account=new.account,
        name=new.name,
        organ=str(new.organ),
        unit=new.unit,
        part=str(new.part),
        status=str(MemberStatus.INVITED if new.invited else MemberStatus.ACTIVE),
        named_at=now,
        named_by=by.subject,
        joined_at=None if new.invited else now,
    )
    session.add(member)
    _touched(session, accident, member.id, Act.NAME_TEAM, by, now)
    return member


async def _refuse_twice(session: AsyncSession, new: NewMember) -> None:
    for member in await queries.of_accident(session, new.accident_id):
        same = new.account is not None and member.account == new.account
        if same and member.stands is MemberStatus.RECUSED:
            raise MemberRecused
        rivals = member.part == Part.LEAD and new.part is Part.LEAD
        if member.stands in ON_TEAM and (same or rivals):
            raise AlreadyOnTeam


async def join(
    session: AsyncSession, *, member_id: UUID, action: MemberAction, by: Principal, now: datetime
) -> Member:
    """Note that somebody who was asked has come, or that somebody leaves the team."""
    member = await queries.get(session, member_id)
    accident = await accidents.get(session, member.accident_id, lock=True)
    POLICIES.require(by, Act.NAME_TEAM, on=member, seen_by=Act.READ_TEAM)
    refuse_below(by, Act.NAME_TEAM, unit=accident.investigating_unit)
    await session.refresh(member)
    _move(member, action, now)
    _touched(session, accident, member.id, Act.NAME_TEAM, by, now)
    return member


def _move(member: Member, action: MemberAction, now: datetime) -> None:
    member.status = str(domain.after(member.stands, action))
    if action is MemberAction.JOIN:
        member.joined_at = now
    else:
        member.left_at = now


async def ask_recusal(
    session: AsyncSession, *, new: NewRecusal, by: Principal, now: datetime
) -> Recusal:
    """State that a member stands too near (Decree 493, 23); the member works on until decided."""
    member = await queries.get(session, new.member_id)
    accident = await accidents.get(session, member.accident_id, lock=True)
    POLICIES.require(by, Act.RECUSE, on=member, seen_by=Act.READ_TEAM)
    await session.refresh(member)
    domain.after(member.stands, MemberAction.RECUSE)
    if new.declared and member.account != by.subject:
        raise NotYoursToDeclare
    recusal = Recusal(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        member_id=member.id,
        relation=str(new.relation),
        ground=new.ground,
        declared=new.declared,
        status=str(RecusalStatus.ASKED),
        asked_at=now,
        asked_by=by.subject,
    )
    session.add(recusal)
    _touched(session, accident, recusal.id, Act.RECUSE, by, now, entity="recusal")
    return recusal


async def decide_recusal(
    session: AsyncSession,
    *,
    recusal_id: UUID,
    action: RecusalAction,
    reason: str,
    by: Principal,
    now: datetime,
) -> Recusal:
    """Decide whether a member stands aside; upheld, it takes effect at once."""
    recusal = await queries.recusal(session, recusal_id)
    accident = await accidents.get(session, recusal.accident_id, lock=True)
    POLICIES.require(by, Act.DECIDE_RECUSAL, on=recusal, seen_by=Act.READ_TEAM)
    refuse_below(by, Act.DECIDE_RECUSAL, unit=accident.investigating_unit)
    member = await queries.get(session, recusal.member_id)
    await session.refresh(recusal)
    await session.refresh(member)
    if by.subject in {member.account, recusal.asked_by}:
        raise OwnRecusal
    recusal.status = str(domain.decided(recusal.stands, action))
    recusal.decided_at, recusal.decided_by, recusal.reason = now, by.subject, reason
    if recusal.stands is RecusalStatus.UPHELD and member.stands in ON_TEAM:
        _move(member, MemberAction.RECUSE, now)
        await _tell_aside(session, accident, member, now=now)
    _touched(session, accident, recusal.id, Act.DECIDE_RECUSAL, by, now, entity="recusal")
    return recusal


async def _tell_aside(
    session: AsyncSession, accident: Accident, member: Member, *, now: datetime
) -> None:
    """The holder hears it; a report handed in before is not undone, but theirs to weigh."""
    await session.flush()
    team = await composition(session, accident=accident, now=now)
    publish(
        session,
        MemberStoodAside(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            member_id=member.id,
            organ=member.organ,
            unit=accident.investigating_unit,
            grade=accident.current_grade,
            lead=team.lead,
            missing=tuple(row.organ for row in team.missing),
        ),
    )


async def composition(session: AsyncSession, *, accident: Accident, now: datetime) -> Composition:
    """What the team of an accident lacks by the law of the day."""
    members = await queries.of_accident(session, accident.id)
    return Composition.of(members, regime=accident.under, on=calendar.day_of(now))


async def refuse_incomplete(session: AsyncSession, *, accident: Accident, now: datetime) -> None:
    """Refuse a team without a lead, or without an organ that the law names (Decree 493, 22)."""
    team = await composition(session, accident=accident, now=now)
    if team.complete:
        return
    zh = [] if team.lead else ["组长"]
    en = [] if team.lead else ["a lead"]
    raise TeamIncomplete(
        f"调查组缺少：{'、'.join(zh + [row.zh for row in team.missing])}",
        f"The team lacks: {', '.join(en + [row.en for row in team.missing])}.",
        lead=team.lead,
        missing=[row.organ for row in team.missing],
    )


async def acting(session: AsyncSession, *, accident: Accident, by: Principal) -> Member:
    """The member who acts in an investigation, or a refusal.

    The caller holds the accident's lock, so that a recusal cannot overtake the act.
    """
    POLICIES.require(by, Act.WORK_ON_TEAM, on=accident, seen_by=Act.READ)
    for place in await refuse_recused(session, accident_id=accident.id, by=by):
        if place.stands is MemberStatus.ACTIVE:
            return place
    raise NotOnTeam


async def refuse_recused(
    session: AsyncSession, *, accident_id: UUID, by: Principal
) -> Sequence[Member]:
    """The places that the actor has or had on the team, unless one was left by recusal."""
    places = await queries.with_account(session, accident_id, by.subject)
    if any(place.stands is MemberStatus.RECUSED for place in places):
        raise MemberRecused
    return places


async def leading(session: AsyncSession, *, accident: Accident, by: Principal) -> Member:
    """The lead of the team who acts, or a refusal."""
    member = await acting(session, accident=accident, by=by)
    if member.part != Part.LEAD:
        raise NotTheLead
    return member


def _touched(
    session: AsyncSession,
    accident: Accident,
    entity_id: UUID,
    act: Act,
    by: Principal,
    now: datetime,
    *,
    entity: str = "team_member",
) -> None:
    touched(session, accident=accident, act=act, entity=entity, entity_id=entity_id, by=by, now=now)
