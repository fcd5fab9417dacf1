"""Finding steps."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, within
from services.incidents.reach import reached
from services.incidents.steps.domain import StepStatus
from services.incidents.steps.tables import Step


async def get(session: AsyncSession, step_id: UUID) -> Step:
    """One step. Whoever changes one holds the lock of its accident, and refreshes it."""
    step = await session.get(Step, step_id)
    if step is None:
        raise NotFound(f"没有编号为 {step_id} 的调查任务", f"No step has the id {step_id}.")
    return step


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Step]:
    """The steps of an investigation, in the order they were given."""
    chosen = select(Step).where(Step.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Step.id))).all()


STEPS = Listing(
    "investigation-steps",
    key=Step.id,
    sorts={"due_at": Step.due_at, "assigned_at": Step.assigned_at},
    default="due_at",
    filters={
        "accident": equals(Step.accident_id, UUID, "事故编号 / accident"),
        "member": equals(Step.member_id, UUID, "成员编号 / member"),
        "region": within(Step.region_code, "行政区划 / division"),
        "status": one_of(Step.status, StepStatus, "状态 / states"),
        "due_before": before(Step.due_at, "时限早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Step]:
    """The steps that an actor may list."""
    return reached(Step, by)
