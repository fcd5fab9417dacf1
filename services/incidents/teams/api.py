"""The HTTP face of teams and recusals."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.access import Principal
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.teams import operations, queries
from services.incidents.teams.domain import MemberAction, RecusalAction
from services.incidents.teams.schemas import (
    Decision,
    MemberView,
    NewMember,
    NewRecusal,
    RecusalView,
    TeamView,
)
from services.incidents.teams.tables import Member, Recusal

router = rooms("/incidents/teams", "teams")


def shown(member: Member, by: Principal) -> MemberView:
    """A place on a team as the actor sees it."""
    view = MemberView.model_validate(member)
    return view.model_copy(update={"mine": member.account == by.subject})


@router.get("/members", response_model=Page[MemberView], responses=exports.RESPONSES)
@act(Act.READ_TEAM)
async def list_members(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.MEMBERS.asked)],
) -> Any:
    """Members of teams in the actor's area; as CSV or XLSX by `Accept`."""
    return await exports.answer(
        request,
        session,
        queries.reached_by(by),
        asked,
        view=MemberView,
        shown=lambda member: shown(member, by),
    )


@router.get("/{accident_id}")
@act(Act.READ_TEAM)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> TeamView:
    """The team of an accident, and which organs it lacks by the law of today."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_TEAM, on=accident, seen_by=Act.READ)
    members = await queries.of_accident(session, accident_id)
    asked = await queries.recusals(session, accident_id)
    return TeamView(
        accident_id=accident_id,
        composition=await operations.composition(session, accident=accident, now=now),
        members=[shown(member, by) for member in members],
        recusals=[RecusalView.model_validate(one) for one in asked],
    )


@router.post("/members", status_code=201)
@act(Act.NAME_TEAM)
async def name_member(body: NewMember, session: Session, by: Actor, now: Now) -> MemberView:
    """Put somebody on the team, or ask them to come."""
    return shown(await operations.name_member(session, new=body, by=by, now=now), by)


@router.post("/members/{member_id}/join")
@act(Act.NAME_TEAM)
async def join(member_id: UUID, session: Session, by: Actor, now: Now) -> MemberView:
    """Note that somebody who was asked has come."""
    member = await operations.join(
        session, member_id=member_id, action=MemberAction.JOIN, by=by, now=now
    )
    return shown(member, by)


@router.post("/members/{member_id}/release")
@act(Act.NAME_TEAM)
async def release(member_id: UUID, session: Session, by: Actor, now: Now) -> MemberView:
    """Note that somebody leaves the team."""
    member = await operations.join(
        session, member_id=member_id, action=MemberAction.RELEASE, by=by, now=now
    )
    return shown(member, by)


@router.post("/recusals", status_code=201, response_model=RecusalView)
@act(Act.RECUSE)
async def ask_recusal(body: NewRecusal, session: Session, by: Actor, now: Now) -> Recusal:
    """Declare one's own relation to the enterprise, or ask that another stand aside."""
    return await operations.ask_recusal(session, new=body, by=by, now=now)


@router.post("/recusals/{recusal_id}/uphold", response_model=RecusalView)
@act(Act.DECIDE_RECUSAL)
async def uphold(
    recusal_id: UUID, body: Decision, session: Session, by: Actor, now: Now
) -> Recusal:
    """Let a member stand aside, from now on."""
    return await operations.decide_recusal(
        session,
        recusal_id=recusal_id,
        action=RecusalAction.UPHOLD,
        reason=body.reason,
        by=by,
        now=now,
    )


@router.post("/recusals/{recusal_id}/dismiss", response_model=RecusalView)
@act(Act.DECIDE_RECUSAL)
async def dismiss(
    recusal_id: UUID, body: Decision, session: Session, by: Actor, now: Now
) -> Recusal:
    """Keep a member on the team."""
    return await operations.decide_recusal(
        session,
        recusal_id=recusal_id,
        action=RecusalAction.DISMISS,
        reason=body.reason,
        by=by,
        now=now,
    )
