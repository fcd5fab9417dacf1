"""What this service does when others tell of units and enterprises: it keeps its directory."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import EnterpriseRegistered
from contracts.tasks import UnitEnded, UnitRecorded
from kernel.inbox import on
from services.notifications.directory import operations as directory


async def record_unit_on_unit_recorded(session: AsyncSession, event: UnitRecorded) -> None:
    """Keep the directory."""
    await directory.record_unit(session, told=event)


async def record_heir_on_unit_ended(session: AsyncSession, event: UnitEnded) -> None:
    """Whoever would call a unit that is no more calls its heir."""
    await directory.record_end(session, told=event)


async def record_name_on_enterprise_registered(
    session: AsyncSession, event: EnterpriseRegistered
) -> None:
    """Remember what the enterprise is called."""
    await directory.record_enterprise(session, told=event)


DIRECTORY = (
    on(UnitRecorded, record_unit_on_unit_recorded),
    on(UnitEnded, record_heir_on_unit_ended),
    on(EnterpriseRegistered, record_name_on_enterprise_registered),
)
