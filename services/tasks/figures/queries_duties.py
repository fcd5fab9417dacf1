"""What a measured obligation is measured by: the duty of its plan, and how its figure is made."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import figures as pack
from reference.national.rows_figures import FigureRule
from reference.terms import DutyKind
from services.tasks.evidence import operations_counts as counts
from services.tasks.figures.domain import NotMeasured
from services.tasks.obligations.tables import Obligation
from services.tasks.plans.tables import Duty

_GOES_ON = frozenset({DutyKind.RATE_TARGET, DutyKind.COUNT_TARGET})
"""What can be done until a deadline that was moved. What must not happen, or happens less than a
year before, is of the days of its period: further days would only add to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measured duty in one period."""

    duty: Duty
    kind: DutyKind
    rule: FigureRule
    first: date
    last: date
    """The last day that counts: that of the period, or of a deadline that was moved."""
    period_to: date
    ends_at: datetime
    """When its period and the time that it was given are over."""

    @property
    def planned(self) -> "Measured":
        """As for everybody whose deadline was not moved."""
        ends_at = calendar.closes_at(self.period_to)
        return replace(self, last=self.period_to, ends_at=ends_at)


async def measured(session: AsyncSession, row: Obligation) -> Measured:
    """By what an obligation is measured, or a refusal where it is not."""
    kind = DutyKind(row.duty_kind)
    year, _, code = row.duty.partition("/")
    if kind not in pack.MEASURED or row.plan_version is None or not year.isdigit():
        raise NotMeasured(duty_kind=str(kind))
    duty = await session.get(Duty, (int(year), row.plan_version, code))
    if duty is None or row.period_from is None or row.period_to is None:
        raise NotMeasured(duty=row.duty)
    last = row.period_to
    if kind in _GOES_ON:
        last = max(last, counts.due_on(row))
    return Measured(
        duty=duty,
        kind=kind,
        rule=pack.rule(duty.metric, on=row.period_from),
        first=row.period_from,
        last=last,
        period_to=row.period_to,
        ends_at=max(calendar.closes_at(row.period_to), row.due_at),
    )
