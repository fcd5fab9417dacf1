"""What a measured obligation is measured by: the duty of its plan, and how its figure is made."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from reference import figures as pack
from reference.national.rows_figures import FigureRule
from reference.terms import DutyKind
from services.tasks.figures.domain import NotMeasured
from services.tasks.obligations.tables import Obligation
from services.tasks.plans.tables import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measured duty in one period."""

    duty: Duty
    kind: DutyKind
    rule: FigureRule
    first: date
    last: date


async def measured(session: AsyncSession, row: Obligation) -> Measured:
    """By what an obligation is measured, or a refusal where it is not."""
    kind = DutyKind(row.duty_kind)
    year, _, code = row.duty.partition("/")
    if kind not in pack.MEASURED or row.plan_version is None or not year.isdigit():
        raise NotMeasured(duty_kind=str(kind))
    duty = await session.get(Duty, (int(year), row.plan_version, code))
    if duty is None or row.period_from is None or row.period_to is None:
        raise NotMeasured(duty=row.duty)
    return Measured(
        duty=duty,
        kind=kind,
        rule=pack.rule(duty.metric, on=row.period_from),
        first=row.period_from,
        last=row.period_to,
    )
