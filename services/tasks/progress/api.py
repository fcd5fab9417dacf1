"""The HTTP face of progress, below the obligation it is of. Translates; decides nothing."""

from uuid import UUID

from kernel import calendar
from kernel.access import Principal
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.obligations import queries as owed
from services.tasks.obligations.tables import Obligation
from services.tasks.policies import POLICIES, Act
from services.tasks.progress import queries
from services.tasks.progress.schemas import PartView, ProgressView

router = rooms("/tasks/obligations", "obligations")


@router.get("/{obligation_id}/progress")
@act(Act.READ_OBLIGATIONS)
async def read_progress(
    obligation_id: UUID, session: Session, actor: Actor, now: Now
) -> ProgressView:
    """What counts and why other evidence does not, what is missing by when, and the pace."""
    row = await _visible(session, obligation_id, actor)
    found = await queries.progress(session, row, today=calendar.day_of(now))
    return ProgressView.of(row, found.outlook, found.pieces, found.rule)


@router.get("/{obligation_id}/holders")
@act(Act.READ_OBLIGATIONS)
async def read_parts(obligation_id: UUID, session: Session, actor: Actor) -> list[PartView]:
    """How a quota of the head in person is shared among those who held the post."""
    row = await _visible(session, obligation_id, actor)
    return [PartView.of(*part) for part in await queries.parts(session, row)]


async def _visible(session: Session, obligation_id: UUID, by: Principal) -> Obligation:
    row = await owed.get(session, obligation_id)
    POLICIES.require(by, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    return row
