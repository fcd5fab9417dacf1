"""Keeping the names of enterprises; the newest word holds."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import EnterpriseRegistered
from services.incidents.enterprises.tables import KnownEnterprise


async def record(session: AsyncSession, *, told: EnterpriseRegistered) -> None:
    """Remember what an enterprise is called and where it lies."""
    facts = {"name": told.name, "region_code": told.region_code}
    row = insert(KnownEnterprise).values(enterprise_uscc=told.uscc, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["enterprise_uscc"], set_=facts))
