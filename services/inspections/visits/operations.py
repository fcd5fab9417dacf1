"""Order visits, and close them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import VisitOpened
from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.inspections.policies import POLICIES, Act
from services.inspections.visits import queries, rules
from services.inspections.visits.domain import Action, Status, VisitKind, after
from services.inspections.visits.tables import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentScene:
    """Where an accident happened, and in what field."""

    accident_id: UUID
    uscc: str | None
    region_code: str
    industry: str | None


async def open_special_visit(
    session: AsyncSession, *, scene: AccidentScene, now: datetime
) -> Visit | None:
    """Order the inspection that an accident calls for, once; also where no enterprise is known."""
    known = await queries.ordered_for(session, scene.accident_id, kind=VisitKind.SPECIAL)
    if known is not None:
        return None
    on = calendar.day_of(now)
    row = Visit(
        id=uuid7(),
        kind=VisitKind.SPECIAL,
        status=Status.OPEN,
        origin=scene.accident_id,
        uscc=scene.uscc,
        region_code=scene.region_code,
        unit=rules.visiting_unit(industry=scene.industry, region=scene.region_code, on=on),
        rule=rules.special_visit(on=on).rule,
        opened_at=now,
        due_on=rules.special_visit_due(on=on),
    )
    session.add(row)
    publish(session, _opened(row, now=now))
    return row


def _opened(row: Visit, *, now: datetime) -> VisitOpened:
    return VisitOpened(
        occurred_at=now,
        visit_id=row.id,
        uscc=row.uscc,
        region_code=row.region_code,
        unit=row.unit,
        kind=row.kind,
        origin=row.origin,
        due_on=row.due_on,
    )


async def close(
    session: AsyncSession,
    *,
    visit_id: UUID,
    action: Action,
    result: str,
    by: Principal,
    now: datetime,
) -> Visit:
    """Complete a visit with its result, or cancel it with the reason."""
    allowed = {Action.COMPLETE: Act.COMPLETE_VISIT, Action.CANCEL: Act.CANCEL_VISIT}[action]
    row = await queries.get(session, visit_id, lock=True)
    POLICIES.require(by, allowed, on=row, seen_by=Act.READ_VISITS)
    row.status = after(Status(row.status), action)
    row.result, row.closed_at = result, now
    audit.note(session, by=by, act=allowed, entity="visit", entity_id=row.id)
    return row
