"""Adding the enterprise to an accident that was reported without one."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_enterprises import AccidentIdentified
from kernel import audit
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base
from services.incidents.identifications.domain import EnterpriseKnown, GoesOnElsewhere
from services.incidents.identifications.schemas import NewIdentification
from services.incidents.identifications.tables import Identification
from services.incidents.policies import POLICIES, Act
from services.incidents.reports.operations import toll

# What has an enterprise of its own - who drafts, who is suspected, to whom a recommendation
# goes - or none, and what follows the accident by the fact.
OWN = frozenset(
    {
        *("draft", "lead", "likeness", "public_report", "recommendation", "share"),
        *("counted_accident", "counted_case", "map_point", "search_text"),
    }
)


async def identify(
    session: AsyncSession,
    *,
    accident_id: UUID,
    new: NewIdentification,
    by: Principal,
    now: datetime,
) -> Accident:
    """Say whose an accident is that came without a credit code; said again, nothing changes."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.IDENTIFY, on=accident, seen_by=Act.READ)
    if accident.merged_into is not None:
        raise GoesOnElsewhere(into_id=str(accident.merged_into))
    if accident.enterprise_uscc == new.enterprise_uscc:
        return accident
    if accident.enterprise_uscc is not None:
        raise EnterpriseKnown(enterprise_uscc=accident.enterprise_uscc)
    await _identify(session, accident, new, by=by, now=now)
    return accident


async def inherit(
    session: AsyncSession,
    *,
    kept: Accident,
    gone: Accident,
    why: str,
    by: Principal,
    now: datetime,
) -> None:
    """An accident that goes on without a code has that of the one which is merged into it."""
    if kept.enterprise_uscc is None and gone.enterprise_uscc is not None:
        new = NewIdentification(enterprise_uscc=gone.enterprise_uscc, why=why)
        await _identify(session, kept, new, by=by, now=now)


async def _identify(
    session: AsyncSession,
    accident: Accident,
    new: NewIdentification,
    *,
    by: Principal,
    now: datetime,
) -> None:
    await _hand_to(session, accident, new.enterprise_uscc)
    session.add(_kept(accident, new, by=by, now=now))
    publish(session, _told(accident, new.enterprise_uscc, now=now))
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.IDENTIFY, entity=accidents.ENTITY, entity_id=accident.id)


async def _hand_to(session: AsyncSession, accident: Accident, uscc: str) -> None:
    """Let the enterprise read what it may read of its own; what is hidden from it stays hidden."""
    for table in _kept_of_accidents():
        unowned = (table.c.accident_id == accident.id, table.c.enterprise_uscc.is_(None))
        await session.execute(update(table).where(*unowned).values(enterprise_uscc=uscc))
    accident.enterprise_uscc = uscc


def _kept_of_accidents() -> Iterator[Table]:
    """What stands with the accident; evidence that nobody may change is not the enterprise's."""
    for table in Base.metadata.sorted_tables:
        movable = table.info.get("movable", ())
        frozen = table.info.get("append_only") and "enterprise_uscc" not in movable
        owned = {"accident_id", "enterprise_uscc"} <= set(table.c.keys())
        if owned and not frozen and table.name not in OWN:
            yield table


def _kept(
    accident: Accident, new: NewIdentification, *, by: Principal, now: datetime
) -> Identification:
    return Identification.new(
        region_code=accident.region_code,
        enterprise_uscc=new.enterprise_uscc,
        accident_id=accident.id,
        enterprise_name=accident.enterprise_name,
        why=new.why,
        identified_at=now,
        identified_by=by.subject,
        unit=by.unit,
    )


def _told(accident: Accident, uscc: str, *, now: datetime) -> AccidentIdentified:
    return AccidentIdentified(
        occurred_at=now,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=uscc,
        happened_at=accident.occurred_at,
        industry=accident.industry,
        grade=accident.current_grade,
        toll=toll(accident.figures),
    )
