"""Reading the report of an investigation."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.dossiers.tables import ReportPart, Signature
from services.incidents.investigations.tables import Investigation


async def versions(session: AsyncSession, case: Investigation) -> Sequence[ReportPart]:
    """Every version of every part, oldest first."""
    chosen = select(ReportPart).where(
        ReportPart.accident_id == case.accident_id, ReportPart.generation == case.generation
    )
    return (await session.scalars(chosen.order_by(ReportPart.version, ReportPart.part))).all()


async def parts(session: AsyncSession, case: Investigation) -> dict[str, ReportPart]:
    """The newest version of each part, by the part."""
    return {row.part: row for row in await versions(session, case)}


async def signatures(session: AsyncSession, case: Investigation) -> Sequence[Signature]:
    """Every signature and refusal of a generation, oldest first."""
    chosen = select(Signature).where(
        Signature.accident_id == case.accident_id, Signature.generation == case.generation
    )
    return (await session.scalars(chosen.order_by(Signature.number))).all()
