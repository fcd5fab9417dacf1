"""The HTTP face of qualifications."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.qualifications import operations, queries
from services.incidents.qualifications.domain import QualificationAction
from services.incidents.qualifications.operations import Decision
from services.incidents.qualifications.schemas import (
    QualificationView,
    Qualifying,
    StrikeOffDecision,
    StrikeOffRequest,
)

router = rooms("/incidents/qualifications", "qualifications")


@router.get("/{accident_id}")
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor) -> QualificationView:
    """What an accident counts as, with every decision."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    return await _shown(session, accident_id)


async def _shown(session: Session, accident_id: UUID) -> QualificationView:
    return QualificationView.of(accident_id, await queries.versions(session, accident_id))


@router.post("/{accident_id}/qualify")
@act(Act.QUALIFY)
async def qualify(
    accident_id: UUID, body: Qualifying, session: Session, by: Actor, now: Now
) -> QualificationView:
    """Find that it is a production-safety accident."""
    decision = Decision(
        action=QualificationAction.QUALIFY, opinion=body.opinion, document=body.document
    )
    await operations.qualify(session, accident_id=accident_id, decision=decision, by=by, now=now)
    return await _shown(session, accident_id)


@router.post("/{accident_id}/ask-strike-off")
@act(Act.QUALIFY)
async def ask_strike_off(
    accident_id: UUID, body: StrikeOffRequest, session: Session, by: Actor, now: Now
) -> QualificationView:
    """Ask that it be struck off the statistics, with the opinion of the investigation."""
    decision = Decision(
        action=QualificationAction.ASK_STRIKE_OFF,
        opinion=body.opinion,
        document=body.document,
        cause=body.cause,
    )
    await operations.qualify(session, accident_id=accident_id, decision=decision, by=by, now=now)
    return await _shown(session, accident_id)


@router.post("/{accident_id}/strike-off")
@act(Act.STRIKE_OFF)
async def strike_off(
    accident_id: UUID, body: StrikeOffDecision, session: Session, by: Actor, now: Now
) -> QualificationView:
    """Record that the committee office above struck it off."""
    decision = Decision(action=QualificationAction.STRIKE_OFF, **body.model_dump())
    await operations.decide_strike_off(
        session, accident_id=accident_id, decision=decision, by=by, now=now
    )
    return await _shown(session, accident_id)


@router.post("/{accident_id}/refuse-strike-off")
@act(Act.STRIKE_OFF)
async def refuse_strike_off(
    accident_id: UUID, body: StrikeOffDecision, session: Session, by: Actor, now: Now
) -> QualificationView:
    """Record that the committee office above refused to strike it off."""
    decision = Decision(action=QualificationAction.REFUSE_STRIKE_OFF, **body.model_dump())
    await operations.decide_strike_off(
        session, accident_id=accident_id, decision=decision, by=by, now=now
    )
    return await _shown(session, accident_id)
