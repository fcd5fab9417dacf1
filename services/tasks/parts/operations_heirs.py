"""Hand the parts of a unit that ended to its heir, and a lead's whole obligation with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import SYSTEM
from services.tasks.evidence import operations as evidence
from services.tasks.obligations.domain import place_of
from services.tasks.parts import domain, queries
from services.tasks.parts.domain import PartRole, PartStatus
from services.tasks.parts.operations_opening import hold_anew
from services.tasks.parts.tables import Part
from services.tasks.successions import queries as successions


async def hand_over(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """From today on the heir has the parts that the unit had not done, in the foremost role.

    Called after its obligations were handed over: where the lead's was, all parts go with it.
    What was held until now stays counted to the unit that held it.
    """
    heirs = await successions.bearing(session, [unit], on=calendar.day_of(now))
    heir = heirs[unit]
    if heir == unit:
        return
    for obligation_id in await queries.shared_by(session, unit):
        parts = await queries.of(session, obligation_id, lock=True)
        _give(parts, unit=unit, heir=heir, now=now)
        for part in parts:
            part.units = list(dict.fromkeys(heir if one == unit else one for one in part.units))
        standing = await _follow(session, obligation_id, parts, heir=heir)
        await session.flush()
        await hold_anew(session, standing, parts, now=now)
        audit.note(
            session,
            by=SYSTEM,
            act="part.hand_over",
            entity="obligation",
            entity_id=standing,
            detail={"unit": unit, "heir": heir},
        )


def _give(parts: Sequence[Part], *, unit: str, heir: str, now: datetime) -> None:
    given = next(part for part in parts if part.unit == unit)
    own = next((part for part in parts if part.unit == heir), None)
    if given.status in domain.DONE:
        return
    if own is None:
        given.unit = heir
        return
    given.status, given.closed_at, given.objected_at = PartStatus.EXCUSED, now, None
    if given.role == PartRole.LEAD:
        # Somebody has to lead, and answers for the whole again whatever it had done before.
        given.role, own.role = own.role, given.role
        if own.status in domain.DONE:
            own.status, own.closed_at = PartStatus.RETURNED, None


async def _follow(
    session: AsyncSession, obligation_id: UUID, parts: Sequence[Part], *, heir: str
) -> UUID:
    """The obligation that the parts are of now: that of the lead's heir, where it has one."""
    standing = await queries.followed(session, obligation_id, heir=heir)
    if standing != obligation_id:
        region = place_of(heir)
        for part in parts:
            part.obligation_id, part.region_code = standing, region
        ids = [part.id for part in parts]
        await evidence.move_parts(session, ids, to=standing, region_code=region)
        for hold in await queries.holds(session, obligation_id):
            hold.obligation_id, hold.region_code = standing, region
    return standing
