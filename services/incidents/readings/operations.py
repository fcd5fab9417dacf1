"""Stamping that a desk has read of an accident."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from kernel.access import Principal
from services.incidents.readings.tables import DeskReading


class Read(Protocol):
    """The accident that was opened."""

    @property
    def id(self) -> UUID: ...
    @property
    def region_code(self) -> str: ...
    @property
    def enterprise_uscc(self) -> str | None: ...


async def stamp(session: AsyncSession, *, accident: Read, by: Principal, now: datetime) -> None:
    """Keep a desk's first reading; later ones, and those of others, leave no stamp here."""
    if by.unit is None or Role.DUTY_DESK not in by.roles:
        return
    row = insert(DeskReading).values(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        unit=by.unit,
        read_at=now,
        read_by=by.subject,
    )
    await session.execute(row.on_conflict_do_nothing())
