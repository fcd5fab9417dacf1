"""What inspections does when the others speak."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentRegraded, AccidentReported
from contracts.incidents_enterprises import AccidentIdentified
from contracts.tasks import ChainDecided, UnitEnded
from contracts.tasks_orders import OrderHazardTold
from kernel.inbox import on
from services.inspections.leads import operations as leads
from services.inspections.registry import operations as registry
from services.inspections.visits import operations as visits
from services.inspections.visits.operations import AccidentScene, HotlineClue


async def flag_enterprise_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """An enterprise with an accident is under special attention."""
    if event.enterprise_uscc is None:
        return
    await registry.flag(
        session,
        uscc=event.enterprise_uscc,
        accident_id=event.accident_id,
        grade=event.grade,
        region=event.region_code,
        now=event.occurred_at,
    )


async def open_special_visit_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """Somebody inspects where an accident happened."""
    scene = AccidentScene(
        accident_id=event.accident_id,
        uscc=event.enterprise_uscc,
        region_code=event.region_code,
        industry=event.industry,
    )
    await visits.open_special_visit(session, scene=scene, now=event.occurred_at)


async def flag_enterprise_on_accident_identified(
    session: AsyncSession, event: AccidentIdentified
) -> None:
    """It is known now whose the accident was: that enterprise is under special attention."""
    await registry.flag(
        session,
        uscc=event.enterprise_uscc,
        accident_id=event.accident_id,
        grade=event.grade,
        region=event.region_code,
        now=event.occurred_at,
    )
    await visits.name_special_visit(
        session, accident_id=event.accident_id, uscc=event.enterprise_uscc
    )


async def regrade_flag_on_accident_regraded(session: AsyncSession, event: AccidentRegraded) -> None:
    """A graver accident is a graver flag."""
    await registry.regrade_flag(
        session, accident_id=event.accident_id, grade=event.grade, now=event.occurred_at
    )


async def open_clue_visit_on_order_hazard_told(
    session: AsyncSession, event: OrderHazardTold
) -> None:
    """Somebody looks into a danger that a caller spoke of; who called is not known here."""
    clue = HotlineClue(
        order_id=event.order_id,
        uscc=event.enterprise_uscc,
        region_code=event.region_code,
        matter=event.matter,
        lon=event.lon,
        lat=event.lat,
    )
    await visits.open_clue_visit(session, clue=clue, now=event.occurred_at)


async def keep_lead_on_chain_decided(session: AsyncSession, event: ChainDecided) -> None:
    """Visits go to whoever was decided to lead, from its first day to its last."""
    await leads.keep_decision(session, told=event)


async def keep_heir_on_unit_ended(session: AsyncSession, event: UnitEnded) -> None:
    """Visits that a unit would have made are its heir's once it is no more."""
    await leads.keep_end(session, told=event)


SUBSCRIPTIONS = (
    on(AccidentReported, flag_enterprise_on_accident_reported),
    on(AccidentReported, open_special_visit_on_accident_reported),
    on(AccidentIdentified, flag_enterprise_on_accident_identified),
    on(AccidentRegraded, regrade_flag_on_accident_regraded),
    on(OrderHazardTold, open_clue_visit_on_order_hazard_told),
    on(ChainDecided, keep_lead_on_chain_decided),
    on(UnitEnded, keep_heir_on_unit_ended),
)
