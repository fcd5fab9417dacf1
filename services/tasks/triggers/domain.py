"""A duty for everybody in scope: whom it means, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.tasks import ObligationKind
from reference import city, holidays, subjects
from reference.cityrows import Duty, EnterpriseGroup
from services.tasks.obligations import rules
from services.tasks.obligations.domain import kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEverybody:
    """A duty of a plan that one event opens for everybody in scope."""

    plan: str
    duty: str
    kind: ObligationKind
    rule: str
    region_code: str
    due_at: datetime
    units: tuple[str, ...]
    enterprises: tuple[EnterpriseGroup, ...]

    @property
    def code(self) -> str:
        """The duty with its plan: `2023/1.3`."""
        return plan_duty(self.plan, self.duty)


def plan_duty(plan: str, duty: str) -> str:
    """How a duty of a plan is named on an obligation."""
    return f"{plan}/{duty}"


def for_everybody(
    duties: Sequence[Duty], *, on: date, counted_from: date
) -> tuple[ForEverybody, ...]:
    """What duties set off on a day mean; their periods count from when it was known here."""
    return tuple(_meant(duty, on=on, counted_from=counted_from) for duty in duties)


def _meant(duty: Duty, *, on: date, counted_from: date) -> ForEverybody:
    meant = subjects.of(duty, on=on)
    return ForEverybody(
        plan=str(on.year),
        duty=duty.code,
        kind=kind_of(duty.metric),
        rule=duty.rule,
        region_code=city.current().code,
        due_at=due_of(duty, on=counted_from),
        units=meant.units,
        enterprises=tuple(_listed(group) for group in meant.enterprises),
    )


class GroupNotKept(LookupError):
    """The copy of the enterprises does not hold what tells the members of a group."""


def _listed(group: EnterpriseGroup) -> EnterpriseGroup:
    if group.flag is not None:
        raise GroupNotKept(group.code)
    return group


def due_of(duty: Duty, *, on: date) -> datetime:
    """When a duty set off on a day falls due."""
    return rules.triggered_due(
        happened_on=on, within_days=duty.within_days, days_off=holidays.calendar()
    )
