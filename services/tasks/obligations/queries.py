"""Reads obligations and their evidence."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from kernel.access import NotFound
from services.tasks.obligations.domain import LIVE, Cause, Status
from services.tasks.obligations.tables import Evidence, Obligation


async def get(session: AsyncSession, obligation_id: UUID, *, lock: bool = False) -> Obligation:
    """One obligation. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Obligation, obligation_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有任务 {obligation_id}。", f"There is no obligation {obligation_id}.")
    return found


def matching(
    *,
    unit: str | None = None,
    enterprise: str | None = None,
    region: str | None = None,
    origin: UUID | None = None,
    kind: ObligationKind | None = None,
    status: Status | None = None,
    overdue: bool | None = None,
) -> Select[Obligation]:
    """Obligations by whom they bind, what asked for them and where they stand."""
    found = select(Obligation)
    exact = {
        Obligation.unit: unit,
        Obligation.enterprise_uscc: enterprise,
        Obligation.origin: origin,
        Obligation.kind: kind,
        Obligation.status: status,
    }
    found = found.where(*(column == value for column, value in exact.items() if value is not None))
    if region:
        found = found.where(Obligation.region_code.startswith(region, autoescape=True))
    if overdue is not None:
        late = Obligation.overdue_at.is_not(None)
        found = found.where(late if overdue else ~late)
    return found


async def of_origin(session: AsyncSession, origin: UUID, *, cause: Cause) -> Sequence[Obligation]:
    """Everything not superseded that one fact about an event asks, locked."""
    found = select(Obligation).where(
        Obligation.origin == origin,
        Obligation.cause == cause,
        Obligation.status != Status.SUPERSEDED,
    )
    return (await session.scalars(found.with_for_update())).all()


async def live(session: AsyncSession, origin: UUID, *, duty: str) -> Sequence[Obligation]:
    """The live obligations of one duty of an event, locked."""
    found = select(Obligation).where(
        Obligation.origin == origin, Obligation.duty == duty, Obligation.status.in_(LIVE)
    )
    return (await session.scalars(found.with_for_update())).all()


async def evidence(session: AsyncSession, obligation_id: UUID) -> Sequence[Evidence]:
    """What was handed in, oldest first."""
    found = select(Evidence).where(Evidence.obligation_id == obligation_id)
    return (await session.scalars(found.order_by(Evidence.submitted_at, Evidence.id))).all()
