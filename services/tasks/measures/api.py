"""The HTTP face of standings."""

from uuid import UUID

from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.measures import operations
from services.tasks.measures.schemas import StandingView
from services.tasks.obligations import queries as obligations
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FigureAct

router = rooms("/tasks/obligations", "standing")


@router.get("/{obligation_id}/standing")
@act(FigureAct.READ_FIGURES)
async def read_standing(
    obligation_id: UUID, session: Session, by: Actor, on: AsAt, now: Now
) -> StandingView:
    """How a measured obligation stands as at a day: its figure against its target."""
    row = await obligations.get(session, obligation_id)
    POLICIES.require(by, FigureAct.READ_FIGURES, on=row, seen_by=FigureAct.READ_FIGURES)
    shown = await operations.standing(session, row, on=on, now=now)
    return StandingView.of(row.id, row.duty, shown)
