"""Keep the copy of the enterprises as inspections tells it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import industries
from services.tasks.chains import domain, queries
from services.tasks.chains.tables import Enterprise, Entry
from services.tasks.organisations.domain_periods import DAY


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
    """Take over the newest state of an enterprise, and keep what it was until then."""
    industry = industries.resolve(facts.industry)
    stated = asdict(facts) | {
        "sector": domain.sector_of(facts.industry),
        "high_risk": bool(industry and industry.high_risk),
        "groups": list(facts.groups),
    }
    values = stated | {"told_at": now}
    row = insert(Enterprise).values(values)
    newest = row.on_conflict_do_update(index_elements=["uscc"], set_=values)
    kept = newest.returning(Enterprise).execution_options(populate_existing=True)
    enterprise = (await session.scalars(kept)).one()
    await _keep_entry(session, stated, on=calendar.day_of(now))
    return enterprise


async def _keep_entry(session: AsyncSession, stated: Mapping[str, Any], *, on: date) -> None:
    """Close the entry that held and open the next; of several changes a day the last holds."""
    row = await queries.standing_entry(session, stated["uscc"])
    if row is None:
        session.add(Entry(**stated, effective_from=on))
        return
    if all(getattr(row, name) == value for name, value in stated.items()):
        return
    if row.effective_from >= on:
        for name, value in stated.items():
            setattr(row, name, value)
        return
    row.effective_to = on - DAY
    await session.flush()  # what ends must end before what follows it is written
    session.add(Entry(**stated, effective_from=on))
