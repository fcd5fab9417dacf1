"""Remembering who opened what, in the transaction of the reading itself."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.readers.domain import Part
from services.incidents.readers.tables import Reading

_KEY = ("accident_id", "read_on", "subject", "part")


async def remember(
    session: AsyncSession, *, accident: Accident, part: Part, by: Principal, now: datetime
) -> None:
    """Count one reading by a person. What systems read is in their own trail, not here."""
    if by.client or by.is_system:
        return
    row = insert(Reading).values(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        read_on=calendar.day_of(now),
        subject=by.subject,
        part=str(part),
        unit=by.unit,
        post=by.post,
        first_at=now,
        last_at=now,
        times=1,
    )
    again = {
        "last_at": row.excluded.last_at,
        "unit": row.excluded.unit,
        "post": row.excluded.post,
        "times": Reading.times + 1,
    }
    await session.execute(row.on_conflict_do_update(index_elements=_KEY, set_=again))
