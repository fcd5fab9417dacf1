"""Keep the copy of the enterprises as inspections tells it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from reference import industries
from services.tasks.chains import domain
from services.tasks.chains.tables import Enterprise


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseFacts:
    """An enterprise as the registry tells it."""

    uscc: str
    name: str
    region_code: str
    industry: str
    risk_class: str | None
    groups: tuple[str, ...] = ()


async def keep_enterprise(
    session: AsyncSession, *, facts: EnterpriseFacts, now: datetime
) -> Enterprise:
    """Take over the newest state of an enterprise."""
    industry = industries.resolve(facts.industry)
    values = asdict(facts) | {
        "sector": domain.sector_of(facts.industry),
        "high_risk": bool(industry and industry.high_risk),
        "groups": list(facts.groups),
        "told_at": now,
    }
    row = insert(Enterprise).values(values)
    newest = row.on_conflict_do_update(index_elements=["uscc"], set_=values)
    kept = newest.returning(Enterprise).execution_options(populate_existing=True)
    return (await session.scalars(kept)).one()
