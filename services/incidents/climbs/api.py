"""The HTTP face of delegation, of taking cases up, and of listed supervision."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.climbs import operations, operations_listing, queries
from services.incidents.climbs.schemas import (
    ClimbView,
    DelegationView,
    GroundView,
    ListingView,
    NewClimb,
    NewConsent,
    NewDelegation,
    NewListing,
    Standing,
)
from services.incidents.climbs.tables import Climb, Delegation, Listing
from services.incidents.investigations import operations_cases as investigations
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/investigations", "investigations")


@router.get("/{accident_id}/standing")
@act(Act.READ_CASE)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Standing:
    """Grounds for taking the case up, what was decided on them, delegations, the list."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_CASE, on=accident, seen_by=Act.READ)
    case = await investigations.seen(session, accident=accident, now=now)
    listing = await queries.listing(session, case)
    offered = await operations.offered(session, accident, now=now)
    decided = await queries.climbs(session, accident_id)
    entrusted = await queries.delegations(session, accident_id)
    return Standing(
        grounds=[GroundView.of(one) for one in offered],
        climbs=[ClimbView.model_validate(one) for one in decided],
        delegations=[DelegationView.model_validate(one) for one in entrusted],
        supervision=ListingView.model_validate(listing) if listing else None,
    )


@router.post("/{accident_id}/delegations", status_code=201, response_model=DelegationView)
@act(Act.DECIDE)
async def delegate(
    accident_id: UUID, body: NewDelegation, session: Session, by: Actor, now: Now
) -> Delegation:
    """Entrust a department, or with a general accident that harmed nobody the enterprise."""
    return await operations.delegate(
        session,
        accident_id=accident_id,
        to=body.to,
        reason=body.reason,
        document=body.document,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/climbs", status_code=201, response_model=ClimbView)
@act(Act.RAISE)
async def decide(accident_id: UUID, body: NewClimb, session: Session, by: Actor, now: Now) -> Climb:
    """Take the case up on a ground, or leave it, with the reason."""
    return await operations.decide(
        session,
        accident_id=accident_id,
        ground=body.ground,
        taken=body.taken,
        reason=body.reason,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/supervision", status_code=201, response_model=ListingView)
@act(Act.SUPERVISE)
async def put_on_list(
    accident_id: UUID, body: NewListing, session: Session, by: Actor, now: Now
) -> Listing:
    """Put the case on the list of the level that supervises its grade."""
    return await operations_listing.put_on_list(
        session,
        accident_id=accident_id,
        notice=body.notice,
        matters=body.matters,
        notified_on=body.notified_on,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/supervision/consent", response_model=ListingView)
@act(Act.SUPERVISE)
async def consent(
    accident_id: UUID, body: NewConsent, session: Session, by: Actor, now: Now
) -> Listing:
    """Agree to the draft report of a listed case."""
    return await operations_listing.consent(
        session, accident_id=accident_id, opinion=body.opinion, by=by, now=now
    )


@router.post("/{accident_id}/supervision/lift", response_model=ListingView)
@act(Act.SUPERVISE)
async def lift(accident_id: UUID, session: Session, by: Actor, now: Now) -> Listing:
    """Take the case off the list."""
    return await operations_listing.lift(session, accident_id=accident_id, by=by, now=now)
