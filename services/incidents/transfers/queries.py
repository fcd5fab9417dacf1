"""Finding transfers and their steps."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, within
from services.incidents.reach import reached
from services.incidents.transfers.domain import Addressee, TransferStatus
from services.incidents.transfers.tables import Transfer, TransferStep


async def get(session: AsyncSession, transfer_id: UUID) -> Transfer:
    """One transfer. Whoever changes one holds the lock of its accident, and refreshes it."""
    transfer = await session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound(f"没有编号为 {transfer_id} 的移送", f"No transfer has the id {transfer_id}.")
    return transfer


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Transfer]:
    """The transfers of an accident, in the order they were proposed."""
    chosen = select(Transfer).where(Transfer.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Transfer.id))).all()


async def steps(session: AsyncSession, *transfer_ids: UUID) -> Sequence[TransferStep]:
    """The steps that transfers took, oldest first."""
    chosen = select(TransferStep).where(TransferStep.transfer_id.in_(transfer_ids))
    return (await session.scalars(chosen.order_by(TransferStep.transfer_id, TransferStep.n))).all()


TRANSFERS = Listing(
    "transfers",
    key=Transfer.id,
    sorts={"proposed_at": Transfer.proposed_at, "since": Transfer.since},
    default="-proposed_at",
    filters={
        "accident": equals(Transfer.accident_id, UUID, "事故编号 / accident"),
        "region": within(Transfer.region_code, "行政区划 / division"),
        "addressee": one_of(Transfer.addressee, Addressee, "受移送机关 / addressees"),
        "status": one_of(Transfer.status, TransferStatus, "状态 / states"),
        "due_before": before(Transfer.due_at, "时限早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Transfer]:
    """The transfers that an actor may list."""
    return reached(Transfer, by)
