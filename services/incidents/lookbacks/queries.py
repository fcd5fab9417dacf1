"""Finding look-backs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, within
from services.incidents.lookbacks.domain import LookbackResult, LookbackStatus
from services.incidents.lookbacks.tables import Lookback
from services.incidents.reach import reached


async def get(session: AsyncSession, lookback_id: UUID) -> Lookback:
    """One look-back. Whoever changes one holds the lock of its accident, and refreshes it."""
    found = await session.get(Lookback, lookback_id)
    if found is None:
        raise NotFound(
            f"没有编号为 {lookback_id} 的回头看", f"No look-back has the id {lookback_id}."
        )
    return found


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Lookback]:
    """The look-backs at an accident, one for each report, oldest first."""
    chosen = select(Lookback).where(Lookback.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Lookback.generation))).all()


LOOKBACKS = Listing(
    "lookbacks",
    key=Lookback.id,
    sorts={"due_at": Lookback.due_at},
    default="due_at",
    filters={
        "accident": equals(Lookback.accident_id, UUID, "事故编号 / accident"),
        "region": within(Lookback.region_code, "行政区划 / division"),
        "status": one_of(Lookback.status, LookbackStatus, "状态 / states"),
        "result": one_of(Lookback.result, LookbackResult, "结果 / results"),
        "due_before": before(Lookback.due_at, "期限早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Lookback]:
    """The look-backs that an actor may list."""
    return reached(Lookback, by)
