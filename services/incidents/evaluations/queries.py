"""Finding evaluations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import EvaluationResult
from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, within
from services.incidents.evaluations.domain import EvaluationStatus
from services.incidents.evaluations.tables import Evaluation
from services.incidents.reach import reached


async def get(session: AsyncSession, evaluation_id: UUID) -> Evaluation:
    """One evaluation. Whoever changes one holds the lock of its accident, and refreshes it."""
    found = await session.get(Evaluation, evaluation_id)
    if found is None:
        raise NotFound(
            f"没有编号为 {evaluation_id} 的评估", f"No evaluation has the id {evaluation_id}."
        )
    return found


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Evaluation]:
    """The evaluations of an accident, one for each report, oldest first."""
    chosen = select(Evaluation).where(Evaluation.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Evaluation.generation))).all()


EVALUATIONS = Listing(
    "evaluations",
    key=Evaluation.id,
    sorts={"due_at": Evaluation.due_at, "opens_at": Evaluation.opens_at},
    default="due_at",
    filters={
        "accident": equals(Evaluation.accident_id, UUID, "事故编号 / accident"),
        "region": within(Evaluation.region_code, "行政区划 / division"),
        "status": one_of(Evaluation.status, EvaluationStatus, "状态 / states"),
        "result": one_of(Evaluation.result, EvaluationResult, "结论 / results"),
        "due_before": before(Evaluation.due_at, "期满早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Evaluation]:
    """The evaluations that an actor may list."""
    return reached(Evaluation, by)
