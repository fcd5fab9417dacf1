"""The HTTP face of decisions on leads. Translates; decides nothing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request

from contracts.identifiers import RegionCode
from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from reference import chains
from services.tasks.decisions import domain, operations, queries, rules
from services.tasks.decisions.schemas import (
    DecisionView,
    NewDecision,
    Proposals,
    Revocation,
    worded,
)
from services.tasks.decisions.tables import ChainDecision
from services.tasks.policies import Act

router = rooms("/tasks/chains", "decisions")


@router.get("/proposals")
@act(Act.READ_CHAINS)
async def propose(
    session: Session,
    name: Annotated[str, Query(min_length=1, max_length=100, description="What it is called")],
    region: Annotated[RegionCode, Query(description="Where it is done")],
    on: AsAt,
    about: Annotated[str, Query(max_length=1000, description="What it does")] = "",
) -> Proposals:
    """Which fields a new kind of business is like, with scores and reasons; decides nothing."""
    found = await operations.likenesses(session, name=name, about=about, on=on)
    proposals = []
    for one in found:
        field = domain.field(one.known.field, on=on)
        leads = chains.standing(field.lead, region, on=on)
        proposals.append(worded(one, field=field, leads=list(leads)))
    best = rules.nearest(found)
    return Proposals(
        name=name,
        region_code=region,
        proposed=best.known.field if best else None,
        proposals=proposals,
    )


@router.post("/decisions", status_code=201, response_model=DecisionView)
@act(Act.DECIDE_LEAD)
async def decide(body: NewDecision, session: Session, by: Actor, now: Now) -> ChainDecision:
    """Settle who leads a kind of business in a place from a day on."""
    return await operations.decide(session, stated=body, by=by, now=now)


@router.get("/decisions", response_model=Page[DecisionView], responses=exports.RESPONSES)
@act(Act.READ_CHAINS)
async def list_decisions(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.DECISIONS.asked)],
    on: AsAt,
) -> Any:
    """The decisions that hold on a day; as CSV or XLSX by `Accept`."""
    found = queries.at(on)
    return await exports.answer(request, session, found, asked, view=DecisionView)


@router.post("/decisions/{decision_id}/revocation", response_model=DecisionView)
@act(Act.DECIDE_LEAD)
async def revoke(
    decision_id: UUID, body: Revocation, session: Session, by: Actor, now: Now
) -> ChainDecision:
    """End a decision; what it settled while it held stays readable."""
    return await operations.revoke(
        session,
        decision_id=decision_id,
        last_day=body.last_day,
        reason=body.reason,
        by=by,
        now=now,
    )
