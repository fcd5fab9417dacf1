"""Keeping the clock of one thing, and telling that it ran out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind, DeadlineMissed
from kernel import audit
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents import operations as accidents
from services.incidents.accidents.tables import Accident


def touched(
    session: AsyncSession,
    *,
    accident: Accident,
    act: str,
    entity: str,
    entity_id: UUID,
    by: Principal,
    now: datetime,
) -> None:
    """Note an act on something of an accident, which is a change of the accident."""
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=act, entity=entity, entity_id=entity_id)


def tell_missed(
    session: AsyncSession,
    *,
    accident: Accident,
    kind: DeadlineKind,
    entity_id: UUID,
    unit: str,
    due_at: datetime,
    now: datetime,
) -> None:
    """Tell that a deadline of what follows an accident passed; `unit` had to act."""
    accidents.record_change(session, accident=accident, now=now)
    publish(
        session,
        DeadlineMissed(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            kind=kind,
            entity_id=entity_id,
            unit=unit,
            due_at=due_at,
            grade=accident.current_grade,
        ),
    )
