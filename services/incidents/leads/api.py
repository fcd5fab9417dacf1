"""The HTTP face of leads."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.access import NotFound
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.incidents.leads import operations, operations_intake, queries, rules
from services.incidents.leads.schemas import (
    Candidate,
    Confirmation,
    LeadFollowed,
    LeadStory,
    LeadView,
    Linking,
    NewLead,
    Remark,
)
from services.incidents.leads.tables import Lead
from services.incidents.policies import POLICIES, Act
from services.incidents.reports.schemas_checks import refuse_future

router = rooms("/incidents/leads", "leads")


@router.post("", status_code=201, response_model=LeadFollowed)
@act(Act.LEAD)
@keyed_by("lead_id")
async def take_in(body: NewLead, session: Session, by: Actor, now: Now) -> Lead:
    """Hand in a sign of an accident that may not have been reported.

    Sent again with the same `lead_id` it has one effect and the very same answer.
    """
    refuse_future({"occurred_at": body.occurred_at}, now=now)
    return await operations_intake.take_in(session, stated=body, by=by, now=now)


@router.get("", response_model=Page[LeadView], responses=exports.RESPONSES)
@act(Act.READ_LEADS)
async def list_leads(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.LEADS.asked)],
) -> Any:
    """The leads of the actor's area, newest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=LeadView)


@router.get("/{lead_id}")
@act(Act.READ_LEADS)
async def read(lead_id: UUID, session: Session, by: Actor) -> LeadStory:
    """One lead with every step that was taken."""
    lead = await _readable(session, lead_id, by)
    return LeadStory.of(lead, list(await queries.entries(session, lead_id)))


@router.get("/{lead_id}/status", response_model=LeadFollowed)
@act(Act.FOLLOW_LEAD)
async def follow(lead_id: UUID, session: Session, by: Actor) -> Lead:
    """Where a lead stands, for whoever handed it in."""
    lead = await queries.get(session, lead_id)
    POLICIES.require(by, Act.FOLLOW_LEAD, on=lead, seen_by=Act.FOLLOW_LEAD)
    if lead.submitted_by != by.subject:
        raise NotFound
    return lead


@router.get("/{lead_id}/candidates")
@act(Act.READ_LEADS)
async def candidates(lead_id: UUID, session: Session, by: Actor) -> Sequence[Candidate]:
    """The reported accidents that the lead may be about, best first, with the reasons."""
    lead = await _readable(session, lead_id, by)
    sign = queries.sighting(lead)
    found = []
    for accident in await queries.near(session, sign):
        match = rules.score(sign, queries.sighting(accident))
        unreported = rules.unreported_deaths(alleged=lead.deaths_alleged, counted=accident.figures)
        if match.possible:
            found.append(Candidate.of(accident.id, match, unreported=unreported))
    return sorted(found, key=lambda one: one.score, reverse=True)


async def _readable(session: Session, lead_id: UUID, by: Actor) -> Lead:
    lead = await queries.get(session, lead_id)
    POLICIES.require(by, Act.READ_LEADS, on=lead, seen_by=Act.READ_LEADS)
    return lead


@router.post("/{lead_id}/match", response_model=LeadView)
@act(Act.CHECK_LEAD)
async def link(lead_id: UUID, body: Linking, session: Session, by: Actor, now: Now) -> Lead:
    """Say which reported accident the lead is about: no check is owed any more."""
    return await operations.link(
        session, lead_id=lead_id, accident_id=body.accident_id, note=body.note, by=by, now=now
    )


@router.post("/{lead_id}/check", response_model=LeadView)
@act(Act.CHECK_LEAD)
async def doubt(lead_id: UUID, body: Remark, session: Session, by: Actor, now: Now) -> Lead:
    """Doubt the match: the lead is checked."""
    return await operations.doubt(session, lead_id=lead_id, note=body.note, by=by, now=now)


@router.post("/{lead_id}/first-check", response_model=LeadView)
@act(Act.CHECK_LEAD)
async def report_first_check(
    lead_id: UUID, body: Remark, session: Session, by: Actor, now: Now
) -> Lead:
    """Record what the first check found."""
    return await operations.report_first_check(
        session, lead_id=lead_id, note=body.note, by=by, now=now
    )


@router.post("/{lead_id}/confirm", response_model=LeadView)
@act(Act.CHECK_LEAD)
async def confirm(lead_id: UUID, body: Confirmation, session: Session, by: Actor, now: Now) -> Lead:
    """Find that the accident was concealed. It was reported before, or a desk reports it first.

    It takes a post that judges findings; a desk that checks leads states a suspicion.
    """
    return await operations.confirm(
        session,
        lead_id=lead_id,
        accident_id=body.accident_id,
        status=body.finding_status,
        evidence=body.evidence,
        by=by,
        now=now,
    )


@router.post("/{lead_id}/dismiss", response_model=LeadView)
@act(Act.CHECK_LEAD)
async def dismiss(lead_id: UUID, body: Remark, session: Session, by: Actor, now: Now) -> Lead:
    """Find that nothing was concealed, with the reason."""
    return await operations.dismiss(session, lead_id=lead_id, note=body.note, by=by, now=now)
