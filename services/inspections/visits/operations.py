"""Order visits, and close them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import VisitOpened
from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import orders
from services.inspections.leads import queries as leads
from services.inspections.leads import rules as lead_rules
from services.inspections.policies import POLICIES, Act
from services.inspections.registry import queries as registry
from services.inspections.visits import queries, rules
from services.inspections.visits.domain import (
    ANNOUNCED,
    Action,
    Status,
    VisitKind,
    VisitSource,
    after,
)
from services.inspections.visits.tables import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentScene:
    """Where an accident happened, and in what field."""

    accident_id: UUID
    uscc: str | None
    region_code: str
    industry: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineClue:
    """A danger that a hotline order speaks of: where, about what, and at whose place if known."""

    order_id: UUID
    uscc: str | None
    region_code: str
    matter: str
    lon: float | None = None
    lat: float | None = None


async def open_special_visit(
    session: AsyncSession, *, scene: AccidentScene, now: datetime
) -> Visit | None:
    """Order the inspection that an accident calls for, once; also where no enterprise is known."""
    on = calendar.day_of(now)
    field = _Field(industry=scene.industry, sector=rules.sector_of(scene.industry))
    visit = Visit(
        kind=VisitKind.SPECIAL,
        source=VisitSource.ACCIDENT,
        origin=scene.accident_id,
        uscc=scene.uscc,
        region_code=scene.region_code,
        unit=await _unit(session, field, region=scene.region_code, on=on),
        rule=rules.special_visit(on=on).rule,
        due_on=rules.special_visit_due(on=on),
    )
    return await _open(session, visit, now=now)


async def name_special_visit(session: AsyncSession, *, accident_id: UUID, uscc: str) -> None:
    """Say whose the scene is of the inspection that an accident called for, still open or not."""
    visit = await queries.ordered_for(session, accident_id, kind=VisitKind.SPECIAL)
    if visit is not None:
        visit.uscc = uscc
        visit.shown_to = uscc if VisitKind.SPECIAL in ANNOUNCED else None


async def open_clue_visit(
    session: AsyncSession, *, clue: HotlineClue, now: datetime
) -> Visit | None:
    """Order that a danger is looked into which an order speaks of, once; never who called.

    The field is that of the enterprise where one is registered, else that of the matter.
    """
    on = calendar.day_of(now)
    visit = Visit(
        kind=VisitKind.CLUE,
        source=VisitSource.HOTLINE,
        origin=clue.order_id,
        uscc=clue.uscc,
        region_code=clue.region_code,
        matter=clue.matter,
        lon=clue.lon,
        lat=clue.lat,
        unit=await _unit(
            session, await _field(session, clue, on=on), region=clue.region_code, on=on
        ),
        rule=rules.clue_visit(on=on).rule,
        due_on=rules.clue_visit_due(on=on),
    )
    return await _open(session, visit, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What field a visit is of: by the kind of business where that is known."""

    industry: str | None = None
    sector: str | None = None


async def _field(session: AsyncSession, clue: HotlineClue, *, on: date) -> _Field:
    known = await registry.known(session, clue.uscc) if clue.uscc else None
    if known is not None:
        return _Field(industry=known.industry, sector=known.sector)
    matter = orders.matter(clue.matter, on=on)
    return _Field(sector=matter.sector if matter else None)


async def _unit(session: AsyncSession, field: _Field, *, region: str, on: date) -> str:
    """Who leads on the day; of a unit that has ended by then, who goes on with its work."""
    decided = None
    if field.industry is not None:
        decided = await leads.decided(session, field.industry, region=region, on=on)
    unit = rules.visiting_unit(sector=field.sector, region=region, on=on, decided=decided)
    return lead_rules.answers(unit, heirs=await leads.heirs(session, on=on))


async def _open(session: AsyncSession, row: Visit, *, now: datetime) -> Visit | None:
    kind = VisitKind(row.kind)
    if await queries.ordered_for(session, row.origin, kind=kind) is not None:
        return None
    row.id, row.status, row.opened_at = uuid7(), Status.OPEN, now
    row.shown_to = row.uscc if kind in ANNOUNCED else None
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
