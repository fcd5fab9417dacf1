"""The HTTP face of tolls."""

from collections.abc import Sequence
from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.tolls import operations, queries
from services.incidents.tolls.schemas import NewReason, TollChangeView
from services.incidents.tolls.tables import TollChange

router = rooms("/incidents/tolls", "tolls")


@router.get("/{accident_id}", response_model=list[TollChangeView])
@act(Act.READ)
async def changes(accident_id: UUID, session: Session, by: Actor) -> Sequence[TollChange]:
    """Every change of an accident's counts, with both versions, oldest first."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    return await queries.of_accident(session, accident_id)


@router.post("/{report_id}/reason", response_model=TollChangeView)
@act(Act.REPORT)
async def give_reason(
    report_id: UUID, body: NewReason, session: Session, by: Actor, now: Now
) -> TollChange:
    """Say why the figures that a report states are lower than before."""
    return await operations.give_reason(
        session, report_id=report_id, reason=body.reason, by=by, now=now
    )
