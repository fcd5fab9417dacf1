"""Cards that rest on what an office stated, not on accidents: proposed, and looked at again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM, Principal
from reference.scorerows import StatedGround
from services.tasks.cards import operations_steps, queries
from services.tasks.cards.domain import GONE, OPEN, CardAction, CardStands, CardStatus
from services.tasks.cards.domain_subjects import Carded
from services.tasks.cards.tables import CardRow


async def propose(
    session: AsyncSession,
    unit: Carded,
    ground: StatedGround,
    *,
    year: int,
    by: Principal,
    now: datetime,
) -> CardRow:
    """Propose a card that no accident carries; refused where the unit has one of its sort."""
    await queries.lock(session)
    known = await queries.of_unit(session, unit.unit, kind=ground.card, year=year)
    standing = next((row for row in known if row.stands not in GONE), None)
    if standing is not None:
        raise CardStands(card_id=str(standing.id))
    row = operations_steps.proposed(
        unit, ground, accidents=[], kind=ground.card, year=year, now=now
    )
    await operations_steps.propose(session, row, by=by, now=now)
    return row


async def doubt(session: AsyncSession, *, card_id: UUID, now: datetime) -> None:
    """What was stated is no longer so: what is open is withdrawn, what is decided is reviewed."""
    row = await queries.get(session, card_id, lock=True)
    if row.stands in OPEN:
        note = "年度考核结果已更正 / the yearly assessment was corrected"
        operations_steps.end(session, row, CardAction.WITHDRAW, by=SYSTEM, now=now, note=note)
    elif row.stands is CardStatus.IN_EFFECT and row.review_since is None:
        operations_steps.flag(session, row, now=now)
